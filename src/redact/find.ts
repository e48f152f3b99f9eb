/** A part of a text, from its first character to the one behind its last. */
export type Range = readonly [start: number, end: number];

/** Finds any of a set of words in a text. */
export interface Finder {
  /** Every place where one begins, in no order; words may overlap. */
  placesIn(text: string): Iterable<Range>;
}

/** Fewer are looked for one by one, which is fastest. */
const few = 64;

/** So many characters of a word of a large set are looked up at each place of a text. */
const indexed = 8;

export function createFinder(words: ReadonlySet<string>): Finder {
  const all = [...words].filter((word) => word !== '');
  const long = all.length <= few ? [] : all.filter(({ length }) => length >= indexed);
  const single = long.length === 0 ? all : all.filter(({ length }) => length < indexed);
  const starts = new Set(long.map((word) => word.slice(0, indexed)));
  const lengths = [...new Set(long.map(({ length }) => length))];
  const known = new Set(long);

  function* placesOf(word: string, text: string): Generator<Range> {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) yield [at, at + word.length];
  }

  function* wordsAt(at: number, text: string): Generator<Range> {
    if (!starts.has(text.slice(at, at + indexed))) return;
    for (const length of lengths) if (known.has(text.slice(at, at + length))) yield [at, at + length];
  }

  function* placesIn(text: string): Generator<Range> {
    for (const word of single) yield* placesOf(word, text);
    if (starts.size === 0) return;
    for (let at = 0; at + indexed <= text.length; at++) yield* wordsAt(at, text);
  }

  return { placesIn };
}
