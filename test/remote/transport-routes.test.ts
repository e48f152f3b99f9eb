import { buildConnector } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTunnels } from '../../src/remote/tunnel.ts';
import { requestTo, troubleOf } from '../support/account.ts';
import { makeAuthority, makeCertificate } from '../support/certificate.ts';
import { close, RawServer, reply, type Script, tunnelTo } from '../support/raw-server.ts';
import { openTransport, openWorld, textOf } from '../support/transport-world.ts';

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
    ['nobody vouches for', {}, false, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'is self-signed'],
    ['is for another host', { host: 'elsewhere.example' }, true, 'ERR_TLS_CERT_ALTNAME_INVALID', 'is for another host'],
    ['has expired', { lastYear: 2021 }, true, 'CERT_HAS_EXPIRED', 'has expired'],
    ['is not valid yet', { firstYear: 2048 }, true, 'CERT_NOT_YET_VALID', 'is not valid yet'],
  ])('with a certificate that %s', async (_name, facts, isTrusted, code, says) => {
    const { server, url, ca } = await secureServer([[reply('no')]], facts);
    const error = await troubleOf(openTransport(isTrusted ? { ca } : {}).post(requestTo(url)));
    expect(error).toMatchObject({ category: 'unreachable', code, retryable: false, connecting: true });
    expect(error.message).toContain(says);
    expect(server.requests).toEqual([]);
  });

  test('with a certificate of an authority, which is the one to trust', async () => {
    const authority = makeAuthority();
    const { url } = await secureServer([[reply('ok')]], { signedBy: authority });
    expect(textOf(await openTransport({ ca: [authority.cert] }).post(requestTo(url)))).toBe('ok');
  });

  test.each([
    ['comes with the certificate', true, {}, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['does not come with it', false, {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['has the name of one that is', true, { ca: [makeAuthority().cert] }, 'CERT_SIGNATURE_FAILURE'],
  ])('with a certificate of an authority that is not trusted and %s', async (_name, isSent, trust, code) => {
    const authority = makeAuthority();
    const { key, cert } = makeCertificate({ signedBy: authority });
    const server = await RawServer.start([], { tls: { key, cert: isSent ? cert + authority.cert : cert } });
    const error = await troubleOf(openTransport(trust).post(requestTo(secure(server.url))));
    expect(error).toMatchObject({ category: 'unreachable', code, retryable: false, connecting: true });
    expect(error.message).toContain('was signed by an authority that is not trusted here');
    expect(error.message).not.toContain('self-signed');
    expect(error.hint).toContain('--ca-file');
    expect(server.requests).toEqual([]);
  });

  test('of a version that is too old', async () => {
    const tls = makeCertificate();
    const old = { ...tls, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await RawServer.start([], { tls: old });
    const error = await troubleOf(openTransport({ ca: [tls.cert] }).post(requestTo(secure(server.url))));
    expect(error).toMatchObject({ category: 'unreachable', retryable: false, connecting: true });
    expect(error.message).toContain(`No TLS connection to 127.0.0.1:${server.port} could be agreed on (`);
    expect(error.hint).toContain('TLS 1.2 or later');
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
    ['jo:50%canary', 'jo:50%canary'],
    ['jo', 'jo:'],
    ['j%C3%B6:p%3Aw', 'jö:p:w'],
  ])('gets %s of its URL, whatever they look like', async (written, sent) => {
    const proxy = await RawServer.start([[reply('', '', '403 Forbidden')]]);
    const https = proxy.url.replace('://', `://${written}@`);
    await troubleOf(openTransport({ proxy: { https } }).post(requestTo('https://service.example/')));
    const credentials = /^proxy-authorization: Basic (.*)\r$/m.exec(proxy.requests[0] ?? '')?.[1] ?? '';
    expect(Buffer.from(credentials, 'base64').toString('utf8')).toBe(sent);
  });

  test('may speak TLS itself', async () => {
    const authority = makeAuthority();
    const { server, url } = await secureServer([[reply('ok')]], { signedBy: authority });
    const tls = makeCertificate({ signedBy: authority });
    const proxy = await RawServer.start([[tunnelTo(server.port)]], { tls });
    const transport = openTransport({ ca: [authority.cert], proxy: { https: secure(proxy.url) } });
    expect(textOf(await transport.post(requestTo(url)))).toBe('ok');
    expect(proxy.requests).toHaveLength(1);
  });

  test.each([
    ['that nobody vouches for', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'The TLS certificate of the proxy 127.0.0.1:'],
    [
      'for another host',
      { host: 'elsewhere.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'The TLS certificate that answered for the proxy 127.0.0.1:',
    ],
  ])('with a certificate %s is not even asked', async (_name, facts, code, says) => {
    const tls = makeCertificate(facts);
    const proxy = await RawServer.start([], { tls });
    const ca = code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ? [] : [tls.cert];
    const transport = openTransport({ ca, proxy: { https: secure(proxy.url) } });
    const error = await troubleOf(transport.post(requestTo('https://service.example/')));
    expect(error).toMatchObject({ category: 'unreachable', code, connecting: true, retryable: false });
    expect(error.message).toContain(says);
    expect(proxy.requests).toEqual([]);
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
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} refused the connection`);
  });

  test('that is no proxy', async () => {
    const proxy = await RawServer.start([['220 mail.example ESMTP canary\r\n\r\n']]);
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(requestTo('https://service.example/')));
    expect(error).toMatchObject({ category: 'unreachable', code: 'NOT_HTTP', connecting: true, retryable: false });
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} answered with something that is not HTTP`);
    expect(error.message).not.toContain('canary');
  });

  test('that hangs up is not asked again and again', async () => {
    const proxy = await RawServer.start([[close]]);
    const request = requestTo('https://service.example/', { timeoutMs: 100 });
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(request));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNRESET', connecting: true, retryable: true });
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} ended the connection without an answer`);
    expect(proxy.connections).toBe(1);
  });

  test('that says nothing has made no connection when the time limit is over', async () => {
    const proxy = await RawServer.start([[]]);
    const request = requestTo('https://service.example/', { timeoutMs: 60 });
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(request));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', connecting: true });
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} did not answer within 60ms`);
  });

  test('that says nothing keeps no place among the connections to it', async () => {
    const proxy = await RawServer.start([[]]);
    const tunnels = openTunnels(new URL(proxy.url), buildConnector({}), () => {}, 20);
    onTestFinished(() => tunnels.close());
    const options = { protocol: 'http:', host: 'service.example', hostname: 'service.example', port: '80' };
    const error = await new Promise((resolve) => tunnels.connect(options, (...[error]) => resolve(error)));
    expect(error).toMatchObject({ name: 'ProxyTrouble', cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } });
    await proxy.until(({ open }) => open === 0);
  });

  test('that connects, and then nothing more comes: it is the host that is silent', async () => {
    const proxy = await RawServer.start([['HTTP/1.1 200 Connection established\r\n\r\n']]);
    const request = requestTo('https://service.example/', { timeoutMs: 200 });
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(request));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', connecting: true, retryable: true });
    expect(error.message).toContain('service.example did not answer within 200ms');
    expect(proxy.requests).toHaveLength(1);
  });

  test('that connects, and then hangs up', async () => {
    const proxy = await RawServer.start([['HTTP/1.1 200 Connection established\r\n\r\n', close]]);
    const error = await troubleOf(openTransport({ proxy: through(proxy) }).post(requestTo('https://service.example/')));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNRESET', connecting: true, retryable: true });
    expect(error.message).toContain('service.example ended the connection before it was ready');
    expect(proxy.connections).toBe(1);
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
