import TinyQueue from 'tinyqueue';
import type { Clock } from './clock.ts';

/** How much may be asked of a service. */
export interface RequestBudget {
  /** Most requests that are started in a second. */
  readonly maxRate: number;
  /** Most requests that are in flight. */
  readonly concurrency: number;
}

type Request = () => Promise<unknown>;

interface Entry {
  readonly dueAt: number;
  /** Of those that are due at the same time, the first to come is the first to go. */
  readonly order: number;
  readonly request: Request;
}

/** A timer that fires late may be made up for, by this much. */
const catchUpMs = 10;

/** Sums of fractions can miss a time by this much, and a sleep of less would move no clock. */
const roundingMs = 1e-6;

/** Without a reason of ours each alarm would make an error, with its stack. */
const wakeUp = 'wake up';

/** Before everything else, in the order in which they came. */
export const atOnce = Number.NEGATIVE_INFINITY;

/**
 * Starts requests when they are due, the longest overdue first, within a budget: never more of them than the rate
 * allows, but for what a late timer is made up for, and never more in flight than may be. One timer serves them all.
 */
export class RequestQueue {
  readonly #clock: Clock;
  readonly #spacingMs: number;
  readonly #concurrency: number;
  /** The difference of two that are due `atOnce` is NaN, which leaves it to the order as well. */
  readonly #queued = new TinyQueue<Entry>([], (a, b) => a.dueAt - b.dueAt || a.order - b.order);
  #order = 0;
  #inFlight = 0;
  #nextStartAt = Number.NEGATIVE_INFINITY;
  #heldUntil = Number.NEGATIVE_INFINITY;
  /** Ends the sleep of `run` before its time. */
  #alarm = new AbortController();
  #wakesAt = Number.NEGATIVE_INFINITY;
  #bug: { readonly error: unknown } | null = null;
  #isClosed = false;

  constructor(clock: Clock, { maxRate, concurrency }: RequestBudget) {
    this.#clock = clock;
    this.#spacingMs = 1_000 / maxRate;
    this.#concurrency = concurrency;
  }

  /** Adds a request that is due at a time of the clock, or `atOnce`. It must report its errors by itself. */
  add(dueAt: number, request: Request): void {
    this.#queued.push({ dueAt, order: this.#order++, request });
    this.#wakeBy(dueAt);
  }

  /** Starts nothing that has a time before this one: the service asked for a pause. */
  holdUntil(time: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, time);
  }

  /** Lets `run` throw a bug, at once. */
  fail(error: unknown): void {
    this.#bug ??= { error };
    this.#alarm.abort(wakeUp);
  }

  /** Lets `run` return. What is queued is not started any more. */
  close(): void {
    this.#isClosed = true;
    this.#alarm.abort(wakeUp);
  }

  /** Starts requests until it is closed. Throws what a request threw, which only a bug does. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      this.#wakesAt = this.#startDue();
      const sleepMs = this.#wakesAt - this.#clock.now();
      // With nothing to come there is nothing to sleep for.
      if (sleepMs === Number.POSITIVE_INFINITY) await aborted(this.#alarm.signal);
      else await this.#clock.sleep(sleepMs, this.#alarm.signal);
      if (this.#bug) throw this.#bug.error;
      if (this.#alarm.signal.aborted) this.#alarm = new AbortController();
    }
  }

  /** Starts what is due, and says when there will be more. */
  #startDue(): number {
    for (let next = this.#queued.peek(); next; next = this.#queued.peek()) {
      // The next completion wakes the loop.
      if (this.#inFlight >= this.#concurrency) return Number.POSITIVE_INFINITY;
      const now = this.#clock.now();
      const heldUntil = next.dueAt === atOnce ? atOnce : this.#heldUntil;
      const startAt = Math.max(next.dueAt, this.#nextStartAt, heldUntil);
      if (startAt - now > roundingMs) return startAt;
      this.#nextStartAt = Math.max(startAt, now - catchUpMs) + this.#spacingMs;
      this.#queued.pop();
      this.#start(next.request);
    }
    return Number.POSITIVE_INFINITY;
  }

  #start(request: Request): void {
    const wasFull = () => this.#inFlight === this.#concurrency;
    this.#inFlight += 1;
    request()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        if (wasFull()) this.#alarm.abort(wakeUp);
        this.#inFlight -= 1;
      });
  }

  #wakeBy(time: number): void {
    if (time < this.#wakesAt) this.#alarm.abort(wakeUp);
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
