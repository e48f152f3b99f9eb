import { homedir } from 'node:os';
import type { StopSignal } from '../domain/outcome.ts';
import { type Clock, systemClock } from '../poll/clock.ts';
import type { Transport } from '../remote/http.ts';
import type { TransportOptions } from '../remote/transport.ts';
import type { Probe } from './doctor/probe.ts';
import { exitCodeOf } from './exit-codes.ts';
import { dieWithTerminal, endProcess, listenForStop, listenForSuspend } from './signals.ts';

/** An output stream as the program sees it. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** 0 where nobody knows. */
  readonly columns: number;
  /** 0 none, 1 sixteen colours, 2 and 3 more. Decided once, from NO_COLOR, FORCE_COLOR, TERM and the terminal. */
  readonly colorLevel: 0 | 1 | 2 | 3;
  /** The stream itself, for the spinner alone. */
  readonly stream: NodeJS.WriteStream | null;
}

/** Everything outside the program that it touches. Tests bring a dull one. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of stdin; on a terminal what is pasted or typed up to the end of a line that is not empty. */
  readStdin(): Promise<string>;
  /** Stdin as it comes. */
  stdinChunks(): AsyncIterable<string>;
  readonly stdinIsTTY: boolean;
  /** One line typed at the terminal, of which nothing is shown; stays open when `signal` aborts. */
  readHidden(prompt: string, signal: AbortSignal): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** The network. */
  openTransport(options: TransportOptions): Promise<Transport>;
  /** A run of many requests is coming, or of large replies: memory is to be given back sooner, at some cost of time. */
  saveMemory(): Promise<void>;
  /** The network below HTTP, for the doctor. */
  openProbe(): Promise<Probe>;
  /** IANA name, such as `Europe/Vienna`; undefined where Intl has none for what TZ says. */
  timeZone(): string | undefined;
  /** Calls `handler` at the first stop signal; the second ends the process at once. */
  onStop(handler: (signal: StopSignal) => void): void;
  /** Calls `handler` with a bug that no `await` saw: one in a timer or in a stream. Returns what takes the handler away. */
  onCrash(handler: (error: unknown) => void): () => void;
  /** Calls `before` when somebody suspends the program (Ctrl-Z), and `after` once it goes on. Returns what takes both away. */
  onSuspend(before: () => void, after: () => void): () => void;
  /**
   * Waits until everything written has left, and sees to it that nothing left over keeps the process alive. Resolves with
   * the code of what kept stdout from being written (`ENOSPC`), or with null; a reader that went away is no trouble.
   */
  leave(): Promise<string | null>;
}

/** The real world. */
export function systemHost(): Host {
  const stdout = systemOutput(process.stdout);
  const stderr = systemOutput(process.stderr);
  let stoppedBy: StopSignal | null = null;
  return {
    stdout,
    stderr,
    readStdin,
    stdinChunks: () => process.stdin.setEncoding('utf8'),
    // To touch it opens it, which takes longer than to read the command line.
    get stdinIsTTY() {
      return process.stdin.isTTY === true;
    },
    async readHidden(prompt, signal) {
      const { readHidden } = await import('./hidden-prompt.ts');
      return readHidden(prompt, signal, process);
    },
    env: process.env,
    home: homedir(),
    platform: process.platform,
    clock: systemClock,
    async openTransport(options) {
      const [{ createTransport }, v8] = await Promise.all([import('../remote/transport.ts'), import('node:v8')]);
      // undici parses HTTP in WebAssembly, which V8 would optimise after the first reply and keep the exit waiting for.
      if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--wasm-tiering-budget=1000000000');
      return createTransport(options);
    },
    async saveMemory() {
      const { setFlagsFromString } = await import('node:v8');
      // Left to itself V8 lets a heap of this size grow far beyond what is in use before it collects it.
      setFlagsFromString('--heap-growing-percent=150');
    },
    async openProbe() {
      const { systemProbe } = await import('./doctor/system-probe.ts');
      return systemProbe;
    },
    // Takes as long as half a start of Node, so only a table that shows a time asks for it.
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    // Nobody takes it away: a signal that comes again while we leave must not change how we end.
    onStop: (handler) =>
      listenForStop(process, {
        now: () => performance.now(),
        first: (signal) => {
          stoppedBy = signal;
          handler(signal);
        },
        // Somebody means it: show the cursor again and go, as the signal itself would have made us.
        second: (signal) => {
          if (process.stderr.isTTY) process.stderr.write('\u001b[?25h');
          endProcess(signal, exitCodeOf('interrupted', signal));
        },
      }),
    onSuspend: (before, after) => listenForSuspend({ before, after }),
    onCrash(handler) {
      // A rejection that nobody handles comes this way as well.
      process.on('uncaughtException', handler);
      return () => process.off('uncaughtException', handler);
    },
    async leave() {
      await Promise.all([drain(process.stdout), drain(process.stderr)]);
      // A stream tells of its error a turn after it has called back.
      await new Promise((resolve) => setImmediate(resolve));
      if (stoppedBy === 'SIGHUP') await dieWithTerminal();
      // Nothing may be waited for after this line: on a busy machine the process would end before its exit code is set.
      setTimeout(() => endProcess(stoppedBy), 50).unref();
      return stdout.failure();
    },
  };
}

const colorLevels = new Map([
  [4, 1],
  [8, 2],
  [24, 3],
] as const);

function systemOutput(stream: NodeJS.WriteStream): Output & { failure(): string | null } {
  let failure: string | null = null;
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') failure ??= code ?? message;
  });
  const isTTY = stream.isTTY === true;
  return {
    write: (text) => {
      if (text !== '' && !stream.destroyed) stream.write(text);
    },
    isTTY,
    get columns() {
      // Undefined where the terminal does not know, too.
      return isTTY && stream.columns > 0 ? stream.columns : 0;
    },
    get colorLevel() {
      return isTTY ? (colorLevels.get(stream.getColorDepth() as 4 | 8 | 24) ?? 0) : 0;
    },
    stream,
    failure: () => failure,
  };
}

function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

/** A paste of several lines comes in pieces, with less than this between them. What we left would go to the shell. */
const pasteGapMs = 200;

function readStdin(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let text = '';
    let quiet: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(quiet);
      stdin.off('data', onData).off('end', finish).pause();
      resolve(text);
    };
    const onData = (chunk: string) => {
      text += chunk;
      clearTimeout(quiet);
      if (stdin.isTTY && /\S[^\n]*\n$/.test(text)) quiet = setTimeout(finish, pasteGapMs);
    };
    stdin.setEncoding('utf8').on('data', onData).once('end', finish).once('error', reject);
  });
}
