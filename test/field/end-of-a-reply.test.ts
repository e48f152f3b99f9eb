import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { InstaMedError } from '../../src/domain/errors.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import type { Transport } from '../../src/remote/http.ts';
import { viewReceipt } from '../../src/remote/receipt-client.ts';
import { askTokenStatus } from '../../src/remote/sso-client.ts';
import { account, limits, token, troubleOf } from '../support/account.ts';
import { makeCertificate } from '../support/certificate.ts';
import { close, RawServer, reply, reset, type Script, stayOpen, tunnelTo } from '../support/raw-server.ts';
import { statusReply } from '../support/scripted-transport.ts';
import { openTransport } from '../support/transport-world.ts';

// A Content-Length that counts characters turns CB, charged back, into C.

const readReceipt = (url: string, transport: Transport = openTransport()): Promise<Receipt> =>
  viewReceipt(transport, { ...account, receiptUrl: new URL(url) }, token, limits);

async function receiptFrom(script: Script): Promise<Receipt> {
  return readReceipt((await RawServer.start([script])).url);
}

const troubleFrom = (script: Script): Promise<InstaMedError> => troubleOf(receiptFrom(script));

/** Lets what was written arrive by itself. */
const later = (socket: Socket) =>
  new Promise<void>((resolve) =>
    socket.writableLength === 0 ? setTimeout(resolve, 30) : socket.once('drain', resolve),
  );

