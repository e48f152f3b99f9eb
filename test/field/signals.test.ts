import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { listenForStop, wasHangupIgnored } from '../../src/cli/runtime/signals.ts';
import { atEndOfFile } from '../support/clean-up.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { cli, isWindows, Spawned } from '../support/spawn-cli.ts';

const answer = (status: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>${status}</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></s:Body></s:Envelope>`;

/** A service that answers a status check when it is told to, and hears of each. */
async function startService() {
  const waiting: ((status: string) => void)[] = [];
  let hear = () => {};
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      waiting.push((status) => response.setHeader('content-type', 'text/xml').end(answer(status)));
      hear();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOfFile(() => server.close().closeAllConnections());
  const { port } = server.address() as { port: number };
  return {
    env: { ...accountEnv, INSTAMED_STATUS_URL: `http://127.0.0.1:${port}/` },
    asked: () => (waiting.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => (hear = resolve))),
    answer: (status: string) => {
      for (const reply of waiting.splice(0)) reply(status);
    },
  };
}

describe.skipIf(isWindows)('a hangup while the program waits', () => {
  const wait = '"$NODE" "$CLI" wait "$TOKEN" --no-receipt --interval 1s';
  // The shell tells which process it is, and its own end is the program's.
  const ignored: [string, string][] = [
    ['nohup, in a shell that tells what it starts', `nohup ${wait} & echo "pid=$!" >&2; wait $!`],
    ['a shell that ignores it, as one under nohup does', `trap '' HUP; ${wait} & echo "pid=$!" >&2; wait $!`],
  ];
  const obeyed: [string, string][] = [['a plain shell', `${wait} & echo "pid=$!" >&2; wait $!`]];

  async function hangUp(script: string) {
    const service = await startService();
    const env = { ...service.env, NODE: process.execPath, CLI: cli, TOKEN: token };
    const program = new Spawned('bash', ['-c', script], { env });
    await Promise.all([program.saw('stderr', /pid=\d+\n/), service.asked()]);
    process.kill(Number(/pid=(\d+)/.exec(program.stderr)?.[1]), 'SIGHUP');
    // By the time of the next check the signal has done what it does.
    service.answer('NEW');
    await Promise.race([program.exited, service.asked()]);
    service.answer('USED');
    return program.exited;
  }

  test.skipIf(process.platform !== 'linux').each(ignored)(
    'is ignored where it was at the start: %s',
    async (_name, script) => {
      const { code, stdout } = await hangUp(script);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('\nstatus\tUSED\n') });
    },
  );

  test.each(obeyed)('ends it otherwise: %s', async (_name, script) => {
    expect((await hangUp(script)).code).toBe(129);
  });
});

describe('whether a hangup was ignored at the start is told by', () => {
  test.each([
    ['nothing', { startedAs: undefined, ignoredByParent: null }, false],
    ['a shell that started nohup', { startedAs: '/usr/bin/nohup', ignoredByParent: null }, true],
    ['a shell that started the program', { startedAs: '/usr/bin/node', ignoredByParent: 0n }, false],
    ['a parent that ignores it', { startedAs: undefined, ignoredByParent: 0b1n }, true],
    // As system(3) does while it waits: its children do not.
    ['a parent that ignores Ctrl-C alone', { startedAs: undefined, ignoredByParent: 0b110n }, false],
  ])('%s', (_name, signs, isIgnored) => {
    expect(wasHangupIgnored(signs)).toBe(isIgnored);
  });
});

test('an ignored signal is no first one: the next stop signal ends in good order', () => {
  const listeners = new Map<string, () => void>();
  const heard: string[] = [];
  listenForStop(
    { on: (signal, listener) => listeners.set(signal, listener) },
    {
      now: () => heard.length * 1_000,
      first: (signal) => heard.push(`first ${signal}`),
      second: () => heard.push('second'),
    },
    ['SIGHUP'],
  );
  for (const signal of ['SIGHUP', 'SIGHUP', 'SIGINT', 'SIGHUP']) listeners.get(signal)?.();
  expect(heard).toEqual(['first SIGINT']);
});
