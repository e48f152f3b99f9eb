import { describe, expect, test } from 'vitest';
import { mostTokens, planChecks } from '../../src/poll/plan.ts';

const times = { intervalMs: 10_000, timeoutMs: 900_000, maxRate: 20 };

describe('the interval', () => {
  test.each([
    ['is the one that was asked for while the rate serves it', 1, 10_000],
    ['and at just the rate', 200, 10_000],
    ['is longer by what the rate lacks', 300, 15_000],
    ['at most half of the time there is', 9_000, 450_000],
  ])('%s', (_name, count, intervalMs) => {
    expect(planChecks(count, times).intervalMs).toBe(intervalMs);
  });
});

test('the first asks are spread over the interval', () => {
  const plan = planChecks(4, times);
  expect([0, 1, 2, 3].map(plan.firstCheckMs)).toEqual([0, 2_500, 5_000, 7_500]);
});

test.each([
  [50, { ...times, timeoutMs: 10_000 }],
  [100, { ...times, timeoutMs: 10_000 }],
  [200, { ...times, timeoutMs: 11_000, maxRate: 5_000 }],
  [9_000, times],
])('of %i tokens, with %o, the first asks are over before the last ones begin', (count, given) => {
  const plan = planChecks(count, given);
  expect(plan.firstCheckMs(count - 1)).toBeLessThan(plan.lastCheckMs(0));
  expect(plan.firstCheckMs(1)).toBeGreaterThanOrEqual(1_000 / given.maxRate);
});

describe('the last asks end at the deadline, and come', () => {
  test.each([
    ['twenty a second where they are few', 4, 20, 50],
    ['no faster where more are granted', 4, 5_000, 50],
    ['as slowly as the rate demands', 4, 2, 500],
    ['as fast as all others where they are many', 10_000, 5_000, 1],
  ])('%s', (_name, count, maxRate, spacingMs) => {
    const plan = planChecks(count, { ...times, maxRate });
    expect(plan.lastCheckMs(count - 1)).toBe(900_000);
    expect(plan.lastCheckMs(count - 2)).toBe(900_000 - spacingMs);
    expect(plan.lastCheckMs(0)).toBe(900_000 - (count - 1) * spacingMs);
  });
});

test.each([1, 2, 199, 200, 201, 4_321, 9_000])('%i tokens: the first ask of each comes before its last', (count) => {
  const plan = planChecks(count, times);
  for (let i = 0; i < count; i++) expect(plan.firstCheckMs(i)).toBeLessThan(plan.lastCheckMs(i));
});

describe('what one deadline and rate can serve', () => {
  test.each([
    [{ timeoutMs: 900_000, maxRate: 20 }, 9_000],
    [{ timeoutMs: 1_000, maxRate: 1 }, 1],
    [{ timeoutMs: 1_999, maxRate: 2 }, 2],
    [{ timeoutMs: 120_000, maxRate: 5_000 }, 300_000],
  ])('%o is %i tokens', (given, most) => {
    expect(mostTokens(given)).toBe(most);
    expect(() => planChecks(most, { intervalMs: 1_000, ...given })).not.toThrow();
    expect(() => planChecks(most + 1, { intervalMs: 1_000, ...given })).toThrow();
  });

  test('the refusal shows the arithmetic and what would do', () => {
    expect(() => planChecks(10_000, times)).toThrow(
      expect.objectContaining({
        category: 'usage',
        code: 'TOO_MANY_TOKENS',
        message: '10,000 tokens need 20,000 checks, at least two for each, and 20 a second for 15m are 18,001.',
        hint: 'Give a higher --max-rate (23 would do, if the service allows it) or a longer --timeout, or split the tokens into several runs of at most 9,000.',
      }),
    );
    expect(() => planChecks(10_000, { ...times, maxRate: 23 })).not.toThrow();
  });

  test('the rate that is named is no higher than it has to be', () => {
    expect(() => planChecks(31, { intervalMs: 1_000, timeoutMs: 1_000, maxRate: 1 })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('--max-rate (61 would do') }),
    );
    expect(() => planChecks(31, { intervalMs: 1_000, timeoutMs: 1_000, maxRate: 61 })).not.toThrow();
  });

  test.each([9_001, 12_345, 99_999])('%i tokens: the rate that is named would do, and one less would not', (count) => {
    const refusal = (() => {
      try {
        planChecks(count, times);
      } catch (error) {
        return error as { hint: string };
      }
      throw new Error('It was not refused.');
    })();
    const rate = Number(/--max-rate \(([\d,]+)/.exec(refusal.hint)?.[1]?.replaceAll(',', ''));
    expect(() => planChecks(count, { ...times, maxRate: rate })).not.toThrow();
    expect(() => planChecks(count, { ...times, maxRate: rate - 1 })).toThrow();
  });
});
