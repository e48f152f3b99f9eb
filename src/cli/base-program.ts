import { Command } from 'commander';
import { commandGuides, renderGuide } from './command-guides.ts';
import { listCommands } from './command-tree.ts';
import type { Session } from './session.ts';

/**
 * The program with these commands. Nothing of it exits or prints by itself: errors are thrown, help goes to the host.
 */
export function createProgram(session: Session, version: string, commands: readonly Command[]): Command {
  const program = harden(new Command('instamed-poll'), session)
    .description('Waits for an InstaMed payment to settle, reads its receipt and says what became of the money.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
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
    const guide = commandGuides[path];
    if (guide) command.addHelpText('after', () => renderGuide(guide));
  }
  return program;
}

/** commander does not hand these on to a command that is attached, so every one goes through here. */
function harden(command: Command, session: Session): Command {
  const { host } = session;
  for (const child of command.commands) harden(child as Command, session);
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      // The error is thrown as well, and told in one place.
      outputError: () => {},
      getOutHelpWidth: () => host.stdout.columns || 100,
      getErrHelpWidth: () => host.stderr.columns || 100,
    });
}
