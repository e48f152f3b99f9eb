import { expect, test } from 'vitest';
import { isGood, meaningOf, type ReceiptResult } from '../../src/domain/transaction-status.ts';

/** A, C, CB, D, RI, S, SE and V are published; O and X are known from one client in production. */
const known: readonly [code: string, result: ReceiptResult, meaning: string][] = [
  ['A', 'authorized', 'authorized, not captured'],
  ['C', 'approved', 'approved'],
  ['CB', 'charged-back', 'charged back'],
  ['D', 'declined', 'declined'],
  ['O', 'card-stored', 'card stored'],
  ['RI', 'returned', 'returned'],
  ['S', 'approved', 'settled'],
  ['SE', 'settlement-error', 'settlement error'],
  ['V', 'voided', 'voided'],
  ['X', 'cancelled', 'cancelled'],
];

test.each(known)('%s means %s, in lower case and between blanks as well', (code, result, meaning) => {
  expect(meaningOf(code)).toEqual({ result, meaning });
  expect(meaningOf(` \t${code.toLowerCase()}\r\n`)).toEqual({ result, meaning });
});

test('anything else is unknown, which is neither success nor a decline', () => {
  const others: readonly (readonly [sentence: string, code: string | null])[] = [
    ['no code', null],
    ['an empty code', ''],
    ['blanks alone', '  '],
    ['a letter that nobody knows', 'Q'],
    ['two letters that nobody knows', 'CC'],
    ['a known code and a letter more', 'CBX'],
    ['a known code behind another letter', 'XCB'],
    ['a known code and a full stop', 'C.'],
    ['a digit before a known code', '0C'],
    ['two known codes', 'C D'],
    ['two known codes on two lines', 'D\nC'],
    ['a known code with a blank inside', 'C B'],
    ['the word instead of the code', 'Approved'],
    ['a digit', '0'],
    ['a long s, whose capital is S', '\u017F'],
    ['a long s and an E, whose capitals are SE', '\u017FE'],
    ['an R and a dotless i, whose capitals are RI', 'R\u0131'],
    ['a sharp s', '\u00DF'],
    ['a Cyrillic letter that looks like a C', '\u0421'],
    ['a full-width C', '\uFF23'],
    ['a no-break blank before C', '\u00A0C'],
    ['a zero-width blank behind C', 'C\u200B'],
    ['the name of the prototype', '__proto__'],
    ['a name that every object has', 'constructor'],
  ];
  for (const [sentence, code] of others) {
    expect([sentence, meaningOf(code)]).toEqual([sentence, { result: 'unknown', meaning: null }]);
  }
});

test('approved, authorized and card-stored are good, and nothing else is', () => {
  const results: readonly ReceiptResult[] = [...known.map(([, result]) => result), 'unknown'];
  expect(results.filter(isGood)).toEqual(['authorized', 'approved', 'card-stored', 'approved']);
});
