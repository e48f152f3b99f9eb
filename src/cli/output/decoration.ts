import type { Host } from '../runtime/host.ts';

// What only decorates an answer can fail for reasons that have nothing to do with the answer: a time zone, a width, a color
// level, a library. It must not take the answer away, and must not change the exit code.

/** The decorated form, or the plain one where that cannot be made. */
export async function decorated<T>(decorate: () => T | Promise<T>, plain: () => T): Promise<T> {
  try {
    return await decorate();
  } catch {
    return plain();
  }
}

/** Does what can be done without. */
export function attempt(decorate: () => void): void {
  try {
    decorate();
  } catch {
    // The answer is still to come, and has no need of it.
  }
}

/** Where progress is shown. */
export interface Stage extends Pick<Host, 'stderr' | 'onSuspend'> {
  readonly clock: Pick<Host['clock'], 'now' | 'every'>;
}

/** What is drawn at a tick, or around a suspend, has no caller that could catch an error, so errors are caught here. */
export function stageOf({ stderr, clock, onSuspend }: Host): Stage {
  return {
    stderr,
    clock: { now: () => clock.now(), every: (ms, run) => clock.every(ms, () => attempt(run)) },
    onSuspend: (before, after) =>
      onSuspend(
        () => attempt(before),
        () => attempt(after),
      ),
  };
}
