import type { ProgramHooks } from '../../src/cli/build-program.ts';
import { main } from '../../src/cli/main.ts';
import type { Host, Output } from '../../src/cli/runtime/host.ts';
import type { Probe } from '../../src/cli/runtime/probe.ts';
import { systemProbe } from '../../src/cli/runtime/system-probe.ts';
import type { StopSignal } from '../../src/domain/outcome.ts';
import type { Clock } from '../../src/poll/clock.ts';
import type { Transport } from '../../src/remote/http.ts';
import { createTransport, type TransportOptions } from '../../src/remote/transport.ts';
import { ManualClock } from './manual-clock.ts';
import { scriptedProbe } from './scripted-probe.ts';
import { ScriptedTransport, type Step } from './scripted-transport.ts';

export interface World {
  /** What the network answers; ignored where `transport` is given. */
  readonly steps?: readonly Step[];
  readonly transport?: Transport;
  /** What the network below HTTP answers; by default all is well with it. */
  readonly probe?: Probe;
  /** Opens real connections, by the options of the program: for servers on loopback. */
  readonly isNetworkReal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** A promise stands for somebody who has not typed it yet. */
  readonly stdin?: string | Uint8Array | Promise<string>;
  /** What comes through stdin, when it comes, for what reads it as a stream. */
  readonly stdinStream?: () => AsyncIterable<string>;
  /** What is typed at a hidden prompt; a promise stands for somebody who has not typed it yet. */
  readonly typed?: string | Promise<string>;
  /** Default: a folder that is not there. */
  readonly home?: string | null;
  /** Who runs the program. Default: who runs the tests. */
  readonly userId?: number;
  readonly platform?: NodeJS.Platform;
  /** Whether all three streams are a terminal, or which of them. Default none. */
  readonly tty?: boolean | readonly ('stdin' | 'stdout' | 'stderr')[];
  readonly columns?: number;
  readonly colorLevel?: 0 | 1 | 2 | 3;
  readonly clock?: Clock;
  /** A function stands for an environment in which it cannot be found out. */
  readonly timeZone?: string | (() => string | undefined);
  /** The code of what kept stdout from being written, such as `ENOSPC`. */
  readonly stdoutFailure?: string;
  /** Hears of everything that is written, when it is. */
  readonly onWrite?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Gets a function that sends a stop signal to the program, and one that brings a bug that no `await` sees. */
  readonly onStart?: (stop: (signal: StopSignal) => void, crash: (error: unknown) => void) => void;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The network that it used, if it was a scripted one. */
  readonly transport: ScriptedTransport;
  /** What the network was opened with; empty where it never was. */
  readonly opened: readonly TransportOptions[];
  /** How often stdin was read. */
  readonly stdinReads: number;
  /** How many handlers of crashes it left behind; those of stop signals stay to the end of the process. */
  readonly handlersLeft: number;
  /** How often somebody was asked to type a secret. */
  readonly prompts: number;
  /** How often it took its leave of the process. */
  readonly leaves: number;
}

/** An account whose values are all different, so that a mix-up shows. */
export const accountEnv: Readonly<Record<string, string>> = {
  INSTAMED_ACCOUNT_ID: 'clinic@instamed.net',
  INSTAMED_ALIAS: 'alias-1',
  INSTAMED_SECURITY_KEY: 'key+canary/1=',
  INSTAMED_MERCHANT_ID: '0012',
  INSTAMED_STORE_ID: '0034',
  INSTAMED_TERMINAL_ID: '0056',
  INSTAMED_NVP_PASSWORD: 'nvp-canary-2',
  INSTAMED_STATUS_URL: 'https://status.example/SSOService.asmx',
  INSTAMED_RECEIPT_URL: 'https://receipt.example/NVP.aspx',
};

/** What a program needs that is only looked at: it prints nothing and runs nothing. */
export const quietHooks: ProgramHooks = {
  screen: { page: () => {}, notice: () => {} },
  columns: () => 0,
  run: async () => {},
};

/** The token of the published example: the Base64 of a GUID. */
export const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

/** A build of the program: its entry, and the network that it comes with. */
export interface Program {
  readonly main: typeof main;
  /** Default: the world's, which is a scripted one. */
  readonly openTransport?: Host['openTransport'];
}

/** Runs the whole command line in this process, in a world where nothing happens unless the test says so. */
export async function run(argv: readonly string[], world: World = {}, program: Program = { main }): Promise<Run> {
  const scripted = new ScriptedTransport(world.steps ?? []);
  const opened: TransportOptions[] = [];
  const written = { stdout: '', stderr: '' };
  const handlers = new Set<(signal: StopSignal) => void>();
  const crashHandlers = new Set<(error: unknown) => void>();
  const counts = { stdinReads: 0, prompts: 0, leaves: 0 };
  const { tty = false } = world;
  const isTTY = (name: 'stdin' | 'stdout' | 'stderr') => (typeof tty === 'boolean' ? tty : tty.includes(name));
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[name] += text;
      world.onWrite?.(name, text);
    },
    isTTY: isTTY(name),
    columns: isTTY(name) ? (world.columns ?? 80) : 0,
    colorLevel: world.colorLevel ?? 0,
    stream: null,
  });
  const stdin = async () => {
    const given = await (world.stdin ?? '');
    return typeof given === 'string' ? Buffer.from(given) : given;
  };
  const host: Host = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async (mostBytes) => {
      counts.stdinReads += 1;
      const bytes = await stdin();
      return bytes.length > mostBytes ? null : bytes;
    },
    async *stdinChunks() {
      counts.stdinReads += 1;
      if (world.stdinStream) {
        for await (const text of world.stdinStream()) yield Buffer.from(text);
        return;
      }
      const bytes = await stdin();
      // In small pieces, as it may come through a pipe.
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    stdinIsTTY: isTTY('stdin'),
    readHidden: async (prompt) => {
      counts.prompts += 1;
      output('stderr').write(prompt);
      return world.typed ?? '';
    },
    // A spinner needs a real terminal; the tests that have one are in test/e2e.
    env: { CI: 'true', ...(world.env ?? accountEnv) },
    home: world.home === undefined ? '/nowhere' : world.home,
    userId: world.userId ?? process.geteuid?.() ?? null,
    platform: world.platform ?? 'linux',
    clock: world.clock ?? new ManualClock(),
    timeZone: () => (typeof world.timeZone === 'function' ? world.timeZone() : (world.timeZone ?? 'UTC')),
    openTransport: async (options) => {
      opened.push(options);
      scripted.onTrace = options.onTrace;
      const open = program.openTransport ?? (world.isNetworkReal ? createTransport : null);
      return open?.(options) ?? world.transport ?? scripted;
    },
    saveMemory: async () => {},
    openProbe: async () => (world.isNetworkReal ? systemProbe : (world.probe ?? scriptedProbe())),
    onStop: (handler) => {
      handlers.add(handler);
    },
    onCrash: (handler) => {
      crashHandlers.add(handler);
      return () => crashHandlers.delete(handler);
    },
    onSuspend: () => () => {},
    leave: async () => {
      counts.leaves += 1;
      return world.stdoutFailure ?? null;
    },
  };
  world.onStart?.(
    (signal) => {
      for (const handler of handlers) handler(signal);
    },
    (error) => {
      for (const handler of crashHandlers) handler(error);
    },
  );
  const code = await program.main(argv, host);
  return { code, ...written, ...counts, handlersLeft: crashHandlers.size, transport: scripted, opened };
}
