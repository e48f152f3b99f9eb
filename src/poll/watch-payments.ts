import { type InstaMedError, usageError } from '../domain/errors.ts';
import type { Receipt } from '../domain/receipt.ts';
import { checkToken } from '../domain/token.ts';
import { isErrorMessage, type TokenStatus } from '../domain/token-status.ts';
import { decide } from '../domain/verdict.ts';
import { AuthBreaker, errorOfAnother } from './auth-breaker.ts';
import { type Clock, systemClock } from './clock.ts';
import type { OnDecision, OnEvent, PaymentEvent } from './events.ts';
import { finishPayment } from './finish-payment.ts';
import type { WatchOptions } from './options.ts';
import type { PaymentResult, ReportedResult } from './payment-result.ts';
import { Reach } from './reach.ts';
import { type InTurn, receiptStopped } from './read-receipt.ts';
import { atOnce, RequestQueue } from './request-queue.ts';
import { SharedTransactions } from './shared-transactions.ts';
import {
  type CheckLimits,
  type CheckTimes,
  type Pending,
  type TokenEnding,
  TokenWatch,
  timesFromNow,
} from './token-watch.ts';

export interface WatchDeps {
  readonly check: (token: string, limits: CheckLimits) => Promise<TokenStatus>;
  /** Null: only the status is checked, and the best ending is `used`. */
  readonly viewReceipt: ((token: string, limits: CheckLimits) => Promise<Receipt>) | null;
  /** Called as things happen, results included. Default: nothing is. */
  readonly onEvent?: OnEvent | undefined;
  /** Called after each status check with the rule that decided. Default: nothing is. */
  readonly onDecision?: OnDecision | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Ends every watch with the outcome `interrupted`. Default: nothing does. */
  readonly signal?: AbortSignal | undefined;
}

/** What may be wrong with one token alone. */
const errorsOfTokens: readonly string[] = ['SOAP_FAULT', 'EMPTY_RESULT', 'ERROR_TEXT'];

/** So many tokens are ended in one turn of the event loop, so that a second Ctrl-C is heard. */
const endedAtOnce = 100;

/**
 * The one engine: watches any number of tokens, which may be added at any time, on one budget of requests, which the receipts
 * share, with never two checks in flight for one token. Every expected end is a result; only a bug of ours throws.
 */
export class PaymentWatcher {
  readonly #deps: WatchDeps;
  readonly #options: WatchOptions;
  readonly #clock: Clock;
  readonly #queue: RequestQueue;
  /** Tokens that are still to be checked. */
  readonly #open = new Map<string, TokenWatch>();
  readonly #inFlight = new Set<string>();
  readonly #reach = new Reach();
  readonly #statusBreaker = new AuthBreaker((error) => this.#reach.reread(error));
  readonly #receiptBreaker = new AuthBreaker();
  readonly #transactions = new SharedTransactions();
  readonly #stopChecks = new AbortController();
  readonly #finished = new AbortController();
  /** The receipts whose turn has not come. */
  readonly #turns = new Set<() => void>();
  /** Why nothing is checked any more; null while something is. */
  #ending: TokenEnding | null = null;
  /** Tokens that have no result yet. */
  readonly #unfinished = new Set<string>();
  #isClosed = false;

  constructor(deps: WatchDeps, options: WatchOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#clock = deps.clock ?? systemClock;
    this.#queue = new RequestQueue(this.#clock, options);
  }

