import { environment } from '../programs.js';
import { ratioLine } from '../ratio-row.js';

/** @type {import('../row.js').Row} */
export const versionRow = {
  name: 'version',
  group: 'start',
  about: 'instamed-poll --version',
  async measure(bench) {
    const argv = [bench.program, '--version'];
    const contender = { file: process.execPath, argv, env: environment(bench.folder), prints: /^\d+\.\d+/ };
    return [ratioLine('`--version`', contender, bench, 1.5)];
  },
};
