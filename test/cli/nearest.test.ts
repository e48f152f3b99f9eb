import { expect, test } from 'vitest';
import { nearest } from '../../src/cli/input/nearest.ts';
import { profileKeys } from '../../src/cli/settings/settings.ts';

test.each([
  ['acountId', 'accountId'],
  ['accountID', 'accountId'],
  ['recieptUrl', 'receiptUrl'],
  ['nvpPasword', 'nvpPassword'],
  ['securityKeyComand', 'securityKeyCommand'],
  ['soapversion', 'soapVersion'],
  ['colour', null],
  ['', null],
  ['x'.repeat(10_000), null],
])('%j is a slip of %j', (given, word) => {
  expect(nearest(given, profileKeys)).toBe(word);
});

test('among no words none is near', () => {
  expect(nearest('alias', [])).toBeNull();
});
