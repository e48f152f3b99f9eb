import { expect, test } from 'vitest';
import { proxyFor } from '../../../src/cli/doctor/proxy-for.ts';
import { requestTo } from '../../remote/account.ts';
import { openTransport } from '../../remote/transport-world.ts';
import { RawServer, reply, tunnelTo } from '../../support/raw-server.ts';

/** For plain HTTP to a loopback address that has the port of a server: what applies, by NO_PROXY. */
const rows: readonly (readonly [except: (port: number) => string, isProxied: boolean])[] = [
  [() => '', true],
  [() => '*', false],
  [() => '127.0.0.1', false],
  [() => 'other.example, 127.0.0.1', false],
  [() => 'other.example\t*.127.0.0.1', false],
  [() => '.0.0.1', false],
  [() => '0.0.1', false],
  [() => '27.0.0.1', true],
  [() => '127.0.0.1.example', true],
  [(port) => `127.0.0.1:${port}`, false],
  [() => '127.0.0.1:1', true],
  [() => '*,other.example', true],
];

test.each(rows)('NO_PROXY of row %# is read as the transport reads it', async (exceptFor, isProxied) => {
  const server = await RawServer.start([[reply('ok')]]);
  const proxy = await RawServer.start([[tunnelTo(server.port)]]);
  const settings = { http: proxy.url, except: exceptFor(server.port) };
  await openTransport({ proxy: settings }).post(requestTo(server.url));
  expect(proxy.requests).toHaveLength(isProxied ? 1 : 0);
  expect(proxyFor(new URL(server.url), settings)?.href ?? null).toBe(isProxied ? proxy.url : null);
});

test.each([
  ['http://127.0.0.1/', { http: 'http://a.example' }, 'http://a.example/'],
  ['http://127.0.0.1/', { https: 'http://b.example' }, null],
  ['https://x.example/', { http: 'http://a.example', https: 'http://b.example' }, 'http://b.example/'],
  ['https://x.example/', { https: 'http://b.example', except: 'x.example:443' }, null],
  ['https://x.example/', {}, null],
])('%s by %j goes through %s', (url, settings, proxy) => {
  expect(proxyFor(new URL(url), settings)?.href ?? null).toBe(proxy);
});

test('https goes through the proxy for http where it has none of its own, as in the transport', async () => {
  const proxy = await RawServer.start([[reply('', '', '403 Forbidden')]]);
  const settings = { http: proxy.url, https: '' };
  const url = 'https://x.example/';
  await expect(openTransport({ proxy: settings }).post(requestTo(url))).rejects.toMatchObject({ code: 'PROXY_403' });
  expect(proxyFor(new URL(url), settings)?.href).toBe(proxy.url);
});
