import { Command } from 'commander';

/**
 * The name that a word is most likely a slip of, or null where none is near. commander keeps its measure to itself, so it is
 * asked as it asks itself: the names are commands of a program that is never run.
 */
export function nearest(word: string, names: readonly string[]): string | null {
  const same = names.find((name) => name.toLowerCase() === word.toLowerCase());
  if (same !== undefined) return same;
  const probe = new Command()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false);
  for (const name of names) probe.command(name);
  try {
    probe.parse(['--', word], { from: 'user' });
  } catch (error) {
    return /Did you mean (?:one of )?([^,?]+)/.exec((error as Error).message)?.[1] ?? null;
  }
  return null;
}

/** The same as a line for the end of a message; nothing where no name is near. */
export function suggestNearest(word: string, names: readonly string[]): string {
  const name = nearest(word, names);
  return name === null ? '' : `\n(Did you mean ${name}?)`;
}
