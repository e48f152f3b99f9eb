import wrapAnsi from 'wrap-ansi';
import { narrowest } from './fold-words.ts';

/** Lines of at most `width` columns, broken at blanks; an ID that is longer is broken anywhere rather than cut. */
export function fold(text: string, width: number): string {
  return wrapAnsi(text, width, { hard: true });
}

/** Latin letters and the dots of ours take one column each. */
const narrow = /^[ -~\u00a1-\u00ac\u00ae-\u02af\u2026]*$/;

/** What `width` columns have room for of a text on one line, wherever that breaks it. */
export function firstColumns(text: string, width: number): string {
  // A line that is redrawn for fifteen minutes must cost next to nothing.
  if (narrow.test(text)) return text.slice(0, Math.max(0, width));
  // Without blanks it is one word, which is broken in the last column and not before a word.
  const [line = ''] = wrapAnsi(text.replaceAll(' ', '\u00a0'), width, { hard: true, trim: false }).split('\n');
  return text.slice(0, line.length);
}

/** The same for a sentence: its further lines are indented, so that no quoted text can pass for a line of ours. */
export function foldSentence(text: string, width: number): string {
  const indent = width < narrowest ? '' : '  ';
  return fold(text, width - indent.length).replaceAll('\n', `\n${indent}`);
}
