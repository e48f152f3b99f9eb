import { flagName, type SettingSpec, settingSpecs } from '../settings/settings.ts';

const connection: readonly SettingSpec[] = settingSpecs;
const connectionFlags = connection.flatMap(({ flag }) => (flag ? [flagName(flag)] : []));

/**
 * The same command line once more, with the token in place of `-` or of the URL that carried it. Without `--debug`, which
 * changes nothing on stdout, not even this.
 */
export const sameCommand = (given: readonly string[], argument: string, token: string): string[] =>
  sameCommandLine(given, new Map([[argument, token]]));

/** The same command line once more, but for `--debug`; a pasted URL, which may hold a name, gives way to its token. */
export function sameCommandLine(given: readonly string[], tokenOf: ReadonlyMap<string, string> = new Map()): string[] {
  const argv = given.filter((word) => word !== '--debug');
  // The value of a setting can read like the argument: --alias - is an odd one, but it is one.
  const tokenAt = (i: number) =>
    connectionFlags.includes(argv[i - 1] ?? '') ? undefined : tokenOf.get(argv[i] as string);
  const moved = (i: number) => !argv.includes('--') && (tokenAt(i)?.startsWith('-') ?? false);
  const words = argv.flatMap((word, i) => (moved(i) ? [] : [tokenAt(i) ?? withoutPassword(word)]));
  const last = argv.flatMap((_word, i) => (moved(i) ? [tokenAt(i) as string] : []));
  return ['instamed-poll', ...words, ...(last.length > 0 ? ['--', ...last] : [])];
}

/** A proxy's URL may hold a password: `http://user:***@proxy:8080`. */
const withoutPassword = (word: string) => word.replace(/^((?:--proxy=)?(?:[a-z]+:\/\/)?[^:/?#@\s]*:).*@/i, '$1***@');

type Flags = Readonly<Record<string, unknown>>;

/** A command for one token, with the same connection, the same request and the same rules: `flags` are those that were typed. */
export function commandLineFor(command: 'wait' | 'receipt', token: string, flags: Flags): string[] {
  const words: string[] = [];
  for (const { key, flag } of connection) {
    const value = flags[key];
    if (flag && typeof value === 'string') words.push(flagName(flag), withoutPassword(value));
  }
  if (typeof flags['profile'] === 'string') words.push('--profile', flags['profile']);
  if (typeof flags['secretsFrom'] === 'string') words.push('--secrets-from', flags['secretsFrom']);
  if (flags['requestToken'] === true) words.push('--request-token');
  if (flags['allowPartialPayment'] === true) words.push('--allow-partial-payment');
  if (flags['acceptPartial'] === true) words.push('--accept-partial');
  if (command === 'wait') words.push(...waitWords(flags));
  const start = ['instamed-poll', command];
  return token.startsWith('-') ? [...start, ...words, ...operand(token)] : [...start, token, ...words];
}

function waitWords({ interval, timeout, maxFailures, receipt }: Flags): string[] {
  const values = { '--interval': interval, '--timeout': timeout, '--max-failures': maxFailures };
  const words = Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
  return receipt === false ? [...words, '--no-receipt'] : words;
}

/** A token that starts with a hyphen would be read as an option. */
const operand = (token: string) => ['--', token];
