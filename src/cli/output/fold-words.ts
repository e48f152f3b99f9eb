/** Below this, an indent costs more than it gives. */
export const narrowest = 20;

/**
 * Our own plain words in lines of at most `columns`, broken at blanks: further lines stand below the second column of a
 * list, or are indented. Help is printed at once, so that no library is loaded for it. A command is left whole, so that it
 * can be copied, and so is a word that is longer than a line.
 */
export function foldWords(text: string, columns: number): string {
  if (columns < narrowest) return text;
  return text
    .split('\n')
    .map((line) => foldLine(line, columns))
    .join('\n');
}

function foldLine(line: string, columns: number): string {
  if (line.length <= columns || /^\s*instamed-poll /.test(line)) return line;
  const indent = ' '.repeat(furtherIndent(line, columns));
  const folded: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const cut = findBlank(rest, columns);
    if (cut < 0) break;
    folded.push(rest.slice(0, cut).trimEnd());
    rest = indent + rest.slice(cut).trimStart();
  }
  return [...folded, rest].join('\n');
}

/** The last blank that the line has room for; the next one behind a word that is too long. */
function findBlank(line: string, columns: number): number {
  const cut = line.lastIndexOf(' ', columns);
  return line.slice(0, Math.max(cut, 0)).trim() === '' ? line.indexOf(' ', columns) : cut;
}

function furtherIndent(line: string, columns: number): number {
  const [own = ''] = /^ */.exec(line) ?? [];
  const [column = ''] = /^ *\S.*? {2,}(?=\S)/.exec(line) ?? [];
  if (column !== '' && column.length <= columns / 2) return column.length;
  return own === '' ? 0 : own.length + 2;
}
