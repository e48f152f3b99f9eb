import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/poll/clock.ts';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock for many sleepers at once: when nobody has anything to do at this time, it moves on to the next one who wants to be
 * woken. Like the manual clock it takes no real time.
 */
export class EventClock implements Clock {
  readonly #wallStart = Date.parse('2026-11-22T10:00:00.000Z');
  readonly #sleepers = new Set<Sleeper>();
  readonly #start: number;
  #now: number;

  constructor(start = 5_000) {
    this.#start = start;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#wallStart + this.elapsed);
  }

  /** Milliseconds since the clock was made. */
  get elapsed(): number {
    return this.#now - this.#start;
  }

  /** How many are asleep. */
  get asleep(): number {
    return this.#sleepers.size;
  }

  /** Lets the time pass for which the program was suspended: nobody wakes up until `during` goes on. */
  skip(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!(ms > 0) || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { wakesAt: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      setMaxListeners(0, signal);
      signal.addEventListener('abort', wake);
    });
  }

  every(ms: number, run: () => void): () => void {
    const end = new AbortController();
    const tick = async () => {
      for (await this.sleep(ms, end.signal); !end.signal.aborted; await this.sleep(ms, end.signal)) run();
    };
    void tick();
    return () => end.abort();
  }

  /** Lets time pass until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    for (await settled(); !isDone; await settled()) this.#moveOn();
    return work;
  }

  /** Wakes whoever comes first, and all who wake at the same time. */
  #moveOn(): void {
    const next = Math.min(...[...this.#sleepers].map(({ wakesAt }) => wakesAt));
    if (next === Number.POSITIVE_INFINITY) throw new Error('Nobody would ever wake up again.');
    this.#now = Math.max(this.#now, next);
    for (const sleeper of [...this.#sleepers]) if (sleeper.wakesAt <= this.#now) sleeper.wake();
  }
}

/** A turn of the event loop, after which nobody has anything to do but to sleep. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
