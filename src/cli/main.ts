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
  try {
    return await answerCommandLine(session, () => answer);
  } finally {
    removeStopHandler();
    await host.leave();
  }
}

async function answerCommandLine(session: Session, given: () => Answer | null): Promise<number> {
  const { argv, host, vault } = session;
  let answer: Answer | null;
  try {
    const program = buildProgram(session, version);
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return exitCodeOf('usage-error');
    }
    await program.parseAsync(argv, { from: 'user' });
    answer = given();
  } catch (error) {
    // Help and version come as errors, too.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const name = argv[0] && /^[a-z]+$/.test(argv[0]) ? argv[0] : null;
    answer = { document: documentOfError(error, name), format: guessFormat(argv) };
  }
  if (!answer) return 0;
  await printDocument(answer.document, answer.format, host, vault);
  return answer.document.exitCode;
}

function documentOfError(error: unknown, command: string | null): Document {
  if (error instanceof InstaMedError) return toDocument(command, endingOfError(error));
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

/** commander's text is "error: unknown option '--x'", perhaps with "(Did you mean --y?)" on a second line. */
function usageErrorOf({ message }: CommanderError, command: string | null): InstaMedError {
  const [first = '', ...others] = message.replace(/^error: /, '').split('\n');
  const sentence = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.?$/, '.');
  const suggestion = others.join(' ').replace(/^\(|\)$/g, '');
  const see = `See: instamed-poll ${command ? `${command} ` : ''}--help`;
  return usageError(sentence, suggestion ? `${suggestion} ${see}` : see);
}
