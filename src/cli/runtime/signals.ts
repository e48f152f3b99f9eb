import { readFileSync } from 'node:fs';
import type { StopSignal } from '../../domain/outcome.ts';

/** The process, as far as it tells of signals. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
}

export interface StopHandlers {
  /** Monotonic milliseconds. */
  now(): number;
  first(signal: StopSignal): void;
  second(signal: StopSignal): void;
}

const stopSignals: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/**
 * npm passes a Ctrl-C on that we got from the terminal already, and `timeout` and a closed window may tell us twice. None of
 * these may keep the last words from being said, so it counts as one signal.
 */
const sameStopMs = 100;

/**
 * Tells the first stop signal from those that are sent because it did not help. One that is ignored has no effect at all.
 */
export function listenForStop(
  source: SignalSource,
  { now, first, second }: StopHandlers,
  ignored: readonly StopSignal[] = [],
): void {
  let stoppedAt: number | null = null;
  for (const signal of stopSignals) {
    source.on(signal, () => {
      if (ignored.includes(signal)) return;
      if (stoppedAt === null) {
        stoppedAt = now();
        first(signal);
      } else if (now() - stoppedAt > sameStopMs) second(signal);
    });
  }
}

/** What a process can be told by that it was started with SIGHUP ignored. */
export interface HangupSigns {
  /** `_` of the environment, in which most shells write the program that they start. */
  readonly startedAs: string | undefined;
  /** The signals that the parent ignores, and so its children when they start; null where that cannot be read. */
  readonly ignoredByParent: bigint | null;
}

const hangupBit = 1n;

/**
 * Whether SIGHUP was ignored when the program started, as `nohup` has it. Before it runs any script Node gives every signal
 * back its usual effect, so the process itself does not show it any more.
 */
export const wasHangupIgnored = ({ startedAs = '', ignoredByParent }: HangupSigns): boolean =>
  /(?:^|\/)nohup$/.test(startedAs) || ((ignoredByParent ?? 0n) & hangupBit) !== 0n;

/** The signs of this process. Of Linux's parents alone it is known what they ignore. */
export function hangupSigns(): HangupSigns {
  return { startedAs: process.env['_'], ignoredByParent: ignoredBy(process.ppid) };
}

function ignoredBy(pid: number): bigint | null {
  if (process.platform !== 'linux') return null;
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return mask === undefined ? null : BigInt(`0x${mask}`);
  } catch {
    // Without /proc, or where the parent is gone, nothing is known.
    return null;
  }
}

/** Calls `before` at Ctrl-Z, lets the program be suspended, and calls `after` when it goes on. Returns what ends the listening. */
export function listenForSuspend({ before, after }: { before(): void; after(): void }): () => void {
  const suspend = () => {
    before();
    // Without its listener the signal does what it always does: `kill` returns when the program goes on.
    process.off('SIGTSTP', suspend);
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', suspend);
    after();
  };
  process.on('SIGTSTP', suspend);
  return () => process.off('SIGTSTP', suspend);
}

/** What Node waits for at its end: a silent name server, and a named pipe to which nobody writes. */
const isThreadBusy = () => process.getActiveResourcesInfo().some((name) => /^(?:GetAddrInfo|FSReq)/.test(name));

/**
 * Ends the process though something is left over: by default with the exit code that it has. A thread that is busy cannot be
 * called off, and would keep even `process.exit` waiting; the signal that somebody sent does not wait, and a shell makes
 * the same exit code of it.
 */
export function endProcess(stoppedBy: StopSignal | null, code = process.exitCode): void {
  if (stoppedBy && process.platform !== 'win32' && isThreadBusy()) {
    process.removeAllListeners(stoppedBy);
    process.kill(process.pid, stoppedBy);
  } else process.exit(code);
}

/**
 * Where its terminal is gone Node aborts at its end, and a core dump would hold the secrets. The signal that told of it ends the
 * program cleanly, if it is left to do what it always does.
 */
export async function dieWithTerminal(): Promise<void> {
  const { isatty } = await import('node:tty');
  const { stdin, stdout, stderr } = process;
  const isGone = [stdin, stdout, stderr].some((stream) => stream.isTTY && !isatty(stream.fd));
  if (!isGone || process.platform === 'win32') return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
