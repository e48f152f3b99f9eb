import { firstColumns, fold } from '../output/fold.ts';

/** A part of a line that has to fit a terminal. */
export interface Part {
  readonly text: string;
  /** Where there is no room for all, the lightest goes first. */
  readonly weight: number;
  /** What is left of the heaviest where there is little room. */
  readonly short?: string;
}

const separator = ' · ';

/** A shortened part of fewer columns tells nothing. */
const fewest = 6;

/** The parts in their order, as many as `room` columns have room for. */
export function composeLine(parts: readonly Part[], room: number): string {
  const kept = parts.filter(({ text }) => text !== '');
  const lightestFirst = kept.toSorted((a, b) => a.weight - b.weight);
  while (!fits(joinParts(kept), room) && kept.length > 2) {
    kept.splice(kept.indexOf(lightestFirst.shift() as Part), 1);
  }
  if (fits(joinParts(kept), room)) return joinParts(kept);
  const heaviest = lightestFirst.at(-1);
  if (!heaviest) return '';
  const last = heaviest.short ?? heaviest.text;
  const left = room - last.length - separator.length;
  const rest = kept.map((part) => ({
    ...part,
    text: part === heaviest ? last : left < fewest ? '' : cutToFit(part.text, left),
  }));
  return cutToFit(joinParts(rest), room);
}

/** So many lines are redrawn for one failure: the reason tends to stand at the end of its sentence. */
const mostFailureLines = 3;

/** The last failure in its own words, folded; nothing where there is none. */
export function failureLines(failure: string, room: number): string[] {
  if (failure === '') return [];
  const lines = fold(`last failure: ${failure}`, room).split('\n');
  const shown = lines.slice(0, mostFailureLines);
  const rest = lines.slice(mostFailureLines - 1).join(' ');
  return lines.length > mostFailureLines ? [...shown.slice(0, -1), cutToFit(rest, room)] : shown;
}

/** The text, cut so that it takes at most `room` columns. */
export function cutToFit(text: string, room: number): string {
  if (fits(text, room)) return text;
  return room < 2 ? '…'.slice(0, room) : `${firstColumns(text, room - 1)}…`;
}

/** In columns, not in characters: those of some scripts take two. */
const fits = (text: string, room: number) => firstColumns(text, room) === text;

const joinParts = (parts: readonly Part[]) =>
  parts
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(separator);
