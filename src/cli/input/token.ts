import { InstaMedError, usageError } from '../../domain/errors.ts';
import { checkToken } from '../../domain/token.ts';
import type { Session } from '../runtime/session.ts';
import { unwrapToken } from './pasted-token.ts';
import { readLines } from './read-input.ts';
import { isStdin } from './stdin.ts';

/**
 * The token in what was given: the token itself, or a pasted URL that carries it.
 *
 * @throws InstaMedError `usage`: it cannot be sent, or only a terminal could have shown it so.
 */
export function parseToken(given: string): string {
  const token = unwrapToken(given);
  if (token === '') throw usageError('The token is empty.', 'Give the SSO token, or - to read it from stdin.');
  // What Node makes of a byte that is not UTF-8.
  if (token.includes('\uFFFD')) throw usageError('The token is not valid UTF-8 text.', 'Paste it again.', 'NOT_UTF8');
  checkToken(token);
  if (token.includes('…')) {
    throw usageError('The token is the shortened form that this program shows.', 'Give it in full, or - to paste it.');
  }
  return token;
}

/**
 * The one token that a command was given, from its argument or, for `-`, from stdin: one a line, blank lines aside.
 *
 * @throws InstaMedError `usage`.
 */
export async function readToken(argument: string, session: Session): Promise<string> {
  if (!isStdin(argument)) return parseToken(argument);
  const given = session.host.stdinIsTTY ? await promptForLines('the token', session) : await readLines(session);
  const lines = given.filter((line) => line.trim() !== '');
  const [line, ...others] = lines;
  if (line === undefined && session.host.stdinIsTTY) throw noToken();
  if (line === undefined) throw usageError('Stdin held no token.', 'Write one token a line to it.');
  const token = parseToken(line);
  if (others.some((other) => parseToken(other) !== token)) {
    throw usageError(`Stdin held ${lines.length} tokens; this takes one.`, 'Run the command once for each.');
  }
  return token;
}

/** What a prompt that was left empty ends with. */
export const noToken = () => usageError('No token was given.', 'Paste the token and press Enter.');

/** The lines that somebody at a terminal pastes, or the one that is typed. */
export async function promptForLines(what: string, session: Session): Promise<string[]> {
  session.prompt(`Paste ${what} and press Enter: `);
  let lines: string[] = [];
  try {
    lines = await readLines(session);
    return lines;
  } catch (error) {
    if (!session.signal.aborted) throw error;
    throw new InstaMedError('aborted', 'ABORTED', 'Stopped before a token was given.');
  } finally {
    // Ctrl-C and Ctrl-D end no line, and what is written next begins one.
    if (lines.length < 2) session.prompt('\n');
  }
}
