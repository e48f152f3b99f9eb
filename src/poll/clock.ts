import { longestTimerMs } from '../domain/duration.ts';

/** Time as the waiting code sees it, so that tests and the demo can bring their own. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary start. */
  now(): number;
  /** The wall clock, for time stamps only. */
  date(): Date;
  /** Waits `ms` milliseconds, never less; an abort ends it at once, without an error. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `run` every `ms` milliseconds until the returned function is called. Keeps no process alive. */
  every(ms: number, run: () => void): () => void;
}

/** The clock of `performance.now()`, for which Node would load a module. */
const now = () => Number(process.hrtime.bigint()) / 1e6;

export const systemClock: Clock = {
  now,
  date: () => new Date(),
  async sleep(ms, signal) {
    const end = now() + ms;
    // Timers may fire a fraction of a millisecond early, and none is longer than the bound.
    for (let left = ms; left > 0 && !signal.aborted; left = end - now()) {
      await sleepOnce(Math.min(Math.ceil(left), longestTimerMs), signal);
    }
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

function sleepOnce(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
}

/** A clock on which `scale` milliseconds pass for each one of `clock`: the demo's fifteen minutes in one. */
export function scaleClock(clock: Clock, scale: number): Clock {
  const start = clock.date().getTime();
  const origin = clock.now();
  return {
    now: () => (clock.now() - origin) * scale,
    date: () => new Date(start + (clock.now() - origin) * scale),
    sleep: (ms, signal) => clock.sleep(ms / scale, signal),
    every: (ms, run) => clock.every(ms / scale, run),
  };
}
