import type { Clock } from '../../src/poll/clock.ts';

interface Ticker {
  readonly everyMs: number;
  readonly run: () => void;
  nextAt: number;
}

/**
 * A clock that stands still until somebody sleeps on it: a sleep takes no real time, moves the clock by what was asked
 * for, runs the tickers that were due on the way, and is recorded.
 */
export class ManualClock implements Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];
  readonly #start: number;
  readonly #wallStart: number;
  readonly #tickers = new Set<Ticker>();
  #now: number;
  #hold: { after: number; reached: () => void } | null = null;

  constructor({ start = 5_000, wall = '2026-11-22T10:00:00.000Z' } = {}) {
    this.#start = start;
    this.#now = start;
    this.#wallStart = Date.parse(wall);
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#wallStart + this.#now - this.#start);
  }

  /** Milliseconds since the clock was made. */
  get elapsed(): number {
    return this.#now - this.#start;
  }

  /** Lets time pass outside of a sleep: a request that takes a while. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#nextTicker(end); due; due = this.#nextTicker(end)) {
      this.#now = due.nextAt;
      due.nextAt += due.everyMs;
      due.run();
    }
    this.#now = end;
  }

  /** Holds the sleep after the next `count` ones open until it is aborted; resolves when it has begun. */
  holdSleepAfter(count: number): Promise<void> {
    return new Promise((reached) => {
      this.#hold = { after: this.sleeps.length + count, reached };
    });
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    if (signal.aborted) return;
    if (this.#hold && this.sleeps.length > this.#hold.after) {
      const { reached } = this.#hold;
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
        reached();
      });
      return;
    }
    this.advance(Math.max(0, ms));
  }

  every(ms: number, run: () => void): () => void {
    const ticker: Ticker = { everyMs: ms, run, nextAt: this.#now + ms };
    this.#tickers.add(ticker);
    return () => this.#tickers.delete(ticker);
  }

  /** How many tickers nobody has stopped. */
  get tickers(): number {
    return this.#tickers.size;
  }

  #nextTicker(end: number): Ticker | undefined {
    return [...this.#tickers].filter(({ nextAt }) => nextAt <= end).sort((a, b) => a.nextAt - b.nextAt)[0];
  }
}
