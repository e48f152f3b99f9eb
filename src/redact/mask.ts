import { decodeBytes } from '../base/decode-bytes.ts';
import { decodeForm } from '../base/decode-form.ts';
import { createFinder, type Finder, type Range } from './find.ts';
import { decodeBase64, fold, unescapeAll } from './readings.ts';

/** Takes what must not be shown out of a text. */
export type Mask = (text: string) => string;

/** Around one that is shorter, the rest of a text would tell it: what is missing in "P*yment" is no riddle. */
const shortestCutOut = 4;

/** Among the bytes that Base64 may stand for, a shorter one is found by chance. */
const shortestInBase64 = 3;

/** A text that repeats one more often than this is no sentence any more. */
const mostCutOut = 1_000;

/**
 * A mask for these secrets, and for tokens, of which the ends may be shown. One that stands in a text as it is, is cut out of
 * it. Where any other reading of the text still holds one, or a short one, the whole text is hidden: a pattern for each way to
 * write a secret would never be complete.
 */
export function createMask(secrets: Iterable<string>, tokens: Iterable<string> = []): Mask {
  const words = new Set([...secrets].flatMap(formsOf).flatMap(withParts).map(fold));
  const tokenForms = new Set([...tokens].flatMap(formsOf).map(fold));
  const ofTokens = new Set([...tokenForms].filter((form) => !words.has(form)));
  for (const form of tokenForms) words.add(form);
  words.delete('');
  if (words.size === 0) return (text) => text;
  const plain = createFinder(words);
  const cores = [...words].map(coreOf);
  const inReading = createFinder(new Set(cores));
  const inBase64 = createFinder(new Set(cores.filter(({ length }) => length >= shortestInBase64)));
  const isToken = (word: string) => ofTokens.has(word);
  return (text) => {
    const folded = fold(text);
    if (words.has(folded)) return isToken(folded) ? maskToken(text) : '***';
    const readings = unescapeAll(text);
    if (readings.some((each) => count(plain, fold(each)) > count(plain, folded))) return hide(text);
    const rest = cutOut(text, folded, plain, isToken);
    if (rest === null) return hide(text);
    const left = [rest, ...(rest === text ? readings : unescapeAll(rest))];
    const isLeft = left.some((each) => count(inReading, fold(each)) > 0);
    return isLeft || decodeBase64(left).some((each) => count(inBase64, fold(each)) > 0) ? hide(text) : rest;
  };
}

/**
 * What is left of a word where the character in front of it makes an escape of its first ones (`%` and `4a…`), or its last
 * one an escape of what follows.
 */
const coreOf = (word: string) => (word.length < 12 ? word : word.slice(2, -1));

/** How many words a text holds; more than can be cut out are as good as without number. */
function count(finder: Finder, text: string): number {
  let found = 0;
  for (const _place of finder.placesIn(text)) if (++found > mostCutOut) break;
  return found;
}

/** What is shown of a text that cannot be shown in part. */
export const hide = (text: string): string => `*** (${text.length} character${text.length === 1 ? '' : 's'})`;

/** The text without what is found in it; null where that would not do. */
function cutOut(text: string, folded: string, finder: Finder, isToken: (word: string) => boolean): string | null {
  const places: Range[] = [];
  for (const place of finder.placesIn(folded)) {
    if (place[1] - place[0] < shortestCutOut || places.push(place) > mostCutOut) return null;
  }
  let shown = '';
  let from = 0;
  for (const [start, end] of joinOverlaps(places)) {
    const found = text.slice(start, end);
    shown += text.slice(from, start) + (isToken(fold(found)) ? maskToken(found) : '***');
    from = end;
  }
  return shown + text.slice(from);
}

/** Of two secrets that overlap, to take one out would leave half of the other. */
function joinOverlaps(places: readonly Range[]): Range[] {
  const joined: [start: number, end: number][] = [];
  for (const [start, end] of places.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** A reply may repeat the bytes that it got under another charset, or raw where we decode a form. */
function formsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length === secret.length && !/[%+]/.test(secret)) return [secret];
  const asLatin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return [secret, decodeForm(secret), decodeBytes(bytes, 'windows-1252'), asLatin];
}

/** A name=value reply takes a text apart at `&` and `=`, and XML escapes of the other three begin with one. */
const withParts = (secret: string) => [secret, ...secret.split(/[&=<>"']/).filter(({ length }) => length >= 8)];

/** A token as people may see it: the first four and last four characters, or `***` where that would show most of it. */
export function maskToken(token: string): string {
  const characters = [...token];
  if (characters.length < 16) return '***';
  return `${characters.slice(0, 4).join('')}…${characters.slice(-4).join('')}`;
}
