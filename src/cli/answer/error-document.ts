import { CommanderError } from 'commander';
import { InstaMedError, usageError } from '../../domain/errors.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { withoutUrls } from '../input/token-words.ts';
import type { Session } from '../runtime/session.ts';
import { type Document, endingOfError, toDocument } from './document.ts';

/** The document of whatever a command threw. What its sentences quote of the command line is no secret any more. */
export function documentOfError(error: unknown, { argv, redactor, stoppedBy }: Session): Document {
  // A key such as securityKeyCommand is as long as a token.
  if (argv[0] !== 'config') redactor.addTokens(tokensAmong(argv));
  const command = argv[0] && /^[a-z]+$/.test(argv[0]) ? argv[0] : null;
  if (error instanceof CommanderError || (error instanceof InstaMedError && error.category === 'usage')) {
    const told = error instanceof InstaMedError ? error : usageErrorOf(error, command, argv);
    const message = withoutUrls(told.message, argv);
    const safe = new InstaMedError(told.category, told.code, message, told);
    return toDocument(command, endingOfError(withoutTyped(safe, argv, redactor), stoppedBy()));
  }
  if (error instanceof InstaMedError) {
    return toDocument(command, endingOfError(withoutTyped(error, argv, redactor), stoppedBy()));
  }
  const message = `A bug in instamed-poll: ${error instanceof Error ? `${error.name}: ${redactor.redact(error.message)}` : redactor.redact(String(error))}`;
  const part = {
    code: 'INTERNAL',
    category: 'internal',
    message,
    hint: 'If a payment was under way, ask for its status and receipt before you charge again. Please report this.',
    retryable: false,
    reference: null,
    next: null,
  } as const;
  return toDocument(command, { outcome: 'internal-error', summary: message, error: part });
}

/** The error without the tokens and secrets that were typed in a wrong place: its sentences may quote them. */
function withoutTyped(error: InstaMedError, argv: readonly string[], redactor: Redactor): InstaMedError {
  if (error.category !== 'usage') return error;
  const clean = (text: string) =>
    argv.flatMap(piecesOf).reduce((shown, word) => hideQuoted(shown, word, redactor), text);
  const hint = error.hint === null ? null : clean(error.hint);
  return new InstaMedError('usage', error.code, clean(error.message), { ...error, hint });
}

/** A word as it was typed, and the value of a flag. */
const piecesOf = (word: string) => [word, word.replace(/^--?[\w-]+=/, '')];

/** A word of our own sentences may be a password as well; in quotation marks it is what was typed. */
function hideQuoted(text: string, word: string, redactor: Redactor): string {
  const shown = redactor.redact(word);
  if (shown === word) return text;
  if (redactor.shortenToken(word) !== word) return text.replaceAll(word, shown);
  return text.replaceAll(`"${word}"`, `"${shown}"`).replaceAll(`'${word}'`, `'${shown}'`);
}

/** Words that may be a token in the wrong place: whatever an error quotes, they are not shown on stderr. */
function tokensAmong(argv: readonly string[]): string[] {
  return argv
    .flatMap((word) => [
      word.replace(/^--?[\w-]+=/, ''),
      ...(URL.canParse(word) ? new URL(word).searchParams.values() : []),
    ])
    .filter((word) => /^[A-Za-z0-9+=_-]{16,512}$/.test(word) && !word.startsWith('-'));
}

/** commander's text is "error: unknown option '--x'", perhaps with "(Did you mean --y?)" on a second line. */
function usageErrorOf(
  { code, message }: CommanderError,
  command: string | null,
  argv: readonly string[],
): InstaMedError {
  // Its help has been printed already.
  if (code === 'commander.help') return usageError(`After "${command}" one more word is needed.`);
  const [first = '', ...others] = message.replace(/^error: /, '').split('\n');
  // What follows an unknown option may be a secret, and so may whatever was given to config.
  const quotes = command === 'config' ? first.replace(/(argument) '.*' (is invalid)/, '$1 $2') : first;
  const told = quotes.replace(/'(--?[\w-]+)=.*'/, "'$1'");
  const sentence = told.charAt(0).toUpperCase() + told.slice(1).replace(/\.?$/, '.');
  const suggestion = others.join(' ').replace(/^\(|\)$/g, '');
  const isUnknown = code === 'commander.unknownCommand' && first.includes(`'${argv[0]}'`);
  const see = `See: instamed-poll ${command && !isUnknown ? `${command} ` : ''}--help`;
  const isToken = isUnknown && tokensAmong(argv.slice(0, 1)).length > 0;
  const isSplit = code === 'commander.excessArguments' && ['status', 'receipt'].includes(command ?? '');
  const split = 'Was the token split by a blank? Give it as one word.';
  const help = isToken ? 'To wait for a token: instamed-poll wait TOKEN.' : isSplit ? split : suggestion;
  return usageError(sentence, help ? `${help} ${see}` : see);
}
