/**
 * Characters that do something to a terminal instead of showing: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional and zero-width formatting, lone surrogates.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `\n`, `\r`, `\t` or `\uXXXX` (two of them above the basic plane): one line, whatever came in. */
function escapeCharacter(character: string): string {
  return shortEscapes[character] ?? escapeUnits(character);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** Text of the remote side made safe for a terminal: everything unprintable becomes a visible escape. */
export function visible(text: string): string {
  return text.replace(unprintable, escapeCharacter);
}

/** JSON text in which nothing unprintable is left raw; only strings can hold such characters, so it stays the same JSON. */
export function visibleJson(json: string): string {
  return json.replace(unprintable, (character) => (character === '\n' ? character : escapeUnits(character)));
}

/** At most `limit` characters, the last of them an ellipsis where something was cut; no character is cut in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A token as people may see it: the first four and last four characters, or `***` where that would show most of it. */
export function maskToken(token: string): string {
  const characters = [...token];
  if (characters.length < 16) return '***';
  return `${characters.slice(0, 4).join('')}…${characters.slice(-4).join('')}`;
}

/** How cards group their digits: Amex and Diners Club, then fours with whatever is left. */
const groupings = [
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [4, 4, 4, 4],
  [4, 4, 4, 3],
  [4, 4, 4, 2],
  [4, 4, 4, 1],
];
const cardShapes = [
  ...groupings
    .map((digits) => digits.map((count) => `\\d{${count}}`))
    .map(([first, ...others]) => `${first}(?:([ +-]|%20)${others.join('\\1')})`),
  '\\d{13,19}',
].map((shape) => new RegExp(`${shape}(?!\\d)`, 'y'));

/** Where a run of digits begins: the two that belong to a percent escape are not of it. */
const digitStart = /(?<=%[0-9A-Fa-f]{2})\d|(?<!\d)\d/g;

/** The text with every card number (13 to 19 digits that pass Luhn) replaced by stars and its last four. */
export function maskCardNumbers(text: string): string {
  let masked = '';
  let end = 0;
  for (const { index } of text.matchAll(digitStart)) {
    const found = index >= end ? cardNumberAt(text, index) : null;
    if (found === null) continue;
    const digits = found.replace(/%20|\D/g, '');
    masked += `${text.slice(end, index)}${'*'.repeat(digits.length - 4)}${digits.slice(-4)}`;
    end = index + found.length;
  }
  return masked + text.slice(end);
}

function cardNumberAt(text: string, index: number): string | null {
  for (const shape of cardShapes) {
    shape.lastIndex = index;
    const found = shape.exec(text)?.[0];
    if (found && passesLuhn(found.replace(/%20|\D/g, '')) && !isInsideId(text, index, found.length)) return found;
  }
  return null;
}

/** 32 hexadecimal digits are a transaction ID, in which a run of digits can pass Luhn by chance. */
function isInsideId(text: string, index: number, length: number): boolean {
  const before = /[0-9A-Za-z]*$/.exec(text.slice(Math.max(0, index - 32), index))?.[0] ?? '';
  const after = /^[0-9A-Za-z]*/.exec(text.slice(index, index + length + 32))?.[0] ?? '';
  return /^[0-9A-Fa-f]{32}$/.test(before + after);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Blanks as XML and HTTP know them. Unlike `trim`, which also takes no-break and other look-alike blanks away. */
export function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && blanks.includes(text[start] as string)) start++;
  while (end > start && blanks.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

// A pattern that looks for blanks at the end takes the square of their number where they stand inside.
const blanks = ' \t\r\n';

/** Lower case of A to Z alone: `toLowerCase` turns a Kelvin sign into a plain k. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
