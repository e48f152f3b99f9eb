import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemProbe } from '../../../src/cli/runtime/system-probe.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { simulatorSettings } from '../../../src/sim/settings.ts';
import { startSimulator } from '../../../src/sim/simulator.ts';
import { accountAt } from '../../support/asmx-server.ts';
import { type CertificateFacts, makeCertificate } from '../../support/certificate.ts';
import { examine, from } from '../../support/doctor-world.ts';
import { close, RawServer, type RawServerOptions, reply, type Script, tunnelTo } from '../../support/raw-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'instamed-poll-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Recorded: what ASMX answers to a Fault of its own. The texts are ours.
const fault = reply(
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>No such token.</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>',
  'Content-Type: text/xml; charset=utf-8\r\n',
  '500 Internal Server Error',
);
/** What the three requests of the doctor meet, in order. */
const scripts: readonly Script[] = [
  [reply('', '', '400 Bad Request')],
  [fault],
  [reply('errorCode=400&errorMessage=No action')],
];

/** Both services on one loopback host with TLS, and the file that vouches for it. */
async function startSecure(facts: CertificateFacts = {}, options: RawServerOptions = {}) {
  const tls = makeCertificate(facts);
  const server = await RawServer.start(scripts, { tls, ...options });
  const caFile = join(folder, `ca-${server.port}.pem`);
  writeFileSync(caFile, tls.cert);
  return { server, tls, caFile, env: accountAt(`https://127.0.0.1:${server.port}`) };
}

/** The real network, and the clock by which certificates are judged. */
const real = { isNetworkReal: true, clock: systemClock } as const;

const skippedAfter = (id: string) => [...from(id), 'receipt-http', 'nvp'];

describe('TLS', () => {
  test('with an authority of its own: chain, end and store are told', async () => {
    const { server, caFile, env } = await startSecure();
    const { code, document, check, ids } = await examine(['--ca-file', caFile], { ...real, env });
    expect(document.summary).toBe('None of 18 checks failed; not tried: NVP password.');
    expect(code).toBe(0);
    expect(ids('ok')).toHaveLength(17);
    expect(check('status-dns').detail).toBe('127.0.0.1: 127.0.0.1');
    expect(check('status-connect').detail).toBe(`127.0.0.1: 127.0.0.1 port ${server.port}`);
    expect(check('status-tls').detail).toMatch(
      /^TLSv1\.3: raw-server \(signed by itself, until 2049-01-01, \d+ days left\); trusted by the CA file$/,
    );
    expect(server.requests).toHaveLength(3);
    expect(server.requests.join('\n')).not.toMatch(/^authorization:/im);
  });

  test.each<[string, CertificateFacts, boolean, RegExp, RegExp]>([
    ['nobody vouches for', {}, false, /is self-signed/, /--ca-file/],
    ['is for another host', { host: 'elsewhere.example' }, true, /is for another host/, /host name in the URL/],
    ['has expired', { lastYear: 2021 }, true, /has expired.*until 2021-01-01, over/, /clock/],
  ])('with a certificate that %s', async (_name, facts, isTrusted, says, remedy) => {
    const { server, caFile, env } = await startSecure(facts);
    const { code, check, ids } = await examine(isTrusted ? ['--ca-file', caFile] : [], { ...real, env });
    expect(code).toBe(7);
    expect(ids('failed')).toEqual(['status-tls']);
    expect(ids('skipped')).toEqual(skippedAfter('status-http'));
    expect(check('status-tls').detail).toMatch(says);
    expect(check('status-tls').detail).toContain('It showed TLSv1.3: raw-server');
    expect(check('status-tls').remedy).toMatch(remedy);
    expect(server.requests).toEqual([]);
  });

  test.each<[string, Script, RegExp]>([
    ['speaks plain HTTP', [reply('', '', '400 Bad Request'), close], /could be agreed on/],
    ['hangs up', [close], /ended the connection before it was ready/],
  ])('on a port that %s', async (_name, greeting, says) => {
    const server = await RawServer.start([], { greeting });
    const env = accountAt(`https://127.0.0.1:${server.port}`);
    const { code, check, ids } = await examine([], { ...real, env });
    expect(code).toBe(7);
    expect(ids('failed')).toEqual(['status-tls']);
    expect(check('status-tls').detail).toMatch(says);
  });
});

describe('a connection', () => {
  test('that is refused', async () => {
    const server = await RawServer.start([]);
    await server.stop();
    const { code, check, ids } = await examine([], { ...real, env: accountAt(`https://127.0.0.1:${server.port}`) });
    expect(code).toBe(7);
    expect(ids('failed')).toEqual(['status-connect']);
    expect(ids('skipped')).toEqual(skippedAfter('status-proxy'));
    expect(check('status-connect').detail).toContain(`127.0.0.1:${server.port} refused the connection`);
  });

  test('of which nothing stays open', async () => {
    const { server, caFile, env } = await startSecure();
    await examine(['--ca-file', caFile], { ...real, env });
    await server.until(({ open }) => open === 0);
    expect(server.ended).toBe(server.connections);
  });
});

