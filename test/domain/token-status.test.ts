import { describe, expect, test } from 'vitest';
import { isErrorMessage, readTokenStatus, type TokenState } from '../../src/domain/token-status.ts';

test('a status text is read without its case and the blanks around it', () => {
  const known: readonly (readonly [sentence: string, text: string, state: TokenState])[] = [
    ['NEW is pending', 'NEW', 'NEW'],
    ['USED is done', 'USED', 'USED'],
    ['complete, as the other page prints it, is done', 'complete', 'USED'],
    ['COMPLETED is done', 'COMPLETED', 'USED'],
    ['EXPIRED is expired', 'EXPIRED', 'EXPIRED'],
    ['new in lower case is pending', 'new', 'NEW'],
    ['used in mixed case is done', 'uSeD', 'USED'],
    ['completed in mixed case is done', 'Completed', 'USED'],
    ['expired in lower case is expired', 'expired', 'EXPIRED'],
    ['a blank, tab and line ends around a word are no part of it (recorded)', ' \r\n USED\t', 'USED'],
    ['blanks around NEW are no part of it', '\tNEW \n', 'NEW'],
  ];
  for (const [sentence, text, state] of known) {
    expect([sentence, readTokenStatus(text)]).toEqual([sentence, { state, text }]);
  }
});

/** All invented: nobody has ever shown a live value, so whatever is not known must never be taken for success. */
test('any other text is unknown and kept as it came', () => {
  const others: readonly (readonly [sentence: string, text: string])[] = [
    ['nothing', ''],
    ['blanks alone', ' \t\r\n'],
    ['a word that begins with a known one', 'NEWS'],
    ['a word that ends with a known one', 'RENEW'],
    ['the opposite of USED', 'UNUSED'],
    ['the opposite of COMPLETE', 'INCOMPLETE'],
    ['a word that is COMPLETE and more', 'COMPLETES'],
    ['a word that is EXPIRED but for its end', 'EXPIRE'],
    ['a word that only ends like EXPIRED', 'UNEXPIRED'],
    ['a word that only begins like EXPIRED', 'EXPIREDLY'],
    ['a known word and a full stop', 'USED.'],
    ['two known words', 'NEW USED'],
    ['two known words on two lines', 'NEW\nUSED'],
    ['a known word on the second line', 'x\nUSED'],
    ['a known word with a blank inside', 'US ED'],
    ['a known word in quotes', '"USED"'],
    ['a word of the service that nobody knows', 'CANCELLED'],
    ['a long s in the place of an s', 'u\u017Fed'],
    ['a dotless i in the place of an i', 'exp\u0131red'],
    ['a dotted capital I', 'EXP\u0130RED'],
    ['a Cyrillic letter that looks like an E', 'US\u0415D'],
    ['full-width letters', '\uFF2E\uFF25\uFF37'],
    ['a no-break blank before', '\u00A0USED'],
    ['a zero-width blank behind', 'USED\u200B'],
    ['a byte order mark before', '\uFEFFUSED'],
    ['a line separator behind', 'USED\u2028'],
    ['a form feed before', '\fUSED'],
    ['a vertical tab behind', 'USED\v'],
    ['a NUL behind', 'USED\0'],
    ['a name that every object has', 'constructor'],
    ['the name of the prototype', '__proto__'],
  ];
  for (const [sentence, text] of others) {
    expect([sentence, readTokenStatus(text)]).toEqual([sentence, { state: 'UNKNOWN', text }]);
  }
});

describe('an error message in the place of a status', () => {
  test.each(['Token is invalid', ' a\tb\nc ', 'The payment was USED', 'x '.repeat(100)])('is %j', (text) => {
    expect(isErrorMessage(readTokenStatus(text))).toBe(true);
  });

  test.each([
    ...['', 'PENDING', 'IN PROGRESS', '  in   progress ', 'NEW', ' USED ', 'Token_is_invalid'],
    // A text that was redacted as a whole: how many words it had, nobody knows.
    '*** (1000000 characters)',
  ])('is not %j', (text) => {
    expect(isErrorMessage(readTokenStatus(text))).toBe(false);
  });
});
