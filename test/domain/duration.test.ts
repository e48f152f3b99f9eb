import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';

test('parseDuration reads each unit, alone and with smaller ones', () => {
  const durations: readonly (readonly [text: string, ms: number])[] = [
    ['0s', 0],
    ['0ms', 0],
    ['1ms', 1],
    ['500ms', 500],
    ['999999999ms', 999_999_999],
    ['1s', 1_000],
    ['90s', 90_000],
    ['1.5s', 1_500],
    ['0.001s', 1],
    ['1.234s', 1_234],
    ['15m', 900_000],
    ['0.5m', 30_000],
    ['0.001m', 60],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['1.25h', 4_500_000],
    ['0.001h', 3_600],
    ['1h30m15s250ms', 5_415_250],
    ['1h1ms', 3_600_001],
    ['1m1ms', 60_001],
    ['1s1ms', 1_001],
    ['999999s', 999_999_000],
    ['999999m', 59_999_940_000],
    ['999999h', 3_599_996_400_000],
    ['010s', 10_000],
  ];
  expect(durations.map(([text]) => [text, parseDuration(text)])).toEqual(durations);
});

test('parseDuration takes nothing else', () => {
  const others: readonly (readonly [sentence: string, text: string])[] = [
    ['empty text', ''],
    ['bare number: nobody can tell seconds from minutes', '90'],
    ['bare zero', '0'],
    ['unit without a number', 's'],
    ['minutes without a number', 'm'],
    ['hours without a number', 'h'],
    ['milliseconds without a number', 'ms'],
    ['unit that it does not know', '1d'],
    ['capital unit', '15M'],
    ['unit spelt out', '15min'],
    ['number with a number behind it', '1h30'],
    ['units in the wrong order', '30m1h'],
    ['milliseconds before seconds', '1ms1s'],
    ['unit twice', '1m1m'],
    ['sign', '-5s'],
    ['plus sign', '+5s'],
    ['blank before', ' 5s'],
    ['blank behind', '5s '],
    ['blank inside', '1h 30m'],
    ['line end behind', '5s\n'],
    ['decimal comma', '1,5s'],
    ['point without a digit before it', '.5s'],
    ['point without a digit behind it', '1.s'],
    ['point without a digit behind it in minutes', '1.m'],
    ['point without a digit behind it in hours', '1.h'],
    ['four decimals', '1.2345s'],
    ['four decimals of minutes', '1.2345m'],
    ['four decimals of hours', '1.2345h'],
    ['part of a millisecond', '1.5ms'],
    ['two points', '1.2.3s'],
    ['exponent', '1e3s'],
    ['hexadecimal number', '0x10s'],
    ['seven digits', '1000000s'],
    ['seven digits of minutes', '1000000m'],
    ['seven digits of hours', '1000000h'],
    ['ten digits of milliseconds', '1000000000ms'],
    ['digits of another alphabet', '\u0661\u0660s'],
    ['infinity', 'Infinitys'],
  ];
  expect(others.filter(([, text]) => parseDuration(text) !== null)).toEqual([]);
});

describe('formatDuration writes the shortest spelling', () => {
  const written: readonly (readonly [ms: number, text: string])[] = [
    [0, '0s'],
    [1, '1ms'],
    [500, '500ms'],
    [999, '999ms'],
    [1_000, '1s'],
    [1_001, '1.001s'],
    [1_500, '1.5s'],
    [10_000, '10s'],
    [59_999, '59.999s'],
    [60_000, '1m'],
    [61_001, '1m1.001s'],
    [90_000, '1m30s'],
    [900_000, '15m'],
    [3_599_999, '59m59.999s'],
    [3_600_000, '1h'],
    [3_600_500, '1h0.5s'],
    [5_400_000, '1h30m'],
    [86_400_000, '24h'],
    [5_415_250, '1h30m15.25s'],
  ];

  test('which reads back as the same', () => {
    expect(written.map(([ms]) => [ms, formatDuration(ms)])).toEqual(written);
    expect(written.map(([, text]) => [parseDuration(text), text])).toEqual(written);
  });

  // A monotonic clock counts in fractions of a millisecond.
  const rounded: readonly (readonly [ms: number, text: string])[] = [
    [499.6, '500ms'],
    [1_499.6, '1.5s'],
    [0.4, '0s'],
    [999.6, '1s'],
    [59_999.6, '1m'],
    [119_999.6, '2m'],
    [3_599_999.6, '1h'],
  ];

  test('and rounds a fraction before it tells the units apart', () => {
    expect(rounded.map(([ms]) => [ms, formatDuration(ms)])).toEqual(rounded);
  });
});
