import { spawn } from '@lydell/node-pty';
import { notingUsage } from '../programs.js';
import { withServer } from '../start-server.js';
import { cpuLine, wordsOfWait } from '../waiting.js';

/** @type {import('../row.js').Row} */
export const waitTerminalRow = {
  name: 'wait-terminal',
  group: 'wait',
  about: 'the CPU of 2 real minutes of waiting on a terminal, where the spinner turns',
  measure: (bench) =>
    withServer(0, async (server) => {
      const seconds = bench.isQuick ? 20 : 120;
      const words = [bench.program, ...wordsOfWait, '--timeout', `${seconds}s`];
      const what = '`wait` for 15 minutes on a terminal, from real time';
      const line = await cpuLine(what, bench, seconds * 1_000, server, async (env, exitCode) => {
        const noted = notingUsage(words, bench.folder, env);
        const terminal = spawn(process.execPath, noted.argv, { cols: 80, rows: 24, env: noted.env });
        const end = await new Promise((/** @type {(end: { exitCode: number }) => void} */ resolve) => {
          terminal.onExit(resolve);
        });
        if (end.exitCode !== exitCode) throw new Error(`it ended with ${end.exitCode}`);
        return noted.read().cpuMs;
      });
      return [line];
    }),
};
