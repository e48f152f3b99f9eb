import { InstaMedError, usageError } from '../domain/errors.ts';
import type { StopSignal } from '../domain/outcome.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { Document } from './answer/document.ts';
import type { Format } from './program/options.ts';
import type { Host } from './runtime/host.ts';
import { refuseNodeDebug } from './settings/node-debug.ts';
import type { Trace } from './trace/trace.ts';

/** What a command answers with: the document, and how to print it. */
export interface Answer {
  readonly document: Document;
  readonly format: Format;
}

/** One run of the program, as its commands see it. */
export interface Session {
  readonly host: Host;
  readonly vault: Redactor;
  readonly argv: readonly string[];
  /** What `--debug` shows; null without it. */
  readonly trace: Trace | null;
  /** Aborts at the first stop signal. */
  readonly signal: AbortSignal;
  /** The stop signal that came, or null. */
  stoppedBy(): StopSignal | null;
  /** From now on everything is traced; the network of `host` is one that is watched. */
  startTrace(): Promise<void>;
  /** Hands the answer over; a command that printed by itself hands over none. */
  answer(answer: Answer): void;
}

/**
 * A secret that somebody types at the terminal, where it is not shown; known to the vault before anybody else.
 *
 * @throws InstaMedError `aborted`
 */
export async function readHiddenLine(label: string, { host, vault, signal }: Session): Promise<string> {
  refuseNodeDebug(`the ${label}`, ['stream'], host.env);
  const typing = host.readHidden(`${label}, not shown: `, signal);
  const secret = await unlessStopped(typing, signal, 'Stopped while a secret was being typed.');
  vault.addSecrets(secret);
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

/** Whether a name stands for stdin. On Linux, opening `/dev/stdin` fails where stdin is a socket. */
export const isStdin = (source: string): boolean => ['-', '/dev/stdin', '/dev/fd/0'].includes(source);

/** Stdin can be read once only. */
export function refuseTwoReaders(words: readonly string[], flags: { readonly secretsFrom?: string }): void {
  const readers = words.filter(isStdin).length;
  if (readers > 1) throw usageError('The tokens were to be read from stdin more than once.', 'Give - once.');
  if (readers === 0 || flags.secretsFrom === undefined) return;
  throw usageError('Both the token and the secrets were to be read from stdin.', 'Give one of them in another way.');
}
