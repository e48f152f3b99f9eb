import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemProbe } from '../../src/cli/runtime/system-probe.ts';
import { explainFailure } from '../../src/remote/failures.ts';
import { limits, requestTo, troubleOf } from '../support/account.ts';
import { RawServer, reply } from '../support/raw-server.ts';
import { literalEnv, root } from '../support/spawn-cli.ts';
import { openTransport } from '../support/transport-world.ts';

// Node gives each address but the last 250 ms, less than one lost packet takes.
test.runIf(process.platform === 'linux')(
  'a host with two addresses, the first slow and the last dead, is reached',
  async () => {
    const serve =
      'const s = require("node:net").createServer((c) => { c.on("error", () => {}); c.on("data", () => c.end("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")); });' +
      's.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => process.stdout.write(String(s.address().port)));';
    const server = spawn(process.execPath, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'], env: literalEnv() });
    onTestFinished(() => void server.kill('SIGKILL'));
    const [line] = await once(server.stdout, 'data');
    const port = Number(String(line));
    // Its kernel drops the packet of a new connection while nobody accepts those before, and takes the one a second later.
    server.kill('SIGSTOP');
    const fillers: Socket[] = [];
    onTestFinished(() => {
      for (const socket of fillers) socket.destroy();
    });
    for (let isFull = false; !isFull; ) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      fillers.push(socket);
      const isIn = once(socket, 'connect').then(() => true);
      isFull = !(await Promise.race([isIn, new Promise<boolean>((resolve) => setTimeout(resolve, 100, false))]));
    }
    const ask = [
      `const { createTransport } = await import(${JSON.stringify(join(root, 'dist/lib/remote/transport.js'))});`,
      `const signal = new AbortController().signal; const transport = createTransport();`,
      `const request = { url: new URL("http://two.example:${port}/"), headers: {}, body: "x", purpose: "", timeoutMs: 9000, signal };`,
      'process.stdout.write(String((await transport.post(request)).status)); await transport.close();',
    ].join('\n');
    const preload = join(root, 'test/support/two-addresses.cjs');
    // Nor does Node's own option make the time shorter.
    const options = ['--network-family-autoselection-attempt-timeout=20', '--require', preload];
    const client = spawn(process.execPath, [...options, '--input-type=module', '-e', ask], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: literalEnv(),
    });
    let said = '';
    client.stdout.on('data', (text) => {
      said += text;
    });
    await new Promise((resolve) => setTimeout(resolve, 900));
    server.kill('SIGCONT');
    await once(client, 'close');
    expect(said).toBe('200');
  },
  30_000,
);

describe('what this machine is short of', () => {
  test.each([
    ['EMFILE', 'This machine has too many open files', 'ulimit -n'],
    ['ENFILE', 'This machine has too many open files', 'ulimit -n'],
    ['ENOMEM', 'This machine is out of memory', 'memory'],
    ['ENOBUFS', 'This machine is out of memory', 'memory'],
    ['EAI_MEMORY', 'This machine is out of memory', 'memory'],
    ['EADDRNOTAVAIL', 'This machine has no free address or port', '--max-rate'],
  ])('%s is told as that, is no fault of the host, and may pass', (code, says, hint) => {
    for (const phase of ['connecting', 'waiting'] as const) {
      const error = explainFailure(
        Object.assign(new Error(code), { code }),
        requestTo('https://status.example/'),
        phase,
      );
      expect(error).toMatchObject({ category: 'unreachable', code, retryable: true, connecting: false });
      expect(error.message).toContain(says);
      expect(error.hint).toContain(hint);
      expect(error.hint).not.toMatch(/URL|firewall|proxy/);
    }
  });

  test('one of the codes of several addresses is', () => {
    const [code] = ['EMFILE'];
    const attempts = new AggregateError([Object.assign(new Error('connect EMFILE'), { code })]);
    expect(explainFailure(attempts, requestTo('https://status.example/'), 'connecting').code).toBe('EMFILE');
  });
});

describe('a proxy that wants a log-in', () => {
  const answers = async (headers: string, user = '') => {
    const proxy = await RawServer.start(() => [reply('', headers, '407 Proxy Authentication Required')]);
    const url = proxy.url.replace('://', `://${user}`);
    const error = await troubleOf(openTransport({ proxy: { https: url } }).post(requestTo('https://service.example/')));
    const route = { url: new URL('https://service.example/'), proxy: new URL(url) };
    const probed = await troubleOf(systemProbe.tunnel(route, limits));
    expect([probed.code, probed.message, probed.hint]).toEqual([error.code, error.message, error.hint]);
    expect(error).toMatchObject({ category: 'unreachable', code: 'PROXY_407', retryable: false, connecting: true });
    return error;
  };

  test.each([
    ['NTLM', 'Proxy-Authenticate: NTLM\r\n', 'offers NTLM authentication only'],
    [
      'Negotiate and NTLM',
      'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: ntlm\r\n',
      'offers Negotiate and ntlm authentication only',
    ],
    ['both in one line', 'Proxy-Authenticate: Negotiate, NTLM\r\n', 'offers Negotiate and NTLM authentication only'],
    ['Kerberos', 'Proxy-Authenticate: Kerberos\r\n', 'offers Kerberos authentication only'],
    ['Digest', 'Proxy-Authenticate: Digest realm="Basic x", nonce="y"\r\n', 'offers Digest authentication only'],
  ])('by %s alone says so, credentials or not', async (_name, headers, says) => {
    for (const user of ['', 'user:canary@']) {
      const error = await answers(headers, user);
      expect(error.message).toContain(says);
      expect(error.message).toContain('Only Basic is supported');
      expect(`${error.message}${error.hint}`).not.toContain('canary');
    }
  });

  test('by Basic among others wants a user and a password', async () => {
    const headers = 'Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm="x"\r\n';
    expect((await answers(headers)).message).toContain('The proxy wants a user name and a password (407)');
  });

  test('in no words wants a user and a password', async () => {
    expect((await answers('')).message).toContain('The proxy wants a user name and a password (407)');
  });
});
