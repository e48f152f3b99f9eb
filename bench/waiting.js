import { environment } from './programs.js';
import { judgedLine } from './row.js';

/** A wait that never settles, so it ends at its deadline. */
export const wordsOfWait = ['wait', 'benchToken00000000', '--no-receipt'];
export const timedOut = 124;

const quarterHourMs = 900_000;

/** What a quarter of an hour of waiting may take, over what starting takes. */
const mostCpuMs = 2_000;

/** @param {number} ms */
const showSeconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;

/**
 * The line of what a wait took, over what one takes that ends at its first ask: everything is loaded by then.
 * @param {string} what
 * @param {import('./row.js').Bench} bench
 * @param {number} waitedMs how long the wait was; a shorter one than a quarter of an hour is made one by proportion
 * @param {import('./start-server.js').BenchServer} server
 * @param {(env: Record<string, string>, exitCode: number) => Promise<number>} cpuMsOf runs the wait
 */
export async function cpuLine(what, { folder }, waitedMs, { url, usedUrl }, cpuMsOf) {
  const startMs = await cpuMsOf(environment(folder, usedUrl), 0);
  const waitMs = await cpuMsOf(environment(folder, url), timedOut);
  const cpuMs = Math.max(0, waitMs - startMs);
  const more = ` of CPU over its start (${showSeconds(startMs)})`;
  if (waitedMs === quarterHourMs) return judgedLine(what, cpuMs, { most: mostCpuMs, show: showSeconds }, more);
  const longer = `${more}, ${showSeconds(cpuMs)} of it measured in ${waitedMs / 1_000} s`;
  return judgedLine(what, (cpuMs * quarterHourMs) / waitedMs, { most: mostCpuMs, show: showSeconds }, longer);
}
