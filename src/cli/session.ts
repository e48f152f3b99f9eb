import { InstaMedError, usageError } from '../domain/errors.ts';
import type { StopSignal } from '../domain/outcome.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { Document } from './document.ts';
import type { Host } from './host.ts';
import type { Format } from './options.ts';
import type { Trace } from './view/trace.ts';

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
 * All of stdin.
 *
 * @throws InstaMedError `aborted`: a stop signal came while somebody was still typing; `usage`: it cannot be read.
 */
export function readInput({ host, signal }: Session): Promise<string> {
  return unlessStopped(host.readStdin().catch(refuseStdin), signal, 'Stopped while reading from stdin.');
}

function refuseStdin({ code, message }: NodeJS.ErrnoException): never {
  throw usageError(`Stdin cannot be read (${code ?? message}).`, 'Is it open for reading?');
}

/**
 * A secret that somebody types at the terminal, where it is not shown; known to the vault before anybody else.
 *
 * @throws InstaMedError `aborted`
 */
export async function readHiddenLine(label: string, { host, vault, signal }: Session): Promise<string> {
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

/** The lines of stdin, without a byte order mark and without line ends. */
export async function readLines(session: Session): Promise<string[]> {
  return (await readInput(session)).replace(/^\uFEFF/, '').split(/\r?\n/);
}

/** Stdin can be read once only. */
export function refuseTwoReaders(words: readonly string[], flags: { readonly secretsFrom?: string }): void {
  const readers = words.filter((word) => word === '-').length;
  if (readers > 1) throw usageError('The tokens were to be read from stdin more than once.', 'Give - once.');
  if (readers === 0 || flags.secretsFrom === undefined) return;
  throw usageError('Both the token and the secrets were to be read from stdin.', 'Give one of them in another way.');
}
