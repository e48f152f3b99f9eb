import { describe, expect, test } from 'vitest';
import { judgeReceipt, type ReceiptDoubt } from '../../src/domain/judge.ts';
import { moneyOf, moneyOfWait } from '../../src/domain/money.ts';
import { readReceipt } from '../../src/domain/receipt.ts';
import { codes, nothing } from '../support/deciding-values.ts';

const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

/** What each status is worth beside each status of the payment itself: a row is `transactionStatus`. */
const expected: Readonly<Record<(typeof codes)[number], string>> = {
  //        A           C         CB             D           O             RI         S          SE                 V        X           Q
  A: 'authorized !  charged-back !  !  returned !  settlement-error voided ! ?',
  C: '!  approved  charged-back !  !  returned approved settlement-error voided ! ?',
  CB: '! ! charged-back ! ! returned ! settlement-error voided ! ?',
  D: '! ! charged-back declined ! returned ! settlement-error voided cancelled ?',
  O: '! ! charged-back ! card-stored returned ! settlement-error voided ! ?',
  RI: '! ! charged-back ! ! returned ! settlement-error voided ! ?',
  S: '! approved charged-back ! ! returned approved settlement-error voided ! ?',
  SE: '! ! charged-back ! ! returned ! settlement-error voided ! ?',
  V: '! ! charged-back ! ! returned ! settlement-error voided ! ?',
  X: '! ! charged-back declined ! returned ! settlement-error voided cancelled ?',
  Q: '? ? ? ? ? ? ? ? ? ? ?',
};

test.each(codes)('%s beside each status of the payment itself is worth what its row says', (own) => {
  const judged = codes.map((primary) =>
    judgeReceipt({ ...nothing, transactionStatus: own, primaryTransactionStatus: primary }, [], null),
  );
  const doubts: Readonly<Record<string, ReceiptDoubt>> = { '!': 'contradiction', '?': 'unknown-status' };
  const row = expected[own].split(/\s+/).map((cell) => {
    const doubt = doubts[cell] ?? null;
    return { result: doubt ? 'unknown' : cell, partial: false, doubt };
  });
  expect(judged).toEqual(row);
});

test.each([
  ['C', 'approved', 'taken'],
  ['S', 'approved', 'taken'],
  ['A', 'authorized', 'reserved'],
  ['O', 'card-stored', 'none'],
  ['D', 'declined', 'not-taken'],
  ['X', 'cancelled', 'not-taken'],
  ['V', 'voided', 'reversed'],
  ['CB', 'charged-back', 'reversed'],
  ['RI', 'returned', 'reversed'],
  ['SE', 'settlement-error', 'unknown'],
  ['Q', 'unknown', 'unknown'],
] as const)('%s alone is %s, and the money is %s', (code, result, money) => {
  const receipt = readReceipt(`transactionStatus=${code}&transactionID=1&primaryTransactionID=1`);
  expect([receipt.result, moneyOf(receipt)]).toEqual([result, money]);
  expect(receipt.approved).toBe(money === 'taken');
  // In doubt nothing is known, whatever the result.
  expect(moneyOf({ ...receipt, doubt: 'another-transaction' })).toBe('unknown');
});

test('a part that was approved is a part that was taken; one that was declined is not', () => {
  const part = 'partialApprovalAmount=1.00';
  expect(moneyOf(readReceipt(`transactionStatus=C&${part}`))).toBe('part-taken');
  expect(moneyOf(readReceipt(`transactionStatus=S&responseCode=010`))).toBe('part-taken');
  expect(moneyOf(readReceipt(`transactionStatus=A&${part}`))).toBe('reserved');
  expect(moneyOf(readReceipt(`transactionStatus=D&${part}`))).toBe('not-taken');
});

test('an expired token means that nothing was taken only where this run saw it NEW', () => {
  expect(moneyOfWait({ outcome: 'expired', receipt: null, sawNew: true })).toBe('not-taken');
  expect(moneyOfWait({ outcome: 'expired', receipt: null, sawNew: false })).toBe('unknown');
  for (const outcome of ['timed-out', 'interrupted', 'receipt-unread', 'used', 'pending', 'service-error'] as const) {
    expect(moneyOfWait({ outcome, receipt: null, sawNew: true })).toBe('unknown');
  }
});

