/** Blanks as XML and HTTP know them. Unlike `trim`, which also takes no-break and other look-alike blanks away. */
export function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && blanks.includes(text[start] as string)) start++;
  while (end > start && blanks.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

// A pattern that looks for blanks at the end takes the square of their number where they stand inside.
const blanks = ' \t\r\n';

/** Lower case of A to Z alone: `toLowerCase` turns a Kelvin sign into a plain k. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
