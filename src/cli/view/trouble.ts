import { shorten, visible } from '../../domain/text.ts';
import type { Document } from '../document.ts';
import { soundsLikeVerdict } from './progress-text.ts';

/**
 * What went wrong, for the person: what happened, what to try, what was seen, and the command to run next. Sentences go
 * through `fold`; the command does not, so that it can be copied whole.
 */
export function renderTrouble(document: Document, fold = (line: string) => line): string {
  const { error, outcome } = document;
  const lines = outcome === 'receipt-unread' ? withoutVerdicts(sentences(document)) : sentences(document);
  const command = error?.next && outcome !== 'usage-error' ? [`Next: ${sayNext(error.next, document)}`] : [];
  return [...lines.map(fold), ...command].map((line) => `${line}\n`).join('');
}

/** Of many tokens the command would hold those that may not be shown, and each row has told its own. */
function sayNext(argv: readonly string[], { counts, outcome, token }: Document): string {
  if (!counts) return sayCommand(argv, token);
  const isCut = outcome === 'interrupted' || outcome === 'timed-out';
  return isCut ? 'the same command again; what has settled is told at once.' : "the commands in the tokens' rows.";
}

function sentences({ summary, error, seen }: Document): string[] {
  const lines = [`instamed-poll: ${oneLine(summary, 600)}`];
  if (!error) return lines;
  if (error.message !== summary) lines.push(`Because: ${oneLine(error.message, 400)}`);
  if (error.reference && !lines.join(' ').includes(error.reference))
    lines.push(`Reference: ${oneLine(error.reference, 60)}`);
  if (error.hint) lines.push(...error.hint.split('\n').map((line) => oneLine(line, 400)));
  if (seen && Object.keys(seen).length > 0) lines.push(`Seen: ${sayTally(seen)}.`);
  return lines;
}

/** Where money may have moved, no quoted word may sound like a verdict on it. The first line is our own. */
function withoutVerdicts([first = '', ...others]: readonly string[]): string[] {
  const kept = others.filter((line) => !soundsLikeVerdict(line));
  if (kept.length === others.length) return [first, ...kept];
  return [first, ...kept, "The service's own words are in the JSON document (--json)."];
}

function sayTally(seen: Readonly<Record<string, number>>): string {
  return Object.entries(seen)
    .map(([label, times]) => `${oneLine(label, 80)} ${times}`)
    .join(', ');
}

/**
 * A command that can be copied as it stands. The document's token is shortened already, as it may not be shown on stderr,
 * so it is to be pasted when the command asks for it.
 */
export function sayCommand(argv: readonly string[], token: string | undefined): string {
  const readsStdin = argv.some((word, i) => word === '-' && argv[i - 1] === '--secrets-from');
  const command = argv.map((word) => (word === token && !readsStdin ? '-' : quote(word))).join(' ');
  return token === undefined || readsStdin ? command : `${command}   (then paste the token ${token})`;
}

const quote = (word: string) => (/^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const oneLine = (text: string, limit: number) => visible(shorten(text, limit));
