import { describe, expect, test } from 'vitest';
import { lowerAscii, trimBlanks } from '../../src/base/ascii.ts';
import { maskToken } from '../../src/redact/mask.ts';
import { quote, shorten, visible, visibleJson } from '../../src/redact/visible.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';

describe('text made visible', () => {
  const characters: readonly (readonly [sentence: string, text: string, shown: string])[] = [
    ['a line end', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['a tab', 'a\tb', 'a\\tb'],
    ['NUL', '\0', '\\u0000'],
    ['the bell', '\x07', '\\u0007'],
    ['a backspace', '\b', '\\u0008'],
    ['escape sequences', '\x1b[2K\x1b]0;x\x07', '\\u001b[2K\\u001b]0;x\\u0007'],
    ['DEL', '\x7f', '\\u007f'],
    ['next line, of C1', '\x85', '\\u0085'],
    ['the control sequence introducer of C1', '\x9b2K', '\\u009b2K'],
    ['a soft hyphen', '\u00ad', '\\u00ad'],
    ['the Arabic letter mark', '\u061c', '\\u061c'],
    ['a zero-width blank', 'a\u200bb', 'a\\u200bb'],
    ['a zero-width joiner and non-joiner', '\u200c\u200d', '\\u200c\\u200d'],
    ['direction marks', '\u200e\u200f', '\\u200e\\u200f'],
    ['a line separator and a paragraph separator', '\u2028\u2029', '\\u2028\\u2029'],
    ['overrides of the direction', '\u202a\u202b\u202c\u202d\u202e', '\\u202a\\u202b\\u202c\\u202d\\u202e'],
    ['a word joiner', '\u2060', '\\u2060'],
    ['isolates of the direction', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['a tag character above the basic plane', '\u{e0041}', '\\udb40\\udc41'],
    ['a half of a pair', 'a\ud800b', 'a\\ud800b'],
    ['the other half', '\udc00', '\\udc00'],
    ['several, each time', '\n\n\x1b\x1b', '\\n\\n\\u001b\\u001b'],
  ];

  test('has an escape for each character that does something to a terminal', () => {
    for (const [sentence, text, shown] of characters) expect([sentence, visible(text)]).toEqual([sentence, shown]);
  });

  test('is left as it is where every character shows', () => {
    const shown = ['', 'plain ASCII ~!"\\', 'caf\u00e9 \u20ac \u{1f600}', 'a\u00a0b', '\u4e2d\u6587', 'e\u0301'];
    expect(shown.map(visible)).toEqual(shown);
  });
});

test('a log command is broken behind its first sign, in a text and in JSON', () => {
  const [gitHub, azure] = ['::error::x', '##vso[x] ##[y] #a'];
  expect([visible(gitHub), visible(azure)]).toEqual([':\\u003aerror:\\u003ax', '#\\u0023vso[x] #\\u0023[y] #a']);
  expect(visibleJson(`"${gitHub}\u2028"`)).toBe('":\\u003aerror:\\u003ax\\u2028"');
});

test('a quoted text is trimmed, and cut after 80 characters', () => {
  expect(quote(' \r\na b\t')).toBe('"a b"');
  expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
  expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(79)}…"`);
});

describe('JSON made visible', () => {
  const value = { 'na\u202eme': 'a\tb\n\x1b\x7f\x9b\u200b\u2028\ud800\u{e0041}\u{1f600}' };

  test('is the same JSON, with nothing in it that a terminal would obey', () => {
    for (const indent of [0, 2]) {
      const shown = visibleJson(JSON.stringify(value, null, indent));
      expect(JSON.parse(shown)).toEqual(value);
      expect(shown).toMatch(/^[\n -~\u{1f600}]*$/u);
    }
  });

  test('keeps the line ends of its layout and escapes by number alone', () => {
    expect(visibleJson('{\n"a": "\u2028\u{e0041}\x7f"\n}')).toBe('{\n"a": "\\u2028\\udb40\\udc41\\u007f"\n}');
    expect(visibleJson('\r\t')).toBe('\\u000d\\u0009');
  });
});

describe('a text that is cut', () => {
  const cuts: readonly (readonly [sentence: string, text: string, limit: number, shown: string])[] = [
    ['is whole where it fits', 'abcd', 4, 'abcd'],
    ['ends in an ellipsis, which counts', 'abcde', 4, 'abc\u2026'],
    ['may be nothing but the ellipsis', 'ab', 1, '\u2026'],
    ['is empty where nothing came', '', 4, ''],
    ['loses a pair that would be cut in two', 'ab\u{1f600}cd', 4, 'ab\u2026'],
    ['keeps a pair that fits', 'a\u{1f600}bcd', 4, 'a\u{1f600}\u2026'],
    ['keeps a pair that just fits', 'ab\u{1f600}', 4, 'ab\u{1f600}'],
  ];

  test('is as long as it may be, and ends in an ellipsis', () => {
    for (const [sentence, text, limit, shown] of cuts)
      expect([sentence, shorten(text, limit)]).toEqual([sentence, shown]);
  });

  test('is never longer than the limit and never holds half a character', () => {
    const text = 'a\u{1f600}b\u{1f601}\u{1f602}c\u{1f603}';
    for (let limit = 1; limit <= text.length; limit++) {
      const shown = shorten(text, limit);
      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(shown).not.toMatch(/\p{Cs}/u);
    }
  });
});

describe('a token as people may see it', () => {
  const tokens: readonly (readonly [sentence: string, token: string, shown: string])[] = [
    ['the published token', 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz', 'NTJm\u2026N2Qz'],
    ['sixteen characters', '0123456789abcdef', '0123\u2026cdef'],
    ['fifteen characters show nothing', '0123456789abcde', '***'],
    ['one character shows nothing', 'x', '***'],
    ['nothing shows nothing', '', '***'],
    [
      'sixteen characters above the basic plane',
      '\u{1f600}'.repeat(16),
      `${'\u{1f600}'.repeat(4)}\u2026${'\u{1f600}'.repeat(4)}`,
    ],
    ['fifteen of them show nothing', '\u{1f600}'.repeat(15), '***'],
  ];

  test('has its first and last four of sixteen characters and more', () => {
    for (const [sentence, token, shown] of tokens) expect([sentence, maskToken(token)]).toEqual([sentence, shown]);
  });
});

describe('blanks around a text', () => {
  const blanks: readonly (readonly [sentence: string, text: string, trimmed: string])[] = [
    ['of all four kinds go', ' \t\r\na \t\r\n', 'a'],
    ['go at the start', '\r\na', 'a'],
    ['go at the end', 'a\t ', 'a'],
    ['stay inside', ' a \n b ', 'a \n b'],
    ['may be all there is', ' \t\r\n', ''],
    ['may be missing', 'a', 'a'],
    ['that are no-break blanks stay', '\u00a0a\u00a0', '\u00a0a\u00a0'],
    ['that have no width stay', '\u200ba\ufeff', '\u200ba\ufeff'],
    ['that are form feeds or vertical tabs stay', '\fa\v', '\fa\v'],
    ['that separate lines elsewhere stay', '\u0085a\u2028', '\u0085a\u2028'],
  ];

  test('are those of XML and HTTP alone', () => {
    for (const [sentence, text, trimmed] of blanks) expect([sentence, trimBlanks(text)]).toEqual([sentence, trimmed]);
  });

  test.each([
    ['blanks', ' '],
    ['line ends', '\n'],
  ])('inside, %s cost no more than their number', async (_name, blank) => {
    expect(await growthOf((count) => `a${blank.repeat(count)}b`, trimBlanks, 40_000)).toBeLessThan(mostGrowth);
  });
});

test('lower case is that of A to Z alone', () => {
  expect(lowerAscii('AZaz09[@`{')).toBe('azaz09[@`{');
  expect(lowerAscii('TransactionStatus')).toBe('transactionstatus');
  expect(lowerAscii('\u212a\u0130\u017f\u0421\u00c9')).toBe('\u212a\u0130\u017f\u0421\u00c9');
});
