import { decodeBytes } from '../base/decode-bytes.ts';
import { decodeForm } from '../base/decode-form.ts';

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
    .map((secret) => createRule(secret, replacement(secret)));
  return (text) => {
    let suspect = new Suspect(text);
    for (const takeOut of rules) {
      const masked = takeOut(suspect);
      if (masked !== suspect.text) suspect = new Suspect(masked);
    }
    return suspect.text;
  };
}

/** Takes one secret out. Its pattern is made when a text needs it: V8 takes milliseconds for the one of a token. */
function createRule(secret: string, shown: string): (suspect: Suspect) => string {
  const cores = base64Cores(secret);
  const shortest = [...secret].length;
  let pattern: RegExp | null = null;
  return (suspect) => {
    const { text } = suspect;
    // No spelling is shorter than the secret, and most texts are.
    if (text.length < shortest || !suspect.mayHold(secret, cores)) return text;
    pattern ??= spellings(secret, cores);
    return text.replace(pattern, () => shown);
  };
}

/** A text that may hold secrets. What is known of it is found out once, however many secrets are looked for. */
class Suspect {
  readonly text: string;
  #hasEscapes: boolean | null = null;
  #base64: string | null = null;

  constructor(text: string) {
    this.text = text;
  }

  mayHold(secret: string, cores: readonly string[]): boolean {
    // Every spelling has one of these in it, but for the plain one, the plus sign of a blank, and Base64.
    this.#hasEscapes ??= /[%&\\]/.test(this.text);
    if (this.#hasEscapes || secret.includes(' ') || this.text.includes(secret)) return true;
    // Base64 has other ways to write its two characters that are neither letter nor digit.
    this.#base64 ??= this.text.replace(/[- ]/g, '+').replaceAll('_', '/');
    const base64 = this.#base64;
    return cores.some((core) => base64.includes(core));
  }
}

function formsOf(secret: string): string[] {
  // A reply may repeat the bytes that it got, and claim another charset for them.
  const bytes = new TextEncoder().encode(secret);
  const misread = [decodeBytes(bytes, 'windows-1252'), String.fromCharCode(...bytes)];
  return [secret, decodeForm(secret), ...misread];
}

/** A name=value reply takes a text apart at `&` and `=`, and the XML escapes of the other three begin with one. */
const withParts = (secret: string) => [secret, ...secret.split(/[&=<>"']/).filter(({ length }) => length >= 8)];

function spellings(secret: string, cores: readonly string[]): RegExp {
  const plain = [...secret].map(characterSpellings).join('');
  const base64 = cores.map((core) => [...core].map(base64Character).join(''));
  return new RegExp([plain, ...base64].join('|'), 'g');
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
    return text.slice(first, last);
  });
}

function base64Character(character: string): string {
  if (character === '+') return '(?:\\+|-| |%2[bB])';
  if (character === '/') return '(?:\\/|_|%2[fF]|\\\\\\/)';
  return character;
}

/** A token as people may see it: the first four and last four characters, or `***` where that would show most of it. */
export function maskToken(token: string): string {
  const characters = [...token];
  if (characters.length < 16) return '***';
  return `${characters.slice(0, 4).join('')}…${characters.slice(-4).join('')}`;
}
