import { Command } from 'commander';
import { codesOfEndings } from './answer/exit-codes.ts';
import { type CommandEntry, guides, registry } from './commands/registry.ts';
import type { CommandSpec, RunCommand } from './commands/session.ts';
import type { Screen } from './output/screen.ts';
import { type CommandGuide, listCommands } from './program/command-tree.ts';

/** What the program needs to print its help and to run its commands. */
export interface ProgramHooks {
  readonly screen: Pick<Screen, 'page' | 'notice'>;
  readonly columns: (stream: 'stdout' | 'stderr') => number;
  readonly run: (command: Command, run: RunCommand) => Promise<void>;
}

/** The whole command line. */
export async function buildProgram(version: string, hooks: ProgramHooks): Promise<Command> {
  return createProgram(version, hooks, await Promise.all(registry.map((entry) => loadCommand(entry, hooks))));
}

/**
 * The program as far as a command line needs it: the command that it begins with, the list of them for the help alone, and
 * otherwise, as for a typo, all of it.
 */
export async function partOfProgram(argv: readonly string[], version: string, hooks: ProgramHooks): Promise<Command> {
  const [first = ''] = argv;
  const entry = registry.find(({ name }) => name === first);
  // These two speak of the others.
  const needsAll = !entry || ['completion', 'help'].includes(first);
  if (!needsAll) return createProgram(version, hooks, [await loadCommand(entry, hooks)]);
  if (argv.length === 1 && ['-h', '--help'].includes(first)) {
    return createProgram(version, hooks, registry.map(listedCommand));
  }
  return buildProgram(version, hooks);
}

async function loadCommand({ load, summary }: CommandEntry, hooks: ProgramHooks): Promise<Command> {
  return attach((await load())(), hooks).summary(summary);
}

/** The command with its subcommands, each of which runs what it does. */
function attach({ command, run, subcommands = [] }: CommandSpec, hooks: ProgramHooks): Command {
  for (const subcommand of subcommands) command.addCommand(attach(subcommand, hooks));
  return run ? command.action(() => hooks.run(command, run)) : command;
}

/** A command that can be shown in the list, and nothing else. */
function listedCommand({ name, usage, summary }: CommandEntry): Command {
  const command = new Command(name).summary(summary);
  const words = usage.split(' ').filter((word) => word !== '');
  if (words.includes('[options]')) command.option('--any');
  for (const word of words.filter((each) => each !== '[options]')) command.argument(word);
  return command;
}

/**
 * The program with these commands. Nothing of it exits or prints by itself: errors are thrown, help goes to the screen.
 */
function createProgram(version: string, hooks: ProgramHooks, commands: readonly Command[]): Command {
  const program = harden(new Command('instamed-poll'), hooks)
    .description('Waits for an InstaMed payment to complete, reads its receipt, and reports the outcome.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nTry it without an account:  instamed-poll demo\nWhat the exit codes mean:   instamed-poll help exit-codes',
    );
  for (const command of commands) program.addCommand(harden(command, hooks));
  for (const { path, command } of listCommands(program)) {
    const guide = guides.get(path);
    if (guide) command.addHelpText('after', () => renderGuide(guide));
  }
  return program;
}

/** commander does not hand these on to a command that is attached, so every one goes through here. */
function harden(command: Command, hooks: ProgramHooks): Command {
  const { screen, columns } = hooks;
  for (const child of command.commands) harden(child as Command, hooks);
  return command
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => screen.page(text),
      writeErr: (text) => screen.notice(text),
      // The error is thrown as well, and told in one place.
      outputError: () => {},
      getOutHelpWidth: () => columns('stdout') || 100,
      getErrHelpWidth: () => columns('stderr') || 100,
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