  /**
   * Watches a token. Default times: a check at once, and a deadline of its own.
   *
   * @throws InstaMedError `usage`: a token that cannot be sent, or that is being watched already.
   */
  add(token: string, times: CheckTimes = timesFromNow(this.#clock, this.#options)): void {
    const watch = new TokenWatch(checkToken(token), this.#depsOf(token), this.#options, times);
    if (this.#unfinished.has(token)) throw usageError('This token is being watched already.', 'Add each token once.');
    this.#unfinished.add(token);
    this.#open.set(token, watch);
    this.#onEvent({ type: 'started', intervalMs: times.intervalMs, timeoutMs: this.#options.timeoutMs }, token);
    this.#queue.add(times.begin + times.firstMs, () => this.#check(token, watch));
  }

  /** Takes no more tokens: `run` ends with the last result. */
  close(): void {
    this.#isClosed = true;
    this.#closeIfDone();
  }

  /** Makes the requests, and resolves when every token has its result and the watcher is closed. */
  async run(): Promise<void> {
    const { signal } = this.#deps;
    const interrupt = () => this.end({ kind: 'interrupted' });
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      await this.#queue.run();
    } finally {
      signal?.removeEventListener('abort', interrupt);
      // After a bug some are still in flight.
      this.#stopChecks.abort();
      this.#finished.abort();
    }
  }

  /** Ends the tokens that are not in flight, and calls off the checks that are; receipts are read on, but for an interrupt. */
  end(ending: TokenEnding): void {
    if (this.#ending && ending.kind !== 'interrupted') return;
    this.#ending = ending;
    // What was checked by the deadline has its own time.
    if (ending.kind !== 'timed-out') this.#stopChecks.abort();
    if (ending.kind === 'interrupted') {
      for (const callOff of this.#turns) callOff();
      this.#turns.clear();
    }
    this.#endOpen(ending).catch((bug: unknown) => this.#queue.fail(bug));
  }

  #depsOf(token: string) {
    const { check, onDecision } = this.#deps;
    return {
      clock: this.#clock,
      check: (limits: CheckLimits) =>
        this.#statusBreaker.pass(
          () => check(token, limits),
          (status) => !isErrorMessage(status),
        ),
      decide,
      onEvent: this.#onEvent,
      onDecision,
      signal: this.#stopChecks.signal,
      reach: this.#reach,
    };
  }

  async #check(token: string, watch: TokenWatch): Promise<void> {
    if (this.#open.get(token) !== watch) return;
    if (this.#ending) return this.#finish(token, watch, this.#ending);
    if (this.#isParked(this.#statusBreaker, this.#clock.now(), () => this.#check(token, watch))) return;
    this.#inFlight.add(token);
    const step = await watch.check();
    this.#inFlight.delete(token);
    const ending = this.#endingOf(step);
    if (ending) this.#finish(token, watch, ending);
    else this.#queue.add((step as Pending).nextAt, () => this.#check(token, watch));
    if (step.kind === 'error' && this.#concernsAll(step.error)) {
      this.end({ kind: 'error', error: errorOfAnother(step.error) });
    }
  }

  /** Whether the request has to wait, because it is not known yet whether the credentials are right. It comes again by itself. */
  #isParked(breaker: AuthBreaker, dueAt: number, request: () => Promise<void>): boolean {
    if (breaker.isOpen) return false;
    breaker.park(() => this.#queue.add(dueAt, request));
    return true;
  }

  /** A check that was called off ends as the run does; so does one that would have had a successor. */
  #endingOf(step: TokenEnding | Pending): TokenEnding | null {
    if (step.kind === 'pending') return this.#ending;
    return step.kind === 'interrupted' ? (this.#ending ?? step) : step;
  }

  /** The account and the host are the same for all tokens, and so is an error that is about them. */
  #concernsAll({ category, code, retryable, connecting }: InstaMedError): boolean {
    // A rejection may be about one token: some services do not tell the two apart.
    if (category === 'credentials-rejected') return this.#statusBreaker.isShut;
    const mayPass = retryable && !connecting;
    return !(this.#reach.hasStatus || mayPass || errorsOfTokens.includes(code));
  }

  #finish(token: string, watch: TokenWatch, ending: TokenEnding): void {
    this.#open.delete(token);
    const { viewReceipt, signal = new AbortController().signal } = this.#deps;
    const { begin, startedAt } = watch.times;
    const { requestTimeoutMs, acceptPartial } = this.#options;
    const read = viewReceipt && ((limits: CheckLimits) => this.#receiptBreaker.pass(() => viewReceipt(token, limits)));
    const common = { token, clock: this.#clock, onEvent: this.#onEvent, signal, inTurn: this.#inTurn };
    finishPayment(ending, watch, {
      ...common,
      viewReceipt: read,
      begin,
      startedAt,
      requestTimeoutMs,
      acceptPartial,
    })
      .then((result) => this.#report(token, result))
      .catch((bug: unknown) => this.#queue.fail(bug));
  }

  #report(token: string, found: PaymentResult): void {
    if (this.#finished.signal.aborted) return;
    const { result, correction } = this.#transactions.check(token, found);
    const tell = (token: string, result: PaymentResult, reported: ReportedResult | null) =>
      this.#onEvent({ type: 'result', result, reported }, token);
    if (correction) tell(correction.token, correction.result, correction.reported);
    tell(token, result, null);
    this.#unfinished.delete(token);
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#isClosed && this.#unfinished.size === 0) this.#queue.close();
  }

  /** A receipt goes before the checks: money may have moved. */
  readonly #inTurn: InTurn = (request) =>
    new Promise((resolve, reject) => {
      const callOff = () => reject(receiptStopped());
      // The status had just been read when the interrupt came: a turn may be as far away as a pause is long.
      if (this.#ending?.kind === 'interrupted') return callOff();
      this.#turns.add(callOff);
      const take = async () => {
        if (this.#isParked(this.#receiptBreaker, atOnce, take)) return;
        if (!this.#turns.delete(callOff)) return;
        await request().then(resolve, reject);
      };
      this.#queue.add(atOnce, take);
    });

  readonly #onEvent = (event: PaymentEvent, token: string): void => {
    this.#deps.onEvent?.(event, token);
    if (event.type !== 'retrying' || event.error.retryAfterMs === null) return;
    // The host asked for a pause, and it is the same host for all. The last checks are made all the same.
    const [next] = this.#open.values();
    if (!next) return;
    const { begin, lastFromMs } = next.times;
    this.#queue.holdUntil(Math.min(this.#clock.now() + event.nextInMs, begin + lastFromMs));
  };

  async #endOpen(ending: TokenEnding): Promise<void> {
    let ended = 0;
    for (const [token, watch] of [...this.#open]) {
      if (this.#inFlight.has(token) || this.#open.get(token) !== watch) continue;
      this.#finish(token, watch, ending);
      ended += 1;
      if (ended % endedAtOnce === 0) await this.#clock.sleep(1, this.#finished.signal);
    }
  }
}
