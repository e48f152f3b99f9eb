import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { viewReceipt } from '../../src/remote/receipt-client.ts';
import { createTransport } from '../../src/remote/transport.ts';
import { account, limits, token, troubleOf } from '../remote/account.ts';
import { openTransport } from '../remote/transport-world.ts';
import { close, type Part, RawServer, reply, reset, type Script } from '../support/raw-server.ts';

/** What a receipt service that plays this script comes to. */
async function readFrom(script: Script, transport = openTransport()) {
  const server = await RawServer.start([script]);
  const settings = { ...account, receiptUrl: new URL(`${server.url}payment/NVP.aspx`) };
  const reading = viewReceipt(transport, settings, token, limits);
  return { reading, server };
}

const resultOf = async (script: Script) => (await (await readFrom(script)).reading).result;
const errorOf = async (script: Script) => troubleOf((await readFrom(script)).reading);

const type = 'Content-Type: text/html; charset=utf-8\r\n';
const framed = (body: string, length: number, headers = ''): string =>
  `HTTP/1.1 200 OK\r\n${type}${headers}Content-Length: ${length}\r\n\r\n${body}`;
const chunked = (...chunks: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\n${type}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}`;
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const later: Part = () => new Promise((resolve) => setTimeout(resolve, 30));

describe('a length that counts characters, where the body is UTF-8 with an accent', () => {
  test.each([
    ['CB cut to C', 'cardHolderName=JOSÉ LOPEZ&transactionStatus=CB'],
    ['SE cut to S', 'cardHolderName=JOSÉ LOPEZ&transactionStatus=SE'],
    ['an error cut away', 'transactionStatus=C&cardHolderName=ÄÖÜ ÄÖÜ ÄÖ&errorCode=400'],
    ['0.50 cut to 0', 'transactionStatus=C&cardHolderName=ÉÉÉ&partialApprovalAmount=0.50'],
    ['the own ID cut away', 'transactionStatus=C&primaryTransactionID=1&cardHolderName=É&transactionID=12'],
  ])('%s', async (_name, body) => {
    const text = framed(body, [...body].length);
    expect(await errorOf([text, close])).toMatchObject({ category: 'service', code: 'CUT_REPLY', retryable: true });
    // The rest comes in a segment of its own.
    const cut = text.length - 1;
    const bytes = Buffer.from(text);
    expect(await errorOf([bytes.subarray(0, cut), later, bytes.subarray(cut), close])).toMatchObject({
      code: 'CUT_REPLY',
    });
  });

  test('the same with the right length is read', async () => {
    const body = 'cardHolderName=JOSÉ LOPEZ&transactionStatus=CB';
    expect(await resultOf([framed(body, Buffer.byteLength(body)), close])).toBe('charged-back');
  });
});

describe('bytes behind the announced end', () => {
  const body = 'transactionStatus=C';
  test.each<readonly [string, Script]>([
    ['one byte', [framed(`${body}B`, body.length), close]],
    ['a line end', [framed(`${body}\r\n`, body.length), close]],
    ['behind a length of nothing', [framed('B', 0), close]],
    ['a second reply', [framed(body, body.length) + framed('transactionStatus=D', 19), close]],
    ['a second reply, later', [framed(body, body.length), later, framed('transactionStatus=D', 19), close]],
    ['behind the last chunk', [chunked(chunk(body), '0\r\n\r\n', 'B'), close]],
    ['behind the last chunk, later', [chunked(chunk(body), '0\r\n\r\n'), later, 'B', close]],
    ['behind the trailers', [chunked(chunk(body), '0\r\nx: y\r\n\r\n', 'B'), close]],
    ['though the server keeps the connection', [framed(`${body}B`, body.length)]],
    ['and a reset', [framed(`${body}B`, body.length), later, reset]],
  ])('%s', async (_name, script) => {
    const error = await errorOf(script);
    expect(error.category).toBe('service');
    expect(['CUT_REPLY', 'EMPTY_REPLY', 'NOT_HTTP']).toContain(error.code);
  });
});

describe('a reply whose end cannot be known', () => {
  const body = 'transactionStatus=C';
  const gzip = gzipSync(body);
  const encoded = (bytes: Uint8Array, length = bytes.length) =>
    Buffer.concat([Buffer.from(framed('', length, 'Content-Encoding: gzip\r\n')), bytes]);
  test.each<readonly [string, Script]>([
    ['no length', [`HTTP/1.1 200 OK\r\n${type}\r\n${body}`, close]],
    ['no length, HTTP/1.0', [`HTTP/1.0 200 OK\r\n${type}\r\n${body}`, close]],
    ['an encoding that means nothing', [`HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n${body}`, close]],
    ['a length too long', [framed(body, body.length + 1), close]],
    ['a length too long, and a reset', [framed(body, body.length + 1), later, reset]],
    ['no last chunk', [chunked(chunk(body)), close]],
    ['a last chunk without its end', [chunked(chunk(body), '0\r\n'), close]],
    ['two lengths', [framed(body, body.length, `Content-Length: ${body.length + 1}\r\n`), close]],
    [
      'a length and chunks',
      [chunked(chunk(body), '0\r\n\r\n').replace('\r\n\r\n', '\r\nContent-Length: 5\r\n\r\n'), close],
    ],
    ['the length of what was compressed', [encoded(gzip, body.length), close]],
    [
      'a compressed body with bytes behind it',
      [encoded(Buffer.concat([gzip, Buffer.from('&transactionStatus=D')])), close],
    ],
    ['a compressed body that is cut', [encoded(gzip.subarray(0, -4)), close]],
  ])('%s', async (_name, script) => {
    expect((await errorOf(script)).category).toMatch(/^(?:service|unreachable)$/);
  });

  test.each<readonly [string, Script]>([
    ['a length', [framed(body, body.length), close]],
    ['a length, HTTP/1.0', [framed(body, body.length).replace('1.1', '1.0'), close]],
    ['chunks', [chunked(chunk('transaction'), chunk('Status=C'), '0\r\n\r\n'), close]],
    ['chunks with an extension and trailers', [chunked('13;a=b\r\n', `${body}\r\n`, '0\r\nx: y\r\n\r\n'), close]],
    ['a compressed body', [encoded(gzip), close]],
    ['a length, on a connection that is reset behind it', [framed(body, body.length), later, reset]],
    ['a length, byte by byte', [...[...framed(body, body.length)].map((byte) => byte), close]],
    ['chunks, byte by byte', [...chunked(chunk(body), '0\r\n\r\n'), close]],
    ['a length, on a connection that is kept, though it was to be closed', [framed(body, body.length)]],
  ])('%s is a whole reply', async (_name, script) => {
    expect(await resultOf(script)).toBe('approved');
  });
});

describe('each receipt has a connection of its own', () => {
  test('that is not used again, and on which nothing else was asked', async () => {
    const server = await RawServer.start(() => [reply('transactionStatus=C', type)]);
    const transport = createTransport();
    const settings = { ...account, receiptUrl: new URL(`${server.url}NVP.aspx`) };
    for (let i = 0; i < 3; i++) await viewReceipt(transport, settings, token, limits);
    await server.until(({ ended }) => ended === 3);
    expect([server.connections, server.requests.length]).toEqual([3, 3]);
    for (const request of server.requests) expect(request).toMatch(/^connection: close\r$/im);
    await transport.close();
  });

  test('a reply that was pushed before the request is nobody’s', async () => {
    const stale = framed('transactionStatus=C', 19);
    const server = await RawServer.start([[framed('transactionStatus=D', 19), close]], { greeting: [stale] });
    const settings = { ...account, receiptUrl: new URL(`${server.url}NVP.aspx`) };
    const read = await viewReceipt(openTransport(), settings, token, limits).catch(
      ({ code }: { code: string }) => code,
    );
    expect(read).not.toMatchObject({ result: 'approved' });
  });
});
