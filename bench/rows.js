import { curlRow } from './rows/curl.js';
import { helpRow } from './rows/help.js';
import { nodeHttpRow } from './rows/node-http.js';
import { nodeSoapRow } from './rows/node-soap.js';
import { phpRow } from './rows/php.js';
import { statusRow } from './rows/status.js';
import { tokenRows } from './rows/tokens.js';
import { versionRow } from './rows/version.js';
import { waitRealRow } from './rows/wait-real.js';
import { waitSimulatedRow } from './rows/wait-simulated.js';
import { waitTerminalRow } from './rows/wait-terminal.js';

/** @type {readonly import('./row.js').Row[]} in the order of the table */
export const rows = [
  ...[versionRow, helpRow, statusRow],
  ...[nodeHttpRow, nodeSoapRow, phpRow, curlRow],
  ...[waitSimulatedRow, waitRealRow, waitTerminalRow],
  ...tokenRows,
];

/**
 * The rows by their own names or those of their groups; all of them for no name.
 * @param {readonly string[]} names
 * @throws RangeError a name that is none
 */
export function chooseRows(names) {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name || row.group === name));
  if (unknown.length > 0) throw new RangeError(`There is no row or group named ${unknown.join(', ')}; try --help.`);
  return names.length === 0 ? rows : rows.filter(({ name, group }) => names.includes(name) || names.includes(group));
}
