import fc from 'fast-check';
import { expect } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';
import { holds, textOf } from '../support/property.ts';

const dayMs = 86_400_000;

holds(
  'a duration that was written is read back, to the millisecond',
  2_000,
  fc.property(fc.oneof(fc.nat(100_000), fc.nat(dayMs), fc.nat(2 ** 40)), (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  }),
);

holds(
  'a duration of fractions of a millisecond is written as the nearest whole one',
  1_000,
  fc.property(fc.double({ min: 0, max: dayMs, noNaN: true }), (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(Math.round(ms));
  }),
);

const pieces = ['h', 'm', 's', 'ms', '.', ' ', '-', '1', '30', '000', '1e3', '\n', '\u0661'];

holds(
  'any text is a whole number of milliseconds that can be written and read again, or none',
  5_000,
  fc.property(fc.oneof(textOf(pieces, 8), fc.string()), (text) => {
    const ms = parseDuration(text);
    expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
    if (ms === null) return;
    expect(text).toMatch(/^(?:[\d.]+(?:h|ms?|s))+$/);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  }),
);

holds(
  'a bare number is no duration',
  1_000,
  fc.property(fc.oneof(fc.nat().map(String), fc.double().map(String), fc.bigInt().map(String)), (text) => {
    expect(parseDuration(text)).toBeNull();
  }),
);
