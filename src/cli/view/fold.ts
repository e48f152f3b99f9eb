import wrapAnsi from 'wrap-ansi';
import { narrowest } from './fold-words.ts';

/** Lines of at most `width` columns, broken at blanks; an ID that is longer is broken anywhere rather than cut. */
export function fold(text: string, width: number): string {
  return wrapAnsi(text, width, { hard: true });
}

/** What `width` columns have room for of a text on one line. */
export function firstColumns(text: string, width: number): string {
  return wrapAnsi(text, width, { hard: true, wordWrap: false, trim: false }).split('\n')[0] ?? '';
}

/** The same for a sentence: its further lines are indented, so that no quoted text can pass for a line of ours. */
export function foldSentence(text: string, width: number): string {
  const indent = width < narrowest ? '' : '  ';
  return fold(text, width - indent.length).replaceAll('\n', `\n${indent}`);
}