const charged = Buffer.from('responseCode=000&cardHolderName=JOSÉ LOPEZ&transactionStatus=CB');
const shortLength = charged.toString('utf8').length;
const head = (length: number, more = '') => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n${more}\r\n`;
const chunk = (body: Uint8Array) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const cut = charged.subarray(0, shortLength);
const rest = charged.subarray(shortLength);
const approved = 'responseCode=000&transactionStatus=C&transactionID=12345';

test('the cut of this file is dangerous: what is announced reads as approved', async () => {
  expect(await receiptFrom([reply(cut)])).toMatchObject({ result: 'approved' });
});

describe('a receipt behind whose announced end more comes is not believed', () => {
  test.each<readonly [string, Script]>([
    ['at once, and the server closes', [head(shortLength), charged, close]],
    ['with the head, and the server closes', [Buffer.concat([Buffer.from(head(shortLength)), charged]), close]],
    ['at once, and the server resets', [Buffer.concat([Buffer.from(head(shortLength)), charged]), later, reset]],
    ['at once, and the server keeps the connection open', [head(shortLength), charged, stayOpen]],
    ['and the server announces the close', [head(shortLength, 'Connection: close\r\n'), charged, close]],
    ['and the server announces to keep it', [head(shortLength, 'Connection: keep-alive\r\n'), charged, close]],
    ['a moment later', [head(shortLength), cut, later, rest, close]],
    ['a moment later, and the server keeps it open', [head(shortLength), cut, later, rest, stayOpen]],
    ['a moment later, after an announced close', [head(shortLength, 'Connection: close\r\n'), cut, later, rest, close]],
    ['a line end', [reply(approved), '\r\n', close]],
    ['a second reply', [reply(approved), reply('transactionStatus=CB'), close]],
    ['a second reply, a moment later', [reply(approved), later, reply('transactionStatus=CB'), close]],
    ['behind the last chunk', [chunked, chunk(cut), '0\r\n\r\n', rest, close]],
    ['behind the last chunk, a moment later', [chunked, chunk(cut), '0\r\n\r\n', later, rest, close]],
    ['behind the trailers', [chunked, chunk(cut), '0\r\nX-Sum: 1\r\n\r\n', rest, close]],
    ['from HTTP/1.0', [head(shortLength).replace('1.1', '1.0'), charged, close]],
    ['behind an empty reply', [head(0), charged, close]],
    ['behind an interim reply', ['HTTP/1.1 100 Continue\r\n\r\n', head(shortLength), charged, close]],
  ])('%s', async (_name, script) => {
    const error = await troubleFrom(script);
    expect(error).toMatchObject({ category: 'service', retryable: true });
    expect(error.message).not.toContain('LOPEZ');
  });

  test('over TLS, and through a proxy', async () => {
    const tls = makeCertificate();
    const script = [head(shortLength), cut, later, rest, close];
    const server = await RawServer.start([script, script], { tls });
    const proxy = await RawServer.start([[tunnelTo(server.port)]]);
    const url = server.url.replace('http:', 'https:');
    for (const options of [{ ca: [tls.cert] }, { ca: [tls.cert], proxy: { https: proxy.url } }]) {
      const error = await troubleOf(readReceipt(url, openTransport(options)));
      expect(error).toMatchObject({ category: 'service', code: 'CUT_REPLY', retryable: true });
    }
  });

  test('what it says of an error is told all the same', async () => {
    const body = Buffer.from('errorMessage=José is late, Reference Number 12345&errorCode=400');
    const error = await troubleFrom([head(body.toString().length), body, close]);
    expect(error.reference).toBe('12345');
  });
});

test.each([
  ['CB cut to C', 'cardHolderName=JOSÉ LOPEZ&transactionStatus=CB'],
  ['SE cut to S', 'cardHolderName=JOSÉ LOPEZ&transactionStatus=SE'],
  ['an error cut away', 'transactionStatus=C&cardHolderName=ÄÖÜ ÄÖÜ ÄÖ&errorCode=400'],
  ['0.50 cut to 0', 'transactionStatus=C&cardHolderName=ÉÉÉ&partialApprovalAmount=0.50'],
  ['the own ID cut away', 'transactionStatus=C&primaryTransactionID=1&cardHolderName=É&transactionID=12'],
])('a length that counts characters, with %s, is not believed', async (_name, body) => {
  const bytes = Buffer.from(body);
  for (const script of [
    [head(body.length), bytes, close],
    [head(body.length), bytes.subarray(0, -1), later, bytes.subarray(-1), close],
  ]) {
    expect(await troubleFrom(script)).toMatchObject({ category: 'service', code: 'CUT_REPLY', retryable: true });
  }
});

test('a reply that was pushed before the request is nobody’s', async () => {
  const script = [reply('transactionStatus=D'), close];
  const server = await RawServer.start([script], { greeting: [reply('transactionStatus=C')] });
  const read = await readReceipt(server.url).catch(({ code }: InstaMedError) => code);
  expect(read).not.toMatchObject({ result: 'approved' });
});

describe('a receipt that has no announced end, or two, or ends before it, is not believed', () => {
  const body = Buffer.from(approved);
  const { length } = body;
  const packed = gzipSync(approved);
  const gzip = 'Content-Encoding: gzip\r\n';
  test.each<readonly [string, Script]>([
    ['none', ['HTTP/1.1 200 OK\r\n\r\n', body, close]],
    ['none, and an announced close', ['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', body, close]],
    ['none, in HTTP/1.0', ['HTTP/1.0 200 OK\r\n\r\n', body, close]],
    ['two lengths', [head(length, `Content-Length: ${length + 1}\r\n`), body, close]],
    ['a list of lengths', [`HTTP/1.1 200 OK\r\nContent-Length: ${length}, ${length}\r\n\r\n`, body, close]],
    ['a length and chunks', [head(length, 'Transfer-Encoding: chunked\r\n'), chunk(body), '0\r\n\r\n', close]],
    ['identity', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n', body, close]],
    ['a length and identity', [head(length, 'Transfer-Encoding: identity\r\n'), body, close]],
    ['chunked that is not the last coding', [chunked.replace('chunked', 'chunked, identity'), body, close]],
    ['a coding that only ends like chunked', [chunked.replace('chunked', 'x-chunked'), body, close]],
    ['a length that is longer', [head(length + 1), body, close]],
    ['a length that is longer, and a reset', [head(length + 1), body, later, reset]],
    ['chunks without the last', [chunked, chunk(body), close]],
    ['the length of the plain text with less compressed', [head(packed.length + 9, gzip), packed, close]],
    ['the length of the plain text with more compressed', [head(packed.length - 9, gzip), packed, close]],
    ['bytes behind the compressed text', [reply(Buffer.concat([packed, Buffer.alloc(2)]), gzip)]],
    ['a compressed text that ends early', [reply(packed.subarray(0, -4), gzip)]],
  ])('%s', async (_name, script) => {
    const error = await troubleFrom(script);
    expect(error).toMatchObject({ category: 'service', retryable: true });
    expect(['CUT_REPLY', 'ECONNRESET']).toContain(error.code);
  });
});

describe('an honest receipt is read', () => {
  const body = Buffer.from(approved);
  test.each<readonly [string, Script]>([
    ['with a length, and a close', [head(body.length), body, close]],
    ['with a length, and a reset behind it', [head(body.length), body, later, reset]],
    [
      'with a length, byte by byte',
      [...Buffer.concat([Buffer.from(head(body.length)), body])].map((b) => Uint8Array.of(b)),
    ],
    ['from HTTP/1.0', [head(body.length).replace('1.1', '1.0'), body, close]],
    ['in chunks', [chunked, chunk(body), '0\r\n\r\n', close]],
    ['in chunks, with trailers', [chunked, chunk(body), '0\r\nX-Sum: 1\r\n\r\n', close]],
    ['with the length of the compressed text', [reply(gzipSync(body), 'Content-Encoding: gzip\r\n')]],
    [
      'from a server that stays open though it was asked to close',
      [head(body.length, 'Connection: keep-alive\r\n'), body, stayOpen],
    ],
  ])('%s', async (_name, script) => {
    expect(await receiptFrom(script)).toMatchObject({ result: 'approved', transactionId: '12345' });
  });

  test('from the HTTP server of Node', async () => {
    const server = createServer((request, response) => request.resume().on('end', () => response.end(approved)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await readReceipt(`http://127.0.0.1:${port}/`)).toMatchObject({ result: 'approved' });
  });

  test('each over a connection of its own, which is closed behind it', async () => {
    const server = await RawServer.start([[reply(approved)], [reply(approved)], [head(body.length), body, stayOpen]]);
    const transport = openTransport();
    for (let i = 0; i < 3; i++) await readReceipt(server.url, transport);
    expect(server.connections).toBe(3);
    for (const request of server.requests) expect(request).toMatch(/^connection: close\r$/m);
    await server.until(({ open }) => open === 0);
  });

  test('up to a stop or the time limit, also while the end is awaited', async () => {
    const server = await RawServer.start([[head(body.length), body, stayOpen], []]);
    const transport = openTransport();
    const controller = new AbortController();
    const reading = troubleOf(
      viewReceipt(transport, { ...account, receiptUrl: new URL(server.url) }, token, {
        ...limits,
        signal: controller.signal,
      }),
    );
    await server.until(({ requests }) => requests.length === 1);
    controller.abort();
    expect(await reading).toMatchObject({ category: 'aborted' });
    const late = { ...limits, timeoutMs: 50 };
    const error = await troubleOf(viewReceipt(transport, { ...account, receiptUrl: new URL(server.url) }, token, late));
    expect(error).toMatchObject({ code: 'ETIMEDOUT', retryable: true });
    await server.until(({ open }) => open === 0);
  });

  test('and closing the transport ends what is awaited', async () => {
    const server = await RawServer.start([[head(body.length), body, stayOpen]]);
    const transport = openTransport();
    const reading = readReceipt(server.url, transport).catch((error: unknown) => error);
    await server.until(({ requests }) => requests.length === 1);
    await transport.close();
    expect(await reading).toBeInstanceOf(Error);
    await server.until(({ open }) => open === 0);
  });
});

