import { describe, expect, test } from 'vitest';
import { receiptDoubts } from '../../src/domain/judge.ts';
import { isFinal, isGoodOutcome, type Outcome, outcomeOfReceipt, outcomes } from '../../src/domain/outcome.ts';
import type { ReceiptResult } from '../../src/domain/transaction-status.ts';

test('the set of endings is closed, and no ending stands in it twice', () => {
  expect([...outcomes].sort()).toEqual([
    'answered',
    'approved',
    'authorized',
    'card-stored',
    'credentials-rejected',
    'decoded',
    'expired',
    'internal-error',
    'interrupted',
    'not-approved',
    'not-expected',
    'pending',
    'receipt-read',
    'receipt-unread',
    'service-error',
    'timed-out',
    'unclear',
    'unreachable',
    'usage-error',
    'used',
  ]);
});

test('four endings of a wait are good ones, and end no run of many tokens early', () => {
  expect(outcomes.filter(isGoodOutcome).sort()).toEqual(['approved', 'authorized', 'card-stored', 'used']);
});

const good: readonly (ReceiptResult & Outcome)[] = ['approved', 'authorized', 'card-stored'];
const bad: readonly ReceiptResult[] = [
  'declined',
  'cancelled',
  'voided',
  'charged-back',
  'returned',
  'settlement-error',
  'unknown',
];

describe('a whole amount', () => {
  test.each(good)('%s is a good ending', (result) => {
    expect(outcomeOfReceipt({ result, partial: false, doubt: null }, false)).toBe(result);
    expect(outcomeOfReceipt({ result, partial: false, doubt: null }, true)).toBe(result);
  });
});

describe('a part of the amount', () => {
  test.each(good)('%s in part is not approved unless the caller accepts a part', (result) => {
    expect(outcomeOfReceipt({ result, partial: true, doubt: null }, false)).toBe('not-approved');
    expect(outcomeOfReceipt({ result, partial: true, doubt: null }, true)).toBe(result);
  });
});

const unclear = ['settlement-error', 'unknown'];

describe('no other result is ever a good ending', () => {
  test.each(bad)('%s', (result) => {
    for (const partial of [false, true]) {
      for (const acceptPartial of [false, true]) {
        expect(outcomeOfReceipt({ result, partial, doubt: null }, acceptPartial)).toBe(
          unclear.includes(result) ? 'unclear' : 'not-approved',
        );
      }
    }
  });
});

test.each(receiptDoubts)('the doubt %s makes every result unclear', (doubt) => {
  for (const result of [...good, ...bad]) {
    for (const partial of [false, true]) {
      expect([result, outcomeOfReceipt({ result, partial, doubt }, true)]).toEqual([result, 'unclear']);
    }
  }
});

test('an outcome is final where asking again changes nothing', () => {
  expect(outcomes.filter(isFinal).sort()).toEqual([
    ...['approved', 'authorized', 'card-stored', 'decoded', 'expired', 'not-approved', 'receipt-read'],
    ...['unclear', 'used'],
  ]);
});
