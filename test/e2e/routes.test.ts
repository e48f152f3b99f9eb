import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { accountAt } from '../support/asmx-server.ts';
import { type CertificateFacts, makeAuthority, makeCertificate } from '../support/certificate.ts';
import { readDocument } from '../support/check-document.ts';
import { close, RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { token } from '../support/run-cli.ts';
import { type Env, type Exit, root, runCli, scratch } from '../support/spawn-cli.ts';

// The program is bundled with a part of its HTTP library alone, so what goes over TLS or through a proxy is tried here too.

const recorded = (folder: string) => readFileSync(join(root, 'fixtures', folder, 'reply.http'));
const used = recorded('soap/soap11-used');
const receipt = recorded('nvp/recorded-view-receipt');

/** The service on a port of its own: `wait` gets the two recorded replies. */
const startService = () => RawServer.start([[used], [receipt]]);

async function startSecureService(facts: CertificateFacts = {}, options: TlsOptions = {}) {
  const tls = makeCertificate(facts);
  const service = await RawServer.start([[used], [receipt]], { tls: { ...tls, ...options } });
  const caFile = join(scratch, `ca-${service.port}.pem`);
  writeFileSync(caFile, tls.cert);
  return { service, caFile, env: accountAt(`https://127.0.0.1:${service.port}`) };
}

const ask = (argv: readonly string[], env: Env): Promise<Exit> => runCli([...argv, '--json'], { env });

function expectReceipt(exit: Exit): void {
  expect(readDocument(exit, 'wait')).toMatchObject({ outcome: 'not-approved', checks: 1, seen: { USED: 1 } });
  expect(exit.code).toBe(3);
}

describe('TLS', () => {
  test.each<readonly [string, (caFile: string) => { argv: readonly string[]; env: Env }]>([
    ['--ca-file', (caFile) => ({ argv: ['--ca-file', caFile], env: {} })],
    ['INSTAMED_CA_FILE', (caFile) => ({ argv: [], env: { INSTAMED_CA_FILE: caFile } })],
    ['NODE_EXTRA_CA_CERTS', (caFile) => ({ argv: [], env: { NODE_EXTRA_CA_CERTS: caFile } })],
  ])('trusts a private authority that %s names', async (_says, name) => {
    const { service, caFile, env } = await startSecureService();
    const given = name(caFile);
    expectReceipt(await ask(['wait', token, ...given.argv], { ...env, ...given.env }));
    expect(service.requests).toHaveLength(2);
  });

  test('trusts nobody else, sends nothing, and says how to add one', async () => {
    const { service, env } = await startSecureService();
    // The variable with which Node would switch its own checks off.
    const exit = await ask(['wait', token], { ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(exit.code).toBe(7);
    const { error } = readDocument(exit, 'wait');
    expect(error).toMatchObject({ category: 'unreachable', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(error?.hint).toContain('--ca-file');
    expect(service.requests).toEqual([]);
  });
});

/** Whom nothing of a request may reach has seen nothing that only a request holds. */
function expectNothingOf(env: Env, server: RawServer): void {
  for (const name of ['INSTAMED_SECURITY_KEY', 'INSTAMED_ACCOUNT_ID', 'INSTAMED_NVP_PASSWORD']) {
    expect(env[name]).toMatch(/./);
    expect(server.received).not.toContain(env[name]);
  }
  expect(server.received).not.toMatch(/^POST|GetSSOTokenStatus|^authorization:/im);
  expect(server.received).not.toContain(token);
}

describe('TLS that cannot be trusted ends the wait with 7, says why, and the host gets nothing at all', () => {
  const tooOld: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };

  test.each<[string, CertificateFacts, TlsOptions, boolean, RegExp, RegExp]>([
    ['another host', { host: 'elsewhere.example' }, {}, true, /is for another host \(/, /host name in the URL/],
    ['an end in the past', { lastYear: 2021 }, {}, true, /has expired \(CERT_HAS_EXPIRED\)/, /clock/],
    ['a beginning in the future', { firstYear: 2048 }, {}, true, /is not valid yet \(/, /clock/],
    ['an unknown authority', { signedBy: makeAuthority() }, {}, false, /by an authority that is not/, /--ca-file/],
    ['TLS 1.0 alone', {}, tooOld, true, /^No TLS connection to .* could be agreed on \(/, /TLS 1\.2 or later/],
  ])('%s', async (_says, facts, options, isTrusted, message, hint) => {
    const { service, caFile, env } = await startSecureService(facts, options);
    const exit = await ask(['wait', token, ...(isTrusted ? ['--ca-file', caFile] : [])], env);
    expect(exit.code).toBe(7);
    const { error } = readDocument(exit, 'wait');
    expect(error).toMatchObject({ category: 'unreachable', retryable: false });
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/ while checking the token status\.$/);
    expect(error?.hint).toMatch(hint);
    expect(service.connections).toBe(1);
    expectNothingOf(env, service);
  });
});

describe('a proxy', () => {
  test.each<readonly [string, (url: string) => { argv: readonly string[]; env: Env }]>([
    ['--proxy', (url) => ({ argv: ['--proxy', url], env: {} })],
    ['HTTP_PROXY', (url) => ({ argv: [], env: { HTTP_PROXY: url } })],
    ['http_proxy', (url) => ({ argv: [], env: { http_proxy: url } })],
  ])('named by %s carries every request', async (_says, name) => {
    const service = await startService();
    const proxy = await RawServer.start([[tunnelTo(service.port)], [tunnelTo(service.port)]]);
    const { argv, env } = name(proxy.url);
    expectReceipt(await ask(['wait', token, ...argv], { ...accountAt(`http://127.0.0.1:${service.port}`), ...env }));
    expect(service.requests).toHaveLength(2);
    expect(proxy.requests).not.toEqual([]);
    for (const request of proxy.requests) expect(request).toMatch(`CONNECT 127.0.0.1:${service.port} HTTP/1.1\r\n`);
  });

  test('carries TLS, with an authority of its own, and sees nothing of it', async () => {
    const { service, caFile, env } = await startSecureService();
    const proxy = await RawServer.start([[tunnelTo(service.port)], [tunnelTo(service.port)]]);
    expectReceipt(await ask(['wait', token, '--ca-file', caFile], { ...env, HTTPS_PROXY: proxy.url }));
    expect(service.requests).toHaveLength(2);
    for (const request of proxy.requests) expect(request).not.toMatch(/authorization|token/i);
  });

  test.each<readonly [string, (url: string) => Env]>([
    ['NO_PROXY names the host', (url) => ({ HTTP_PROXY: url, NO_PROXY: 'intranet.example,127.0.0.1' })],
    ['it is for https alone', (url) => ({ HTTPS_PROXY: url })],
  ])('is gone round where %s', async (_says, envOf) => {
    const service = await startService();
    const proxy = await RawServer.start([]);
    expectReceipt(
      await ask(['wait', token], { ...accountAt(`http://127.0.0.1:${service.port}`), ...envOf(proxy.url) }),
    );
    expect(proxy.connections).toBe(0);
  });

  test.each<readonly [string, Env]>([
    ['a proxy for http carries no https', { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' }],
    ['NO_PROXY names it', { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' }],
  ])('is gone round by TLS where %s', async (_says, more) => {
    const { service, caFile, env } = await startSecureService();
    expectReceipt(await ask(['wait', token, '--ca-file', caFile], { ...env, ...more }));
    expect(service.requests).toHaveLength(2);
  });

  test('on another machine is gone round by plain HTTP, which it would read', async () => {
    const service = await startService();
    const env = accountAt(`http://127.0.0.1:${service.port}`);
    expectReceipt(await ask(['wait', token], { ...env, HTTP_PROXY: 'http://proxy.invalid:3128' }));
    expect(service.requests).toHaveLength(2);
  });

  test('over TLS carries TLS', async () => {
    const authority = makeAuthority();
    const { service, env } = await startSecureService({ signedBy: authority });
    const tunnel = [tunnelTo(service.port)];
    const proxy = await RawServer.start([tunnel, tunnel], { tls: makeCertificate({ signedBy: authority }) });
    const caFile = join(scratch, `ca-${proxy.port}.pem`);
    writeFileSync(caFile, authority.cert);
    const url = proxy.url.replace('http://', 'https://jo:proxy-canary@');
    const exit = await ask(['wait', token, '--ca-file', caFile, '--proxy', url], env);
    expectReceipt(exit);
    expect(exit.stdout + exit.stderr).not.toContain('proxy-canary');
    expect(service.received).not.toMatch(/proxy-/i);
    expectNothingOf(env, proxy);
  });

  const established = 'HTTP/1.1 200 Connection established\r\n\r\n';
  const itself = (port: number) => `The proxy 127.0.0.1:${port}`;

  test.each<[string, Script, string, (port: number) => string]>([
    ['wants a password', [reply('', '', '407 Proxy Authentication Required')], 'PROXY_407', () => 'The proxy wants a'],
    ['has no way', [reply('', '', '502 Bad Gateway')], 'PROXY_502', () => 'The proxy did not connect to 127.0.0.1:9'],
    ['hangs', [], 'ETIMEDOUT', (port) => `${itself(port)} did not answer within 1s`],
    ['hangs up', [close], 'ECONNRESET', (port) => `${itself(port)} ended the connection without an answer`],
    ['is none', ['220 mail.example ESMTP\r\n\r\n'], 'NOT_HTTP', (port) => `${itself(port)} answered with something`],
    ['connects and hangs', [established], 'ETIMEDOUT', () => '127.0.0.1:9 did not answer within 1s'],
    ['connects and hangs up', [established, close], 'ECONNRESET', () => '127.0.0.1:9 ended the connection before'],
  ])('that %s ends the wait with 7, says so, and gets nothing but the host', async (_says, script, code, message) => {
    const proxy = await RawServer.start([script]);
    const env = accountAt('https://127.0.0.1:9');
    const exit = await ask(['wait', token, '--proxy', proxy.url, '--request-timeout', '1s'], env);
    expect(exit.code).toBe(7);
    const { error, checks } = readDocument(exit, 'wait');
    expect(checks).toBe(1);
    expect(error).toMatchObject({
      code,
      category: 'unreachable',
      message: expect.stringContaining(message(proxy.port)),
    });
    expect(error?.hint).toMatch(/prox|network/);
    expect(proxy.requests[0]).toMatch(/^CONNECT 127\.0\.0\.1:9 HTTP\/1\.1\r\n/);
    expectNothingOf(env, proxy);
  });

  test('that is not there ends the wait with 7', async () => {
    const proxy = await RawServer.start([]);
    await proxy.stop();
    const exit = await ask(['wait', token, '--proxy', proxy.url], accountAt('https://127.0.0.1:9'));
    expect(exit.code).toBe(7);
    expect(readDocument(exit, 'wait').error).toMatchObject({ code: 'ECONNREFUSED', category: 'unreachable' });
  });
});
