import { isGoodOutcome } from '../domain/outcome.ts';
import type { Receipt } from '../domain/receipt.ts';
import { checkToken } from '../domain/token.ts';
import { isErrorMessage, type TokenStatus } from '../domain/token-status.ts';
import { decide } from '../domain/verdict.ts';
import { checkOptions } from './check-options.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Decision, WaitEvent } from './events.ts';
import { planAsks } from './plan-asks.ts';
import { Reach } from './reach.ts';
import { type InTurn, receiptStopped } from './read-receipt.ts';
import { type RefusalGuard, troubleOfAnother } from './refusal-guard.ts';
import { atOnce, type RequestBudget, RequestQueue } from './request-queue.ts';
import { type PaymentResult, settlePayment } from './settle-payment.ts';
import { SharedTransactions, type ToldResult } from './shared-transactions.ts';
import { SharedTrouble } from './shared-trouble.ts';
import { type AskLimits, graceMs, type LastAsk, type Pending, type TokenEnding, TokenWatch } from './token-watch.ts';
import { defaultOptions, type PaymentOptions } from './wait-for-payment.ts';

export interface PaymentsOptions extends PaymentOptions, RequestBudget {
  /**
   * What ends the run: `all`, every token has its result; `any`, one has settled, whatever its receipt says; `fail-fast`, one
   * has ended otherwise than well.
   */
  readonly until: 'all' | 'any' | 'fail-fast';
}

/** As for one payment; 20 requests a second, 16 under way, until all tokens have their results. */
export const defaultPaymentsOptions: PaymentsOptions = {
  ...defaultOptions,
  maxRate: 20,
  concurrency: 16,
  until: 'all',
};

/** As for one payment, with the token, or its place in the list, as the first argument. */
export interface PaymentsDeps {
  readonly check: (token: string, limits: AskLimits) => Promise<TokenStatus>;
  /** Null: the status is all that is asked, and the best ending is `used`. */
  readonly viewReceipt: ((token: string, limits: AskLimits) => Promise<Receipt>) | null;
  /**
   * Called for each token as its wait ends; and once more, with `corrected`, where a later receipt shows that a result was
   * wrong: two tokens had the same transaction. `told` is the earlier result then. A corrected result has no receipt.
   */
  readonly onResult: (index: number, result: PaymentResult, told: ToldResult | null) => void;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Called as things happen. Default: nobody is told. */
  readonly onEvent?: (index: number, event: WaitEvent) => void;
  /** Called after each status ask with the rule that decided. Default: nobody is told. */
  readonly onDecision?: ((index: number, decision: Decision) => void) | undefined;
  /** Ends all waits with the outcome `interrupted`. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for many tokens at once: one deadline, one budget of requests, which the receipts share, and never two asks under way
 * for one token. Each place of the list gets one result, and a token that comes twice is asked for once; only a bug of ours
 * throws.
 *
 * @throws InstaMedError `usage`: more tokens than can be asked twice each until the deadline, a token that cannot be sent, or
 * an option out of range.
 */
export async function waitForPayments(
  tokens: readonly string[],
  deps: PaymentsDeps,
  given: Partial<PaymentsOptions> = {},
): Promise<void> {
  const options = checkOptions(defaultPaymentsOptions, given);
  const places = new Map<string, number[]>();
  for (const [place, token] of tokens.entries()) {
    const known = places.get(checkToken(token));
    if (known) known.push(place);
    else places.set(token, [place]);
  }
  if (places.size === 0) return;
  await new PaymentsRun([...places.keys()], deps, options, [...places.values()]).finish();
}

/** So many tokens are ended in one turn of the event loop, so that a second Ctrl-C is heard. */
const endedAtOnce = 100;

class PaymentsRun {
  readonly #tokens: readonly string[];
  /** Where in the list each of them stands. */
  readonly #places: readonly (readonly number[])[];
  readonly #deps: PaymentsDeps;
  readonly #options: PaymentsOptions;
  readonly #clock: Clock;
  readonly #queue: RequestQueue;
  readonly #begin: number;
  readonly #startedAt: Date;
  /** From here on, in milliseconds from the start, the last asks are made and no others. */
  readonly #lastAsksFromMs: number;
  /** The tokens that are still to be asked, by their places. */
  readonly #open = new Map<number, TokenWatch>();
  readonly #underWay = new Set<number>();
  readonly #reach = new Reach();
  readonly #stopAsking = new AbortController();
  readonly #finished = new AbortController();
  /** The receipts whose turn has not come. */
  readonly #turns = new Set<() => void>();
  /** Why nothing is asked any more; null while something is. */
  #closing: TokenEnding | null = null;
  readonly #trouble = new SharedTrouble(this.#reach);
  readonly #transactions = new SharedTransactions();
  /** When the deadline passed, on the clock. */
  #overAt = Number.POSITIVE_INFINITY;
  /** How many receipts and confirmations were asked for while the last asks were due, and made these late. */
  #othersAmongLast = 0;
  #unfinished: number;

