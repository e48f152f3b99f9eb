/** How much longer the longer text is. Where time grows with the square of the length, reading it takes 64 times as long. */
const times = 8;

/** Above what garbage collection and other noise make of a growth of `times`, and far below its square. */
export const mostGrowth = 24;

/** What takes less than a millisecond is told from noise by nobody. */
const leastMs = 1;

/** A busy machine disturbs some of the rounds. */
const mostRounds = 20;

/**
 * How many times as long it takes to read what is made for `count` as for an eighth of it: the best of some rounds, which end
 * as soon as it is less than `most`.
 */
export async function growthOf<T>(
  make: (count: number) => T,
  read: (given: T) => unknown,
  count: number,
  most = mostGrowth,
): Promise<number> {
  const [short, long] = [make(count / times), make(count)];
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const growth = () => longMs / Math.max(shortMs, leastMs);
  for (let round = 0; round < mostRounds && !(growth() < most); round++) {
    shortMs = Math.min(shortMs, await msOf(() => read(short)));
    longMs = Math.min(longMs, await msOf(() => read(long)));
  }
  return growth();
}

async function msOf(run: () => unknown): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}