describe('where a receipt comes from', () => {
  const doubtOf = (fields: string, asked: string | null = token) =>
    readReceipt(`transactionStatus=C&${fields}`, { token: asked }).doubt;

  test.each([
    ['no IDs', 'responseCode=000', null],
    ['one ID', 'transactionID=AB', null],
    ['the same ID', 'transactionID=AB&primaryTransactionID=AB', null],
    ['the same ID in another case', 'transactionID=AB&primaryTransactionID=ab', null],
    ['another ID', 'transactionID=AB&primaryTransactionID=AC', 'another-transaction'],
    ['an ID that the other begins with', 'transactionID=AB&primaryTransactionID=ABC', 'another-transaction'],
    ['no ID of its own', 'primaryTransactionID=AB', 'another-transaction'],
    ['an empty ID of its own', 'transactionID=&primaryTransactionID=AB', 'another-transaction'],
    [
      'no ID of its own, but a good status of the payment',
      'primaryTransactionID=AB&primaryTransactionStatus=C',
      'another-transaction',
    ],
    ['the token', `singleSignOnToken=${token}`, null],
    ['the token, in another case of the name', `SINGLESIGNONTOKEN=${token}`, null],
    ['the token between blanks', `note= &singleSignOnToken= ${token} `, null],
    ['the token, percent-encoded', `singleSignOnToken=${token.replace('N', '%4E')}`, null],
    ['the token, percent-encoded among raw values', `note= &singleSignOnToken=${token.replace('N', '%4e')}`, null],
    ['the token cut to 36 characters', `singleSignOnToken=${token.slice(0, 36)}`, null],
    ['no token', 'singleSignOnToken=', null],
    ['blanks for a token', 'note= &singleSignOnToken=  ', null],
    ['the token cut to 35 characters', `singleSignOnToken=${token.slice(0, 35)}`, 'another-token'],
    ['the token and more', `singleSignOnToken=${token}A`, 'another-token'],
    ['the token in another case', `singleSignOnToken=${token.toLowerCase()}`, 'another-token'],
    ['another token', `singleSignOnToken=${token.replace('N', 'M')}`, 'another-token'],
    ['two tokens', `singleSignOnToken=${token}&singleSignOnToken=${token.replace('N', 'M')}`, 'another-token'],
  ])('%s', (_name, fields, doubt) => {
    expect(doubtOf(fields)).toBe(doubt);
  });

  test('a saved reply whose token is not known may name any', () => {
    expect(doubtOf(`singleSignOnToken=${token.replace('N', 'M')}`, null)).toBe(null);
  });

  test('a token with a plus sign is known raw and as a form', () => {
    expect(doubtOf('singleSignOnToken=a+b/c=d', 'a+b/c=d')).toBe(null);
    expect(doubtOf('singleSignOnToken=a%2Bb%2Fc%3Dd', 'a+b/c=d')).toBe(null);
  });

  test('a doubt about the status comes before one about the origin', () => {
    expect(readReceipt('transactionStatus=Q&transactionID=1&primaryTransactionID=2').doubt).toBe('unknown-status');
    expect(readReceipt('responseCode=000&transactionID=1&primaryTransactionID=2').doubt).toBe('no-status');
  });
});

describe('what decides is ASCII', () => {
  const doubtOf = (text: string) => readReceipt(text).doubt;

  test.each([
    ['a Cyrillic letter for a status', 'transactionStatus=\u0421'],
    ['a status with a no-break blank', 'transactionStatus=C\u00a0'],
    ['a full-width status', 'transactionStatus=\uff23'],
    ['a status of the payment itself', 'transactionStatus=C&primaryTransactionStatus=\u0421'],
    ['a response code in full-width digits', 'transactionStatus=C&responseCode=\uff10\uff11\uff10'],
    ['a currency sign before the part', 'transactionStatus=C&partialApprovalAmount=\u20ac1.00'],
    ['an ID', 'transactionStatus=C&transactionID=\u0410B'],
    ['an ID of the payment itself', 'transactionStatus=C&primaryTransactionID=\u0410B'],
    ['a Cyrillic letter in a name that decides', 'transactionStatus=C&tr\u0430nsactionStatus=D'],
    ['a letter too many in such a name', 'transactionStatus=C&transactionStatus\u00a0=D'],
    ['a long s in such a name', 'transactionStatus=C&transactionStatu\u017f=D'],
    ['such a name in another case', 'transactionStatus=C&ERR\u041eRCODE=400'],
    ['two such letters in a row', 'transactionStatus=C&resp\u043e\u043fseCode=010'],
  ])('%s', (_name, text) => {
    expect(readReceipt(text)).toMatchObject({ result: 'unknown', doubt: 'not-ascii', approved: false });
  });

  test.each([
    ['a name of a person', 'cardHolderName=JOS\u00c9 L\u00d3PEZ'],
    ['a message', 'responseMessage=Genehmigt \u2713'],
    ['a name of another field', 'gr\u00fc\u00dfe=x'],
    ['a name of one letter', '\u00e9=x'],
    ['a name that only begins alike', 'trans\u00e9=x'],
    ['a name of forty letters that stand for none', `${'\u00e9'.repeat(41)}=x`],
  ])('%s decides nothing', (_name, field) => {
    expect(doubtOf(`transactionStatus=C&${field}`)).toBe(null);
  });
});
