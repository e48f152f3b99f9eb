import { expect, test } from 'vitest';
import { proxyFor } from '../../src/remote/proxy-for.ts';
import { requestTo } from '../support/account.ts';
import { close, RawServer, reply, tunnelTo } from '../support/raw-server.ts';
import { openTransport } from '../support/transport-world.ts';

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

test.each(rows)('NO_PROXY of row %# is read for the transport and the doctor alike', async (exceptFor, isProxied) => {
  const server = await RawServer.start([[reply('ok')]]);
  const proxy = await RawServer.start([[tunnelTo(server.port)]]);
  const settings = { http: proxy.url, except: exceptFor(server.port) };
  await openTransport({ proxy: settings }).post(requestTo(server.url));
  expect(proxy.requests).toHaveLength(isProxied ? 1 : 0);
  expect(proxyFor(new URL(server.url), settings)?.href ?? null).toBe(isProxied ? proxy.url : null);
});

test.each([
  ['http://127.0.0.1/', { http: 'http://localhost:3128' }, 'http://localhost:3128/'],
  // It would see the credentials.
  ['http://127.0.0.1/', { http: 'http://a.example' }, null],
  ['http://127.0.0.1/', { http: 'https://a.example' }, null],
  ['http://127.0.0.1/', { https: 'http://b.example' }, null],
  ['https://x.example/', { http: 'http://a.example', https: 'http://b.example' }, 'http://b.example/'],
  ['https://x.example/', { https: 'http://b.example', except: 'x.example:443' }, null],
  ['https://x.example/', {}, null],
  ['https://x.example/', { http: 'http://a.example' }, null],
  ['https://[2001:db8::1]/', { https: 'http://b.example', except: '2001:db8::1' }, null],
  ['https://[2001:db8::1]/', { https: 'http://b.example', except: '[2001:DB8::1]' }, null],
  ['https://[2001:db8::1]:99/', { https: 'http://b.example', except: '[2001:db8::1]:99' }, null],
  ['https://[2001:db8::1]:99/', { https: 'http://b.example', except: '[2001:db8::1]:98' }, 'http://b.example/'],
])('%s by %j goes through %s', (url, settings, proxy) => {
  expect(proxyFor(new URL(url), settings)?.href ?? null).toBe(proxy);
});

test('https does not go through a proxy for http, which is how curl has it', async () => {
  const proxy = await RawServer.start([]);
  const server = await RawServer.start([], { greeting: [close] });
  const url = server.url.replace('http:', 'https:');
  const posted = openTransport({ proxy: { http: proxy.url } }).post(requestTo(url));
  await expect(posted).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect({ asked: proxy.connections, reached: server.connections }).toEqual({ asked: 0, reached: 1 });
});
