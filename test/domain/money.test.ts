import { describe, expect, test } from 'vitest';
import { type DecidingValues, judgeReceipt, receiptDoubts } from '../../src/domain/judge.ts';
import { type Money, moneyOf, moneyOfWait, moneyStates } from '../../src/domain/money.ts';
import { outcomeOfReceipt, outcomes } from '../../src/domain/outcome.ts';
import { readReceipt } from '../../src/domain/receipt.ts';
import type { ReceiptResult } from '../../src/domain/transaction-status.ts';
import { codes, nothing } from '../support/deciding-values.ts';

const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

/** The money of a whole amount and of a part, for every result; in doubt it is unknown. */
const worth: Readonly<Record<ReceiptResult, readonly [whole: Money, part: Money]>> = {
  approved: ['taken', 'part-taken'],
  authorized: ['reserved', 'reserved'],
  'card-stored': ['none', 'none'],
  declined: ['not-taken', 'not-taken'],
  cancelled: ['not-taken', 'not-taken'],
  voided: ['reversed', 'reversed'],
  'charged-back': ['reversed', 'reversed'],
  returned: ['reversed', 'reversed'],
  'settlement-error': ['unknown', 'unknown'],
  unknown: ['unknown', 'unknown'],
};
const results = Object.keys(worth) as ReceiptResult[];

describe('was money taken?', () => {
  test.each(results)('%s', (result) => {
    const [whole, part] = worth[result];
    expect(moneyOf({ result, partial: false, doubt: null })).toBe(whole);
    expect(moneyOf({ result, partial: true, doubt: null })).toBe(part);
  });

  test.each(receiptDoubts)('with the doubt %s nothing is known, whatever the result', (doubt) => {
    for (const result of results) {
      for (const partial of [false, true]) expect(moneyOf({ result, partial, doubt })).toBe('unknown');
    }
  });

  test('unknown is what no receipt with another outcome than unclear has', () => {
    for (const result of results) {
      for (const doubt of [null, ...receiptDoubts]) {
        for (const partial of [false, true]) {
          const receipt = { result, partial, doubt };
          expect(moneyOf(receipt) === 'unknown').toBe(outcomeOfReceipt(receipt, false) === 'unclear');
        }
      }
    }
  });

  test('the set of answers is closed, and each has a way to come about', () => {
    expect(new Set(Object.values(worth).flat())).toEqual(new Set(moneyStates));
  });
});

test('without a receipt nothing is known, but for an expired token that this run saw NEW', () => {
  const known = (sawNew: boolean) =>
    outcomes.filter((outcome) => moneyOfWait({ outcome, receipt: null, sawNew }) !== 'unknown');
  expect(known(false)).toEqual([]);
  expect(known(true)).toEqual(['expired']);
  expect(moneyOfWait({ outcome: 'expired', receipt: null, sawNew: true })).toBe('not-taken');
});

test('a receipt goes before what the statuses of the token let expect', () => {
  const receipt = readReceipt('transactionStatus=C');
  expect(moneyOfWait({ outcome: 'expired', receipt, sawNew: true })).toBe('taken');
});

describe.each(codes)('where a receipt with %s comes from', (own) => {
  /** The money of such a receipt, for each status that the payment itself may have. */
  const moneyWith = (origin: Partial<DecidingValues>, asked: string | null = null) =>
    new Map(
      [null, ...codes].map((primary) => {
        const values = { ...nothing, transactionStatus: own, primaryTransactionStatus: primary, ...origin };
        return [primary, moneyOf(judgeReceipt(values, [], asked))];
      }),
    );
  const ofThePayment = moneyWith({ transactionId: '1' });
  const notKnown = new Map([null, ...codes].map((primary) => [primary, 'unknown']));

  test('changes nothing where its ID is that of the payment, or the only one, or it names the token', () => {
    expect(moneyWith({})).toEqual(ofThePayment);
    expect(moneyWith({ transactionId: '1', primaryTransactionId: '1' })).toEqual(ofThePayment);
    expect(moneyWith({ singleSignOnTokens: [[token]] }, token)).toEqual(ofThePayment);
  });

  test('leaves nothing known where its ID is another, or it names another token', () => {
    expect(moneyWith({ transactionId: '2', primaryTransactionId: '1' })).toEqual(notKnown);
    expect(moneyWith({ singleSignOnTokens: [['other']] }, token)).toEqual(notKnown);
    expect(moneyWith({ singleSignOnTokens: [[token], ['other']] })).toEqual(notKnown);
  });

  test('shows, without an own ID, that the payment was undone or not taken, and never that it stands', () => {
    const known = [...ofThePayment].map(([primary, money]) => {
      const isBad = money === 'reversed' || money === 'not-taken';
      return [primary, isBad && primary !== null ? money : 'unknown'] as const;
    });
    expect(moneyWith({ primaryTransactionId: '1' })).toEqual(new Map(known));
  });
});

