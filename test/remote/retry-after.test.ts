import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/remote/retry-after.ts';

const sent = 'Sun, 22 Nov 2026 10:00:00 GMT';
const pauseOf = (value: string) => retryAfterMs({ 'retry-after': value, date: sent });

describe('seconds', () => {
  test.each([
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    [' 30\t', 30_000],
    ['007', 7_000],
    ['999999999999', 999_999_999_999_000],
  ])('%j', (value, ms) => {
    expect(pauseOf(value)).toBe(ms);
  });
});

describe('a date counts from the date of the reply', () => {
  test.each([
    ['later', 'Sun, 22 Nov 2026 10:01:30 GMT', 90_000],
    ['the same', sent, 0],
    ['earlier is no pause', 'Sun, 22 Nov 2026 09:59:59 GMT', 0],
    ['years ago is no pause', 'Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['with blanks around it', ' Mon, 23 Nov 2026 10:00:00 GMT ', 86_400_000],
  ])('%s', (_name, value, ms) => {
    expect(pauseOf(value)).toBe(ms);
  });

  test.each([
    ['without a date of the reply', undefined],
    ['where that makes no sense', 'yesterday'],
  ])("or from this machine's clock, %s", (_name, date) => {
    const headers = { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString(), ...(date && { date }) };
    const ms = retryAfterMs(headers) ?? Number.NaN;
    expect(ms).toBeGreaterThan(3_500_000);
    expect(ms).toBeLessThanOrEqual(3_600_000);
  });
});

describe('what makes no sense asks for nothing', () => {
  test.each([
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '10s',
    '1, 2',
    '1234567890123',
    'soon',
    'Infinity',
    '2026-11-22T10:01:00Z',
    '1 Jan 2027',
    'x Sun, 22 Nov 2026 10:01:30 GMT',
    'Sun, 22 Nov 2026 10:01:30 GMT (about)',
    'Sun, 22 Nov 2026 10:01:30 EST',
    'Sun, 22 Nov 2026 10:01:30',
    'sun, 22 Nov 2026 10:01:30 GMT',
    'Sun, 99 Nov 2026 10:01:30 GMT',
    'Sun, 22 Xyz 2026 10:01:30 GMT',
  ])('%j', (value) => {
    expect(pauseOf(value)).toBeNull();
  });

  test('nor does a reply without the header', () => {
    expect(retryAfterMs({ date: sent })).toBeNull();
  });
});
