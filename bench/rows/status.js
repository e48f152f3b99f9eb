import { environment } from '../programs.js';
import { ratioLine } from '../ratio-row.js';
import { withServer } from '../start-server.js';

/** @type {import('../row.js').Row} */
export const statusRow = {
  name: 'status',
  group: 'start',
  about: 'instamed-poll status, against a plain-HTTP server on loopback',
  measure: (bench) =>
    withServer(0, async ({ url }) => {
      const argv = [bench.program, 'status', 'benchToken00000000'];
      const contender = { file: process.execPath, argv, env: environment(bench.folder, url), prints: /NEW/ };
      return [ratioLine('`status`, plain HTTP on loopback', contender, bench, 3.2)];
    }),
};
