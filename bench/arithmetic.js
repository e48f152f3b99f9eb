/** The value that a share of the values does not exceed; of two neighbours the mean, as a median has it. @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  if (values.length === 0) throw new RangeError('There is no quantile of no values.');
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/**
 * How many times as long the contender took. Each of its runs is compared with the bare run beside it alone, so that a
 * machine that grows slower in the meantime slows both.
 * @param {readonly { readonly bareMs: number, readonly contenderMs: number }[]} pairs
 */
export const medianRatio = (pairs) => median(pairs.map(({ bareMs, contenderMs }) => contenderMs / bareMs));

/**
 * How late the asks of each token were, in milliseconds: after the one before it and the interval. Early ones are below zero.
 * @param {readonly (readonly number[])[]} arrivalsOfTokens for each token, when it was asked for, in order
 * @param {number} intervalMs
 */
export function lateAfterPrevious(arrivalsOfTokens, intervalMs) {
  return arrivalsOfTokens.flatMap((arrivals) =>
    arrivals.slice(1).map((arrival, index) => arrival - (arrivals[index] ?? Number.NaN) - intervalMs),
  );
}

/**
 * How late the asks were against a schedule that spreads all tokens evenly over each interval, from the first ask on.
 * Whichever token comes next counts as the one that was due.
 * @param {readonly (readonly number[])[]} arrivalsOfTokens
 * @param {number} intervalMs
 */
export function lateOnSchedule(arrivalsOfTokens, intervalMs) {
  const arrivals = Float64Array.from(arrivalsOfTokens.flat()).sort();
  const spacingMs = intervalMs / arrivalsOfTokens.length;
  const start = arrivals[0] ?? 0;
  return Array.from(arrivals, (arrival, index) => arrival - start - index * spacingMs);
}

/** The three numbers that a spread is told by. @param {readonly number[]} values */
export function summarize(values) {
  if (values.length === 0) return null;
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}
