import { describe, expect, test } from 'vitest';
import { decodeBase64, fold, unescapeAll } from '../../src/redact/readings.ts';

describe('a text may stand for', () => {
  test.each<[sentence: string, text: string, reading: string]>([
    ['what it is percent-encoded for', 'a%41b', 'aAb'],
    ['the bytes of it, each a character', '%C3%A9', '\u00C3\u00A9'],
    ['the UTF-8 that the bytes are', '%C3%A9', '\u00E9'],
    ['a sign that XML names', 'a&quot;b', 'a"b'],
    ['a character that XML numbers', '&#65;&#x0041;', 'AA'],
    ['the last character that there is', '&#1114111;', '\u{10FFFF}'],
    ['nothing, where XML numbers one that is none', 'a&#1114112;b', 'ab'],
    ['a character that JSON escapes', '\\u0041', 'A'],
    ['a byte that JavaScript escapes', 'a\\x41b', 'aAb'],
    ['a character that old ASP escapes', '%u0041', 'A'],
    ['a sign that JSON escapes', '\\"\\/', '"/'],
    ['a line end that JSON escapes', 'a\\nb', 'a\nb'],
    ['what is escaped three times over', '%252541', 'A'],
    ['what is escaped in three ways, one inside another', '&#37;5cu0041', 'A'],
  ])('%s', (_sentence, text, reading) => {
    expect(unescapeAll(text)).toContain(reading);
  });

  test.each([
    ['nothing else, where nothing is escaped', 'plain text'],
    ['nothing else, where an escape is cut short', '%4 %zz \\x4 \\xzz \\u004 &#; &quo \\q'],
  ])('%s', (_sentence, text) => {
    expect(unescapeAll(text)).toEqual([]);
  });

  test('no more than what three readings one after the other make of it', () => {
    expect(unescapeAll('%25252541')).not.toContain('A');
    expect(unescapeAll('%41')).toEqual(['A']);
  });
});

test('texts are compared without case, and with a blank for a plus sign', () => {
  expect(fold('Key+A b')).toBe('key a b');
});

describe('Base64', () => {
  const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

  test('is read wherever a group may begin, and in runs that are joined by a line end', () => {
    expect(decodeBase64([base64('a secret')])).toContain('a secret');
    expect(decodeBase64([`xyz${base64('a secret')}`])).toContain('a secret');
    expect(decodeBase64([`${base64('secret')}.${base64('second')}`])).toContain('secret\nsecond');
  });

  test('may hold escapes', () => {
    expect(decodeBase64([base64('a%41&amp;')])).toEqual(expect.arrayContaining(['aA&amp;', 'a%41&']));
  });

  test('is nothing of fewer than six characters', () => {
    expect(decodeBase64(['abcde', 'a b', ''])).toEqual([]);
  });
});
