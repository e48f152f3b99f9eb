import { InstaMedError, withDetails } from '../domain/errors.ts';
import { answerOf } from '../domain/same-answer.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { type Observation, type Situation, sameIsEnough, type Verdict } from '../domain/verdict.ts';
import type { Clock } from './clock.ts';
import type { OnDecision, OnEvent, PaymentEvent } from './events.ts';
import type { WaitOptions } from './options.ts';
import { labelOf, Reach } from './reach.ts';

/** How long one request may take, in whole milliseconds, and what calls it off. */
export interface CheckLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Set where the reply must not come over a connection that was used before: a stale one could wait there. */
  readonly ownConnection?: true;
}

/** Checks the status once. Throws an InstaMedError for every expected error, and must keep to its limits. */
export type Check = (limits: CheckLimits) => Promise<TokenStatus>;

export interface TokenWatchDeps {
  readonly clock: Clock;
  readonly check: Check;
  readonly decide: (seen: Observation, situation: Situation) => Verdict;
  readonly onEvent: OnEvent;
  /** Called with the rule that decided, after each check. Default: nothing is. */
  readonly onDecision?: OnDecision | undefined;
  readonly signal: AbortSignal;
  /** Shared by all tokens that are checked at one host. Default: a fresh one. */
  readonly reach?: Reach;
}

/** When a token is checked. All but the first two are milliseconds from the beginning. */
export interface CheckTimes {
  /** When the watch begins, on the clock. */
  readonly begin: number;
  readonly startedAt: Date;
  readonly intervalMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** From here on no check but the last is planned. Where many tokens share a deadline, that is before it. */
  readonly lastFromMs: number;
  /** When the last confirmation of an EXPIRED has to end. Infinity where the owner of the watch ensures that. */
  readonly confirmByMs: number;
}

/** A token by itself: at once, on the beat, and for the last time at the deadline. */
export function timesFromNow(clock: Clock, { intervalMs, timeoutMs }: WaitOptions): CheckTimes {
  return {
    begin: clock.now(),
    startedAt: clock.date(),
    intervalMs,
    firstMs: 0,
    lastMs: timeoutMs,
    lastFromMs: timeoutMs,
    confirmByMs: timeoutMs + graceMs,
  };
}

/** The token is not final. */
export interface Pending {
  readonly kind: 'pending';
  /** When the next check is due, on the clock. */
  readonly nextAt: number;
}

/** Why the checks ended. `given-up`: another token of the same run decided it. */
export type TokenEnding =
  | { readonly kind: 'used' | 'expired' | 'timed-out' | 'given-up' | 'interrupted' }
  | { readonly kind: 'error'; readonly error: InstaMedError };

/** What was seen on the way. */
export interface Tally {
  /** How many checks were made; the counts in `seen` add up to it. */
  checks: number;
  /** How often each status text, or the code of each failure, came. */
  readonly seen: Map<string, number>;
  lastStatus: TokenStatus | null;
}

/** The check at the deadline, and one that is in flight then, may take this much longer. */
export const graceMs = 10_000;

/** A service that asks for a pause shorter than this is not taken at its word. */
export const shortestPauseMs = 1_000;

/**
 * One token that is watched: makes one check after the other, keeps the tally, and tells when the next check is due. Its owner
 * decides when to make it, but never before the last one has ended.
 */
export class TokenWatch {
  readonly tally: Tally = { checks: 0, seen: new Map(), lastStatus: null };
  readonly reach: Reach;
  readonly times: CheckTimes;
  readonly #token: string;
  readonly #deps: TokenWatchDeps;
  readonly #options: WaitOptions;
  readonly #deadline: number;
  #failuresInARow = 0;
  #lastAnswer: string | null = null;
  #sameInARow = 0;
  /** Until when EXPIRED can be confirmed, on the clock; null where it was not read, or was taken back. */
  #confirmBy: number | null = null;

  constructor(
    token: string,
    deps: TokenWatchDeps,
    options: WaitOptions,
    times: CheckTimes = timesFromNow(deps.clock, options),
  ) {
    this.#token = token;
    this.#deps = deps;
    this.#options = options;
    this.times = times;
    this.#deadline = times.begin + times.lastMs;
    this.reach = deps.reach ?? new Reach();
  }

