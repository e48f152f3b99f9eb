import { constants, createReadStream, fstatSync, open } from 'node:fs';
import { promisify } from 'node:util';
import { usageError } from '../../domain/errors.ts';
import { type Session, unlessStopped } from '../runtime/session.ts';
import { decodeInput } from './decode-input.ts';
import { isStdin } from './stdin.ts';

/** What a saved reply, a CA file, a profile file or a list of secrets can have at most. */
export const mostInputBytes = 1_048_576;

const stopped = (name: string) => `Stopped while reading from ${name}.`;

/**
 * All bytes of a file, a named pipe, a device, or stdin.
 *
 * @throws InstaMedError `usage`: there are more than `mostBytes`; `aborted`; or else what Node throws.
 */
export async function readBytes(source: string, session: Session, mostBytes = mostInputBytes): Promise<Uint8Array> {
  const name = isStdin(source) ? 'stdin' : source;
  const work = isStdin(source)
    ? session.host.readStdin(mostBytes).catch(refuseStdin)
    : collect(fileChunks(source, session.signal), mostBytes);
  const bytes = await unlessStopped(work, session.signal, stopped(name));
  if (bytes) return bytes;
  throw usageError(
    `${isStdin(source) ? 'Stdin' : source} has more than ${mostBytes.toLocaleString('en-US')} bytes.`,
    'Check that it is the right file. A larger one is not read.',
    'INPUT_TOO_LARGE',
  );
}

function refuseStdin({ code, message }: NodeJS.ErrnoException): never {
  throw usageError(`Stdin cannot be read (${code ?? message}).`, 'Is it open for reading?');
}

/** All lines of stdin, without a byte order mark and without line ends. */
export async function readLines(session: Session): Promise<string[]> {
  return decodeInput(await readBytes('-', session), 'stdin').split(/\r?\n/);
}

/** The bytes, or null where there are more. */
async function collect(chunks: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    // To leave the loop closes the file.
    if (size > mostBytes) return null;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/**
 * The bytes of a file as they come. To open a named pipe, or to read it, would keep a thread of Node's until something is written to
 * it, and the exit of the program with it; so it is opened without waiting, and then watched like a socket.
 */
export async function* fileChunks(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  // Windows has no such flag, and no such pipes among its files.
  const file = await promisify(open)(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = fstatSync(file);
  const stream = stats.isFIFO() ? await openPipe(file) : await openFile(path, file);
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

async function openPipe(file: number) {
  const { Socket } = await import('node:net');
  return new Socket({ fd: file, readable: true, writable: false });
}

async function openFile(path: string, file: number) {
  const { isatty, ReadStream } = await import('node:tty');
  return isatty(file) ? new ReadStream(file) : createReadStream(path, { fd: file });
}
