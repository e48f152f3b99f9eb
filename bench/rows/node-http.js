import { environment, inCheckout } from '../programs.js';
import { ratioLine } from '../ratio-row.js';
import { withServer } from '../start-server.js';

/** @type {import('../row.js').Row} */
export const nodeHttpRow = {
  name: 'node-http',
  group: 'peers',
  about: 'the same call by a bare script over node:http',
  measure: (bench) =>
    withServer(0, async ({ url }) => {
      const argv = [inCheckout('bench/peers/node-http.js')];
      const contender = { file: process.execPath, argv, env: environment(bench.folder, url), prints: /NEW/ };
      return [ratioLine('the same call, a bare script over node:http', contender, bench)];
    }),
};
