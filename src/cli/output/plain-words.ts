import { shorten, visible } from '../../redact/visible.ts';

/** What our codes stand for, in words that need no programmer. JSON and `--debug` have the codes. */
const words: Readonly<Record<string, string>> = {
  SOAP_FAULT: 'service error',
  NOT_SOAP: 'unexpected reply',
  NOT_NVP: 'unexpected reply',
  NOT_A_RECEIPT: 'unexpected reply',
  NOT_HTTP: 'unexpected reply',
  AMBIGUOUS_RECEIPT: 'contradictory receipt',
  REDIRECT: 'redirect',
  EMPTY_RESULT: 'reply without a status',
  EMPTY_REPLY: 'empty reply',
  CUT_REPLY: 'incomplete reply',
  BAD_CHARSET: 'unreadable reply',
  BAD_ENCODING: 'unreadable reply',
  TOO_LARGE: 'reply too large',
  ETIMEDOUT: 'no reply in time',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  UND_ERR_SOCKET: 'connection lost',
  EPIPE: 'connection lost',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  CREDENTIALS_REJECTED: 'credentials rejected',
};

/** A code in words; any other text as it is. */
export function wordsOf(label: string): string {
  const word = Object.hasOwn(words, label) ? words[label] : undefined;
  if (word !== undefined) return word;
  const [, kind = '', status = ''] = /^(HTTP|PROXY|NVP)_([\w.-]+)$/.exec(label) ?? [];
  if (kind === 'PROXY') return `proxy error (${status})`;
  if (kind === 'NVP') return `receipt service error (${status})`;
  if (kind === 'HTTP') return `${Number(status) >= 500 ? 'server error' : 'error'} (${status})`;
  return label;
}

const unexpected = 'answered with something else, perhaps a web page of another server.';

/** Sentences that only a programmer could use, by their codes. */
const sentences: Readonly<Record<string, string>> = {
  NOT_SOAP: `The status service ${unexpected}`,
  NOT_NVP: `The receipt service ${unexpected}`,
};

/** An error's sentence for a person at the desk. */
export function sentenceOf(code: string, message: string): string {
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  return sentence ?? withoutSignal(message.replace(` (${code})`, ''));
}

/** A sentence of ours that names the signal: who pressed Ctrl-C knows it by no other name. */
export const withoutSignal = (sentence: string) => sentence.replace(/^Stopped by SIG(?:INT|HUP|TERM) /, 'Stopped ');

/** An error's sentence on one line. After USED no word may sound like a verdict on the payment. */
export function formatFailure(
  what: 'status' | 'receipt',
  { code, message }: { readonly code: string; readonly message: string },
  sentence: (code: string, message: string) => string = sentenceOf,
): string {
  if (what === 'status' || !soundsLikeVerdict(message)) return shorten(visible(sentence(code, message)), 200);
  const [, own] = /^NVP_(.+)$/.exec(code) ?? [];
  return own === undefined || soundsLikeVerdict(own)
    ? 'The receipt service reported an error.'
    : `The receipt service reported error ${own}.`;
}

/** Words in a quoted error that a clerk could take for the end of the payment. */
export function soundsLikeVerdict(text: string): boolean {
  return /fail|declin|approv/i.test(text);
}

export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
