import { inCheckout, useOf } from '../programs.js';
import { withServer } from '../start-server.js';
import { cpuLine, wordsOfWait } from '../waiting.js';

/** Fifteen minutes in fifteen seconds. */
const speed = '60';

/** @type {import('../row.js').Row} */
export const waitSimulatedRow = {
  name: 'wait-simulated',
  group: 'wait',
  about: `the CPU of 15 minutes of waiting, on a clock that runs ${speed} times as fast`,
  measure: (bench) =>
    withServer(0, async (server) => {
      const words = [inCheckout('test/support/hostile/sped-up.js'), ...wordsOfWait];
      const what = '`wait`, 15 simulated minutes, 91 asks';
      const line = await cpuLine(what, bench, 900_000, server, async (env, exitCode) => {
        const used = await useOf({ words, env: { ...env, TEST_SPEED: speed }, folder: bench.folder, exitCode });
        return used.cpuMs;
      });
      return [line];
    }),
};
