import { usageError } from './errors.ts';

/** The documented form has 48 characters, and one client makes room for 136. */
const longest = 512;

/** Blanks, controls, and what XML has no way to write. */
const foreign = /[\s\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/u;

/**
 * A token that can be sent. Blanks are not trimmed away, because to the service a token with a blank is another token.
 *
 * @throws InstaMedError `usage`: it is no text, empty, too long, or has a character that no token has.
 */
export function checkToken(token: unknown): string {
  if (typeof token !== 'string') throw usageError('The token is not a string.', 'Pass the SSO token as a string.');
  if (token === '') throw usageError('The token is empty.', 'Pass the SSO token.');
  if (token.length > longest) {
    throw usageError(
      `The token is too long: ${token.length} characters (maximum ${longest}).`,
      'Did you paste something else with it?',
    );
  }
  if (foreign.test(token)) {
    throw usageError(
      'The token contains white space or a control character.',
      'Paste it again, without blanks or line breaks.',
    );
  }
  return token;
}
