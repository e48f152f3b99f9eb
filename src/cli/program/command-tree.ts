import { type Command, Help } from 'commander';
import type { CommandEnding } from '../answer/exit-codes.ts';

/** What the help of a command, and its part of the man page, show beside its options. */
export interface CommandGuide {
  readonly examples: readonly string[];
  /** Every ending that the command can have. */
  readonly endings: readonly CommandEnding[];
}

export interface CommandNode {
  /** The words that lead to it: `wait`; `config list`. */
  readonly path: string;
  readonly command: Command;
}

const help = new Help();

/** Every command below this one that help shows, parents before their children. */
export function listCommands(parent: Command, above = ''): readonly CommandNode[] {
  return help.visibleCommands(parent).flatMap((command) => {
    const path = `${above} ${command.name()}`.trimStart();
    return [{ path, command }, ...listCommands(command, path)];
  });
}

/** The options of a command as help shows them, `--help` included. */
export const listOptions = (command: Command) => help.visibleOptions(command);

/** `--name <value>` has one that must follow, `--name` none. */
export const takesValue = ({ required, optional }: { readonly required: boolean; readonly optional: boolean }) =>
  required || optional;
