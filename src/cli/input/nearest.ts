import leven, { closestMatch } from 'leven';

/** The name that a word is most likely a typo of, or null where none is near. */
export function nearest(word: string, names: readonly string[]): string | null {
  const same = names.find((name) => name.toLowerCase() === word.toLowerCase());
  if (same !== undefined) return same;
  const name = closestMatch(word, names, { maxDistance: 3 });
  // Two letters in the wrong order count as two, so a short word may differ in more than 0.4 of its letters.
  const isNear = name !== undefined && leven(word, name) <= Math.ceil(0.4 * Math.max(word.length, name.length));
  return isNear ? name : null;
}

/** The same as a line for the end of a message; nothing where no name is near. */
export function suggestNearest(word: string, names: readonly string[]): string {
  const name = nearest(word, names);
  return name === null ? '' : `\n(Did you mean ${name}?)`;
}
