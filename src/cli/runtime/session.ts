import { InstaMedError } from '../../domain/errors.ts';
import type { StopSignal } from '../../domain/outcome.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { Host } from './host.ts';
import { refuseNodeDebug } from './node-debug.ts';

/** One run of the program, as far as reading its input and its settings needs it. */
export interface Session {
  readonly host: Host;
  readonly redactor: Redactor;
  readonly argv: readonly string[];
  /** Aborts at the first stop signal. */
  readonly signal: AbortSignal;
  /** Whether it may not prompt: progress is off. */
  readonly isQuiet: boolean;
  /** The stop signal that came, or null. */
  stoppedBy(): StopSignal | null;
  /** Writes a prompt, or the line end after one, to stderr. */
  prompt(text: string): void;
  /** Shows a line that stays while something runs that may prompt by itself. Returns what ends that. */
  showRunning(doing: string, afterMs?: number): () => void;
}

/**
 * A secret that is typed at the terminal, where it is not shown; the redactor knows it before anything else does.
 *
 * @throws InstaMedError `aborted`
 */
export async function readHiddenLine(label: string, { host, redactor, signal }: Session): Promise<string> {
  refuseNodeDebug(`the ${label}`, ['stream'], host.env);
  const typing = host.readHidden(`${label}, not shown: `, signal);
  const secret = await unlessStopped(typing, signal, 'Stopped while a secret was being typed.');
  redactor.addSecrets(secret);
  return secret;
}

/** The same work, unless a stop signal comes first. */
export function unlessStopped<T>(work: Promise<T>, signal: AbortSignal, message: string): Promise<T> {
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(new InstaMedError('aborted', 'ABORTED', message));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  return Promise.race([work, stopped]);
}
