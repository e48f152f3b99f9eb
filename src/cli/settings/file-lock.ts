import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { InstaMedError } from '../../domain/errors.ts';
import type { Clock } from '../../poll/clock.ts';

/** A lock is held for milliseconds, so one that is unchanged for this long is of a process that was killed. */
const staleMs = 3_000;

/** The limit of the whole wait, however many processes hold the lock in turn. */
const longestWaitMs = 30_000;

const pauseMs = 20;

export interface FileLock {
  /** Whether it is still ours: one that seemed stale may have been taken away, from a process that was only stopped. */
  isHeld(): boolean;
  release(): void;
}

/**
 * Holds a lock file, which of all processes only one can create; null where others held it all the time.
 *
 * @throws InstaMedError `aborted`; what Node throws where the file cannot be created
 */
export async function lockFile(path: string, clock: Clock, signal: AbortSignal): Promise<FileLock | null> {
  const id = crypto.randomUUID();
  const begin = clock.now();
  let seen = { id: '', since: begin };
  while (!create(path, id)) {
    if (signal.aborted) throw new InstaMedError('aborted', 'ABORTED', 'Stopped while another run changed the profile.');
    const now = clock.now();
    if (now - begin > longestWaitMs) return null;
    const holder = holderOf(path);
    if (holder === null) continue;
    if (seen.id !== holder) seen = { id: holder, since: now };
    else if (now - seen.since >= staleMs) takeAway(path, holder, id);
    await clock.sleep(pauseMs, signal);
  }
  const isHeld = () => holderOf(path) === id;
  return {
    isHeld,
    release: () => {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

function create(path: string, id: string): boolean {
  try {
    writeFileSync(path, id, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Takes a stale lock away. Another process may have done so already, and have got the lock; then it is put back. */
function takeAway(path: string, stale: string, id: string): void {
  const aside = `${path}.${id}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside) !== stale) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
