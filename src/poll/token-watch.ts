import { InstaMedError, withDetails } from '../domain/errors.ts';
import { answerOf } from '../domain/same-answer.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { type Observation, type Situation, sameIsEnough, type Verdict } from '../domain/verdict.ts';
import type { Clock } from './clock.ts';
import type { OnDecision, OnEvent } from './events.ts';
import { labelOf, Reach } from './reach.ts';

/** How long one request may take, in whole milliseconds, and what calls it off. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Set where the reply must not come over a connection that was used before: a stale one could wait there. */
  readonly ownConnection?: true;
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
  /** When the last confirmation of an EXPIRED has to end. Infinity where the owner of the watch ensures that. */
  readonly confirmByMs: number;
}

const atDeadline = ({ timeoutMs }: WaitOptions): LastAsk => ({
  atMs: timeoutMs,
  fromMs: timeoutMs,
  confirmByMs: timeoutMs + graceMs,
});

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
  readonly #lastConfirmBy: number;
  #failuresInARow = 0;
  #lastAnswer: string | null = null;
  #sameInARow = 0;
  /** Until when EXPIRED can be confirmed, on the clock; null where it was not said, or was taken back. */
  #confirmBy: number | null = null;

  constructor(deps: WaitDeps, options: WaitOptions, lastAsk: LastAsk = atDeadline(options)) {
    this.#deps = deps;
    this.#options = options;
    this.#begin = deps.clock.now();
    this.#deadline = this.#begin + lastAsk.atMs;
    this.#lastAsksFrom = this.#begin + lastAsk.fromMs;
    this.#lastConfirmBy = this.#begin + lastAsk.confirmByMs;
    this.reach = deps.reach ?? new Reach();
  }

  /** Whether the next ask has to confirm an EXPIRED. */
  get isConfirming(): boolean {
    return this.#confirmBy !== null;
  }

  /** Asks once. */
  async ask(): Promise<TokenEnding | Pending> {
    const { clock } = this.#deps;
    const askedAt = clock.now();
    const seen = await this.#observe(askedAt);
    if (seen.kind === 'error' && seen.error.category === 'aborted') return { kind: 'interrupted' };

    const verdict = this.#judge(seen, askedAt);
    const now = clock.now();
    const nextAt = this.#nextAt(seen, verdict, askedAt, now);
    const nextInMs = nextAt === null ? null : nextAt - now;
    this.#deps.onDecision?.({ ...verdict, check: this.tally.checks, nextInMs });
    this.#tell(seen, verdict, now, nextInMs);
    if (verdict.next === 'read-receipt') return { kind: 'used' };
    if (verdict.next === 'stop') {
      return seen.kind === 'error' ? { kind: 'error', error: this.#lastError(seen.error) } : { kind: 'expired' };
    }
    return nextAt === null ? { kind: 'timed-out' } : { kind: 'pending', nextAt };
  }

  async #observe(askedAt: number): Promise<Observation> {
    const { signal } = this.#deps;
    try {
      const timeoutMs = this.#timeoutAt(askedAt);
      const status = await this.#deps.check(
        this.isConfirming ? { timeoutMs, signal, ownConnection: true } : { timeoutMs, signal },
      );
      return this.reach.read(status);
    } catch (error) {
      if (error instanceof InstaMedError) return { kind: 'error', error: this.reach.reread(error) };
      throw error;
    }
  }

  /** A program that was suspended wakes up after its deadline, and its last ask has the grace all the same. */
  #timeoutAt(askedAt: number): number {
    const leftMs = Math.max(0, this.#deadline - askedAt) + graceMs;
    const confirmMs = Math.max(0, (this.#confirmBy ?? Number.POSITIVE_INFINITY) - askedAt);
    return Math.floor(Math.min(this.#options.requestTimeoutMs, leftMs, confirmMs));
  }

  #judge(seen: Observation, askedAt: number): Verdict {
    const { tally, reach } = this;
    const label = seen.kind === 'error' ? (seen.label ?? seen.error.code) : labelOf(seen.status);
    tally.checks += 1;
    tally.seen.set(label, (tally.seen.get(label) ?? 0) + 1);
    if (seen.kind === 'status') tally.lastStatus = seen.status;
    this.#failuresInARow = seen.kind === 'error' ? this.#failuresInARow + 1 : 0;
    this.#countSame(seen.kind === 'error' ? answerOf(seen.error) : null);
    const verdict = this.#deps.decide(seen, {
      hasStatus: reach.hasStatus,
      expiredBefore: this.isConfirming,
      sameInARow: this.#sameInARow,
      failuresInARow: this.#failuresInARow,
      maxFailures: this.#options.maxFailures,
    });
    if (verdict.next === 'confirm') this.#confirmBy = Math.max(this.#lastConfirmBy, askedAt + graceMs);
    else if (seen.kind === 'status') this.#confirmBy = null;
    return verdict;
  }

  #countSame(answer: string | null): void {
    this.#sameInARow = answer !== null && answer === this.#lastAnswer ? this.#sameInARow + 1 : Number(answer !== null);
    this.#lastAnswer = answer;
  }

  /** Of a token that never had a status, and that meets nothing but one error, the token may be the reason. */
  #lastError(error: InstaMedError): InstaMedError {
    const { maxFailures } = this.#options;
    const isOfToken = this.tally.lastStatus === null && this.#sameInARow >= Math.min(sameIsEnough, maxFailures);
    if (!isOfToken || error.category !== 'service') return error;
    return withDetails(error, { hint: 'Check the token: is it complete, and does it belong to this account?' });
  }

  /**
   * Where the service asked for a pause, when it said, else on the beat; where that is too late, for the last time; null after
   * that. An EXPIRED is confirmed at once, also after the deadline.
   */
  #nextAt(seen: Observation, { next }: Verdict, askedAt: number, now: number): number | null {
    if (next === 'confirm' && now < (this.#confirmBy ?? now)) return now;
    // Half a millisecond of rounding must not buy a second ask at the deadline.
    if (this.#deadline - askedAt < 1 || now >= this.#deadline) return null;
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
      const isOver = next === 'read-receipt' || next === 'stop';
      onEvent(isOver ? { type: 'completed', ...common, status } : { type: 'checked', ...common, status, nextInMs });
    } else if (next === 'ask-again' && nextInMs !== null) {
      const failuresInARow = this.#failuresInARow;
      onEvent({ type: 'retrying', what: 'status', ...common, error: seen.error, failuresInARow, nextInMs });
    }
  }
}
