import { environment } from '../programs.js';
import { ratioLine } from '../ratio-row.js';

/** @type {import('../row.js').Row} */
export const helpRow = {
  name: 'help',
  group: 'start',
  about: 'instamed-poll --help',
  async measure(bench) {
    const argv = [bench.program, '--help'];
    const contender = { file: process.execPath, argv, env: environment(bench.folder), prints: /Usage/ };
    return [ratioLine('`--help`', contender, bench, 1.8)];
  },
};
