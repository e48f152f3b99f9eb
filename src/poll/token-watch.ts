import { trimBlanks } from '../base/ascii.ts';
import { InstaMedError } from '../domain/errors.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Observation, Situation, Verdict } from '../domain/verdict.ts';
import type { Clock } from './clock.ts';
import type { OnDecision, OnEvent } from './events.ts';

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
  /** Hears which rule decided, after each ask. Default: nobody does. */
  readonly onDecision?: OnDecision | undefined;
  readonly signal: AbortSignal;
  /** Shared by all tokens that are asked of one host. Default: a fresh one. */
  readonly reach?: Reach;
}

/** When the last ask for a token is made, in milliseconds from the start. */
export interface LastAsk {
  readonly atMs: number;
  /** From here on no ask but the last is planned. Where many tokens share a deadline, that is before it. */
  readonly fromMs: number;
}

const atDeadline = ({ timeoutMs }: WaitOptions): LastAsk => ({ atMs: timeoutMs, fromMs: timeoutMs });

/** What is known of the host. */
export interface Reach {
  /** Whether anything ever answered, be it with an error. */
  answered: boolean;
}

/** The token has not settled. */
export interface Pending {
  readonly kind: 'pending';
  /** When the next ask is due, on the clock. */
  readonly nextAt: number;
}

/** Why the asking ended. `given-up`: another token of the same run decided it. */
export type TokenEnding =
  | { readonly kind: 'used' | 'expired' | 'timed-out' | 'given-up' | 'interrupted' }
  | { readonly kind: 'error'; readonly error: InstaMedError };

/** What was seen on the way. */
export interface Tally {
  /** How many asks were made; the counts in `seen` add up to it. */
  checks: number;
  /** How often each status text, or the code of each failure, came. */
  readonly seen: Map<string, number>;
  lastStatus: TokenStatus | null;
}

/** The ask at the deadline, and one that is under way then, may take this much longer. */
export const graceMs = 10_000;

/** A service that asks for a pause shorter than this is not taken at its word. */
export const shortestPauseMs = 1_000;

/**
 * One token that is being waited for: makes one ask after the other, keeps the tally, and says when the next ask is due.
 * Whoever holds it decides when to make it, but never before the last one has ended.
 */
export class TokenWatch {
  readonly tally: Tally = { checks: 0, seen: new Map(), lastStatus: null };
  readonly reach: Reach;
  readonly #deps: WaitDeps;
  readonly #options: WaitOptions;
  readonly #begin: number;
  readonly #deadline: number;
  readonly #lastAsksFrom: number;
  #failuresInARow = 0;

  constructor(deps: WaitDeps, options: WaitOptions, lastAsk: LastAsk = atDeadline(options)) {
    this.#deps = deps;
    this.#options = options;
    this.#begin = deps.clock.now();
    this.#deadline = this.#begin + lastAsk.atMs;
    this.#lastAsksFrom = this.#begin + lastAsk.fromMs;
    this.reach = deps.reach ?? { answered: false };
  }

  /** Asks once. */
  async ask(): Promise<TokenEnding | Pending> {
    const { clock } = this.#deps;
    const askedAt = clock.now();
    const seen = await this.#observe(askedAt);
    if (seen.kind === 'error' && seen.error.category === 'aborted') return { kind: 'interrupted' };

    const verdict = this.#judge(seen);
    const now = clock.now();
    // Half a millisecond of rounding must not buy a second ask at the deadline.
    const isOver = this.#deadline - askedAt < 1 || now >= this.#deadline;
    const nextAt = isOver ? null : this.#nextAt(seen, askedAt, now);
    const nextInMs = nextAt === null ? null : nextAt - now;
    this.#deps.onDecision?.({ ...verdict, check: this.tally.checks, nextInMs });
    this.#tell(seen, verdict, now, nextInMs);
    if (verdict.next === 'read-receipt') return { kind: 'used' };
    if (verdict.next === 'stop')
      return seen.kind === 'error' ? { kind: 'error', error: seen.error } : { kind: 'expired' };
    return nextAt === null ? { kind: 'timed-out' } : { kind: 'pending', nextAt };
  }

  async #observe(askedAt: number): Promise<Observation> {
    // A program that was suspended wakes up after its deadline, and its last ask has the grace all the same.
    const leftMs = Math.max(0, this.#deadline - askedAt);
    const timeoutMs = Math.min(this.#options.requestTimeoutMs, leftMs + graceMs);
    try {
      return { kind: 'status', status: await this.#deps.check({ timeoutMs, signal: this.#deps.signal }) };
    } catch (error) {
      if (error instanceof InstaMedError) return { kind: 'error', error };
      throw error;
    }
  }

  #judge(seen: Observation): Verdict {
    const { tally, reach } = this;
    const answeredBefore = reach.answered;
    const label = seen.kind === 'error' ? seen.error.code : labelOf(seen.status);
    tally.checks += 1;
    tally.seen.set(label, (tally.seen.get(label) ?? 0) + 1);
    if (seen.kind === 'status') tally.lastStatus = seen.status;
    if (seen.kind === 'status' || seen.error.category !== 'unreachable') reach.answered = true;
    this.#failuresInARow = seen.kind === 'error' ? this.#failuresInARow + 1 : 0;
    const { maxFailures } = this.#options;
    return this.#deps.decide(seen, { answeredBefore, failuresInARow: this.#failuresInARow, maxFailures });
  }

  /** Where the service asked for a pause, when it said, else on the beat; where that is too late, for the last time. */
  #nextAt(seen: Observation, askedAt: number, now: number): number {
    const pauseMs = seen.kind === 'error' ? seen.error.retryAfterMs : null;
    const beat = Math.max(askedAt + this.#options.intervalMs, now);
    const nextAt = pauseMs === null ? beat : now + Math.max(pauseMs, shortestPauseMs);
    return nextAt < this.#lastAsksFrom ? nextAt : this.#deadline;
  }

  #tell(seen: Observation, { next }: Verdict, now: number, nextInMs: number | null): void {
    const { onEvent } = this.#deps;
    const common = { elapsedMs: now - this.#begin, check: this.tally.checks };
    if (seen.kind === 'status') {
      const { status } = seen;
      onEvent(
        next === 'ask-again'
          ? { type: 'checked', ...common, status, nextInMs }
          : { type: 'completed', ...common, status },
      );
    } else if (next === 'ask-again' && nextInMs !== null) {
      const failuresInARow = this.#failuresInARow;
      onEvent({ type: 'retrying', what: 'status', ...common, error: seen.error, failuresInARow, nextInMs });
    }
  }
}

/**
 * The state, or the text that nobody knows: two spellings of one state count together. A text that is no label is counted by
 * its length, because a part of it could be a part of a secret, which no mask would find.
 */
function labelOf({ state, text }: TokenStatus): string {
  if (state !== 'UNKNOWN') return state;
  const label = trimBlanks(text);
  return label.length <= 80 ? label : `a text of ${label.length} characters`;
}
