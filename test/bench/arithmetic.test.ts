import { describe, expect, test } from 'vitest';
import { lateAfterPrevious, lateOnSchedule, median, medianRatio, quantile, summarize } from '../../bench/arithmetic.js';

describe('a quantile', () => {
  test.each<[readonly number[], number, number]>([
    [[7], 0.99, 7],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 9, 100], 0, 9],
    [[10, 9, 100], 1, 100],
    [[0, 10], 0.99, 9.9],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 9);
  });

  test('leaves the order of the values alone', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of no values is an error, not a number', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('the ratio of pairs', () => {
  test('compares each run with the one beside it, so that a machine that slows down changes nothing', () => {
    const slowing = [1, 2, 4, 8].map((times) => ({ bareMs: 40 * times, contenderMs: 60 * times }));
    expect(medianRatio(slowing)).toBe(1.5);
  });

  test('is not moved by one bad pair', () => {
    const pairs = [1.4, 1.5, 1.6, 90].map((ratio) => ({ bareMs: 40, contenderMs: 40 * ratio }));
    expect(medianRatio(pairs)).toBeCloseTo(1.55, 9);
  });
});

describe('how late asks are', () => {
  const interval = 10_000;

  test('is counted from the ask before and the interval, for each token alone', () => {
    const arrivals = [
      [0, 10_000, 20_250],
      [5_000, 14_900],
    ];
    expect(lateAfterPrevious(arrivals, interval)).toEqual([0, 250, -100]);
  });

  test('is nothing where every token was asked for once', () => {
    expect(summarize(lateAfterPrevious([[0], [5_000]], interval))).toBeNull();
  });

  test('is counted from an even schedule as well, whichever token comes next', () => {
    const arrivals = [
      [100, 10_100],
      [15_100, 5_400],
    ];
    expect(lateOnSchedule(arrivals, interval)).toEqual([0, 300, 0, 0]);
  });

  test('shows tokens that are all asked for at once', () => {
    expect(lateOnSchedule([[0], [0], [0], [0]], interval)).toEqual([0, -2_500, -5_000, -7_500]);
  });

  test('adds up, where each round is as late as the one before it', () => {
    const arrivals = [[0, 10_500, 21_000]];
    expect(lateAfterPrevious(arrivals, interval)).toEqual([500, 500]);
    expect(lateOnSchedule(arrivals, interval)).toEqual([0, 500, 1_000]);
  });

  test('is told by the middle, the 99th percentile and the worst', () => {
    const values = Array.from({ length: 101 }, (_, index) => index);
    expect(summarize(values)).toEqual({ p50: 50, p99: 99, max: 100 });
  });
});
