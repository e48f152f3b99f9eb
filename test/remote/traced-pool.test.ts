import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/remote/trace.ts';
import type { TransportOptions } from '../../src/remote/transport.ts';
import { requestTo, troubleOf } from '../support/account.ts';
import { makeCertificate } from '../support/certificate.ts';
import { close, RawServer, reply, tunnelTo } from '../support/raw-server.ts';
import { openTransport } from '../support/transport-world.ts';

/** A transport that has one connection at a time, and what it tells. */
function openTraced(options: TransportOptions = {}) {
  const events: TraceEvent[] = [];
  const transport = openTransport({ connections: 1, ...options, onTrace: (event) => events.push(event) });
  return { transport, events, told: () => events.map(({ request: _request, ...event }) => event) };
}

const answered = (length: number) => ({
  type: 'answered',
  status: 200,
  headers: { 'content-length': String(length) },
});

test('the first request connects, the second finds its connection again', async () => {
  const server = await RawServer.start([[reply('one')], [reply('two!')]]);
  const { transport, events, told } = openTraced();
  const requests = [requestTo(server.url), requestTo(server.url)];
  for (const request of requests) await transport.post(request);
  const address = `127.0.0.1:${server.port}`;
  expect(told()).toEqual([
    { type: 'connecting', to: address, isThroughProxy: false },
    { type: 'connected', address, tls: null },
    answered(3),
    { type: 'received', bytes: 3 },
    { type: 'reusing' },
    answered(4),
    { type: 'received', bytes: 4 },
  ]);
  expect(events.map(({ request }) => requests.indexOf(request as never))).toEqual([0, 0, 0, 0, 1, 1, 1]);
});

test('a kept connection that the server closed is told, and the one in its place', async () => {
  const server = await RawServer.start([[reply('1')], [close], [reply('2')]]);
  const { transport, told } = openTraced();
  await transport.post(requestTo(server.url));
  await transport.post(requestTo(server.url));
  expect(told().map(({ type }) => type)).toEqual([
    ...['connecting', 'connected', 'answered', 'received'],
    ...['reusing', 'sending-again', 'connecting', 'connected', 'answered', 'received'],
  ]);
});

test('TLS tells its version, its cipher and the certificate', async () => {
  const tls = makeCertificate({ lastYear: 2047 });
  const server = await RawServer.start([[reply('ok')]], { tls });
  const { transport, told } = openTraced({ ca: [tls.cert] });
  await transport.post(requestTo(server.url.replace('http:', 'https:')));
  expect(told()[1]).toEqual({
    type: 'connected',
    address: `127.0.0.1:${server.port}`,
    tls: {
      version: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      issuedTo: 'raw-server',
      validTo: 'Jan  1 00:00:00 2047 GMT',
    },
  });
});

test('a connection through a proxy is told as one, with the address of the proxy and the TLS of the service', async () => {
  const tls = makeCertificate();
  const server = await RawServer.start([[reply('1')], [reply('2')]], { tls });
  const proxy = await RawServer.start([[tunnelTo(server.port)]]);
  const { transport, told } = openTraced({ ca: [tls.cert], proxy: { https: proxy.url } });
  for (let i = 0; i < 2; i++) {
    await transport.post(requestTo(server.url.replace('http:', 'https:')));
  }
  expect(told()).toMatchObject([
    { type: 'connecting', to: `127.0.0.1:${server.port}`, isThroughProxy: true },
    { type: 'connected', address: `127.0.0.1:${proxy.port}`, tls: { issuedTo: 'raw-server' } },
    { type: 'answered' },
    { type: 'received' },
    { type: 'reusing' },
    { type: 'answered' },
    { type: 'received' },
  ]);
});

test('a host that is excepted from the proxy is reached without it', async () => {
  const server = await RawServer.start([[reply('ok')]]);
  const proxy = { http: 'http://127.0.0.1:9', except: '127.0.0.1' };
  const { transport, told } = openTraced({ proxy });
  await transport.post(requestTo(server.url));
  expect(told()[0]).toEqual({ type: 'connecting', to: `127.0.0.1:${server.port}`, isThroughProxy: false });
});

test('a connection that was not made is told by its code, and fails as it does unwatched', async () => {
  const server = await RawServer.start([]);
  await server.stop();
  const { transport, told } = openTraced();
  const error = await troubleOf(transport.post(requestTo(server.url)));
  expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNREFUSED', connecting: true });
  expect(told()).toEqual([
    { type: 'connecting', to: `127.0.0.1:${server.port}`, isThroughProxy: false },
    { type: 'not-connected', code: 'ECONNREFUSED' },
  ]);
});

test('an IPv6 address stands in brackets', async () => {
  const { transport, told } = openTraced();
  // Nobody listens there, with IPv6 or without.
  await troubleOf(transport.post(requestTo('http://[::1]:1/')));
  expect(told()[0]).toEqual({ type: 'connecting', to: '[::1]:1', isThroughProxy: false });
});

test('what came of a reply that was cut is counted', async () => {
  const server = await RawServer.start([['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', 'half of it', close]]);
  const { transport, told } = openTraced();
  expect(await troubleOf(transport.post(requestTo(server.url)))).toMatchObject({ category: 'service' });
  expect(told().slice(2)).toEqual([answered(100), { type: 'received', bytes: 10 }]);
});

test('no event carries a body, sent or received', async () => {
  const server = await RawServer.start([[reply('received-canary')]]);
  const { transport, told } = openTraced();
  await transport.post(requestTo(server.url, { body: 'sent-canary' }));
  expect(told()).toHaveLength(4);
  expect(JSON.stringify(told())).not.toContain('canary');
});
