import { InstaMedError, usageError } from '../../domain/errors.ts';
import { type Session, unlessStopped } from '../runtime/session.ts';
import { capitalize, decodeChunks } from './decode-input.ts';
import { fileChunks } from './read-input.ts';
import { isStdin } from './stdin.ts';
import { noToken, parseToken, promptForLines } from './token.ts';

/** The tokens that a command was given, each once, in the order in which they came. */
export interface TokenList {
  readonly tokens: readonly string[];
  /** Lines of a file or of stdin that held nothing. */
  readonly blank: number;
  /** How often a token came again. */
  readonly duplicates: number;
  /** The token of each word that was more than the token alone, such as a URL. */
  readonly tokenOf: ReadonlyMap<string, string>;
}

export interface TokenSources {
  /** Tokens, URLs that carry one, or `-` for stdin. */
  readonly words: readonly string[];
  /** A file with one token a line, or `-` for stdin. */
  readonly fromFile: string | undefined;
}

/** Far more than a URL has that carries a token. */
const longestLine = 10_000;

/** Whoever sends more lines than this may never end. */
const mostLines = 1_000_000;

/** As many lines of 64 bytes; a token of InstaMed has 48. */
const mostBytes = 67_108_864;

/**
 * Reads all tokens, a file and stdin as streams. Of a list that is longer than `most` no more is kept; `refuse` is then
 * called with its length.
 *
 * @throws InstaMedError `usage`, with the line that is wrong; `aborted`
 */
export async function readTokenList(
  { words, fromFile }: TokenSources,
  most: number,
  refuse: (count: number) => InstaMedError,
  session: Session,
): Promise<TokenList> {
  const tokens = new Set<string>();
  const tokenOf = new Map<string, string>();
  let [blank, duplicates, others] = [0, 0, 0];
  const add = (token: string) => {
    if (tokens.has(token)) duplicates += 1;
    else if (tokens.size < most) tokens.add(token);
    else others += 1;
  };
  const addLines = async (lines: AsyncIterable<string> | readonly string[], name: string) => {
    let number = 0;
    for await (const line of lines) {
      number += 1;
      if (line.trim() === '') blank += 1;
      else add(parseLine(line, number, name));
      if (number >= mostLines) throw refuseEndless(name, `${mostLines.toLocaleString('en-US')} lines`);
    }
    if (tokens.size === 0) throw usageError(`${capitalize(name)} held no token.`, 'Write one token a line to it.');
  };
  const readLines = (source: string) => {
    const isTyped = isStdin(source) && session.host.stdinIsTTY;
    if (isTyped) session.prompt('Paste the tokens, one a line, and end the list with Ctrl-D:\n');
    const name = isStdin(source) ? 'stdin' : source;
    const lines = linesOf(decodeChunks(readChunks(source, name, session), name), name);
    return unlessStopped(addLines(lines, name), session.signal, 'Stopped while the tokens were being read.');
  };

  for (const word of words) {
    if (!isStdin(word)) {
      const token = parseToken(word);
      if (token !== word) tokenOf.set(word, token);
      add(token);
    } else if (session.host.stdinIsTTY) await addLines(await readPasted(session), 'stdin');
    else await readLines(word);
  }
  if (fromFile !== undefined) await readLines(fromFile);
  if (others > 0) throw refuse(tokens.size + others);
  return { tokens: [...tokens], blank, duplicates, tokenOf };
}

/** The tokens of stdin as they come, without end if need be; a line that holds none is an error in its place. */
export async function* readTokenStream({ host, signal }: Session): AsyncIterable<string | InstaMedError> {
  let number = 0;
  const lines = linesOf(decodeChunks(readableChunks(host.stdinChunks(), 'stdin'), 'stdin'), 'stdin')[
    Symbol.asyncIterator
  ]();
  const stopped = new Promise<{ readonly done: true; readonly value: undefined }>((resolve) => {
    const stop = () => resolve({ done: true, value: undefined });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  for (;;) {
    const { done, value: line } = await Promise.race([lines.next(), stopped]);
    if (done) return;
    number += 1;
    if (line.trim() === '') continue;
    try {
      yield parseLine(line, number, 'stdin');
    } catch (error) {
      if (!(error instanceof InstaMedError)) throw error;
      yield error;
    }
  }
}

/** Without the end of the last line, which is no blank line. */
async function readPasted(session: Session): Promise<string[]> {
  const lines = await promptForLines('the token, or several, one a line,', session);
  if (lines.every((line) => line.trim() === '')) throw noToken();
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

const refuseEndless = (name: string, size: string) =>
  usageError(
    `${capitalize(name)} has ${size} or more, and perhaps no end.`,
    'Is it a list with one token a line? Share a longer one out over several runs.',
  );

async function* readChunks(source: string, name: string, { host, signal }: Session): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of readableChunks(isStdin(source) ? host.stdinChunks() : fileChunks(source, signal), name)) {
    size += chunk.length;
    if (size > mostBytes) throw refuseEndless(name, `${mostBytes / 1_048_576} MiB`);
    yield chunk;
  }
}

async function* readableChunks(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(
      `The token list cannot be read: ${name} (${code ?? message}).`,
      'Give a file with one token a line, or - for stdin.',
    );
  }
}

/** The lines of a text that comes in pieces, without line ends. */
async function* linesOf(chunks: AsyncIterable<string>, name: string): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) yield line.replace(/\r$/, '');
    if (rest.length > longestLine) {
      throw usageError(`A line of ${name} is longer than any token.`, 'Is it a list with one token a line?');
    }
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

/** A token could have these, but none does; a row of a table that was asked for would come out as expired. */
const ofTables = /^#|[",;]/;

function parseLine(line: string, number: number, name: string): string {
  try {
    const token = parseToken(line);
    if (!ofTables.test(token)) return token;
    throw usageError('The line is a comment or a row of a table.', 'Keep only the tokens, one per line.');
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    throw usageError(error.message, `See line ${number} of ${name}. ${error.hint ?? ''}`.trim(), error.code);
  }
}
