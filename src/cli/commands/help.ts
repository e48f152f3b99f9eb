import { Argument, Command } from 'commander';
import { suggestNearest } from '../input/nearest.ts';
import { foldWords } from '../output/fold-words.ts';
import { helpTopics } from '../program/help-topics.ts';
import type { Session } from '../session.ts';

/** `help`, with the topics that belong to no command. A command's own name shows that command's help. */
export function helpCommand({ host }: Session): Command {
  const command = new Command('help')
    .description(`Shows help for a command, or on a topic: ${Object.keys(helpTopics).join(', ')}.`)
    .addArgument(new Argument('[topic]', 'a command or a topic'));
  return command.action((name: string | undefined) => {
    const program = command.parent as Command;
    const topic = name !== undefined && Object.hasOwn(helpTopics, name) ? helpTopics[name] : undefined;
    if (topic) {
      host.stdout.write(foldWords(topic(), host.stdout.columns));
      return;
    }
    const asked = name === undefined ? program : program.commands.find((known) => known.name() === name);
    if (asked) asked.outputHelp();
    else {
      const topics = Object.keys(helpTopics);
      const known = [...program.commands.map((each) => each.name()), ...topics];
      command.error(
        `error: there is no help on '${name}'; the topics are ${topics.join(', ')}, and every command has help${suggestNearest(name ?? '', known)}`,
        { code: 'commander.unknownTopic' },
      );
    }
  });
}