  constructor(
    tokens: readonly string[],
    deps: PaymentsDeps,
    options: PaymentsOptions,
    places: readonly (readonly number[])[],
  ) {
    const { clock = systemClock } = deps;
    const plan = planAsks(tokens.length, options);
    this.#tokens = tokens;
    this.#places = places;
    this.#deps = deps;
    this.#options = { ...options, intervalMs: plan.intervalMs };
    this.#clock = clock;
    this.#queue = new RequestQueue(clock, options);
    this.#begin = clock.now();
    this.#startedAt = clock.date();
    this.#lastAsksFromMs = plan.lastAskMs(0);
    this.#unfinished = tokens.length;
    for (const index of tokens.keys()) {
      const lastAsk = { atMs: plan.lastAskMs(index), fromMs: this.#lastAsksFromMs };
      const watch = this.#watch(index, { ...lastAsk, confirmByMs: Number.POSITIVE_INFINITY });
      this.#open.set(index, watch);
      this.#queue.add(this.#begin + plan.firstAskMs(index), () => this.#ask(index, watch));
    }
  }

  /** Resolves when every token has its result. */
  async finish(): Promise<void> {
    const { signal } = this.#deps;
    const interrupt = () => this.#close({ kind: 'interrupted' });
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt);
    const closing = this.#closeAfterDeadline();
    try {
      await this.#queue.run();
    } finally {
      signal?.removeEventListener('abort', interrupt);
      // After a bug some are still under way.
      this.#stopAsking.abort();
      this.#finished.abort();
      await closing;
    }
  }

  #watch(index: number, lastAsk: LastAsk): TokenWatch {
    const { check, onDecision } = this.#deps;
    const token = this.#tokens[index] as string;
    return new TokenWatch(
      {
        clock: this.#clock,
        check: (limits) =>
          this.#trouble.statusGuard.pass(
            () => check(token, this.#cutToEnd(limits)),
            (status) => !isErrorMessage(status),
          ),
        decide,
        onEvent: (event) => this.#onEvent(index, event),
        onDecision: onDecision && ((decision) => onDecision(this.#placeOf(index), decision)),
        signal: this.#stopAsking.signal,
        reach: this.#reach,
      },
      this.#options,
      lastAsk,
    );
  }

  /** An ask that is late, because the budget was used up, has no more time than one at the deadline. */
  #cutToEnd(limits: AskLimits): AskLimits {
    const leftMs = this.#overAt + this.#graceMs() - this.#clock.now();
    return { ...limits, timeoutMs: Math.floor(Math.max(0, Math.min(limits.timeoutMs, leftMs))) };
  }

