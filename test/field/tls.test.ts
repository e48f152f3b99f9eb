import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { systemProbe } from '../../src/cli/runtime/system-probe.ts';
import { tlsOptions } from '../../src/remote/tls-options.ts';
import { limits, requestTo, troubleOf } from '../support/account.ts';
import { accountAt } from '../support/asmx-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { token } from '../support/run-cli.ts';
import { statusReply } from '../support/scripted-transport.ts';
import { runCli, scratch } from '../support/spawn-cli.ts';
import { openTransport } from '../support/transport-world.ts';

const secure = (url: string) => url.replace('http:', 'https:');
const status = reply(statusReply('NEW').body);
const tls = makeCertificate();
const caFile = join(scratch, 'wire-ca.pem');
writeFileSync(caFile, tls.cert);

const weakest = '--tls-min-v1.0 --tls-cipher-list=ALL:@SECLEVEL=0';
const old: TlsOptions = { ...tls, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };

// NODE_OPTIONS can allow TLS 1.0 and ciphers that anybody can read.
describe('TLS is 1.2 or later, whatever the environment says', () => {
  const env = (statusUrl: string, more = {}) => ({
    ...accountAt(statusUrl.replace(/\/$/, '')),
    INSTAMED_CA_FILE: caFile,
    NODE_OPTIONS: weakest,
    ...more,
  });

  test('to the host', async () => {
    const server = await RawServer.start([], { tls: old });
    const exit = await runCli(['status', token], { env: env(secure(server.url)) });
    expect(exit.code).toBe(7);
    expect(exit.stderr).toContain('TLS 1.2 or later');
    expect(server.requests).toEqual([]);
  });

  test('to the proxy, which gets no password either', async () => {
    const proxy = await RawServer.start([], { tls: old });
    const HTTPS_PROXY = secure(proxy.url).replace('://', '://user:canary@');
    const exit = await runCli(['status', token], { env: env('https://service.example', { HTTPS_PROXY }) });
    expect(exit.code).toBe(7);
    expect(proxy.requests).toEqual([]);
  });

  test('behind a proxy', async () => {
    const server = await RawServer.start([], { tls: old });
    const proxy = await RawServer.start(() => [tunnelTo(server.port)]);
    const exit = await runCli(['status', token], { env: env(secure(server.url), { HTTPS_PROXY: proxy.url }) });
    expect(exit.code).toBe(7);
    expect(server.requests).toEqual([]);
  });

  test('in doctor', async () => {
    const server = await RawServer.start([], { tls: old });
    const exit = await runCli(['doctor'], { env: env(secure(server.url)) });
    expect(exit.code).not.toBe(0);
    expect(exit.stdout).toMatch(/No TLS connection to 127\.0\.0\.1:\d+ could be agreed on/);
    expect(server.requests).toEqual([]);
  });

  test('a cipher without encryption is not agreed on', async () => {
    const server = await RawServer.start([], {
      tls: { ...tls, maxVersion: 'TLSv1.2', ciphers: 'NULL:eNULL:aNULL:@SECLEVEL=0' },
    });
    const exit = await runCli(['status', token], { env: env(secure(server.url)) });
    expect(exit.code).toBe(7);
    expect(server.requests).toEqual([]);
  });

  test('a good host is reached all the same, and a stricter version is kept', async () => {
    const server = await RawServer.start(() => [status], { tls });
    const good = await runCli(['status', token, '-q'], { env: env(secure(server.url)) });
    expect([good.code, good.stderr]).toEqual([0, '']);
    const older = await RawServer.start(() => [status], { tls: { ...tls, maxVersion: 'TLSv1.2' } });
    const strict = { NODE_OPTIONS: '--tls-min-v1.3' };
    expect((await runCli(['status', token], { env: env(secure(older.url), strict) })).code).toBe(7);
  });

  test('the library and the doctor have the same options', async () => {
    expect(await tlsOptions()).toMatchObject({ minVersion: 'TLSv1.2', rejectUnauthorized: true });
    const server = await RawServer.start([], { tls: old });
    const url = new URL(secure(server.url));
    await expect(systemProbe.handshake({ url, proxy: null, ca: [tls.cert] }, limits)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:ERR_SSL_|EPROTO)/),
    });
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

  test('does not switch the verification off', async () => {
    const server = await RawServer.start([], { tls });
    for (const argv of [['status', token], ['doctor']]) {
      const exit = await runCli(argv, { env: { ...accountAt(secure(server.url).replace(/\/$/, '')), ...env } });
      expect(exit.code).not.toBe(0);
      expect(`${exit.stdout}${exit.stderr}`).toContain('is self-signed');
      expect(exit.stderr).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED');
    }
    expect(server.requests).toEqual([]);
  });

  test('brings no warning of Node, which would not be true', async () => {
    const server = await RawServer.start(() => [status], { tls });
    const settings = { ...accountAt(secure(server.url).replace(/\/$/, '')), ...env, INSTAMED_CA_FILE: caFile };
    const exit = await runCli(['status', token, '-q'], { env: settings });
    expect([exit.code, exit.stderr]).toEqual([0, '']);
  });
});

describe('a handshake that fails has its own sentence', () => {
  const record = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type, 3, 3, 0, body.length]), body]);
  const alert = (code: number): Script => [record(21, Buffer.from([2, code]))];
  /** A ServerHello of TLS 1.2 as outdated servers send it: it does not know of secure renegotiation. */
  const oldHello = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0xc0, 0x2f, 0])]);
  const legacy: Script = [record(22, Buffer.concat([Buffer.from([2, 0, 0, oldHello.length]), oldHello]))];

  test.each<readonly [string, Script, string, string]>([
    ['insecure renegotiation alone', legacy, 'requires legacy TLS renegotiation', 'update its TLS'],
    [
      'a client certificate',
      alert(116),
      'requires a client certificate, which is not supported',
      'does not require one',
    ],
    ['another version', alert(70), 'No TLS connection to', 'TLS 1.2 or later'],
  ])('%s', async (_name, script, says, hint) => {
    const server = await RawServer.start([], { greeting: script });
    const error = await troubleOf(openTransport().post(requestTo(secure(server.url))));
    expect(error).toMatchObject({ category: 'unreachable', retryable: false, connecting: true });
    expect(error.message).toContain(says);
    expect(error.hint).toContain(hint);
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
  });
});
