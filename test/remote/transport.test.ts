import { getEventListeners, setMaxListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { largestReplyBytes } from '../../src/remote/send.ts';
import { requestTo, troubleOf } from '../support/account.ts';
import { close, RawServer, reply, reset } from '../support/raw-server.ts';
import { openTransport, openWorld, textOf } from '../support/transport-world.ts';
import { noteWarnings } from '../support/warnings.ts';

const ok = reply('ok');
const accept = (body: string) => ({ body: Buffer.from(body), status: 200 });

describe('a request', () => {
  test('goes out as a POST with its headers, its body and no more than is needed', async () => {
    const { server, transport } = await openWorld([ok]);
    const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"x"' };
    await transport.post(requestTo(`${server.url}a/b.asmx?c=d%20e`, { headers, body: '<é>' }));
    const [head = '', body] = (server.requests[0] ?? '').split('\r\n\r\n');
    const [line, ...fields] = head.split('\r\n');
    expect(line).toBe('POST /a/b.asmx?c=d%20e HTTP/1.1');
    expect(fields.map((field) => field.toLowerCase()).sort()).toEqual([
      'accept-encoding: identity',
      'connection: keep-alive',
      'content-length: 4',
      'content-type: text/xml; charset=utf-8',
      `host: 127.0.0.1:${server.port}`,
      'soapaction: "x"',
      'user-agent: instamed-poll',
    ]);
    expect(body).toBe('<é>');
    expect(server.requests).toHaveLength(1);
  });

  test('leaves no listener on the signal of its caller', async () => {
    const { post } = await openWorld([ok], [reset], [reset]);
    const { signal } = new AbortController();
    await post({ signal });
    await troubleOf(post({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a reply', () => {
  test('comes with its status, its headers in lower case and its bytes', async () => {
    const { post } = await openWorld([reply(Uint8Array.of(0, 255, 13, 10), 'X-One: 1\r\nContent-TYPE: text/HTML\r\n')]);
    const got = await post();
    expect(got).toMatchObject({ status: 200, isWhole: true });
    expect(got.headers).toEqual({ 'content-length': '4', 'x-one': '1', 'content-type': 'text/HTML' });
    expect([...got.body]).toEqual([0, 255, 13, 10]);
  });

  test('has headers that come twice joined with commas', async () => {
    const { post } = await openWorld([reply('', 'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX: 1\r\nX: 2\r\n')]);
    expect((await post()).headers).toMatchObject({ 'set-cookie': 'a=1, b=2', x: '1, 2' });
  });

  test.each([204, 400, 401, 404, 415, 500, 503])('under %i is a reply', async (status) => {
    const { post } = await openWorld([reply(status === 204 ? '' : 'why', 'Retry-After: 3\r\n', `${status} x`)]);
    expect(await post()).toMatchObject({ status, headers: { 'retry-after': '3' } });
  });

  test.each([
    ['which says how long it is, is framed', ok, true],
    ['in chunks is framed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n', true],
    [
      'in chunks, in another spelling, is framed',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      true,
    ],
    ['that ends with the connection is not framed', 'HTTP/1.1 200 OK\r\n\r\nok', false],
    [
      'of HTTP/1.0 that ends with the connection is not framed',
      'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nok',
      false,
    ],
  ])('%s', async (_name, bytes, isWhole) => {
    const { post } = await openWorld([bytes, close]);
    expect(await post()).toMatchObject({ ...accept('ok'), isWhole });
  });

  test.each([['103 Early Hints, twice', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(2)]])(
    'follows %s',
    async (_name, before) => {
      const { post } = await openWorld([before, ok]);
      const got = await post();
      expect(got).toMatchObject(accept('ok'));
      expect(got.headers).toEqual({ 'content-length': '2' });
    },
  );

  test('may come byte by byte', async () => {
    const { post } = await openWorld([...Buffer.from(ok)].map((byte) => Uint8Array.of(byte)));
    expect(textOf(await post())).toBe('ok');
  });

  test('of 1 MiB is read', async () => {
    const { post } = await openWorld([reply(Buffer.alloc(largestReplyBytes, 'x'))]);
    expect((await post()).body).toHaveLength(1_048_576);
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('under %i is a reply, and nothing goes to where it points', async (status) => {
    const elsewhere = await RawServer.start([[ok]]);
    const { post, server } = await openWorld([reply('', `Location: ${elsewhere.url}\r\n`, `${status} x`)]);
    expect(await post()).toMatchObject({ status, headers: { location: elsewhere.url } });
    expect(elsewhere.connections).toBe(0);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a kept connection', () => {
  test('is used again', async () => {
    const { post, server } = await openWorld([reply('1')], [reply('2')], [reply('3')]);
    expect([textOf(await post()), textOf(await post()), textOf(await post())]).toEqual(['1', '2', '3']);
    expect(server.connections).toBe(1);
  });

  test('that the server closed in the meantime is replaced', async () => {
    const { post, server } = await openWorld([reply('1'), close], [reply('2')]);
    await post();
    await server.until(({ open }) => open === 0);
    expect(textOf(await post())).toBe('2');
    expect([server.connections, server.requests.length]).toEqual([2, 2]);
  });

  test.each([
    ['closes', close],
    ['resets', reset],
  ])('that the server %s just then is no trouble: the request goes out once more', async (_name, end) => {
    const { post, server } = await openWorld([reply('1')], [end], [reply('2')]);
    await post({ body: 'first' });
    expect(textOf(await post({ body: 'second' }))).toBe('2');
    expect(server.connections).toBe(2);
    expect(server.requests.map((request) => request.split('\r\n\r\n')[1])).toEqual(['first', 'second', 'second']);
  });

  test('is retried once and no more', async () => {
    const { post, server } = await openWorld([reply('1')], [reset], [reset], [reply('3')]);
    await post();
    const error = await troubleOf(post());
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNRESET', retryable: true, connecting: false });
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    ['cut in its body', ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntransactionStatus=C', reset]],
    ['cut in its body in good order', ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntransactionStatus=C', close]],
    ['cut between chunks', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n', close]],
    ['not HTTP', ['Go away.\r\n\r\n', close]],
    ['too large', ['HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n']],
    ['compressed in no known way', [reply('x', 'Content-Encoding: zstd\r\n')]],
  ])('on which an answer came is not retried: one that is %s', async (_name, script) => {
    const { post, server } = await openWorld([reply('1')], script, [reply('3')]);
    await post();
    expect((await troubleOf(post())).category).toBe('service');
    expect(server.requests).toHaveLength(2);
  });

  test('is not retried after the time limit', async () => {
    const { post, server } = await openWorld([reply('1')], [], [reply('3')]);
    await post();
    expect(await troubleOf(post({ timeoutMs: 50 }))).toMatchObject({ code: 'ETIMEDOUT', category: 'unreachable' });
    expect(server.requests).toHaveLength(2);
  });

  test('is not there for the first request, which is not retried', async () => {
    const { post, server } = await openWorld([reset], [reply('2')]);
    expect(await troubleOf(post())).toMatchObject({ code: 'ECONNRESET', retryable: true });
    expect(server.requests).toHaveLength(1);
  });
});

describe('connections', () => {
  const many = (count: number) => Array.from({ length: count }, () => [reply('ok')]);
  // Node warns of more than ten listeners on one signal, which is not what these are about.
  const { signal } = new AbortController();
  setMaxListeners(0, signal);

  test('are as many as were asked for', async () => {
    const server = await RawServer.start(many(6));
    const transport = openTransport({ connections: 2 });
    await Promise.all(many(6).map(() => transport.post(requestTo(server.url))));
    expect([server.connections, server.requests.length]).toEqual([2, 6]);
  });

  test('are 16 where nothing was asked for', async () => {
    const server = await RawServer.start(many(20));
    const transport = openTransport();
    await Promise.all(many(20).map(() => transport.post(requestTo(server.url, { signal }))));
    expect([server.connections, server.requests.length]).toEqual([16, 20]);
  });

  test.each([
    ['a reply of a known length', reply('ok')],
    ['a reply in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['an empty reply', reply('')],
    ['a compressed reply', reply(gzipSync('ok'), 'Content-Encoding: gzip\r\n')],
  ])('are free again after %s: what is asked next goes over the same one', async (_says, part) => {
    const server = await RawServer.start([[part], [part], [part]]);
    const transport = openTransport();
    for (let i = 0; i < 3; i++) await transport.post(requestTo(server.url));
    expect([server.connections, server.requests.length]).toEqual([1, 3]);
  });

  test('for many requests under one signal bring no warning to stderr', async () => {
    const warnings = noteWarnings('MaxListenersExceededWarning');
    const server = await RawServer.start(many(12));
    const transport = openTransport();
    const shared = new AbortController();
    await Promise.all(many(12).map(() => transport.post(requestTo(server.url, { signal: shared.signal }))));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  test('are closed with the transport', async () => {
    const { post, server, transport } = await openWorld([ok]);
    await post();
    expect(server.open).toBe(1);
    await transport.close();
    await server.until(({ open }) => open === 0);
  });

  test('are closed with the transport, with a request on them', async () => {
    const { post, server, transport } = await openWorld([]);
    const asking = troubleOf(post());
    await server.until(({ requests }) => requests.length === 1);
    await transport.close();
    expect(await asking).toMatchObject({ category: 'unreachable' });
    await server.until(({ open }) => open === 0);
  });

  test('need not be there to be closed', async () => {
    await expect(openTransport().close()).resolves.toBeUndefined();
  });
});
