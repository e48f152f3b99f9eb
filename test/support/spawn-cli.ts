import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEndOfFile, makeFolder } from './clean-up.ts';

/** The checkout, and the program in it as a user starts it. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const cli = join(root, 'bin', 'instamed-poll.js');

/** A folder for the files of tests; it is also the program's home. */
export const scratch = makeFolder();

/** Longer than any run may take, and shorter than the limit of a test, which then says what was printed so far. */
const killAfterMs = 18_000;

/** An interrupt is obeyed within this: the program promises a fiftieth of it, and the rest is for a machine that is busy. */
export const soonMs = 5_000;

/** Windows has neither bash nor these signals nor this kind of terminal. */
export const isWindows = process.platform === 'win32';

const running = new Set<ChildProcess>();

/** Kills a program with everything that it started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    // Each has a process group of its own; Windows has none.
    process.kill(isWindows ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export type Env = Readonly<Record<string, string>>;

/** Everything that a spawned program knows of its surroundings: nothing of the developer's. */
export function literalEnv(extra: Env = {}): Record<string, string> {
  return {
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: scratch,
    TERM: 'xterm-256color',
    TZ: 'UTC',
    ...extra,
  };
}

export interface SpawnOptions {
  readonly env?: Env;
  /** Text for stdin, which is closed after it; a promise stands for text that is written later. Default: none at all. */
  readonly stdin?: string | Promise<string>;
  /** Milliseconds after which it is killed. */
  readonly killAfterMs?: number;
}

/** Stdin that stays open, and to which nobody ever writes. */
export const openStdin = new Promise<string>(() => {});

export interface Exit {
  /** Null where a signal killed it, or we did because it hung. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** When it ended, by `performance.now()`. */
  readonly endedAt: number;
}

/** A program that runs on its own, with pipes for its streams. */
export class Spawned {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  #endedAt = 0;
  #onOutput = () => {};

  constructor(file: string, argv: readonly string[], options: SpawnOptions = {}) {
    const stdio: StdioOptions = [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
    const settings = { cwd: scratch, env: literalEnv(options.env), stdio, detached: !isWindows };
    const child = spawn(file, argv, settings);
    const timer = setTimeout(() => killGroup(child), options.killAfterMs ?? killAfterMs);
    this.child = child;
    running.add(child);
    atEndOfFile(() => running.has(child) && killGroup(child));
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        this.#onOutput();
      });
    }
    // It may end without having read any of it.
    child.stdin?.on('error', () => {});
    if (options.stdin !== undefined) Promise.resolve(options.stdin).then((text) => child.stdin?.end(text));
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        this.#endedAt = performance.now();
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        running.delete(child);
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr, endedAt: this.#endedAt });
      });
    });
  }

  /** Resolves once the stream has carried this. Rejects where the program ends without it. */
  saw(stream: 'stdout' | 'stderr', what: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (what.test(this[stream])) resolve();
      };
      this.#onOutput = look;
      look();
      this.exited.then(() => reject(new Error(`It ended without ${what} on ${stream}:\n${this.stderr}`)), reject);
    });
  }

  /** Sends a signal and gives the end, with the milliseconds that it took. */
  async stop(signal: NodeJS.Signals): Promise<Exit & { readonly afterMs: number }> {
    const sentAt = performance.now();
    this.child.kill(signal);
    const exit = await this.exited;
    return { ...exit, afterMs: exit.endedAt - sentAt };
  }
}

/** Starts the program. */
export const startCli = (argv: readonly string[], options: SpawnOptions = {}): Spawned =>
  new Spawned(process.execPath, [cli, ...argv], options);

/** Runs what `npm start` runs once all is built. */
export const runStart = (argv: readonly string[]): Promise<Exit> =>
  new Spawned(process.execPath, [join(root, 'scripts', 'start.js'), ...argv]).exited;

/** Runs the program to its end. */
export const runCli = (argv: readonly string[], options: SpawnOptions = {}): Promise<Exit> =>
  startCli(argv, options).exited;

/** Runs a bash script in which `instamed-poll` is the program. */
export function runScript(script: string, options: SpawnOptions = {}): Promise<Exit> {
  const prelude = 'instamed-poll() { "$NODE" "$CLI" "$@"; }\n';
  const env = { ...options.env, NODE: process.execPath, CLI: cli };
  return new Spawned('bash', ['-c', prelude + script], { ...options, env }).exited;
}
