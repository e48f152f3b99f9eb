import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./server.js').ServerReport} ServerReport */

/**
 * @typedef {object} BenchServer
 * @property {string} url answers NEW
 * @property {string} usedUrl answers USED
 * @property {(wanted: { intervalMs: number, forMs: number }) => Promise<ServerReport>} report
 */

/**
 * Calls `use` with a server in another process, which ends with it.
 * @template T
 * @param {number} delayMs how long it lets each request wait
 * @param {(server: BenchServer) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withServer(delayMs, use) {
  const file = fileURLToPath(new URL('server.js', import.meta.url));
  const child = fork(file, { env: { DELAY_MS: String(delayMs) } });
  try {
    const [port] = await once(child, 'message');
    const origin = `http://127.0.0.1:${port}`;
    return await use({
      url: `${origin}/SSOService.asmx`,
      usedUrl: `${origin}/used/SSOService.asmx`,
      async report(wanted) {
        child.send(wanted);
        const [report] = await once(child, 'message');
        return report;
      },
    });
  } finally {
    child.kill();
  }
}
