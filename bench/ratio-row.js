import { median, medianRatio } from './arithmetic.js';
import { timePairs } from './programs.js';
import { judgedLine } from './row.js';

/** @param {number} ratio */
const showRatio = (ratio) => `${ratio.toFixed(2)} ×`;

/**
 * The line of a whole process against a bare start of Node.
 * @param {string} what
 * @param {import('./programs.js').Contender} contender
 * @param {import('./row.js').Bench} bench
 * @param {number} [most] the goal
 * @returns {import('./row.js').Line}
 */
export function ratioLine(what, contender, { pairs }, most) {
  const runs = timePairs(contender, pairs);
  const ratio = medianRatio(runs);
  const more = ` (${median(runs.map(({ contenderMs }) => contenderMs)).toFixed(0)} ms against ${median(runs.map(({ bareMs }) => bareMs)).toFixed(0)} ms)`;
  if (most === undefined) return { what, measured: showRatio(ratio) + more };
  return judgedLine(what, ratio, { most, show: showRatio }, more);
}
