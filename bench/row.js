/**
 * @typedef {object} Bench what a row may use
 * @property {number} pairs
 * @property {boolean} isQuick
 * @property {boolean} mayInstall
 * @property {string} program what is started as instamed-poll
 * @property {string} folder for files; it is gone afterwards
 */

/**
 * @typedef {object} Line of the table
 * @property {string} what
 * @property {string} measured
 * @property {string} [goal]
 * @property {boolean} [isMet]
 */

/**
 * @typedef {object} Row what can be asked for by its name, or by that of its group
 * @property {string} name
 * @property {'start' | 'peers' | 'wait' | 'tokens'} group
 * @property {string} about
 * @property {(bench: Bench) => Promise<readonly Line[]>} measure
 */

/**
 * A line that has a goal: a most that is allowed.
 * @param {string} what
 * @param {number} value
 * @param {{ readonly most: number, readonly show: (value: number) => string }} goal
 * @param {string} [more] what else was seen
 * @returns {Line}
 */
export function judgedLine(what, value, { most, show }, more = '') {
  return { what, measured: show(value) + more, goal: `≤ ${show(most)}`, isMet: value <= most };
}
