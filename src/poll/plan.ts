import { formatDuration } from '../domain/duration.ts';
import { type InstaMedError, usageError } from '../domain/errors.ts';

export interface PlanOptions {
  /** From the start of one check of a token to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** The one deadline, in milliseconds from the first check. */
  readonly timeoutMs: number;
  /** Most requests that are started in a second. */
  readonly maxRate: number;
}

/** When the checks of many tokens are made, in milliseconds from the start. */
export interface Plan {
  /** The interval that was asked for, or a longer one, where the rate serves no shorter. */
  readonly intervalMs: number;
  firstCheckMs(index: number): number;
  /** The last checks follow one another more closely where they are few, and the last of them starts at the deadline. */
  lastCheckMs(index: number): number;
}

/** No burst at the end, even where the rate would allow it. */
const lastChecksEveryMs = 50;

/**
 * Spreads the checks of so many tokens evenly: the first ones over the interval, the last ones up to the deadline.
 *
 * @throws InstaMedError `usage`: some token would be checked less than twice.
 */
export function planChecks(count: number, options: PlanOptions): Plan {
  const { timeoutMs, maxRate } = options;
  if (count > mostTokens(options)) throw refuseCount(count, options);
  const shortestMs = 1_000 / maxRate;
  const intervalMs = Math.max(options.intervalMs, count * shortestMs);
  // Where the timeout is hardly longer than the interval, the first checks are over before the last ones begin.
  const spreadMs = Math.max(count * shortestMs, Math.min(intervalMs, timeoutMs / 2));
  const lastSpacingMs = Math.max(shortestMs, Math.min(lastChecksEveryMs, spreadMs / count));
  return {
    intervalMs,
    firstCheckMs: (index) => (index * spreadMs) / count,
    lastCheckMs: (index) => timeoutMs - (count - 1 - index) * lastSpacingMs,
  };
}

/** How many tokens can be checked twice until the deadline. */
export function mostTokens(options: Pick<PlanOptions, 'timeoutMs' | 'maxRate'>): number {
  return Math.floor(mostChecks(options) / 2);
}

/** One check at the start, and one at the deadline itself. */
const mostChecks = ({ timeoutMs, maxRate }: Pick<PlanOptions, 'timeoutMs' | 'maxRate'>) =>
  Math.floor((timeoutMs * maxRate) / 1_000) + 1;

/** The refusal of a list of so many tokens, with the arithmetic. */
export function refuseCount(count: number, options: Pick<PlanOptions, 'timeoutMs' | 'maxRate'>): InstaMedError {
  const { timeoutMs, maxRate } = options;
  const format = (number: number) => number.toLocaleString('en-US');
  const rateNeeded = Math.ceil(((2 * count - 1) * 1_000) / timeoutMs);
  return usageError(
    `${format(count)} tokens need ${format(2 * count)} checks, at least two for each, and ${format(maxRate)} a second for ${formatDuration(timeoutMs)} are ${format(mostChecks(options))}.`,
    `Give a higher --max-rate (${format(rateNeeded)} would do, if the service allows it) or a longer --timeout, or split the tokens into several runs of at most ${format(mostTokens(options))}.`,
    'TOO_MANY_TOKENS',
  );
}
