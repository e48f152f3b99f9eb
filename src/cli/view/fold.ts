import wrapAnsi from 'wrap-ansi';

/** Lines of at most `width` columns, broken at blanks; an ID that is longer is broken anywhere rather than cut. */
export function fold(text: string, width: number): string {
  return wrapAnsi(text, width, { hard: true });
}
