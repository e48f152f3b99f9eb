import type { Command } from 'commander';
import { usageError } from '../../domain/errors.ts';
import { isUrl } from './pasted-token.ts';

/** An option as people type it: `--exit-status`, `--interval=5s`, `-q`, `-qojson`. */
const option = /^(?:--[a-z][A-Za-z-]{0,30}(?:=.*)?|-[a-z]{1,15}|-[a-z]{1,2}=.*)$/s;

/** Shorter ones cannot be told from a slip in an option. */
const looksLikeToken = (word: string) => /^-[^\s=]{7,}=*$/.test(word) && !option.test(word);

/**
 * Nothing, where no word is a token that begins with a hyphen. commander would take its letters for options: a help that
 * was not asked for, with exit code 0, or an error that shows all of it.
 *
 * @throws InstaMedError `usage`, without the word
 */
export function refuseHyphenToken(argv: readonly string[], program: Command): void {
  const [name = ''] = argv;
  // A setting may have any value, and the words of a command that prints a secret are not tokens.
  if (name === 'config') return;
  const command = program.commands.find((each) => each.name() === name);
  const options = command?.options.filter(({ required }) => required) ?? [];
  const takesValue = (word = '') => options.some(({ long, short }) => word === long || word === short);
  const end = argv.indexOf('--');
  const words = argv.slice(0, end < 0 ? argv.length : end);
  if (!words.some((word, i) => looksLikeToken(word) && !takesValue(words[i - 1]))) return;
  throw usageError(
    'A word that begins with a hyphen looks like a token, but would be read as an option.',
    `Put -- before it: instamed-poll ${command ? name : 'wait'} -- TOKEN`,
    'HYPHEN_TOKEN',
  );
}

/** The text without the URLs among these words: one that was pasted in a wrong place may hold a name. */
export function withoutUrls(text: string, argv: readonly string[]): string {
  const urls = argv.filter((word) => isUrl(word) && /[?#]|token=/i.test(word));
  return urls.reduce((rest, url) => rest.replaceAll(url, '(a URL)'), text);
}
