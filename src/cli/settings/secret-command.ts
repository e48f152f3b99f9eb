import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { trimBlanks } from '../../base/ascii.ts';
import { formatDuration } from '../../domain/duration.ts';
import { InstaMedError, usageError } from '../../domain/errors.ts';
import { shorten, visible } from '../../redact/visible.ts';
import { decodeInput } from '../input/decode-input.ts';
import type { Host } from '../runtime/host.ts';
import { refuseNodeDebug } from '../runtime/node-debug.ts';
import type { Session } from '../runtime/session.ts';
import { isNamed } from './check-setting.ts';
import { learnSecrets } from './secrets.ts';
import type { SettingKey } from './settings.ts';

export interface SecretCommand {
  /** The key that it stands under in the profile, for messages. */
  readonly key: string;
  readonly argv: readonly string[];
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/** No secret is longer, and a program that prints without end must not fill the memory. */
const mostBytes = 65_536;

/** How long a program that has ended may leave its output open, as one does that has started a helper of its own. */
const lingerMs = 250;

/**
 * The secret that a program prints on its first line. No shell reads the words, and stdin, which may be meant for us, is
 * kept from the program. What it prints is known to the redactor before anybody else.
 *
 * @throws InstaMedError `usage`, or `aborted`
 */
export async function readSecretFrom(command: SecretCommand, session: Session): Promise<string> {
  const { redactor, signal } = session;
  const { key, argv, timeoutMs = 10_000 } = command;
  const name = `${key} (${argv[0]})`;
  refuseNodeDebug(`what ${key} prints`, ['child_process', 'stream'], session.host.env);
  const ended = await runProgram(argv, timeoutMs, session);
  // For the error below: what could not be read may still be a part of the secret.
  learnSecrets(session, ...ended.stdout.toString('utf8').split(/\r?\n/).slice(0, 1));
  const secret = ended.how === 0 ? firstLine(ended.stdout, `the output of ${name}`) : '';
  learnSecrets(session, secret);
  const said = shorten(visible(redactor.redact(trimBlanks(ended.stderr))), 300);
  const hint = said ? `It said: ${said}` : `Run it by hand to see why: ${argv[0]}`;
  if (signal.aborted) throw new InstaMedError('aborted', 'ABORTED', `Stopped while ${name} was running.`);
  if (ended.how === 'ENOENT') {
    throw commandError(`${name} was not found.`, 'Check the PATH, or give the program with its folder.');
  }
  if (ended.how === 'timeout') throw commandError(`${name} did not end within ${formatDuration(timeoutMs)}.`, hint);
  if (/^SIG/.test(String(ended.how))) throw commandError(`${name} was ended by ${ended.how}.`, hint);
  if (typeof ended.how === 'string') throw commandError(`${name} could not be run (${ended.how}).`, hint);
  if (ended.how !== 0) throw commandError(`${name} ended with code ${ended.how}.`, hint);
  if (secret === '') throw commandError(`${name} printed nothing on its first line.`, hint);
  if (isNamed(secret, key.replace(/Command$/, '') as SettingKey)) {
    throw commandError(`${name} printed a line of NAME=value.`, 'Have it print the value alone.');
  }
  return secret;
}

const firstLine = (bytes: Buffer, name: string) => decodeInput(bytes, name).split(/\r?\n/)[0] ?? '';

const commandError = (message: string, hint: string) => usageError(message, hint, 'SECRET_COMMAND');

type Program = ChildProcessByStdio<null, Readable, Readable>;

interface Ended {
  /** Its exit code; or the signal that ended it, `timeout`, or what kept it from starting. */
  readonly how: number | string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function runProgram(argv: readonly string[], timeoutMs: number, { host, signal }: Session): Promise<Ended> {
  const child = await start(argv, host);
  if (typeof child === 'string') return { how: child, stdout: Buffer.alloc(0), stderr: '' };
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const joined = (chunks: readonly Buffer[]) => Buffer.concat(chunks).subarray(0, mostBytes);
    const end = (how: Ended['how']) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      // What it may have started keeps neither us nor our pipes.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ how, stdout: joined(stdout), stderr: joined(stderr).toString('utf8') });
    };
    const stop = () => {
      child.kill();
      end('stopped');
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end('timeout');
    }, timeoutMs);
    collect(child.stdout, stdout);
    collect(child.stderr, stderr);
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    child.once('exit', (code, killedBy) => {
      const how = code ?? killedBy ?? 'lost';
      child.once('close', () => end(how));
      setTimeout(() => end(how), lingerMs).unref();
    });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
}

/** The program, or what kept it from starting; some reasons are told later, by an event. */
async function start([file = '', ...words]: readonly string[], { env }: Host): Promise<Program | string> {
  const { spawn } = await import('node:child_process');
  try {
    return spawn(file, words, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function collect(stream: Readable, chunks: Buffer[]): void {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    // The rest is read and thrown away, so that the program does not wait for a reader.
    if (bytes < mostBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
}