describe('a reply without an own ID', () => {
  test.each<[name: string, nvp: string, money: Money]>([
    ['the published void', 'transactionStatus=C&primaryTransactionStatus=V', 'reversed'],
    ['a chargeback', 'transactionStatus=C&primaryTransactionStatus=CB', 'reversed'],
    ['a payment that was declined', 'transactionStatus=D&primaryTransactionStatus=D', 'not-taken'],
    [
      'a refund of a part, after which the payment still stands',
      'transactionStatus=C&primaryTransactionStatus=C',
      'unknown',
    ],
    ['the same of a settled payment', 'transactionStatus=S&primaryTransactionStatus=S', 'unknown'],
    ['an authorization', 'transactionStatus=A&primaryTransactionStatus=A', 'unknown'],
    ['a refund that names no status of the payment', 'transactionStatus=C', 'unknown'],
    ['a decline that names no status of the payment', 'transactionStatus=D', 'unknown'],
  ])('%s: %s', (_name, nvp, money) => {
    expect(moneyOf(readReceipt(`${nvp}&primaryTransactionID=EE52`))).toBe(money);
  });
});

describe('a saved reply, whose token nobody knows', () => {
  const other = token.replace('N', 'M');
  const cut = token.slice(0, 36);
  const moneyOfTokens = (...named: readonly string[]) =>
    moneyOf(readReceipt(['transactionStatus=C', ...named.map((each) => `singleSignOnToken=${each}`)].join('&')));

  test.each<[name: string, named: readonly string[], money: Money]>([
    ['may name any', [other], 'taken'],
    ['may name one twice', [other, other], 'taken'],
    ['may name one percent-encoded beside it', [token.replace('N', '%4E'), token], 'taken'],
    ['may name one and the same cut short', [cut, token], 'taken'],
    ['may name one cut short behind it', [token, cut], 'taken'],
    ['may not name two', [token, other], 'unknown'],
    ['may not name two of which one is a cut', [other.slice(0, 36), token], 'unknown'],
    ['may not name one in two cases', [token, token.toLowerCase()], 'unknown'],
  ])('%s', (_name, named, money) => {
    expect(moneyOfTokens(...named)).toBe(money);
  });
});

test.each([
  ['a look-alike of the name of the token', 'singleSignOnT\u043eken=other'],
  ['one with a character that shows nothing', 'single\u200bSignOnToken=other'],
])('%s decides nothing in favor of the receipt', (_name, field) => {
  expect(readReceipt(`transactionStatus=C&${field}`, { token }).doubt).toBe('not-ascii');
});

/** Every name that decides, twice with different values; in what else a reply needs there is no fault. */
test.each([
  ['transactionStatus=C&transactionStatus=D'],
  ['transactionStatus=C&TransactionStatus=S'],
  ['transactionStatus=C&primaryTransactionStatus=C&primaryTransactionStatus=V'],
  ['transactionStatus=C&transactionID=1&transactionID=2'],
  ['transactionStatus=C&transactionID=1&primaryTransactionID=1&primaryTransactionID=2'],
  ['transactionStatus=C&responseCode=000&responseCode=010'],
  ['transactionStatus=C&errorCode=&errorCode=400'],
  ['transactionStatus=C&partialApprovalAmount=&partialApprovalAmount=1.00'],
  ['transactionStatus=C&transactionStatus='],
])('a name that decides and comes twice makes the receipt ambiguous: %s', (nvp) => {
  expect(() => readReceipt(nvp)).toThrow(/ambiguous/);
  expect(() => readReceipt(nvp.split('&').reverse().join('&'))).toThrow(/ambiguous/);
});
