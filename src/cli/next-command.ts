import { flagName, type SettingSpec, settingSpecs } from './settings.ts';

/**
 * The same command line once more, with the token in place of `-` or of the URL that carried it. Without `--debug`, which
 * changes nothing on stdout, not even this.
 */
export function sameCommand(argv: readonly string[], argument: string, token: string): string[] {
  const words = argv.filter((word) => word !== '--debug');
  return ['instamed-poll', ...words.map((word) => (word === argument ? token : word))];
}

/** The command that reads the receipt, with the same connection. */
export function receiptCommandLine(token: string, flags: Readonly<Record<string, unknown>>): string[] {
  const words = ['instamed-poll', 'receipt', token];
  const connection: readonly SettingSpec[] = settingSpecs;
  for (const { key, flag } of connection) {
    const value = flags[key];
    if (flag && typeof value === 'string') words.push(flagName(flag), value);
  }
  if (typeof flags['profile'] === 'string') words.push('--profile', flags['profile']);
  if (typeof flags['secretsFrom'] === 'string') words.push('--secrets-from', flags['secretsFrom']);
  return words;
}
