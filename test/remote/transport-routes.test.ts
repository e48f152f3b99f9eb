import { describe, expect, test } from 'vitest';
import { close, RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { requestTo, troubleOf } from './account.ts';
import { makeCertificate } from './certificate.ts';
import { openTransport, openWorld, textOf } from './transport-world.ts';

const secure = (url: string) => url.replace('http:', 'https:');

async function secureServer(scripts: readonly Script[], facts = {}) {
  const tls = makeCertificate(facts);
  const server = await RawServer.start(scripts, { tls });
  return { server, url: secure(server.url), ca: [tls.cert] };
}

describe('TLS', () => {
  test('with a certificate that is trusted', async () => {
    const { server, url, ca } = await secureServer([[reply('1')], [reply('2')]]);
    const transport = openTransport({ ca, connections: 1 });
    expect(textOf(await transport.post(requestTo(url)))).toBe('1');
    expect(textOf(await transport.post(requestTo(url)))).toBe('2');
    expect(server.connections).toBe(1);
  });

  test.each([
    ['nobody vouches for', {}, false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is for another host', { host: 'elsewhere.example' }, true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['has expired', { lastYear: 2021 }, true, 'CERT_HAS_EXPIRED'],
  ])('with a certificate that %s', async (_name, facts, isTrusted, code) => {
    const { server, url, ca } = await secureServer([[reply('no')]], facts);
    const error = await troubleOf(openTransport(isTrusted ? { ca } : {}).post(requestTo(url)));
    expect(error).toMatchObject({ category: 'unreachable', code, retryable: false, connecting: true });
    expect(server.requests).toEqual([]);
  });

  test('on a port that speaks plain HTTP', async () => {
    const server = await RawServer.start([], {
      greeting: [reply('', 'Connection: close\r\n', '400 Bad Request'), close],
    });
    const error = await troubleOf(openTransport().post(requestTo(secure(server.url))));
    expect(error).toMatchObject({ category: 'unreachable', retryable: false, connecting: true });
    expect(error.code).toMatch(/^(?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/);
    expect(server.requests).toEqual([]);
  });

  test('on a port that says nothing, up to the time limit', async () => {
    const server = await RawServer.start([]);
    const error = await troubleOf(openTransport().post(requestTo(secure(server.url), { timeoutMs: 60 })));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', retryable: true, connecting: true });
  });

  test('on a port that hangs up', async () => {
    const server = await RawServer.start([], { greeting: [close] });
    const error = await troubleOf(openTransport().post(requestTo(secure(server.url))));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNRESET', retryable: true, connecting: true });
    expect(error.message).toContain('ended the connection before it was ready');
  });
});

describe('a proxy', () => {
  const through = (proxy: RawServer) => ({ https: proxy.url, http: proxy.url });

  test('is asked for the host and port, and TLS goes through it to the end', async () => {
    const { server, url, ca } = await secureServer([[reply('1')], [reply('2')]]);
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    const transport = openTransport({ ca, connections: 1, proxy: through(proxy) });
    expect(textOf(await transport.post(requestTo(url, { headers: { authorization: 'Basic canary' } })))).toBe('1');
    expect(textOf(await transport.post(requestTo(url)))).toBe('2');
    expect(proxy.requests).toHaveLength(1);
    expect(proxy.requests[0]).toMatch(new RegExp(`^CONNECT 127\\.0\\.0\\.1:${server.port} HTTP/1\\.1\r\n`));
    expect(proxy.requests[0]).not.toContain('canary');
    expect(server.connections).toBe(1);
  });

  test('does not make a certificate trusted', async () => {
    const { server, url } = await secureServer([[reply('no')]]);
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(requestTo(url)));
    expect(error).toMatchObject({
      category: 'unreachable',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      retryable: false,
      connecting: true,
    });
    expect(server.requests).toEqual([]);
  });

  test('does not make a certificate one for the host', async () => {
    const { server, url, ca } = await secureServer([[reply('no')]], { host: 'elsewhere.example' });
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    const error = await troubleOf(openTransport({ ca, proxy: through(proxy) }).post(requestTo(url)));
    expect(error).toMatchObject({ category: 'unreachable', retryable: false, connecting: true });
    expect(server.requests).toEqual([]);
  });

  test('gets the user and password of its URL', async () => {
    const { server, url, ca } = await secureServer([[reply('ok')]]);
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    const https = proxy.url.replace('://', '://user:p%40ss@');
    expect(textOf(await openTransport({ ca, proxy: { https } }).post(requestTo(url)))).toBe('ok');
    expect(proxy.requests[0]?.toLowerCase()).toContain(
      `proxy-authorization: basic ${'dXNlcjpwQHNz'.toLowerCase()}\r\n`,
    );
  });

  test.each([
    ['407 Proxy Authentication Required', 'PROXY_407', false],
    ['502 Bad Gateway', 'PROXY_502', true],
    ['403 Forbidden', 'PROXY_403', false],
  ])('that answers %s has made no connection', async (status, code, retryable) => {
    const proxy = await RawServer.start([[reply('<html>canary</html>', '', status)]]);
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(requestTo('https://service.example/')));
    expect(error).toMatchObject({ category: 'unreachable', code, connecting: true, retryable });
    expect(error.message).toContain('service.example');
    expect(error.message).not.toContain('canary');
    expect(proxy.requests).toHaveLength(1);
    expect(proxy.requests[0]).toMatch(/^CONNECT service\.example:443 /);
  });

  test('that refuses the connection', async () => {
    const proxy = await RawServer.start([]);
    const transport = openTransport({ proxy: through(proxy) });
    await proxy.stop();
    const error = await troubleOf(transport.post(requestTo('https://service.example/')));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNREFUSED', connecting: true, retryable: true });
  });

  test('that hangs up is not asked again and again', async () => {
    const proxy = await RawServer.start([[close]]);
    const request = requestTo('https://service.example/', { timeoutMs: 100 });
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(request));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNRESET', retryable: true });
    expect(proxy.connections).toBe(1);
  });

  test('that says nothing has made no connection when the time limit is over', async () => {
    const proxy = await RawServer.start([[]]);
    const request = requestTo('https://service.example/', { timeoutMs: 60 });
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(request));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', connecting: true });
  });

  test('is left out for the hosts that are excepted', async () => {
    const proxy = await RawServer.start([]);
    const { server } = await openWorld([reply('ok')]);
    const transport = openTransport({ proxy: { ...through(proxy), except: 'other.example,127.0.0.1' } });
    expect(textOf(await transport.post(requestTo(server.url)))).toBe('ok');
    expect(proxy.connections).toBe(0);
  });

  test('for one scheme is not one for the other', async () => {
    const proxy = await RawServer.start([]);
    const { server } = await openWorld([reply('ok')]);
    expect(textOf(await openTransport({ proxy: { https: proxy.url } }).post(requestTo(server.url)))).toBe('ok');
    expect(proxy.connections).toBe(0);
  });

  test('for plain HTTP is gone through too', async () => {
    const { server } = await openWorld([reply('ok')]);
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    expect(textOf(await openTransport({ proxy: { http: proxy.url } }).post(requestTo(server.url)))).toBe('ok');
    expect(proxy.requests).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });
});
