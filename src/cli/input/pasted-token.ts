import { usageError } from '../../domain/errors.ts';
import { percentDecode } from '../../remote/credentials.ts';

/** Quotation marks and angle brackets that mail programs, chats, shells and JSON put around a token. */
const marks = `"'\`´“”„‟‘’‚‛«»‹›「」＂＇<>`;
const around = new RegExp(`^[${marks}]+|[${marks}]+$`, 'g');

const names = 'token|singlesignontoken';
const parameter = new RegExp(`^(${names})=(.*)$`, 'is');
const hasParameter = new RegExp(`(?:^|[?&#;])(?:${names})=`, 'i');

/**
 * The token in pasted text: a token, quoted or behind `token=`, or a URL that carries one, with or without its scheme.
 * What else stands in a URL can be a patient's name, so no error repeats any of it.
 *
 * @throws InstaMedError `usage`: a URL that carries no token, or several
 */
export function unwrapToken(given: string): string {
  const bare = given.replace(around, '');
  if (!isUrl(bare)) return bare;
  const tokens = new Set(tokensIn(bare, 0));
  if (tokens.size > 1) {
    throw usageError(
      'That URL carries several different tokens.',
      'Paste the token alone, or the URL that the sign-on answered with.',
    );
  }
  const [token] = tokens;
  if (token !== undefined) return token;
  if (/^token=$|^singlesignontoken=$/i.test(bare)) return '';
  const isRefusal = /[?&#;](?:respmessage|errormessage)=/i.test(bare);
  const code = /[?&#;](?:respcode|errorcode)=(\d{1,4})(?![^&#;])/i.exec(bare)?.[1];
  throw usageError(
    isRefusal
      ? `That URL carries no token: the sign-on was rejected${code ? ` (code ${code})` : ''}.`
      : 'That URL carries no token (no token= or singleSignOnToken= in it).',
    'Paste the URL that the sign-on answered with, or the token itself.',
  );
}

/** A token is Base64: it has neither a scheme, nor a host name before a slash, nor a query. */
export const isUrl = (text: string): boolean =>
  hasParameter.test(text) || /:\/\/|^\/\/|[?#][^=]*=/.test(text) || /^(?:[\w-]+\.)+[\w-]+(?::\d+)?\//.test(text);

/** All tokens of a URL, in its fragment, and in a URL that it carries for the way back as well. */
function tokensIn(url: string, depth: number): string[] {
  return url.split(/[?&#;]/).flatMap((part) => {
    const value = parameter.exec(part)?.[2];
    // A form has a plus sign for a blank, which no token has.
    if (value !== undefined) return [percentDecode(value.replaceAll('+', ' ')).replace(around, '')].filter(Boolean);
    const inner = percentDecode(part.slice(part.indexOf('=') + 1));
    return depth < 3 && inner !== part && hasParameter.test(inner) ? tokensIn(inner, depth + 1) : [];
  });
}
