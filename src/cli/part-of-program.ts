import { Command } from 'commander';
import { createProgram } from './base-program.ts';
import type { Session } from './session.ts';

// To load and build every command takes longer than to run one, so a command line gets the part of the program that it needs.

type Create = (session: Session) => Command;

/** The commands that stand alone; `completion` and `help` speak of the others. */
const loaders: Readonly<Record<string, () => Promise<Create>>> = {
  wait: async () => (await import('./commands/wait.ts')).waitCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  receipt: async () => (await import('./commands/receipt.ts')).receiptCommand,
  decode: async () => (await import('./commands/decode.ts')).decodeCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand,
};

/** What the list in the help says of the commands. A test holds it against them. */
const listed: readonly (readonly [usage: string, summary: string])[] = [
  ['wait [options] [token...]', 'ask until the token settles, read the receipt and judge it'],
  ['status [options] <token>', 'ask for the status of a token once'],
  ['receipt [options] <token>', 'read the receipt of a used token'],
  ['decode [options] [file]', 'decode a saved NVP reply'],
  ['demo [options] [scenario]', 'show a wait from start to end, with no account'],
  ['simulate [options]', 'serve a local stand-in for InstaMed until stopped'],
  ['doctor [options]', 'check settings, network and services, and say how to mend what fails'],
  ['config', 'read and write profiles'],
  ['schema [options] [document]', 'print the JSON Schema of an output document'],
  ['completion <shell>', 'print completion for a shell'],
  ['help [topic]', 'show help for a command or a topic'],
];

/**
 * The program as far as a command line needs it: the command that it begins with, the list of them for the help alone, and
 * else, as for a slip, the whole.
 */
export async function partOfProgram(argv: readonly string[], session: Session, version: string): Promise<Command> {
  const [first = ''] = argv;
  const load = Object.hasOwn(loaders, first) ? loaders[first] : undefined;
  if (load) return createProgram(session, version, [(await load())(session)]);
  if (argv.length === 1 && ['-h', '--help'].includes(first)) return createProgram(session, version, listedCommands());
  const { buildProgram } = await import('./program.ts');
  return buildProgram(session, version);
}

/** Commands that can be shown in the list, and nothing else. */
const listedCommands = () =>
  listed.map(([usage, summary]) => {
    const [name = '', ...words] = usage.split(' ');
    const command = new Command(name).summary(summary);
    if (words.includes('[options]')) command.option('--any');
    for (const word of words.filter((each) => each !== '[options]')) command.argument(word);
    return command;
  });
