import type { Argument, Command, Option } from 'commander';
import { profileKeys } from '../../settings/settings.ts';
import { listCommands, listOptions, takesValue } from '../command-tree.ts';
import { helpTopics } from '../help-topics.ts';

/** What can stand in one place: one of these words, a file, or something that nobody can guess. */
export type Candidates = readonly string[] | 'files' | null;

export interface CompletedOption {
  /** `-o` and `--output`, or one of them. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly value: Candidates;
}

export interface CompletedCommand {
  /** The words that lead to it; none for the program itself. */
  readonly path: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Its subcommands, or what its argument can be. */
  readonly operand: Candidates;
  readonly hasSubcommands: boolean;
}

/**
 * Everything that can be completed: what each shell's script is made from. The program comes first.
 *
 * Two libraries were tried in real shells. @bomb.sh/tab 0.0.22 never completes a file, and its bash script fails without
 * the package bash-completion and when it is read twice. Both start the program at every Tab, and both run a `$(…)` that
 * somebody has only typed so far: that one in bash, @pnpm/tabtab 0.5.4 in fish.
 */
export function completedCommands(program: Command, profiles: readonly string[]): readonly CompletedCommand[] {
  const nodes = listCommands(program);
  const candidatesOf = candidatesAmong(program, profiles);
  return [{ path: '', command: program }, ...nodes].map(({ path, command }) => {
    const children = nodes.filter((node) => node.command.parent === command).map((node) => node.command.name());
    const [argument] = command.registeredArguments;
    return {
      path,
      summary: command.summary() || command.description(),
      options: listOptions(command).map((option) => ({
        names: [option.short, option.long].filter((name) => name !== undefined),
        description: option.description,
        takesValue: takesValue(option),
        value: candidatesOf(option),
      })),
      operand: children.length > 0 ? children : argument ? candidatesOf(argument) : null,
      hasSubcommands: children.length > 0,
    };
  });
}

/** Choices are known to commander; of the rest, what an option or an argument calls its value says what it takes. */
function candidatesAmong(program: Command, profiles: readonly string[]): (target: Argument | Option) => Candidates {
  const named: Readonly<Record<string, Candidates>> = {
    file: 'files',
    key: profileKeys,
    topic: [...program.commands.map((command) => command.name()), ...Object.keys(helpTopics)],
    // Shells expand what they are given, and a profile can have any name.
    'profile name': profiles.filter((name) => /^[\w.@-]+$/.test(name)),
  };
  return (target) => {
    if (target.argChoices) return target.argChoices;
    const isOption = 'flags' in target;
    const value = isOption ? (/<(.+)>/.exec(target.flags)?.[1] ?? '') : target.name();
    if (value === '-' || value.includes('|')) return value.split('|');
    return named[isOption && target.long === '--profile' ? 'profile name' : value] ?? null;
  };
}
