import { InstaMedError } from '../domain/errors.ts';
import { shorten, trimBlanks } from '../domain/text.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Observation, Situation, Verdict } from '../domain/verdict.ts';
import type { Clock } from './clock.ts';
import type { OnEvent } from './events.ts';

/** How long one request may take, and what calls it off. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks for the status once. Throws an InstaMedError for trouble that is expected, and must keep to its limits. */
export type Check = (limits: AskLimits) => Promise<TokenStatus>;

export interface WaitOptions {
  /** From the start of one ask to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** The one deadline, in milliseconds from the first ask. */
  readonly timeoutMs: number;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** This many failures in a row end the wait. */
  readonly maxFailures: number;
}

export interface WaitDeps {
  readonly clock: Clock;
  readonly check: Check;
  readonly decide: (seen: Observation, situation: Situation) => Verdict;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** Why the asking ended. */
export type TokenEnding =
  | { readonly kind: 'used' | 'expired' | 'timed-out' | 'interrupted' }
  | { readonly kind: 'error'; readonly error: InstaMedError };

/** What was seen on the way. */
export interface Tally {
  /** How many asks were made; the counts in `seen` add up to it. */
  checks: number;
  /** How often each status text, or the code of each failure, came. */
  readonly seen: Map<string, number>;
  lastStatus: TokenStatus | null;
  /** Whether anything ever answered, be it with an error. */
  answered: boolean;
}

/** The ask at the deadline, and one that is under way then, may take this much longer. */
export const graceMs = 10_000;

/** A service that asks for a pause shorter than this is not taken at its word. */
export const shortestPauseMs = 1_000;

/**
 * Asks for a token's status until it settles: at once, then from start to start every interval, the last time at the
 * deadline itself. Never two asks in flight. Trouble that may pass is waited out.
 */
export async function waitForToken(
  { clock, check, decide, onEvent, signal }: WaitDeps,
  options: WaitOptions,
): Promise<{ ending: TokenEnding; tally: Tally }> {
  const begin = clock.now();
  const deadline = begin + options.timeoutMs;
  const tally: Tally = { checks: 0, seen: new Map(), lastStatus: null, answered: false };
  let failuresInARow = 0;
  const end = (ending: TokenEnding) => ({ ending, tally });

  onEvent({ type: 'started', intervalMs: options.intervalMs, timeoutMs: options.timeoutMs });
  while (!signal.aborted) {
    const askedAt = clock.now();
    // Half a millisecond of rounding must not buy a second ask at the deadline.
    const isLast = deadline - askedAt < 1;
    const timeoutMs = Math.min(options.requestTimeoutMs, deadline + graceMs - askedAt);
    const seen = await observe(check, { timeoutMs, signal });
    if (seen.kind === 'error' && seen.error.category === 'aborted') break;

    const answeredBefore = tally.answered;
    count(tally, seen);
    failuresInARow = seen.kind === 'error' ? failuresInARow + 1 : 0;
    const verdict = decide(seen, { answeredBefore, failuresInARow, maxFailures: options.maxFailures });

    const now = clock.now();
    const elapsedMs = now - begin;
    const isOver = isLast || now >= deadline;
    const nextInMs = nextAsk(seen, askedAt + options.intervalMs, now, deadline) - now;
    if (seen.kind === 'status' && verdict.next === 'ask-again') {
      const next = isOver ? null : nextInMs;
      onEvent({ type: 'checked', elapsedMs, check: tally.checks, status: seen.status, nextInMs: next });
    } else if (seen.kind === 'status') {
      onEvent({ type: 'settled', elapsedMs, check: tally.checks, status: seen.status });
      return end({ kind: verdict.next === 'read-receipt' ? 'used' : 'expired' });
    } else if (verdict.next === 'stop') {
      return end({ kind: 'error', error: seen.error });
    } else if (!isOver) {
      const { error } = seen;
      onEvent({ type: 'retrying', what: 'status', elapsedMs, check: tally.checks, error, failuresInARow, nextInMs });
    }
    if (isOver) return end({ kind: 'timed-out' });
    await clock.sleep(nextInMs, signal);
  }
  return end({ kind: 'interrupted' });
}

async function observe(check: Check, limits: AskLimits): Promise<Observation> {
  try {
    return { kind: 'status', status: await check(limits) };
  } catch (error) {
    if (error instanceof InstaMedError) return { kind: 'error', error };
    throw error;
  }
}

function count(tally: Tally, seen: Observation): void {
  const label = seen.kind === 'error' ? seen.error.code : labelOf(seen.status);
  tally.checks += 1;
  tally.seen.set(label, (tally.seen.get(label) ?? 0) + 1);
  if (seen.kind === 'status') tally.lastStatus = seen.status;
  if (seen.kind === 'status' || seen.error.category !== 'unreachable') tally.answered = true;
}

/** The state, or the text that nobody knows: two spellings of one state count together. */
function labelOf({ state, text }: TokenStatus): string {
  return state === 'UNKNOWN' ? shorten(trimBlanks(text), 80) : state;
}

/** When the next ask starts: where the service asked for a pause, when it said, else on the beat, and never past the deadline. */
function nextAsk(seen: Observation, onTheBeat: number, now: number, deadline: number): number {
  const pauseMs = seen.kind === 'error' ? seen.error.retryAfterMs : null;
  const start = pauseMs === null ? Math.max(onTheBeat, now) : now + Math.max(pauseMs, shortestPauseMs);
  return Math.min(start, deadline);
}
