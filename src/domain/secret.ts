import { decodeBytes } from './decode-bytes.ts';
import { decodeForm } from './nvp.ts';

/** A value that never prints: text, JSON and inspection show `***`. Only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

/** Takes every spelling of every known secret out of a text. */
export type Mask = (text: string) => string;

/**
 * A mask for these secrets as a server may echo them: plain, XML- or JSON-escaped, percent-encoded (a blank also as
 * `+`), each character in a spelling of its own, and inside Base64 of a longer text at any of the three alignments. One
 * that was sent raw and decoded by us as a form is known as well, one whose UTF-8 was read as windows-1252 or as
 * ISO-8859-1, and the parts of one that a name=value reply takes apart.
 */
export function createMask(secrets: readonly string[], replacement: (secret: string) => string = () => '***'): Mask {
  // Longest first, so that a secret that is part of another does not leave the rest of it behind.
  const rules = [...new Set(secrets.flatMap(formsOf).flatMap(withParts))]
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .map((secret) => ({ pattern: spellings(secret), shown: replacement(secret), shortest: [...secret].length }));
  // No spelling is shorter than the secret, and most texts are: V8 takes a millisecond and more for the pattern of a token.
  return (text) =>
    rules.reduce(
      (masked, { pattern, shown, shortest }) =>
        masked.length < shortest ? masked : masked.replace(pattern, () => shown),
      text,
    );
}

function formsOf(secret: string): string[] {
  // A reply may repeat the bytes that it got, and claim another charset for them.
  const bytes = new TextEncoder().encode(secret);
  const misread = [decodeBytes(bytes, 'windows-1252'), String.fromCharCode(...bytes)];
  return [secret, decodeForm(secret), ...misread];
}

/** A name=value reply takes a text apart at `&` and `=`, and the XML escapes of the other three begin with one. */
const withParts = (secret: string) => [secret, ...secret.split(/[&=<>"']/).filter(({ length }) => length >= 8)];

function spellings(secret: string): RegExp {
  const character = [...secret].map(characterSpellings).join('');
  return new RegExp([character, ...base64Cores(secret)].join('|'), 'g');
}

const xmlNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

function characterSpellings(character: string): string {
  const code = character.codePointAt(0) as number;
  const percent = [...new TextEncoder().encode(character)].map((byte) => `%${anyCase(hex(byte))}`).join('');
  const ways = [
    `&#0*${code};`,
    `&#[xX]0*${anyCase(code.toString(16))};`,
    percent,
    // Above the basic plane JSON takes two escapes, one for each half.
    character
      .split('')
      .map((half) => jsonEscape(half.charCodeAt(0)))
      .join(''),
  ];
  const name = xmlNames[character];
  if (name) ways.push(`&(?:amp;)?${name};`);
  if (character === ' ') ways.push('\\+');
  if (character === '"' || character === '\\' || character === '/') ways.push(`\\\\${escapeRegExp(character)}`);
  // The plain character last: it may be the beginning of another spelling, as % is of %25.
  return `(?:${[...ways, escapeRegExp(character)].join('|')})`;
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const jsonEscape = (unit: number) => `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`;
const anyCase = (digits: string) => digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The characters of a Base64 text that depend on the secret alone, for each place where it can start in a group of three bytes. */
function base64Cores(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  // Shorter ones leave too few characters to be told from chance.
  if (bytes.length < 6) return [];
  return [0, 1, 2].map((shift) => {
    const text = btoa('\0'.repeat(shift) + String.fromCharCode(...bytes));
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    return [...text.slice(first, last)].map(base64Character).join('');
  });
}

function base64Character(character: string): string {
  if (character === '+') return '(?:\\+|-| |%2[bB])';
  if (character === '/') return '(?:\\/|_|%2[fF]|\\\\\\/)';
  return character;
}
