import { formatDuration } from '../domain/duration.ts';
import { usageError } from '../domain/errors.ts';
import type { RequestBudget } from './request-queue.ts';

export interface WaitOptions {
  /** From the start of one check to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** The one deadline, in milliseconds from the first check. */
  readonly timeoutMs: number;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** This many failures in a row end the wait. */
  readonly maxFailures: number;
}

export interface PaymentOptions extends WaitOptions {
  /** Whether a part of the amount is enough. */
  readonly acceptPartial: boolean;
}

/** Every 10 s for 15 minutes, the token's life: 91 checks. */
export const defaultOptions: PaymentOptions = {
  intervalMs: 10_000,
  timeoutMs: 900_000,
  requestTimeoutMs: 30_000,
  maxFailures: 6,
  acceptPartial: false,
};

/** What all tokens of one watch share. */
export interface WatchOptions extends PaymentOptions, RequestBudget {}

/** As for one payment; 20 requests a second, 16 in flight. */
export const defaultWatchOptions: WatchOptions = { ...defaultOptions, maxRate: 20, concurrency: 16 };

export interface PaymentsOptions extends WatchOptions {
  /**
   * What ends the run: `all`, every token has its result; `any`, one has completed, whatever its receipt says; `fail-fast`, one
   * has failed.
   */
  readonly until: 'all' | 'any' | 'fail-fast';
}

/** As for one payment; 20 requests a second, 16 in flight, until all tokens have their results. */
export const defaultPaymentsOptions: PaymentsOptions = { ...defaultWatchOptions, until: 'all' };

interface Range {
  readonly least: number;
  readonly most: number;
}

/** As the command line has them, but for a wait of no time: one check, at once. */
const durations = {
  intervalMs: { least: 1_000, most: 300_000 },
  timeoutMs: { least: 0, most: 86_400_000 },
  requestTimeoutMs: { least: 1_000, most: 300_000 },
} as const satisfies Partial<Record<keyof WatchOptions, Range>>;

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