// A kept connection does worse with what is left over: it takes it for the reply to the next request.
describe('a status that nobody asked for is not taken for an answer', () => {
  const statusOf = (text: string) => Buffer.from(statusReply(text).body);
  const ask = (url: string, transport: Transport, more = {}) =>
    askTokenStatus(transport, { ...account, statusUrl: new URL(url) }, token, { ...limits, ...more });

  test('a reply that nobody asked for on a kept connection does not answer the next request', async () => {
    const server = await RawServer.start([
      [reply(statusOf('NEW')), later, reply(statusOf('EXPIRED'))],
      [reply(statusOf('USED'))],
    ]);
    const transport = openTransport({ connections: 1 });
    expect(await ask(server.url, transport)).toMatchObject({ state: 'NEW' });
    await server.until(({ open }) => open === 0);
    expect(await ask(server.url, transport)).toMatchObject({ state: 'USED' });
  });

  test('a check on a connection of its own uses no kept one, and leaves it alone', async () => {
    const server = await RawServer.start([
      [reply(statusOf('NEW'))],
      [reply(statusOf('EXPIRED'))],
      [reply(statusOf('NEW'))],
    ]);
    const transport = openTransport({ connections: 1 });
    await ask(server.url, transport);
    expect(await ask(server.url, transport, { ownConnection: true })).toMatchObject({ state: 'EXPIRED' });
    await ask(server.url, transport);
    expect(server.connections).toBe(2);
    expect(server.requests.map((text) => /^connection: (.*)\r$/m.exec(text)?.[1])).toEqual([
      'keep-alive',
      'close',
      'keep-alive',
    ]);
  });
});
