import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountAt, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { canaryEnv, finds, secrets } from '../support/canaries.ts';
import { makeCertificate } from '../support/certificate.ts';
import { close, RawServer, reply, tunnelTo } from '../support/raw-server.ts';
import { token } from '../support/run-cli.ts';
import { faultReply, nvpReply, statusReply } from '../support/scripted-transport.ts';
import { root, runCli, scratch } from '../support/spawn-cli.ts';

// The program is bundled in parts, of which the trace is one.

const recorded = (folder: string) => readFileSync(join(root, 'fixtures', folder, 'reply.http'));
const used = recorded('soap/soap11-used');
const receipt = recorded('nvp/recorded-view-receipt');

/** stdout without what differs from run to run. */
const timeless = (stdout: string) => stdout.replace(/"(?:startedAt|elapsedMs)": .*/g, '');

test('the second ask finds its connection again, and stdout is what it is without a trace', async () => {
  const startServer = () =>
    startAsmxServer({
      status: [statusReply('NEW'), fixtureReply('soap/soap11-used')],
      receipt: [fixtureReply('nvp/recorded-view-receipt')],
    });
  const argv = ['wait', token, '--interval', '1s', '--json', '-q'];
  const [traced, plain] = await Promise.all(
    [['--debug'], []].map(async (flags) => runCli([...argv, ...flags], { env: (await startServer()).env })),
  );
  expect(traced).toMatchObject({ code: 3 });
  expect(traced?.stderr).toMatch(/^\+0\.\d{3}s #1 {3}connecting to 127\.0\.0\.1:\d+$/m);
  expect(traced?.stderr).toMatch(/^\+0\.\d{3}s #1 {3}connected to 127\.0\.0\.1:\d+ in \d+ ms$/m);
  expect(traced?.stderr).toMatch(/^\+[12]\.\d{3}s #2 {3}reusing a connection$/m);
  expect(traced?.stderr).toMatch(/^\+\S+ check 2: USED: .* → read the receipt$/m);
  expect(traced?.stderr).toMatch(/^\+\S+ #3 {5}transactionStatus = "D"$/m);
  expect(plain).toMatchObject({ code: 3 });
  // Both on a port of their own, which no document names.
  expect(timeless(traced?.stdout ?? '')).toBe(timeless(plain?.stdout ?? ''));
});

test('a kept connection that the server closed is told', async () => {
  const answer = reply(statusReply('NEW').body, 'Content-Type: text/xml\r\n');
  const server = await RawServer.start([[answer], [close], [used], [receipt]]);
  const env = accountAt(`http://127.0.0.1:${server.port}`);
  const { code, stderr } = await runCli(['wait', token, '--interval', '1s', '--debug'], { env });
  expect(code).toBe(3);
  expect(stderr).toMatch(/#2 {3}reusing a connection\n.*#2 {3}the server had closed the connection; .*\n/);
  expect(stderr).toMatch(/#2 {3}connected to /);
});

test('TLS through a proxy is told with the facts of the service, and without the password', async () => {
  const tls = makeCertificate({ lastYear: 2047 });
  const server = await RawServer.start([[used]], { tls });
  const proxy = await RawServer.start([[tunnelTo(server.port)]]);
  const caFile = join(scratch, 'debug-ca.pem');
  writeFileSync(caFile, tls.cert);
  const url = proxy.url.replace('://', '://user:pass-canary@');
  const env = accountAt(`https://127.0.0.1:${server.port}`);
  const { code, stdout, stderr } = await runCli(
    ['status', token, '--debug', '-q', '--ca-file', caFile, '--proxy', url, '--field', 'status'],
    { env },
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'USED\n' });
  expect(stderr).toContain(`  caFile = ${caFile}, from --ca-file\n`);
  expect(stderr).toContain(`proxy for https: http://***@127.0.0.1:${proxy.port}\n`);
  expect(stderr).toContain(`#1   connecting to 127.0.0.1:${server.port} through the proxy\n`);
  expect(stderr).toMatch(/#1 {3}connected to .*, TLSv1\.3 TLS_\w+, certificate of raw-server until 2047-01-01\n/);
  expect(stderr).not.toContain('canary');
});

test('what a service echoes of headers and bodies is masked', async () => {
  const server = await startAsmxServer({
    status: [({ body }) => faultReply('Client', body.replace(/<[^>]*>/g, ' '))],
    receipt: [
      ({ headers, body }) => {
        const answer = nvpReply(
          `errorCode=500&errorMessage=No: ${headers['authorization']} ${decodeURIComponent(body)}`,
        );
        return { ...answer, headers: { ...answer.headers, server: `${headers['authorization']}` } };
      },
    ],
  });
  const { INSTAMED_SECURITY_KEY, INSTAMED_NVP_PASSWORD } = canaryEnv;
  const env = { ...server.env, INSTAMED_SECURITY_KEY, INSTAMED_NVP_PASSWORD };
  // The alias and the key are words of a log-in, and the fault repeats them.
  for (const [command, expected] of [
    ['status', 4],
    ['receipt', 5],
  ] as const) {
    const { code, stderr } = await runCli([command, token, '--debug', '-q'], { env });
    expect(code).toBe(expected);
    expect(stderr).toMatch(/^\+.* (?:faultstring|errorMessage) = ".*\*\*\*/m);
    for (const secret of Object.values(secrets)) expect(finds(stderr, secret)).toBe(false);
  }
  expect(server.requests).toHaveLength(2);
});
