import type { StopSignal } from '../../domain/outcome.ts';
import { type Clock, systemClock } from '../../poll/clock.ts';
import type { Transport } from '../../remote/http.ts';
import type { TransportOptions } from '../../remote/transport.ts';
import type { Probe } from './probe.ts';
import {
  dieWithTerminal,
  endProcess,
  hangupSigns,
  listenForStop,
  listenForSuspend,
  wasHangupIgnored,
} from './signals.ts';

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
  /**
   * All of stdin; on a terminal what is pasted or typed up to the end of a line that is not empty. Null where there is more
   * than `mostBytes`.
   */
  readStdin(mostBytes: number): Promise<Uint8Array | null>;
  /** Stdin as it comes. */
  stdinChunks(): AsyncIterable<Uint8Array>;
  readonly stdinIsTTY: boolean;
  /** One line typed at the terminal, of which nothing is shown; stays open when `signal` aborts. */
  readHidden(prompt: string, signal: AbortSignal): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder, absolute; null where the environment names none. */
  readonly home: string | null;
  /** Who runs the program; null where users have no numbers. */
  readonly userId: number | null;
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

/** The real world. `codeOf`: the exit code of a run that a signal ended. */
export function systemHost(codeOf: (signal: StopSignal) => number): Host {
  // We verify whatever it says, and Node would warn that we do not.
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  const stdout = systemOutput(process.stdout);
  const stderr = systemOutput(process.stderr);
  let stoppedBy: StopSignal | null = null;
  return {
    stdout,
    stderr,
    readStdin,
    stdinChunks: () => process.stdin,
    // To touch it opens it, which takes longer than to read the command line.
    get stdinIsTTY() {
      try {
        return process.stdin.isTTY === true;
      } catch {
        // Node throws where it cannot tell what stdin is.
        return false;
      }
    },
    async readHidden(prompt, signal) {
      const { readHidden } = await import('./hidden-prompt.ts');
      return readHidden(prompt, signal, process);
    },
    env: process.env,
    get home() {
      return homeIn(process.env, process.platform);
    },
    userId: process.geteuid?.() ?? null,
    platform: process.platform,
    clock: systemClock,
    async openTransport(options) {
      const [{ createTransport }, v8] = await Promise.all([import('../../remote/transport.ts'), import('node:v8')]);
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
      const { systemProbe } = await import('./system-probe.ts');
      return systemProbe;
    },
    // Takes as long as half a start of Node, so only a table that shows a time asks for it.
    timeZone: () => {
      // An empty variable counts as none; Node makes UTC, or an unknown zone, of it.
      if (process.env['TZ'] === '') delete process.env['TZ'];
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    // Nobody takes it away: a signal that comes again while we leave must not change how we end.
    onStop: (handler) =>
      listenForStop(
        process,
        {
          now: () => performance.now(),
          first: (signal) => {
            stoppedBy = signal;
            handler(signal);
          },
          // The second one means it: show the cursor again and end, as the signal itself would have done.
          second: (signal) => {
            if (process.stderr.isTTY) process.stderr.write('\u001b[?25h');
            endProcess(signal, codeOf(signal));
          },
        },
        wasHangupIgnored(hangupSigns()) ? ['SIGHUP'] : [],
      ),
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

/**
 * The home folder that the environment names. The user database is not asked: a user ID without an entry there makes Node throw,
 * and a cleared HOME means that no files of it are wanted.
 */
export function homeIn(env: Host['env'], platform: NodeJS.Platform): string | null {
  const home = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  const absolute = platform === 'win32' ? /^(?:[A-Za-z]:[\\/]|\\\\)/ : /^\//;
  return home && absolute.test(home) ? home : null;
}

const colorLevels = new Map([
  [4, 1],
  [8, 2],
  [24, 3],
] as const);

/** What Node decides colors by. It takes an empty variable for a set one, and warns on stderr where two contradict each other. */
function colorEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const isForced = given.some(([name]) => name === 'FORCE_COLOR');
  return Object.fromEntries(
    given.filter(([name]) => !(isForced && ['NO_COLOR', 'NODE_DISABLE_COLORS'].includes(name))),
  );
}

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
      return isTTY ? (colorLevels.get(stream.getColorDepth(colorEnv(process.env)) as 4 | 8 | 24) ?? 0) : 0;
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

async function readStdin(mostBytes: number): Promise<Uint8Array | null> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let quiet: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(quiet);
      stdin.off('data', onData).off('end', finish).pause();
      resolve(size > mostBytes ? null : Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      clearTimeout(quiet);
      if (size > mostBytes) finish();
      else if (stdin.isTTY && /\S[^\n]*\n$/.test(Buffer.concat(chunks).toString('latin1'))) {
        quiet = setTimeout(finish, pasteGapMs);
      }
    };
    stdin.on('data', onData).once('end', finish).once('error', reject);
  });
}
