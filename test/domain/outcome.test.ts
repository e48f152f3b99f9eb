import { describe, expect, test } from 'vitest';
import { isGoodOutcome, type Outcome, outcomeOfReceipt, outcomes } from '../../src/domain/outcome.ts';
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
    expect(outcomeOfReceipt({ result, partial: false }, false)).toBe(result);
    expect(outcomeOfReceipt({ result, partial: false }, true)).toBe(result);
  });
});

describe('a part of the amount', () => {
  test.each(good)('%s in part is not approved unless the caller accepts a part', (result) => {
    expect(outcomeOfReceipt({ result, partial: true }, false)).toBe('not-approved');
    expect(outcomeOfReceipt({ result, partial: true }, true)).toBe(result);
  });
});

describe('no other result is ever a good ending', () => {
  test.each(bad)('%s', (result) => {
    for (const partial of [false, true]) {
      for (const acceptPartial of [false, true]) {
        expect(outcomeOfReceipt({ result, partial }, acceptPartial)).toBe('not-approved');
      }
    }
  });
});
