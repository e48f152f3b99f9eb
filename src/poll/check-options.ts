import { formatDuration } from '../domain/duration.ts';
import { usageError } from '../domain/errors.ts';
import type { PaymentOptions } from './wait-for-payment.ts';
import type { PaymentsOptions } from './wait-for-payments.ts';

interface Range {
  readonly least: number;
  readonly most: number;
}

/** As the command line has them, but for a wait of no time: one check, at once. */
const durations = {
  intervalMs: { least: 1_000, most: 300_000 },
  timeoutMs: { least: 0, most: 86_400_000 },
  requestTimeoutMs: { least: 1_000, most: 300_000 },
} as const satisfies Partial<Record<keyof PaymentsOptions, Range>>;

const counts = ['maxFailures', 'maxRate', 'concurrency'] as const;
const mostCount = 999_999;

/**
 * The options with defaults in the place of those that are undefined, and durations in whole milliseconds.
 *
 * @throws InstaMedError `usage`: a value is no number, or out of range.
 */
export function checkOptions<T extends PaymentOptions & Partial<PaymentsOptions>>(defaults: T, given: Partial<T>): T {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
  const options: T = { ...defaults, ...known };
  for (const name of counts) {
    if (name in options) checkCount(name, options[name]);
  }
  const { until = 'all' } = options;
  if (!['all', 'any', 'fail-fast'].includes(until)) {
    throw usageError(`until is not "all", "any", or "fail-fast": ${show(until)}.`, 'Leave it out for "all".');
  }
  return {
    ...options,
    intervalMs: checkDuration('intervalMs', options.intervalMs),
    timeoutMs: checkDuration('timeoutMs', options.timeoutMs),
    requestTimeoutMs: checkDuration('requestTimeoutMs', options.requestTimeoutMs),
  };
}

function checkDuration(name: keyof typeof durations, value: unknown): number {
  const { least, most } = durations[name];
  const ms = typeof value === 'number' ? Math.round(value) : Number.NaN;
  if (ms >= least && ms <= most) return ms;
  throw usageError(
    `${name} is out of range: ${show(value)}.`,
    `Give milliseconds from ${least} to ${most} (${formatDuration(most)}).`,
  );
}

function checkCount(name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostCount) return;
  throw usageError(`${name} is not a whole number from 1: ${show(value)}.`, `Give a number from 1 to ${mostCount}.`);
}

/** Of another type than a number only the type: it may be anything. */
const show = (value: unknown) => (typeof value === 'number' ? String(value) : `a ${typeof value}`);
