// The program as its bin starts it, on a clock on which time runs TEST_SPEED times as fast, the limits of requests included.
// At its end it writes to MEMORY_FILE how much memory it took at most, in KiB.
import { readFileSync, writeFileSync } from 'node:fs';

/** @type {typeof import('../../../src/cli/main.ts')} */
const { main, systemHost } = await import(new URL('../../../dist/cli/main.js', import.meta.url).href);
const { TEST_SPEED, MEMORY_FILE, ...env } = process.env;
const speed = Number(TEST_SPEED);
const host = systemHost();
const { clock } = host;

process.on('exit', () => {
  // What Node tells is the memory of whoever started us, if that is more.
  const most = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (MEMORY_FILE && most) writeFileSync(MEMORY_FILE, most);
});

process.exitCode = await main(process.argv.slice(2), {
  ...host,
  env,
  clock: {
    now: () => clock.now() * speed,
    date: () => clock.date(),
    sleep: (ms, signal) => clock.sleep(ms / speed, signal),
    every: (ms, run) => clock.every(ms / speed, run),
  },
  async openTransport(options) {
    const transport = await host.openTransport(options);
    return {
      post: (request) => transport.post({ ...request, timeoutMs: request.timeoutMs / speed }),
      close: () => transport.close(),
    };
  },
});
