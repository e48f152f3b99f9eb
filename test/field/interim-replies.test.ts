import { describe, expect, test } from 'vitest';
import { viewReceipt } from '../../src/remote/receipt-client.ts';
import { askTokenStatus } from '../../src/remote/sso-client.ts';
import { account, limits, requestTo, token, troubleOf } from '../remote/account.ts';
import { makeCertificate } from '../remote/certificate.ts';
import { openTransport } from '../remote/transport-world.ts';
import { type Part, RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { statusReply } from '../support/scripted-transport.ts';

const interim = (status: string, headers = '') => `HTTP/1.1 ${status}\r\n${headers}\r\n`;
const go = interim('100 Continue');
const later: Part = () => new Promise((resolve) => setTimeout(resolve, 20));
const used = reply(statusReply('USED').body, 'Content-Type: text/xml; charset=utf-8\r\n');
const approved = reply('transactionStatus=C', 'Content-Type: text/html\r\n');

const before: readonly (readonly [name: string, script: Script])[] = [
  ['100 Continue', [go]],
  ['100 Continue, twice', [go, go]],
  ['100 Continue, in a segment of its own', [go, later]],
  ['100 Continue in pieces', [go.slice(0, 5), later, go.slice(5, 14), later, go.slice(14), later]],
  ['100 Continue byte by byte', [...go].flatMap((byte) => [byte])],
  ['100 Continue of HTTP/1.0', [go.replace('1.1', '1.0')]],
  ['100 Continue with headers', [interim('100 Continue', 'Server: Microsoft-IIS/10.0\r\nContent-Length: 5\r\n')]],
  ['102 Processing', [interim('102 Processing')]],
  ['103 Early Hints', [interim('103 Early Hints', 'Link: </style.css>; rel=preload\r\n')]],
  ['several of them', [go, interim('102 Processing'), later, interim('103 Early Hints'), interim('199 Other')]],
  ['101 Switching Protocols, to which nothing follows', [interim('101 Switching Protocols', 'Upgrade: h2c\r\n')]],
];

const glue = (script: Script, last: Uint8Array): Script =>
  script.every((part) => typeof part === 'string')
    ? [Buffer.concat([Buffer.from(script.join('')), last])]
    : [...script, last];

describe('an interim reply that nobody asked for, before the reply', () => {
  test.each(before)('of the status service: %s', async (_name, script) => {
    for (const scripts of [
      [[...script, used]],
      // In one segment with the reply.
      [glue(script, used)],
    ]) {
      const server = await RawServer.start(scripts);
      const settings = { ...account, statusUrl: new URL(server.url) };
      expect((await askTokenStatus(openTransport(), settings, token, limits)).state).toBe('USED');
      expect(server.requests).toHaveLength(1);
    }
  });

  test.each(before)('of the receipt service: %s', async (_name, script) => {
    for (const scripts of [[[...script, approved]], [glue(script, approved)]]) {
      const server = await RawServer.start(scripts);
      const settings = { ...account, receiptUrl: new URL(server.url) };
      expect((await viewReceipt(openTransport(), settings, token, limits)).result).toBe('approved');
      expect(server.requests).toHaveLength(1);
    }
  });

  test('on a kept connection, each time', async () => {
    const server = await RawServer.start(() => [go, used]);
    const transport = openTransport();
    for (let i = 0; i < 3; i++) expect((await transport.post(requestTo(server.url))).status).toBe(200);
    expect(server.connections).toBe(1);
  });

  test('over TLS, through a proxy that sends one itself', async () => {
    const tls = makeCertificate();
    const server = await RawServer.start([[go, used]], { tls });
    const proxy = await RawServer.start([[go, tunnelTo(server.port)]]);
    const transport = openTransport({ ca: [tls.cert], proxy: { https: proxy.url } });
    const answer = await transport.post(requestTo(server.url.replace('http:', 'https:')));
    expect(answer.status).toBe(200);
  });

  test('a body that looks like one is none', async () => {
    const body = `${go}transactionStatus=D`;
    const server = await RawServer.start([[reply(body)], [reply(body)]]);
    for (const ownConnection of [false, true]) {
      const answer = await openTransport().post(requestTo(server.url, { ownConnection }));
      expect(Buffer.from(answer.body).toString()).toBe(body);
    }
  });
});

test('interim replies without end are no reply, and end', async () => {
  const endless: Part = async (socket) => {
    while (!socket.destroyed) await new Promise<void>((resolve) => socket.write(go, () => setImmediate(resolve)));
  };
  for (const ownConnection of [false, true]) {
    const server = await RawServer.start([[endless]]);
    const error = await troubleOf(openTransport().post(requestTo(server.url, { ownConnection })));
    expect(['service', 'unreachable']).toContain(error.category);
  }
});
