import { expect, test } from 'vitest';
import { tokenFinder } from '../../src/cli/find-tokens.ts';
import { spellings } from './canaries.ts';

const tokens = new Set([
  'NTJmY2Y5NmMtOTg2Yi00NDM0==',
  'a+b/c=d-0123456789',
  'another-token-012345',
  'tökén-0123456789ab',
]);
const find = tokenFinder(tokens);
const found = (text: string) => find(text).sort();
const ofAscii = [...tokens].filter((token) => /^[\x20-\x7e]*$/.test(token));

test.each(Object.entries(spellings))('tokens are found in a text, whatever stands around them: %s', (_name, spell) => {
  for (const token of ofAscii) {
    expect(found(spell(token))).toEqual([token]);
    expect(found(`held:${spell(token)}.`)).toEqual([token]);
  }
  const [first = '', second = ''] = ofAscii;
  expect(found(`No: ${spell(first)} and ${spell(second)}`)).toEqual([first, second].sort());
});

test('a token of other characters than ASCII is found as it is, escaped and percent-encoded', () => {
  const token = 'tökén-0123456789ab';
  for (const name of ['plain', 'XML, decimal', 'percent', 'JSON, each character']) {
    expect(found(`No: ${spellings[name]?.(token)}`)).toEqual([token]);
  }
});

test.each([
  ['nothing', ''],
  ['a part of a token', 'another-token-01234'],
  ['a token with one character changed', 'another-token-01234X'],
  ['bytes that are no text', '&#1114112;&#x110000;%ff%fe\\ud800'],
  ['an odd number of Base64 characters', 'AAAAAAAAA'],
])('no token is found in %s', (_name, text) => {
  expect(found(text)).toEqual([]);
});
