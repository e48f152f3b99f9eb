import { Command } from 'commander';
import { commandGuides, renderGuide } from './command-guides.ts';
import { listCommands } from './command-tree.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { helpCommand } from './commands/help.ts';
import { receiptCommand } from './commands/receipt.ts';
import { schemaCommand } from './commands/schema.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { waitCommand } from './commands/wait.ts';
import type { Session } from './session.ts';

/** The commands in the order in which help lists them. */
const commands: Readonly<Record<string, (session: Session) => Command>> = {
  wait: waitCommand,
  status: statusCommand,
  receipt: receiptCommand,
  decode: decodeCommand,
  demo: demoCommand,
  simulate: simulateCommand,
  doctor: doctorCommand,
  config: configCommand,
  schema: schemaCommand,
  completion: completionCommand,
  help: helpCommand,
};

const allNames = Object.keys(commands);

/** These speak of the other commands. */
const needAll = ['completion', 'help'];

/**
 * The commands that a command line needs. To make them all takes longer than to run one, so where it begins with the name
 * of one, that is all; the list in the help, and what is near to a slip, need every one.
 */
function namesFor(argv: readonly string[]): readonly string[] {
  const [first = ''] = argv;
  return allNames.includes(first) && !needAll.includes(first) ? [first] : allNames;
}

/**
 * The program with the commands that `argv` needs, or with every one. Nothing of it exits or prints by itself: errors are
 * thrown, help goes to the host.
 */
export function buildProgram(session: Session, version: string, argv: readonly string[] = []): Command {
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
  for (const name of namesFor(argv)) {
    const command = commands[name]?.(session);
    if (command) program.addCommand(harden(command, session));
  }
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
