import { accountEnv, token } from './run-cli.ts';

/** An account whose secrets hold what is special to XML, forms, JSON and Base64. */
export const canaryEnv = {
  ...accountEnv,
  INSTAMED_SECURITY_KEY: `Key+Kanary/16<">'`,
  INSTAMED_NVP_PASSWORD: `Nvp Canary%41+\\2"é`,
};

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

export const secrets: Readonly<Record<string, string>> = {
  'the security key': canaryEnv.INSTAMED_SECURITY_KEY,
  'the NVP password': canaryEnv.INSTAMED_NVP_PASSWORD,
  'the Basic credentials': base64(`${accountEnv['INSTAMED_ACCOUNT_ID']}:${canaryEnv.INSTAMED_NVP_PASSWORD}`),
  'the token': token,
};

const eachCharacter = (text: string, write: (code: number) => string) =>
  [...text].map((character) => write(character.codePointAt(0) ?? 0)).join('');

const xmlNames: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const percentBytes = (text: string) =>
  [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** How a service may write a secret that it was sent. */
export const spellings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'XML, named': (secret) => secret.replace(/[&<>"']/g, (character) => `&${xmlNames[character]};`),
  'XML, decimal': (secret) => eachCharacter(secret, (code) => `&#${code};`),
  'XML, hexadecimal': (secret) => eachCharacter(secret, (code) => `&#x${code.toString(16).toUpperCase()};`),
  percent: encodeURIComponent,
  'percent, lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
  'percent, each byte': percentBytes,
  form: (secret) => new URLSearchParams({ '': secret }).toString().slice(1),
  JSON: (secret) => JSON.stringify(secret).slice(1, -1),
  'JSON, each character': (secret) =>
    secret
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  Base64: base64,
  'Base64 after one byte': (secret) => base64(`:${secret}`),
  'Base64 after two bytes': (secret) => base64(`a:${secret}`),
  'Base64 between others': (secret) => base64(`user:${secret}:more`),
  'Base64 for URLs': (secret) => Buffer.from(secret, 'utf8').toString('base64url'),
};

const unescapeXml = (text: string) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_all, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&#([0-9]+);/g, (_all, digits: string) => String.fromCodePoint(Number(digits)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) =>
      String(Object.keys(xmlNames).find((character) => xmlNames[character] === name)),
    );

const unescapePercent = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));

/** However many backslashes there are: JSON may hold text that is JSON itself. */
const unescapeJson = (text: string) =>
  text
    .replace(/\\+u([0-9a-f]{4})/gi, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\+(["\\/])/g, '$1');

const isEscape = /&\w+;|&#|%[0-9a-f]{2}|\\/i;

/** The text, and what it may stand for. */
function readings(text: string): string[] {
  if (!isEscape.test(text)) return [text];
  const plain = unescapeJson(text);
  return [text, plain, ...[text, plain].flatMap((each) => [unescapeXml(each), unescapePercent(each)])];
}

/** The pieces of `size` characters of a text, or the text where it is shorter. */
const pieces = (text: string, size: number) =>
  Array.from({ length: Math.max(1, text.length - size + 1) }, (_, i) => text.slice(i, i + size));

/** The Base64 characters that stand for the secret alone, wherever it begins among the bytes. */
const base64Pieces = (secret: string) =>
  ['', '.', '..'].flatMap((before) =>
    pieces(
      base64(before + secret)
        .replace(/=+$/, '')
        .slice(4, -4),
      11,
    ),
  );

/** Whether a text holds the secret, or eight characters in a row of it, in any spelling: half a secret is one, too. */
export function finds(text: string, secret: string): boolean {
  const plain = new Set([...pieces(secret, 8), ...pieces(secret.replaceAll('+', ' '), 8)]);
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('\\/', '/');
  return (
    readings(text).some((reading) => [...plain].some((piece) => reading.includes(piece))) ||
    base64Pieces(secret).some((piece) => standard.includes(piece))
  );
}

/** The card numbers that InstaMed's test interface is documented with, and what they share: they pass Luhn. */
export const cards = ['4111111111111111', '5500000000000004', '340000000000009', '6011000000000004'];

/** How a card number may be written. */
export const groupings: Readonly<Record<string, (card: string) => string>> = {
  'in one piece': (card) => card,
  'in groups with blanks': (card) => inGroups(card, ' '),
  'in groups with dashes': (card) => inGroups(card, '-'),
  'in groups as a form has them': (card) => inGroups(card, '+'),
  'in groups with encoded blanks': (card) => inGroups(card, '%20'),
  'in groups with dots': (card) => inGroups(card, '.'),
  'in groups with double blanks': (card) => inGroups(card, '  '),
  'in groups with several signs': (card) => inGroups(card, ' - '),
  'in encoded digits': (card) => percentBytes(card),
};

const inGroups = (card: string, between: string) =>
  (card.length === 15 ? [card.slice(0, 4), card.slice(4, 10), card.slice(10)] : (card.match(/.{4}/g) ?? [])).join(
    between,
  );

/** Whether a text holds eight digits in a row of the card number, however they are grouped. */
export function findsCard(text: string, card: string): boolean {
  const digits = text.replace(/%3(\d)/g, '$1').replace(/(?<=\d)(?:[ .+-]|%20){1,3}(?=\d)/g, '');
  return pieces(card, 8).some((piece) => digits.includes(piece));
}
