import { shorten, visible } from '../../redact/visible.ts';
import type { Document, ErrorPart } from '../answer/document.ts';
import { sentenceOf, soundsLikeVerdict, withoutSignal, wordsOf } from './plain-words.ts';

/**
 * What went wrong, for the person: what happened, what to try, what was seen, and the command to run next. Sentences go
 * through `fold`; the command does not, so that it can be copied whole.
 */
export function renderTrouble(
  document: Document,
  tokens: readonly string[],
  fold = asItIs,
  headline = (shown: Document) => fold(`instamed-poll: ${oneLine(shown.summary, 600)}`),
): string {
  const lines = [headline(document), ...sayReasons(document).map(fold), ...sayNext(document, tokens)];
  return lines.map((line) => `${line}\n`).join('');
}

/** The document, or row, for a person at a terminal, without the words of programmers. */
export function forTheDesk<T extends Pick<Document, 'summary' | 'error'>>(shown: T): T {
  const { error } = shown;
  if (!error) return shown;
  const message = sentenceOf(error.code, error.message);
  const summary = shown.summary === error.message ? message : withoutSignal(shown.summary);
  return { ...shown, summary, error: { ...error, message } };
}

/** The same where the results have been shown already: what to try, and the command to run next. */
export function renderAdvice(document: Document, tokens: readonly string[], fold = asItIs): string {
  return [...sayHint(document).map(fold), ...sayNext(document, tokens)].map((line) => `${line}\n`).join('');
}

const asItIs = (line: string) => line;

function sayReasons(document: Document): readonly string[] {
  const { summary, error, seen } = document;
  if (!error) return [];
  const lines: string[] = [];
  if (error.message !== summary) lines.push(`Because: ${oneLine(error.message, 400)}`);
  if (error.reference && ![summary, ...lines].join(' ').includes(error.reference))
    lines.push(`Reference: ${oneLine(error.reference, 60)}`);
  lines.push(...sayHint(document));
  if (seen && Object.keys(seen).length > 0) lines.push(`Seen: ${sayTally(seen)}.`);
  return keepWords(document, lines);
}

const sayHint = ({ error }: Document): string[] =>
  (error?.hint ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => oneLine(line, 400));

const seeJson = "To see the service's own words, add --json.";

/** Where money may have moved, no quoted word may sound like a verdict on it. The summary is ours: it may count approvals. */
function keepWords({ outcome }: Document, lines: readonly string[]): readonly string[] {
  const kept = outcome === 'receipt-unread' ? lines.filter((line) => !soundsLikeVerdict(line)) : lines;
  return kept.length === lines.length ? kept : [...kept, seeJson];
}

/** The same for the lines of a pipe, whose names stay. */
export function withoutVerdicts<T extends Pick<Document, 'outcome' | 'error' | 'seen'>>(shown: T): T {
  if (shown.outcome !== 'receipt-unread') return shown;
  const { error, seen } = shown;
  return { ...shown, ...(error && { error: quietError(error) }), ...(seen && { seen: quietTally(seen) }) };
}

const quiet = (text: string) => (soundsLikeVerdict(text) ? seeJson : text);

function quietError(error: ErrorPart): ErrorPart {
  const { code, message, hint, reference } = error;
  return {
    ...error,
    code: quiet(code),
    message: quiet(message),
    hint: hint && quiet(hint),
    reference: reference && quiet(reference),
  };
}

/** Texts that are the same without their words are counted together. */
function quietTally(seen: Readonly<Record<string, number>>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [label, times] of Object.entries(seen)) {
    counts.set(quiet(label), (counts.get(quiet(label)) ?? 0) + times);
  }
  return Object.fromEntries(counts);
}

const sayNext = ({ error, outcome }: Document, tokens: readonly string[]): string[] =>
  error?.next && outcome !== 'usage-error' ? [`Next: ${sayCommand(error.next, tokens)}`] : [];

function sayTally(seen: Readonly<Record<string, number>>): string {
  return Object.entries(seen)
    .map(([label, times]) => `${oneLine(wordsOf(label), 80)} ${times}`)
    .join(', ');
}

/**
 * A command that can be copied as it stands. These tokens in it are shortened already, as they may not be shown on stderr, so
 * the command is to read them.
 */
export function sayCommand(argv: readonly string[], tokens: readonly string[]): string {
  const readsStdin = argv.some((word, i) => word === '-' && argv[i - 1] === '--secrets-from');
  const hidden = readsStdin ? [] : argv.filter((word) => tokens.includes(word));
  const words = argv.filter((word) => !hidden.includes(word));
  const first = argv.findIndex((word) => hidden.includes(word));
  if (first >= 0 && !words.includes('-')) words.splice(first, 0, '-');
  const command = words.map(quote).join(' ');
  if (hidden.length === 0) return command;
  const how = hidden.length === 1 ? `then paste the token ${hidden[0]}` : 'then paste the tokens, one per line';
  return `${command}   (${how})`;
}

const quote = (word: string) => (/^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const oneLine = (text: string, limit: number) => visible(shorten(text, limit));
