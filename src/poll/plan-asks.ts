import { formatDuration } from '../domain/duration.ts';
import { type InstaMedError, usageError } from '../domain/errors.ts';

export interface AskTimes {
  /** From the start of one ask for a token to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** The one deadline, in milliseconds from the first ask. */
  readonly timeoutMs: number;
  /** Most requests that are started in a second. */
  readonly maxRate: number;
}

/** When the asks for many tokens are made, in milliseconds from the start. */
export interface AskPlan {
  /** The interval that was asked for, or a longer one, where the rate serves no shorter. */
  readonly intervalMs: number;
  firstAskMs(index: number): number;
  /** The last asks follow one another more closely where they are few, and the last of them starts at the deadline. */
  lastAskMs(index: number): number;
}

/** No burst at the end, even where the rate would allow it. */
const lastAsksEveryMs = 50;

/**
 * Spreads the asks for so many tokens evenly: the first ones over the interval, the last ones up to the deadline.
 *
 * @throws InstaMedError `usage`: some token would be asked less than twice.
 */
export function planAsks(count: number, times: AskTimes): AskPlan {
  const { timeoutMs, maxRate } = times;
  if (count > mostTokens(times)) throw refuseCount(count, times);
  const shortestMs = 1_000 / maxRate;
  const intervalMs = Math.max(times.intervalMs, count * shortestMs);
  const lastSpacingMs = Math.max(shortestMs, Math.min(lastAsksEveryMs, intervalMs / count));
  return {
    intervalMs,
    firstAskMs: (index) => (index * intervalMs) / count,
    lastAskMs: (index) => timeoutMs - (count - 1 - index) * lastSpacingMs,
  };
}

/** How many tokens can be asked twice until the deadline. */
export function mostTokens(times: Pick<AskTimes, 'timeoutMs' | 'maxRate'>): number {
  return Math.floor(mostAsks(times) / 2);
}

/** One ask at the start, and one at the deadline itself. */
const mostAsks = ({ timeoutMs, maxRate }: Pick<AskTimes, 'timeoutMs' | 'maxRate'>) =>
  Math.floor((timeoutMs * maxRate) / 1_000) + 1;

/** The refusal of a list of so many tokens, with the arithmetic. */
export function refuseCount(count: number, times: Pick<AskTimes, 'timeoutMs' | 'maxRate'>): InstaMedError {
  const { timeoutMs, maxRate } = times;
  const say = (number: number) => number.toLocaleString('en-US');
  const rateNeeded = Math.ceil(((2 * count - 1) * 1_000) / timeoutMs);
  return usageError(
    `${say(count)} tokens need ${say(2 * count)} asks, at least two for each, and ${say(maxRate)} a second for ${formatDuration(timeoutMs)} are ${say(mostAsks(times))}.`,
    `Give a higher --max-rate (${say(rateNeeded)} would do, if the service grants it) or a longer --timeout, or share the tokens out over several runs of at most ${say(mostTokens(times))}.`,
    'TOO_MANY_TOKENS',
  );
}
