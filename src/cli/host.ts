import { homedir } from 'node:os';
import type { StopSignal } from '../domain/outcome.ts';
import { type Clock, systemClock } from '../poll/clock.ts';
import type { Transport } from '../remote/http.ts';
import type { TransportOptions } from '../remote/transport.ts';
import type { Probe } from './doctor/probe.ts';
import { exitCodeOf } from './exit-codes.ts';

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
  /** All of stdin; on a terminal its first line that is not empty. */
  readStdin(): Promise<string>;
  readonly stdinIsTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly clock: Clock;
  /** The network. */
  openTransport(options: TransportOptions): Promise<Transport>;
  /** The network below HTTP, for the doctor. */
  openProbe(): Promise<Probe>;
  /** IANA name, such as `Europe/Vienna`. */
  readonly timeZone: string;
  /** Calls `handler` at the first stop signal; the second ends the process at once. Returns what takes the handler away. */
  onStop(handler: (signal: StopSignal) => void): () => void;
  /**
   * Waits until everything written has left, and sees to it that nothing left over keeps the process alive. Resolves with
   * the code of what kept stdout from being written (`ENOSPC`), or with null; a reader that went away is no trouble.
   */
  leave(): Promise<string | null>;
}

const stopSignals: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** The real world. */
export function systemHost(): Host {
  const stdout = systemOutput(process.stdout);
  const stderr = systemOutput(process.stderr);
  return {
    stdout,
    stderr,
    readStdin,
    stdinIsTTY: process.stdin.isTTY === true,
    env: process.env,
    home: homedir(),
    clock: systemClock,
    async openTransport(options) {
      const [{ createTransport }, v8] = await Promise.all([import('../remote/transport.ts'), import('node:v8')]);
      // undici parses HTTP in WebAssembly, which V8 would optimise after the first reply and keep the exit waiting for.
      if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--wasm-tiering-budget=1000000000');
      return createTransport(options);
    },
    async openProbe() {
      const { systemProbe } = await import('./doctor/system-probe.ts');
      return systemProbe;
    },
    get timeZone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    onStop,
    async leave() {
      await Promise.all([drain(process.stdout), drain(process.stderr)]);
      // A name look-up cannot be called off and would hold the process for as long as the name server is silent.
      setTimeout(() => process.exit(), 50).unref();
      // A stream tells of its error a turn after it has called back.
      await new Promise((resolve) => setImmediate(resolve));
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
      return isTTY ? stream.columns : 0;
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

async function readStdin(): Promise<string> {
  const { stdin } = process;
  stdin.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += chunk;
      if (stdin.isTTY && /\S[^\n]*\n/.test(text)) break;
    }
  } finally {
    stdin.pause();
  }
  return text;
}

function onStop(handler: (signal: StopSignal) => void): () => void {
  let isStopping = false;
  const listeners = stopSignals.map((signal) => {
    const listener = () => {
      if (isStopping) {
        // Somebody means it: show the cursor again and go, as the signal itself would have made us.
        if (process.stderr.isTTY) process.stderr.write('\u001b[?25h');
        process.exit(exitCodeOf('interrupted', signal));
      }
      isStopping = true;
      handler(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}