describe('a proxy', () => {
  const viaProxy = (env: Readonly<Record<string, string>>, proxy: RawServer, user = '') => ({
    ...real,
    env: { ...env, HTTPS_PROXY: proxy.url.replace('://', `://${user}`) },
  });

  test('carries all of it, with its user and password', async () => {
    const { server, caFile, env } = await startSecure();
    const proxy = await RawServer.start(Array.from({ length: 5 }, () => [tunnelTo(server.port)]));
    const user = 'user:p%40ss-canary@';
    const { code, check, stdout } = await examine(['--ca-file', caFile], viaProxy(env, proxy, user));
    expect(code).toBe(0);
    expect(check('status-connect').detail).toBe(`by the proxy 127.0.0.1:${proxy.port}: 127.0.0.1 port ${proxy.port}`);
    expect(check('status-proxy').detail).toBe(`127.0.0.1:${proxy.port} connects to 127.0.0.1:${server.port} (200)`);
    expect(proxy.requests).toHaveLength(5);
    for (const request of proxy.requests) {
      expect(request).toMatch(new RegExp(`^CONNECT 127\\.0\\.0\\.1:${server.port} HTTP/1\\.1\r\n`));
      expect(request.toLowerCase()).toContain(`proxy-authorization: basic ${btoa('user:p@ss-canary').toLowerCase()}`);
    }
    expect(server.requests).toHaveLength(3);
    expect(stdout).not.toContain('canary');
  });

  test.each([
    ['is trusted by the CA file', true, 0, []],
    ['nobody vouches for', false, 7, ['status-proxy']],
  ])('speaks TLS itself, with a certificate that %s', async (_name, isTrusted, code, failed) => {
    const { server, tls: known, caFile, env } = await startSecure();
    const tls = isTrusted ? known : makeCertificate();
    const tunnel = [tunnelTo(server.port)];
    const proxy = await RawServer.start([tunnel, tunnel, tunnel, tunnel, tunnel], { tls });
    const { ids, ...examined } = await examine(['--ca-file', caFile], {
      ...real,
      env: { ...env, HTTPS_PROXY: proxy.url.replace('http:', 'https:') },
    });
    expect(ids('failed')).toEqual(failed);
    expect(examined.code).toBe(code);
    expect(proxy.requests).toHaveLength(isTrusted ? 5 : 0);
  });

  test.each<[string, Script, number, RegExp]>([
    ['wants a password', [reply('', '', '407 Proxy Authentication Required')], 7, /wants a user name and a password/],
    ['forbids the host', [reply('', '', '403 Forbidden')], 7, /it answered 403/],
    ['hangs up', [close], 7, /ended the connection without an answer \(ECONNRESET\)/],
    ['is no proxy', ['220 mail.example ESMTP\r\n\r\n'], 7, /something that is not HTTP/],
  ])('that %s', async (_name, script, code, says) => {
    const proxy = await RawServer.start([script]);
    const env = accountAt('https://127.0.0.1:9');
    const examined = await examine([], viaProxy(env, proxy));
    expect(examined.code).toBe(code);
    expect(examined.ids('failed')).toEqual(['status-proxy']);
    expect(examined.ids('skipped')).toEqual(skippedAfter('status-tls'));
    expect(examined.check('status-proxy').detail).toMatch(says);
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('limits', () => {
  const soon = () => ({ timeoutMs: 50, signal: new AbortController().signal });

  test('a proxy that says nothing is given up', async () => {
    const proxy = await RawServer.start([[]]);
    const route = { url: new URL('https://service.example/'), proxy: new URL(proxy.url) };
    await expect(systemProbe.tunnel(route, soon())).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await proxy.until(({ open }) => open === 0);
    // On a busy machine the time is over before the connection is made.
    expect(proxy.ended).toBe(proxy.connections);
  });

  test('a port that says nothing to a handshake is given up', async () => {
    const server = await RawServer.start([]);
    const route = { url: new URL(server.url.replace('http:', 'https:')), proxy: null };
    await expect(systemProbe.handshake(route, soon())).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await server.until(({ open }) => open === 0);
    expect(server.ended).toBe(1);
  });

  test.each(['before', 'while'])('a stop %s it waits ends it', async (when) => {
    const server = await RawServer.start([]);
    const stop = new AbortController();
    if (when === 'before') stop.abort();
    const route = { url: new URL(server.url.replace('http:', 'https:')), proxy: null };
    const shaken = systemProbe.handshake(route, { timeoutMs: 60_000, signal: stop.signal });
    if (when === 'while') void server.until(({ connections }) => connections === 1).then(() => stop.abort());
    await expect(shaken).rejects.toMatchObject({ category: 'aborted' });
  });
});

test('against the simulator everything is fine, with its account', async () => {
  const simulator = await startSimulator();
  const flags = ['--status-url', simulator.statusUrl, '--receipt-url', simulator.receiptUrl];
  const env = { INSTAMED_PROFILE: 'simulator' };
  const fine = await examine(flags, { ...real, env });
  expect(fine.document.summary).toBe('None of 18 checks failed; not tried: NVP password.');
  expect(fine.check('soap').detail).toContain('The token is not known to this account.');
  const wrongKey = { ...env, INSTAMED_SECURITY_KEY: `${simulatorSettings.securityKey}x` };
  const wrong = await examine(flags, { ...real, env: wrongKey });
  expect(wrong.ids('failed')).toEqual(['soap']);
  expect(wrong.code).toBe(4);
  await simulator.close();
});
