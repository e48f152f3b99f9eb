import { InstaMedError, serviceError, unreachableError } from '../../src/domain/errors.ts';
import { type Receipt, readReceipt } from '../../src/domain/receipt.ts';
import { readTokenStatus, type TokenStatus } from '../../src/domain/token-status.ts';
import type { PaymentEvent } from '../../src/poll/events.ts';
import { defaultOptions, type PaymentOptions } from '../../src/poll/options.ts';
import type { PaymentResult } from '../../src/poll/payment-result.ts';
import type { CheckLimits } from '../../src/poll/token-watch.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { ManualClock } from './manual-clock.ts';

/** What one ask meets: the text that comes back, an error, either of them after a while, or whatever a function does. */
export type Reply =
  | string
  | Error
  | { readonly tookMs: number; readonly says: string | Error }
  | ((limits: CheckLimits) => Promise<string>);

/** Replies in order, and an error where they are all used; or a reply for each ask, from 1. */
export type Replies = readonly Reply[] | ((ask: number) => Reply);

/** One ask, in milliseconds since the clock was made. */
export interface Ask {
  readonly startMs: number;
  endMs: number;
  readonly timeoutMs: number;
  readonly ownConnection: boolean;
}

/** A reply that takes so many milliseconds. */
export const late = (tookMs: number, says: string | Error): Reply => ({ tookMs, says });

/** Plays the remote side for one kind of ask, on a clock that only the replies move. */
export class Script<T> {
  readonly asks: Ask[] = [];
  mostInFlight = 0;
  #inFlight = 0;
  readonly #clock: ManualClock;
  readonly #replies: Replies;
  readonly #read: (text: string) => T;

  constructor(clock: ManualClock, replies: Replies, read: (text: string) => T) {
    this.#clock = clock;
    this.#replies = replies;
    this.#read = read;
  }

  readonly ask = async (limits: CheckLimits): Promise<T> => {
    const { timeoutMs, ownConnection = false } = limits;
    const ask: Ask = { startMs: this.#clock.elapsed, endMs: Number.NaN, timeoutMs, ownConnection };
    this.asks.push(ask);
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    try {
      await Promise.resolve(); // a second ask in the same turn would show
      const reply = this.#next();
      const text = await this.#play(reply, limits);
      return this.#read(text);
    } finally {
      this.#inFlight -= 1;
      ask.endMs = this.#clock.elapsed;
    }
  };

  /** When each ask began. */
  get starts(): readonly number[] {
    return this.asks.map(({ startMs }) => startMs);
  }

  #next(): Reply {
    const reply =
      typeof this.#replies === 'function' ? this.#replies(this.asks.length) : this.#replies[this.asks.length - 1];
    if (reply === undefined) throw new TypeError(`Ask ${this.asks.length} was not expected.`);
    return reply;
  }

  async #play(reply: Reply, limits: CheckLimits): Promise<string> {
    if (typeof reply === 'function') return reply(limits);
    const said = typeof reply === 'string' || reply instanceof Error ? { tookMs: 0, says: reply } : reply;
    this.#clock.advance(said.tookMs);
    if (said.says instanceof Error) throw said.says;
    return said.says;
  }
}

export const statusScript = (clock: ManualClock, replies: Replies): Script<TokenStatus> =>
  new Script(clock, replies, readTokenStatus);

export const receiptScript = (clock: ManualClock, replies: Replies): Script<Receipt> =>
  new Script(clock, replies, readReceipt);

/** The generic success snippet of the published API page, with an ID of our own. */
export const approved = 'responseCode=000&transactionStatus=C&transactionID=0ca7530a86084b468fff132ab7f04491';

/** The error form that the API page publishes; what ViewReceipt answers too early is expected to look like it. */
export const notYet = 'errorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ';

/** A connection that was made and then lost, as the transport reports it. */
export const lost = unreachableError('ECONNRESET', 'The host ended the connection.', { retryable: true });

/** No connection at all: what the first ask must not wait out. */
export const noConnection = unreachableError('ECONNREFUSED', 'The host refused.', {
  retryable: true,
  connecting: true,
});

/** Trouble on the service's side, with the pause it asks for, in milliseconds. */
export const busy = (retryAfterMs: number | null = null): InstaMedError =>
  serviceError('HTTP_503', 'The host answered 503.', { retryable: true, retryAfterMs });

/** Trouble that stays. */
export const notFound = serviceError('HTTP_404', 'The host answered 404.');

/** The caller gives up while the request is under way, which the transport reports as `aborted`. */
export function abortsMidway(controller: AbortController): Reply {
  return async ({ signal }) => {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    controller.abort();
    await aborted;
    throw new InstaMedError('aborted', 'ABORTED', 'Stopped.');
  };
}

export interface Scene {
  readonly clock?: ManualClock;
  readonly receipts?: Replies | null;
  readonly options?: Partial<PaymentOptions>;
  readonly signal?: AbortSignal;
}

/** Every event but the result. */
type TokenEvent = Exclude<PaymentEvent, { type: 'result' }>;

export interface Played {
  readonly result: PaymentResult;
  readonly clock: ManualClock;
  readonly check: Script<TokenStatus>;
  readonly receipt: Script<Receipt>;
  readonly events: readonly TokenEvent[];
}

/** Waits for a payment in a world of these replies. Without receipts, none may be asked for. */
export async function play(replies: Replies, scene: Scene = {}): Promise<Played> {
  const clock = scene.clock ?? new ManualClock();
  const check = statusScript(clock, replies);
  const receipt = receiptScript(clock, scene.receipts ?? []);
  const events: TokenEvent[] = [];
  const deps = {
    clock,
    check: (_token: string, limits: CheckLimits) => check.ask(limits),
    viewReceipt: scene.receipts === null ? null : (_token: string, limits: CheckLimits) => receipt.ask(limits),
    onEvent: (event: PaymentEvent, token: string) => {
      if (token !== 'a-token') throw new Error(`An event of ${token}.`);
      if (event.type !== 'result') events.push(event);
    },
    signal: scene.signal ?? new AbortController().signal,
  };
  const result = await waitForPayment('a-token', deps, { ...defaultOptions, ...scene.options });
  return { result, clock, check, receipt, events };
}

/** `seen` as JSON shows it. */
export const seenOf = (result: PaymentResult): Readonly<Record<string, number>> => result.seen;

/** So many of the same. */
export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
