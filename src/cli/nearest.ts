import { Command } from 'commander';

/**
 * "(Did you mean x?)" on a line of its own, where a word is close to one of these names; else nothing. commander keeps its
 * measure to itself, so it is asked as it asks itself: the names are commands of a program that is never run.
 */
export function suggestNearest(word: string, names: readonly string[]): string {
  const same = names.find((name) => name.toLowerCase() === word.toLowerCase());
  if (same !== undefined) return `\n(Did you mean ${same}?)`;
  const probe = new Command()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false);
  for (const name of names) probe.command(name);
  try {
    probe.parse(['--', word], { from: 'user' });
  } catch (error) {
    const [, suggestion] = (error as Error).message.split('\n');
    if (suggestion) return `\n${suggestion}`;
  }
  return '';
}