  /** Whether the next check has to confirm an EXPIRED. */
  get isConfirming(): boolean {
    return this.#confirmBy !== null;
  }

  /** Checks once. */
  async check(): Promise<TokenEnding | Pending> {
    const { clock } = this.#deps;
    const checkedAt = clock.now();
    const seen = await this.#observe(checkedAt);
    if (seen.kind === 'error' && seen.error.category === 'aborted') return { kind: 'interrupted' };

    const verdict = this.#judge(seen, checkedAt);
    const now = clock.now();
    const nextAt = this.#nextAt(seen, verdict, checkedAt, now);
    const nextInMs = nextAt === null ? null : nextAt - now;
    this.#deps.onDecision?.({ ...verdict, check: this.tally.checks, nextInMs }, this.#token);
    this.#tell(seen, verdict, now, nextInMs);
    if (verdict.next === 'read-receipt') return { kind: 'used' };
    if (verdict.next === 'stop') {
      return seen.kind === 'error' ? { kind: 'error', error: this.#lastError(seen.error) } : { kind: 'expired' };
    }
    return nextAt === null ? { kind: 'timed-out' } : { kind: 'pending', nextAt };
  }

  async #observe(checkedAt: number): Promise<Observation> {
    const { signal } = this.#deps;
    try {
      const timeoutMs = this.#timeoutAt(checkedAt);
      const status = await this.#deps.check(
        this.isConfirming ? { timeoutMs, signal, ownConnection: true } : { timeoutMs, signal },
      );
      return this.reach.read(status);
    } catch (error) {
      if (error instanceof InstaMedError) return { kind: 'error', error: this.reach.reread(error) };
      throw error;
    }
  }

  /** A program that was suspended wakes up after its deadline, and its last check has the grace all the same. */
  #timeoutAt(checkedAt: number): number {
    const leftMs = Math.max(0, this.#deadline - checkedAt) + graceMs;
    const confirmMs = Math.max(0, (this.#confirmBy ?? Number.POSITIVE_INFINITY) - checkedAt);
    return Math.floor(Math.min(this.#options.requestTimeoutMs, leftMs, confirmMs));
  }

  #judge(seen: Observation, checkedAt: number): Verdict {
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
    if (verdict.next === 'confirm')
      this.#confirmBy = Math.max(this.times.begin + this.times.confirmByMs, checkedAt + graceMs);
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
   * After the pause that the service asked for, else on the beat; where that is too late, for the last time; null after
   * that. An EXPIRED is confirmed at once, also after the deadline.
   */
  #nextAt(seen: Observation, { next }: Verdict, checkedAt: number, now: number): number | null {
    if (next === 'confirm' && now < (this.#confirmBy ?? now)) return now;
    // Half a millisecond of rounding must not buy a second check at the deadline.
    if (this.#deadline - checkedAt < 1 || now >= this.#deadline) return null;
    const pauseMs = seen.kind === 'error' ? seen.error.retryAfterMs : null;
    const beat = Math.max(checkedAt + this.times.intervalMs, now);
    const nextAt = pauseMs === null ? beat : now + Math.max(pauseMs, shortestPauseMs);
    return nextAt < this.times.begin + this.times.lastFromMs ? nextAt : this.#deadline;
  }

  #tell(seen: Observation, { next }: Verdict, now: number, nextInMs: number | null): void {
    const { onEvent } = this.#deps;
    const common = { elapsedMs: now - this.times.begin, check: this.tally.checks };
    if (seen.kind === 'status') {
      const { status } = seen;
      const isOver = next === 'read-receipt' || next === 'stop';
      const event: PaymentEvent = isOver
        ? { type: 'completed', ...common, status }
        : { type: 'checked', ...common, status, nextInMs };
      onEvent(event, this.#token);
    } else if (next === 'ask-again' && nextInMs !== null) {
      const failuresInARow = this.#failuresInARow;
      onEvent(
        { type: 'retrying', what: 'status', ...common, error: seen.error, failuresInARow, nextInMs },
        this.#token,
      );
    }
  }
}
