import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../cli/check-document.ts';
import { makeCertificate } from '../remote/certificate.ts';
import { accountAt } from '../support/asmx-server.ts';
import { RawServer, reply, tunnelTo } from '../support/raw-server.ts';
import { token } from '../support/run-cli.ts';
import { type Env, type Exit, root, runCli, scratch } from '../support/spawn-cli.ts';

// The program is bundled with a part of its HTTP library alone, so what goes over TLS or through a proxy is tried here too.

const recorded = (folder: string) => readFileSync(join(root, 'fixtures', folder, 'reply.http'));
const used = recorded('soap/soap11-used');
const receipt = recorded('nvp/recorded-view-receipt');

/** The service on a port of its own: `wait` gets the two recorded replies. */
const startService = () => RawServer.start([[used], [receipt]]);

async function startSecureService() {
  const tls = makeCertificate();
  const service = await RawServer.start([[used], [receipt]], { tls });
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

  test('that wants a password ends the wait with 7 and says so', async () => {
    const proxy = await RawServer.start([[reply('', '', '407 Proxy Authentication Required')]]);
    const exit = await ask(['wait', token, '--proxy', proxy.url], accountAt('https://127.0.0.1:9'));
    expect(exit.code).toBe(7);
    expect(readDocument(exit, 'wait').error).toMatchObject({ code: 'PROXY_407', category: 'unreachable' });
  });

  test('that is not there ends the wait with 7', async () => {
    const proxy = await RawServer.start([]);
    await proxy.stop();
    const exit = await ask(['wait', token, '--proxy', proxy.url], accountAt('https://127.0.0.1:9'));
    expect(exit.code).toBe(7);
    expect(readDocument(exit, 'wait').error).toMatchObject({ code: 'ECONNREFUSED', category: 'unreachable' });
  });
});
