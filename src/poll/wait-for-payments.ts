import { isGoodOutcome } from '../domain/outcome.ts';
import { type Clock, systemClock } from './clock.ts';
import type { PaymentEvent } from './events.ts';
import { checkOptions, defaultPaymentsOptions, type PaymentsOptions } from './options.ts';
import type { PaymentResult } from './payment-result.ts';
import { type Plan, planChecks } from './plan.ts';
import { type CheckLimits, graceMs } from './token-watch.ts';
import { PaymentWatcher, type WatchDeps } from './watch-payments.ts';

/**
 * Waits for a list of tokens at once: one deadline, and one budget of requests, which the receipts share. Each token gets one
 * `result` event, and a token that comes twice is one; only a bug of ours throws.
 *
 * @throws InstaMedError `usage`: more tokens than can be checked twice each until the deadline, a token that cannot be sent, or
 * an option out of range.
 */
export async function waitForPayments(
  tokens: readonly string[],
  deps: WatchDeps,
  given: Partial<PaymentsOptions> = {},
): Promise<void> {
  const options = checkOptions(defaultPaymentsOptions, given);
  const distinct = [...new Set(tokens)];
  if (distinct.length > 0) await new FixedList(distinct, deps, options).finish();
}

/** A fixed list: a plan that is laid over the watcher, with one deadline for all. */
class FixedList {
  readonly #options: PaymentsOptions;
  readonly #clock: Clock;
  readonly #deps: WatchDeps;
  readonly #watcher: PaymentWatcher;
  readonly #begin: number;
  /** From here on, in milliseconds from the start, the last checks are made and no others. */
  readonly #lastFromMs: number;
  readonly #finished = new AbortController();
  /** When the deadline passed, on the clock. */
  #overAt = Number.POSITIVE_INFINITY;
  /** How many receipts and confirmations were requested while the last checks were due, and made these late. */
  #othersAmongLast = 0;

  constructor(tokens: readonly string[], deps: WatchDeps, options: PaymentsOptions) {
    this.#options = options;
    this.#clock = deps.clock ?? systemClock;
    this.#deps = deps;
    const plan = planChecks(tokens.length, options);
    const { viewReceipt } = deps;
    this.#watcher = new PaymentWatcher(
      {
        ...deps,
        check: this.#check,
        viewReceipt: viewReceipt && ((token, limits) => this.#noteOther(() => viewReceipt(token, limits))),
        onEvent: this.#onEvent,
      },
      options,
    );
    this.#begin = this.#clock.now();
    this.#lastFromMs = plan.lastCheckMs(0);
    this.#addAll(tokens, plan);
  }

  #addAll(tokens: readonly string[], { intervalMs, firstCheckMs, lastCheckMs }: Plan): void {
    const common = {
      begin: this.#begin,
      startedAt: this.#clock.date(),
      intervalMs,
      lastFromMs: this.#lastFromMs,
      confirmByMs: Number.POSITIVE_INFINITY,
    };
    for (const [index, token] of tokens.entries()) {
      this.#watcher.add(token, { ...common, firstMs: firstCheckMs(index), lastMs: lastCheckMs(index) });
    }
    this.#watcher.close();
  }

  /** Resolves when every token has its result. */
  async finish(): Promise<void> {
    const ending = this.#endAfterDeadline();
    try {
      await this.#watcher.run();
    } finally {
      this.#finished.abort();
      await ending;
    }
  }

  /** A check that is late, because the budget was used up, has no more time than one at the deadline. */
  readonly #check: WatchDeps['check'] = (token, limits) => {
    const leftMs = this.#overAt + this.#graceMs() - this.#clock.now();
    const cut: CheckLimits = { ...limits, timeoutMs: Math.floor(Math.max(0, Math.min(limits.timeoutMs, leftMs))) };
    const check = () => this.#deps.check(token, cut);
    return limits.ownConnection ? this.#noteOther(check) : check();
  };

  /** A request that no last check was counted for. */
  #noteOther<T>(request: () => Promise<T>): Promise<T> {
    if (this.#clock.now() >= this.#begin + this.#lastFromMs) this.#othersAmongLast += 1;
    return request();
  }

  readonly #onEvent = (event: PaymentEvent, token: string): void => {
    this.#deps.onEvent?.(event, token);
    if (event.type === 'result' && this.#isEnough(event.result)) this.#watcher.end({ kind: 'given-up' });
  };

  #isEnough({ outcome, status }: PaymentResult): boolean {
    const { until } = this.#options;
    const isComplete = outcome === 'expired' || status?.state === 'USED';
    return (until === 'any' && isComplete) || (until === 'fail-fast' && !isGoodOutcome(outcome));
  }

  async #endAfterDeadline(): Promise<void> {
    const { signal } = this.#finished;
    await this.#clock.sleep(this.#options.timeoutMs, signal);
    // A program that was suspended wakes up late, and its last checks have their time all the same.
    this.#overAt = this.#clock.now();
    const leftMs = () => this.#overAt + this.#graceMs() - this.#clock.now();
    while (leftMs() > 0 && !signal.aborted) await this.#clock.sleep(leftMs(), signal);
    if (!signal.aborted) this.#watcher.end({ kind: 'timed-out' });
  }

  /** How long after the deadline checks may still be made that were due by then. */
  #graceMs(): number {
    return graceMs + (this.#othersAmongLast * 1_000) / this.#options.maxRate;
  }
}
