import { Command } from 'commander';
import { codesOfEndings } from '../answer/exit-codes.ts';
import { type CommandEntry, type CommandGuide, guides, registry } from '../commands/registry.ts';
import { foldWords } from '../output/fold-words.ts';
import type { Session } from '../session.ts';
import { listCommands } from './command-tree.ts';

/** The whole command line. */
export async function buildProgram(session: Session, version: string): Promise<Command> {
  return createProgram(session, version, await Promise.all(registry.map((entry) => loadCommand(entry, session))));
}

/**
 * The program as far as a command line needs it: the command that it begins with, the list of them for the help alone, and
 * otherwise, as for a typo, all of it.
 */
export async function partOfProgram(argv: readonly string[], session: Session, version: string): Promise<Command> {
  const [first = ''] = argv;
  const entry = registry.find(({ name }) => name === first);
  // These two speak of the others.
  const needsAll = !entry || ['completion', 'help'].includes(first);
  if (!needsAll) return createProgram(session, version, [await loadCommand(entry, session)]);
  if (argv.length === 1 && ['-h', '--help'].includes(first)) {
    return createProgram(session, version, registry.map(listedCommand));
  }
  return buildProgram(session, version);
}

const loadCommand = async ({ load, summary }: CommandEntry, session: Session) =>
  (await load())(session).summary(summary);

/** A command that can be shown in the list, and nothing else. */
function listedCommand({ name, usage, summary }: CommandEntry): Command {
  const command = new Command(name).summary(summary);
  const words = usage.split(' ').filter((word) => word !== '');
  if (words.includes('[options]')) command.option('--any');
  for (const word of words.filter((each) => each !== '[options]')) command.argument(word);
  return command;
}

/**
 * The program with these commands. Nothing of it exits or prints by itself: errors are thrown, help goes to the host's streams.
 */
function createProgram(session: Session, version: string, commands: readonly Command[]): Command {
  const program = harden(new Command('instamed-poll'), session)
    .description('Waits for an InstaMed payment to complete, reads its receipt, and reports the outcome.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nTry it without an account:  instamed-poll demo\nWhat the exit codes mean:   instamed-poll help exit-codes',
    )
    .hook('preAction', async (_program, command) => {
      if (command.opts()['debug']) await session.startTrace();
    });
  for (const command of commands) program.addCommand(harden(command, session));
  for (const { path, command } of listCommands(program)) {
    const guide = guides.get(path);
    if (guide) command.addHelpText('after', () => renderGuide(guide));
  }
  return program;
}

/** commander does not hand these on to a command that is attached, so every one goes through here. */
function harden(command: Command, session: Session): Command {
  const { host } = session;
  for (const child of command.commands) harden(child as Command, session);
  return command
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => host.stdout.write(foldWords(text, host.stdout.columns)),
      writeErr: (text) => host.stderr.write(foldWords(text, host.stderr.columns)),
      // The error is thrown as well, and told in one place.
      outputError: () => {},
      getOutHelpWidth: () => host.stdout.columns || 100,
      getErrHelpWidth: () => host.stderr.columns || 100,
    });
}

/** The end of a command's help. */
function renderGuide({ examples, endings }: CommandGuide): string {
  const title = examples.length === 1 ? 'Example:' : 'Examples:';
  const codes = codesOfEndings(endings).map(([code, names]) => `${String(code).padStart(5)}  ${names}`);
  return [
    '',
    title,
    ...examples.map((line) => `  ${line}`),
    '',
    'Exit codes (instamed-poll help exit-codes says more):',
    ...codes,
  ].join('\n');
}
