/** The word that the given one is most likely a slip of, or null where none is near. */
export function nearest(given: string, words: readonly string[]): string | null {
  // Long texts are no slips, and comparing them would take time.
  if (given.length > 60) return null;
  const measured = words.map((word) => ({ word, distance: editDistance(given.toLowerCase(), word.toLowerCase()) }));
  const best = measured.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
}

/** How many characters have to be put in, taken out or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
