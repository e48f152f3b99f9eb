import { describe, expect, test } from 'vitest';
import { createFinder } from '../../src/redact/find.ts';

/** Words of eight characters and more, none of which begins like another. */
const others = (count: number) => Array.from({ length: count }, (_, i) => `${String(i).padStart(8, 'z')}-other`);

/** What is found, in order, each once: a place may be given again with an end behind that of the text. */
function placesIn(words: readonly string[], text: string): (readonly [start: number, found: string])[] {
  const found = [...createFinder(new Set(words)).placesIn(text)].map(
    ([start, end]) => `${start} ${text.slice(start, end)}`,
  );
  const places = [...new Set(found)].map((each) => [Number.parseInt(each, 10), each.replace(/^\d+ /, '')] as const);
  return places.sort(([a, one], [b, other]) => a - b || one.length - other.length);
}

/** Up to 64 words are looked for one by one, and more of them by their first eight characters. */
describe.each([0, 61, 62, 200])('beside %i other words', (count) => {
  const find = (words: readonly string[], text: string) => placesIn([...others(count), ...words], text);

  test('each place is found, from the first character to the last', () => {
    expect(find(['exactly8', 'ninechars'], 'exactly8 ninechars exactly8')).toEqual([
      [0, 'exactly8'],
      [9, 'ninechars'],
      [19, 'exactly8'],
    ]);
    expect(find(['exactly8'], 'exactly8')).toEqual([[0, 'exactly8']]);
  });

  test('words that are short, that overlap or that begin alike are found as well', () => {
    expect(find(['abc', 'abcdefgh', 'abcdefghij'], 'x abcdefghij')).toEqual([
      [2, 'abc'],
      [2, 'abcdefgh'],
      [2, 'abcdefghij'],
    ]);
    expect(find(['abababab'], 'ababababab')).toEqual([
      [0, 'abababab'],
      [2, 'abababab'],
    ]);
  });

  test('nothing is found in a text that is too short, that only begins alike, or is empty', () => {
    for (const text of ['', 'exactly', 'ninechar', 'ninechart'])
      expect(find(['exactly8', 'ninechars'], text)).toEqual([]);
  });
});

test('an empty word is nowhere', () => {
  expect(placesIn(['', 'a'], 'aa')).toEqual([
    [0, 'a'],
    [1, 'a'],
  ]);
  expect(placesIn([], 'aa')).toEqual([]);
});
