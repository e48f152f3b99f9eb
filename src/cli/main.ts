import { CommanderError } from 'commander';
import { InstaMedError, usageError } from '../domain/errors.ts';
import type { StopSignal } from '../domain/outcome.ts';
import { type Document, endingOfError, toDocument } from './document.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Host } from './host.ts';
import { guessFormat } from './options.ts';
import { printDocument } from './print.ts';
import { buildProgram } from './program.ts';
import type { Answer, Session } from './session.ts';
import { Vault } from './vault.ts';
import { version } from './version.ts';

export { systemHost } from './host.ts';

/**
 * Runs one command line, without the words for Node and the script, and returns the exit code. This is the only place
 * that catches everything.
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const stop = new AbortController();
  let stoppedBy: StopSignal | null = null;
  let answer: Answer | null = null;
  const removeStopHandler = host.onStop((signal) => {
    stoppedBy = signal;
    stop.abort();
  });
  const session: Session = {
    host,
    vault: new Vault(),
    argv,
    signal: stop.signal,
    stoppedBy: () => stoppedBy,
    answer: (given) => {
      answer = given;
    },
  };
  const code = await answerCommandLine(session, () => answer);
  removeStopHandler();
  const failure = await host.leave();
  if (failure === null) return code;
  host.stderr.write(`instamed-poll: The answer could not be written to stdout (${failure}).\n`);
  return exitCodeOf('internal-error');
}

async function answerCommandLine(session: Session, given: () => Answer | null): Promise<number> {
  const { argv } = session;
  try {
    const program = buildProgram(session, version);
    if (argv.every((word) => word === '--')) {
      program.outputHelp({ error: true });
      return exitCodeOf('usage-error');
    }
    await program.parseAsync(argv, { from: 'user' });
    const answer = given();
    return answer ? await print(answer, session) : 0;
  } catch (error) {
    // Help and version come as errors, too.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // A key such as securityKeyCommand is as long as a token.
    for (const token of argv[0] === 'config' ? [] : tokensAmong(argv)) session.vault.addToken(token);
    const name = argv[0] && /^[a-z]+$/.test(argv[0]) ? argv[0] : null;
    return print({ document: documentOfError(error, name, session), format: guessFormat(argv) }, session);
  }
}

async function print({ document, format }: Answer, { host, vault }: Session): Promise<number> {
  await printDocument(document, format, host, vault);
  return document.exitCode;
}

function documentOfError(error: unknown, command: string | null, session: Session): Document {
  if (error instanceof InstaMedError) return toDocument(command, endingOfError(error, session.stoppedBy()));
  if (error instanceof CommanderError) {
    return toDocument(command, endingOfError(usageErrorOf(error, command)));
  }
  const message = `A bug in instamed-poll: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  const part = {
    code: 'INTERNAL',
    category: 'internal',
    message,
    hint: 'If a payment was under way, ask for its status and receipt before you charge again. Please report this.',
    retryable: false,
    reference: null,
    next: null,
  } as const;
  return toDocument(command, { outcome: 'internal-error', summary: message, error: part });
}

/** Words that may be a token in the wrong place: whatever an error quotes, they are not shown on stderr. */
function tokensAmong(argv: readonly string[]): string[] {
  return argv
    .flatMap((word) => [
      word.replace(/^--?[\w-]+=/, ''),
      ...(URL.canParse(word) ? new URL(word).searchParams.values() : []),
    ])
    .filter((word) => /^[A-Za-z0-9+=_-]{16,512}$/.test(word) && !word.startsWith('-'));
}

/** commander's text is "error: unknown option '--x'", perhaps with "(Did you mean --y?)" on a second line. */
function usageErrorOf({ code, message }: CommanderError, command: string | null): InstaMedError {
  // Its help has been printed already.
  if (code === 'commander.help') return usageError(`After "${command}" one more word is needed.`);
  const [first = '', ...others] = message.replace(/^error: /, '').split('\n');
  // What follows an unknown option may be a secret, and so may whatever was given to config.
  const quotes = command === 'config' ? first.replace(/(argument) '.*' (is invalid)/, '$1 $2') : first;
  const told = quotes.replace(/'(--?[\w-]+)=.*'/, "'$1'");
  const sentence = told.charAt(0).toUpperCase() + told.slice(1).replace(/\.?$/, '.');
  const suggestion = others.join(' ').replace(/^\(|\)$/g, '');
  const see = `See: instamed-poll ${command ? `${command} ` : ''}--help`;
  return usageError(sentence, suggestion ? `${suggestion} ${see}` : see);
}
