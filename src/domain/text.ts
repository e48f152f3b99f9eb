/**
 * Characters that do something to a terminal instead of showing: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional and zero-width formatting, lone surrogates.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

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

/** Digit runs as cards print them: 13 to 19 digits in one piece, in fours, or in American Express's 4-6-5. */
const cardCandidate =
  /(?<!\d)(?:\d{13,19}|\d{4}(?:([ +-]|%20)\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?|\d{4}([ +-]|%20)\d{6}\2\d{5})(?!\d)/gi;

/** 32 hexadecimal digits are a transaction ID, in which a run of digits can pass Luhn by chance. */
const hexId = /[0-9A-Fa-f]{32}/;

/** The text with every card number (13 to 19 digits that pass Luhn) replaced by stars and its last four. */
export function maskCardNumbers(text: string): string {
  if (!/\d{4}/.test(text)) return text;
  return text.replace(cardCandidate, (candidate, _blank, _amexBlank, offset: number) => {
    const digits = candidate.replace(/%20|\D/gi, '');
    if (!passesLuhn(digits) || isInsideHexId(text, offset)) return candidate;
    return `${'*'.repeat(digits.length - 4)}${digits.slice(-4)}`;
  });
}

function isInsideHexId(text: string, offset: number): boolean {
  let start = offset;
  while (start > 0 && /[0-9A-Za-z]/.test(text[start - 1] as string)) start--;
  const word = /^[0-9A-Za-z]+/.exec(text.slice(start, start + 33))?.[0] ?? '';
  return word.length === 32 && hexId.test(word);
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
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

/** Lower case of A to Z alone: `toLowerCase` turns a Kelvin sign into a plain k. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
