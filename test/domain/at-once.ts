/** How many characters a test repeats: where time grows with the square of them, they take more than a second. */
export const many = 40_000;

/** What is read at once takes no longer than this, in milliseconds. A reply may be 26 times as long as `many`. */
export const atOnceMs = 250;

/** How long a function takes, in milliseconds. */
export function msOf(run: () => unknown): number {
  const begin = performance.now();
  run();
  return performance.now() - begin;
}
