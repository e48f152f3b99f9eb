/** How much longer the longer text is. Where time grows with the square of the length, reading it takes sixteen times as long. */
const times = 4;

/** Above what noise does to a growth of `times`, and far below its square. */
export const mostGrowth = 10;

/** A busy machine disturbs some of the rounds. */
const mostRounds = 20;

/** How many times as long it takes to read what is made for `count` as for a quarter of it: the best of some rounds. */
export async function growthOf<T>(
  make: (count: number) => T,
  read: (given: T) => unknown,
  count: number,
): Promise<number> {
  const [short, long] = [make(count / times), make(count)];
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < mostRounds && !(longMs / shortMs < mostGrowth); round++) {
    shortMs = Math.min(shortMs, await msOf(() => read(short)));
    longMs = Math.min(longMs, await msOf(() => read(long)));
  }
  return longMs / shortMs;
}

async function msOf(run: () => unknown): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}