  async #ask(index: number, watch: TokenWatch): Promise<void> {
    if (!this.#open.has(index)) return;
    if (this.#closing) return this.#end(index, watch, this.#closing);
    if (this.#isParked(this.#trouble.statusGuard, this.#clock.now(), () => this.#ask(index, watch))) return;
    if (watch.isConfirming) this.#noteOther();
    this.#underWay.add(index);
    const step = await watch.ask();
    this.#underWay.delete(index);
    const ending = this.#endingOf(step);
    if (ending) this.#end(index, watch, ending);
    else this.#queue.add((step as Pending).nextAt, () => this.#ask(index, watch));
    if (step.kind === 'error' && this.#trouble.concernsAll(step.error)) {
      this.#close({ kind: 'error', error: troubleOfAnother(step.error) });
    }
  }

  /** Whether the request has to wait, because nobody knows yet whether the credentials are right. It comes again by itself. */
  #isParked(guard: RefusalGuard, dueAt: number, request: () => Promise<void>): boolean {
    if (guard.isOpen) return false;
    guard.park(() => this.#queue.add(dueAt, request));
    return true;
  }

  /** An ask that was called off ends as the run does; so does one that would have had a successor. */
  #endingOf(step: TokenEnding | Pending): TokenEnding | null {
    if (step.kind === 'pending') return this.#closing;
    return step.kind === 'interrupted' ? (this.#closing ?? step) : step;
  }

  #end(index: number, watch: TokenWatch, ending: TokenEnding): void {
    this.#open.delete(index);
    const { viewReceipt, signal } = this.#deps;
    const token = this.#tokens[index] as string;
    const deps = {
      clock: this.#clock,
      viewReceipt:
        viewReceipt && ((limits: AskLimits) => this.#trouble.receiptGuard.pass(() => viewReceipt(token, limits))),
      onEvent: (event: WaitEvent) => this.#onEvent(index, event),
      signal: signal ?? new AbortController().signal,
      inTurn: this.#inTurn,
    };
    const options = { ...this.#options, begin: this.#begin, startedAt: this.#startedAt };
    settlePayment(ending, watch, deps, options)
      .then((result) => this.#finishOne(index, result))
      .catch((bug: unknown) => this.#queue.fail(bug));
  }

  #tell(index: number, result: PaymentResult, told: ToldResult | null): void {
    for (const place of this.#places[index] ?? []) this.#deps.onResult(place, result, told);
  }

  #finishOne(index: number, found: PaymentResult): void {
    if (this.#finished.signal.aborted) return;
    const { result, correction } = this.#transactions.check(index, found);
    if (correction) this.#tell(correction.index, correction.result, correction.told);
    this.#tell(index, result, null);
    this.#unfinished -= 1;
    if (this.#unfinished === 0) this.#queue.close();
    const { until } = this.#options;
    const hasSettled = result.outcome === 'expired' || result.status?.state === 'USED';
    if ((until === 'any' && hasSettled) || (until === 'fail-fast' && !isGoodOutcome(result.outcome))) {
      this.#close({ kind: 'given-up' });
    }
  }

  /** A receipt goes before the asks: somebody's money has moved, perhaps. */
  readonly #inTurn: InTurn = (request) =>
    new Promise((resolve, reject) => {
      const callOff = () => reject(receiptStopped());
      // The status had just been read when the interrupt came: a turn may be as far away as a pause is long.
      if (this.#closing?.kind === 'interrupted') return callOff();
      this.#turns.add(callOff);
      const take = async () => {
        if (this.#isParked(this.#trouble.receiptGuard, atOnce, take)) return;
        if (!this.#turns.delete(callOff)) return;
        this.#noteOther();
        await request().then(resolve, reject);
      };
      this.#queue.add(atOnce, take);
    });

  /** A request that no last ask was counted for. */
  #noteOther(): void {
    if (this.#clock.now() >= this.#begin + this.#lastAsksFromMs) this.#othersAmongLast += 1;
  }

  #placeOf(index: number): number {
    return this.#places[index]?.[0] as number;
  }

  #onEvent(index: number, event: WaitEvent): void {
    this.#deps.onEvent?.(this.#placeOf(index), event);
    if (event.type !== 'retrying' || event.error.retryAfterMs === null) return;
    // The host asked for a pause, and it is the same host for all. The last asks are made all the same.
    this.#queue.holdUntil(Math.min(this.#clock.now() + event.nextInMs, this.#begin + this.#lastAsksFromMs));
  }

  async #closeAfterDeadline(): Promise<void> {
    const { signal } = this.#finished;
    await this.#clock.sleep(this.#options.timeoutMs, signal);
    // A program that was suspended wakes up late, and its last asks have their time all the same.
    this.#overAt = this.#clock.now();
    const leftMs = () => this.#overAt + this.#graceMs() - this.#clock.now();
    while (leftMs() > 0 && !signal.aborted) await this.#clock.sleep(leftMs(), signal);
    if (!signal.aborted) this.#close({ kind: 'timed-out' });
  }

  /** How long after the deadline asks may still be made that were due by then. */
  #graceMs(): number {
    return graceMs + (this.#othersAmongLast * 1_000) / this.#options.maxRate;
  }

  /** Ends the tokens that are not under way, and calls off the asks that are; receipts are read on, but for an interrupt. */
  #close(ending: TokenEnding): void {
    if (this.#closing && ending.kind !== 'interrupted') return;
    this.#closing = ending;
    // What was asked by the deadline has its own time.
    if (ending.kind !== 'timed-out') this.#stopAsking.abort();
    if (ending.kind === 'interrupted') {
      for (const callOff of this.#turns) callOff();
      this.#turns.clear();
    }
    this.#endOpen(ending).catch((bug: unknown) => this.#queue.fail(bug));
  }

  async #endOpen(ending: TokenEnding): Promise<void> {
    const { signal } = this.#finished;
    let ended = 0;
    for (const [index, watch] of [...this.#open]) {
      if (this.#underWay.has(index) || !this.#open.has(index)) continue;
      this.#end(index, watch, ending);
      ended += 1;
      if (ended % endedAtOnce === 0) await this.#clock.sleep(1, signal);
    }
  }
}
