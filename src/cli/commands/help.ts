import { Argument, Command } from 'commander';
import { suggestNearest } from '../input/nearest.ts';
import { helpTopics } from '../program/help-topics.ts';
import type { CommandSession, CommandSpec } from './session.ts';

/** `help`, with the topics that belong to no command. A command's own name shows that command's help. */
export function helpCommand(): CommandSpec {
  const command = new Command('help')
    .description(`Shows help for a command, or on a topic: ${Object.keys(helpTopics).join(', ')}.`)
    .addArgument(new Argument('[topic]', 'a command or a topic'));
  return { command, run };
}

function run(command: Command, { screen }: CommandSession): null {
  const [name] = command.args;
  const program = command.parent as Command;
  const topic = name !== undefined && Object.hasOwn(helpTopics, name) ? helpTopics[name] : undefined;
  const found = name === undefined ? program : program.commands.find((known) => known.name() === name);
  if (topic) screen.page(topic());
  else if (found) found.outputHelp();
  else {
    const topics = Object.keys(helpTopics);
    const known = [...program.commands.map((each) => each.name()), ...topics];
    command.error(
      `error: there is no help on '${name}'; the topics are ${topics.join(', ')}, and every command has help${suggestNearest(name ?? '', known)}`,
      { code: 'commander.unknownTopic' },
    );
  }
  return null;
}
