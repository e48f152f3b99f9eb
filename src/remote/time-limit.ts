import { setMaxListeners } from 'node:events';
import { longestTimerMs } from '../domain/duration.ts';
import type { HttpRequest } from './http.ts';
import type { Sending } from './send.ts';

/** No honest host takes longer to accept a connection, and no proxy to make one. */
export const connectTimeoutMs = 10_000;

/** The end of a request by the caller's abort or by its time limit, whichever comes first. */
export class TimeLimit {
  isReached = false;
  /** Rejects when the limit is reached. */
  readonly reached: Promise<never>;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #reject: (reason: Error) => void = () => {};
  #sending: Sending | null = null;

  constructor({ timeoutMs, signal }: HttpRequest) {
    this.reached = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.#signal = signal;
    listen(signal, this);
    // A program that was suspended meets its timers first, and the reply that came in the meantime a moment later.
    this.#timer = setTimeout(() => setImmediate(() => this.reach()), Math.min(timeoutMs, longestTimerMs));
    if (signal.aborted || timeoutMs <= 0) this.reach();
  }

  reach(): void {
    if (this.isReached) return;
    this.isReached = true;
    this.#sending?.abort(calledOff());
    this.#reject(calledOff());
  }

  /** From now on it calls off this request, if need be at once. */
  calls(sending: Sending): void {
    this.#sending = sending;
    if (this.isReached) sending.abort(calledOff());
  }

  /** The request has ended. */
  clear(): void {
    clearTimeout(this.#timer);
    stopListening(this.#signal, this);
  }
}

const calledOff = () => new Error('The request was called off.');

interface Listener {
  readonly limits: Set<TimeLimit>;
  readonly reach: () => void;
}

const listeners = new WeakMap<AbortSignal, Listener>();

/** Thousands of requests may share a signal, which would walk through its listeners for each of them: it gets one for all. */
function listen(signal: AbortSignal, limit: TimeLimit): void {
  const known = listeners.get(signal);
  if (known) {
    known.limits.add(limit);
    return;
  }
  const limits = new Set([limit]);
  const reach = () => {
    for (const each of limits) each.reach();
  };
  listeners.set(signal, { limits, reach });
  // Whoever waits between two requests listens as well.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', reach);
}

function stopListening(signal: AbortSignal, limit: TimeLimit): void {
  const listener = listeners.get(signal);
  listener?.limits.delete(limit);
  if (!listener || listener.limits.size > 0) return;
  signal.removeEventListener('abort', listener.reach);
  listeners.delete(signal);
}
