import { useOf } from '../programs.js';
import { withServer } from '../start-server.js';
import { cpuLine, wordsOfWait } from '../waiting.js';

/** @type {import('../row.js').Row} */
export const waitRealRow = {
  name: 'wait-real',
  group: 'wait',
  about: 'the CPU of 2 real minutes of waiting, into a pipe',
  measure: (bench) =>
    withServer(0, async (server) => {
      const seconds = bench.isQuick ? 20 : 120;
      const words = [bench.program, ...wordsOfWait, '--timeout', `${seconds}s`];
      const what = '`wait` for 15 minutes into a pipe, from real time';
      const line = await cpuLine(what, bench, seconds * 1_000, server, async (env, exitCode) => {
        const used = await useOf({ words, env, folder: bench.folder, exitCode });
        return used.cpuMs;
      });
      return [line];
    }),
};
