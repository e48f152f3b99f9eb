import { describe, expect, test } from 'vitest';
import { systemProbe } from '../../src/cli/runtime/system-probe.ts';
import { viewReceipt } from '../../src/remote/receipt-client.ts';
import { askTokenStatus } from '../../src/remote/sso-client.ts';
import { account, limits, requestTo, token, troubleOf } from '../support/account.ts';
import { makeCertificate } from '../support/certificate.ts';
import { endless } from '../support/hostile/attack.ts';
import { type Part, RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { statusReply } from '../support/scripted-transport.ts';
import { openTransport, textOf } from '../support/transport-world.ts';

// Interim replies (100 to 199) before a reply are legal, asked for or not. undici destroys the connection over an
// unrequested 100; some servers send it to each POST.

const interim = (status: string, headers = '') => `HTTP/1.1 ${status}\r\n${headers}\r\n`;
const go = interim('100 Continue');
const status = reply(statusReply('USED').body);
const receipt = reply('transactionStatus=C&transactionID=12345');

const before: readonly (readonly [string, Script])[] = [
  ['100 Continue', [go]],
  ['100 Continue, twice', [go, go]],
  ['100 Continue, twice at once', [go + go]],
  ['100 Continue, a thousand times', [go.repeat(1_000)]],
  ['100 Continue with headers', [interim('100 Continue', 'Server: x\r\nContent-Length: 5\r\n')]],
  ['100 without a phrase', [interim('100')]],
  ['100 of HTTP/1.0', [go.replace('1.1', '1.0')]],
  ['101 Switching Protocols', [interim('101 Switching Protocols', 'Upgrade: h2c\r\nConnection: upgrade\r\n')]],
  ['102 Processing', [interim('102 Processing')]],
  ['103 Early Hints', [interim('103 Early Hints', 'Link: </x>; rel=preload\r\n')]],
  ['199, which nobody defined', [interim('199 Odd')]],
  ['100 Continue, byte by byte', [...go]],
  ['100 Continue, and a line end that is too many', [`${go}\r\n`]],
  [
    'a mixture of them',
    [go, interim('103 Early Hints'), go + interim('102 Processing').slice(0, 7), interim('102 Processing').slice(7)],
  ],
];

describe('are skipped', () => {
  test.each(before)('%s', async (_name, script) => {
    const server = await RawServer.start([
      [...script, status],
      [...script, status],
      [...script, receipt],
    ]);
    const transport = openTransport({ connections: 1 });
    const url = new URL(server.url);
    const settings = { ...account, statusUrl: url, receiptUrl: url };
    for (let i = 0; i < 2; i++) {
      expect(await askTokenStatus(transport, settings, token, limits)).toMatchObject({ state: 'USED' });
    }
    expect(await viewReceipt(transport, settings, token, limits)).toMatchObject({ result: 'approved' });
    // Nothing was sent twice, and no connection was lost.
    expect([server.requests.length, server.connections]).toEqual([3, 2]);
  });

  test('in one piece with the reply, and with the beginning of it', async () => {
    for (const at of [0, 1, 9, 14, 40]) {
      const server = await RawServer.start([
        [Buffer.concat([Buffer.from(go), receipt.subarray(0, at)]), receipt.subarray(at)],
      ]);
      const got = await openTransport().post(requestTo(server.url));
      expect([got.status, got.isWhole]).toEqual([200, true]);
    }
  });

  test('over TLS, from a proxy before it connects, and behind it', async () => {
    const tls = makeCertificate();
    const server = await RawServer.start(() => [go, receipt], { tls });
    const url = server.url.replace('http:', 'https:');
    const proxy = await RawServer.start(() => [go, interim('103 Early Hints'), tunnelTo(server.port)]);
    for (const options of [{}, { proxy: { https: proxy.url } }]) {
      const transport = openTransport({ ca: [tls.cert], ...options });
      for (const own of [{}, { ownConnection: true } as const]) {
        expect(textOf(await transport.post(requestTo(url, own)))).toContain('transactionStatus=C');
      }
    }
    expect(proxy.requests).toHaveLength(2);
    const route = { url: new URL(url), proxy: new URL(proxy.url), ca: [tls.cert] };
    await systemProbe.tunnel(route, limits);
  });

  test('but not in the body of a reply', async () => {
    const body = `${go}transactionStatus=C`;
    const server = await RawServer.start([[reply(body)]]);
    expect(textOf(await openTransport().post(requestTo(server.url)))).toBe(body);
  });

  test('and large replies behind them come whole', async () => {
    const large = 'x'.repeat(1_000_000);
    const chunks = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const server = await RawServer.start([
      [go, reply(large)],
      [go, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`],
    ]);
    const transport = openTransport();
    for (let i = 0; i < 2; i++) expect((await transport.post(requestTo(server.url))).body).toHaveLength(1_000_000);
  });
});

describe('end somewhere', () => {
  test.each<readonly [string, Part]>([
    ['without an end', endless(go)],
    ['one without an end', endless('HTTP/1.1 100 Continue\r\nX: y\r\n'.slice(0, 30).repeat(10))],
    ['one with a header without an end', endless(`HTTP/1.1 103 x\r\nX: ${'y'.repeat(1_000)}`)],
  ])('%s', async (_name, part) => {
    const server = await RawServer.start([[part]]);
    const error = await troubleOf(openTransport().post(requestTo(server.url)));
    expect(['service NOT_HTTP', 'unreachable ECONNRESET']).toContain(`${error.category} ${error.code}`);
    await server.until(({ open }) => open === 0);
  });

  test('alone, at the time limit', async () => {
    const server = await RawServer.start([[go]]);
    const error = await troubleOf(openTransport().post(requestTo(server.url, { timeoutMs: 60 })));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', retryable: true });
  });
});
