import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { viewReceipt } from '../../src/remote/receipt-client.ts';
import { largestReplyBytes } from '../../src/remote/send.ts';
import { account, limits, requestTo, token, troubleOf } from '../support/account.ts';
import { close, RawServer, reply, reset } from '../support/raw-server.ts';
import { openTransport, openWorld, textOf, troubleWith } from '../support/transport-world.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
const chunkedHead = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const receipt = 'responseCode=000&transactionStatus=C';

describe('no connection', () => {
  test('credentials-rejected', async () => {
    const { server, post } = await openWorld();
    await server.stop();
    const error = await troubleOf(post());
    expect(error).toMatchObject({ category: 'unreachable', code: 'ECONNREFUSED', retryable: true, connecting: true });
  });

  test('to a host that nobody knows', async () => {
    const error = await troubleOf(openTransport().post(requestTo('https://nothing.invalid/')));
    expect(error).toMatchObject({ category: 'unreachable', connecting: true });
    // Where there is no network there is no name server either, and that may pass.
    expect([
      ['ENOTFOUND', false],
      ['EAI_AGAIN', true],
    ]).toContainEqual([error.code, error.retryable]);
    expect(error.message).toContain('nothing.invalid');
  }, 30_000);

  test.each([
    ['reset', reset],
    ['closed', close],
  ])('that holds: it is %s before any request', async (_name, end) => {
    const server = await RawServer.start([], { greeting: [end] });
    const error = await troubleOf(openTransport().post(requestTo(server.url)));
    expect(error).toMatchObject({ category: 'unreachable', retryable: true });
    expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
  });
});

describe('a connection that ends too soon', () => {
  test.each([
    ['reset before the headers', [reset], 'unreachable'],
    ['closed before the headers', [close], 'unreachable'],
    ['reset in the headers', [head, reset], 'unreachable'],
    ['reset behind the headers', [`${head}Content-Length: 36\r\n\r\n`, reset], 'service'],
    ['closed behind the headers', [`${head}Content-Length: 36\r\n\r\n`, close], 'service'],
    ['reset in the body', [`${head}Content-Length: 37\r\n\r\n${receipt}`, reset], 'service'],
    ['closed in the body', [`${head}Content-Length: 37\r\n\r\n${receipt}`, close], 'service'],
    ['closed in a chunk', [`${chunkedHead}ff\r\n${receipt}`, close], 'service'],
    ['closed between chunks', [`${chunkedHead}24\r\n${receipt}\r\n`, close], 'service'],
    ['closed before the last line end', [`${chunkedHead}24\r\n${receipt}\r\n0\r\n`, close], 'service'],
    ['reset between chunks', [`${chunkedHead}24\r\n${receipt}\r\n`, reset], 'service'],
  ] as const)('is trouble that may pass: %s', async (_name, script, category) => {
    const error = await troubleWith(script);
    expect(error).toMatchObject({ category, retryable: true, connecting: false });
    // A reply that was cut has either name, by how undici notices.
    expect(category === 'service' ? ['ECONNRESET', 'CUT_REPLY'] : ['ECONNRESET']).toContain(error.code);
    expect(error.message).not.toContain('transactionStatus');
  });

  test('takes a receipt that has no length with it: what came of it is not believed', async () => {
    const { server, transport } = await openWorld([`${head}\r\n${receipt}&responseMessage=APPRO`, reset]);
    const settings = { ...account, receiptUrl: new URL(server.url) };
    const error = await troubleOf(viewReceipt(transport, settings, token, limits));
    expect(error).toMatchObject({ category: 'service', retryable: true });
  });
});

describe('something that is not HTTP', () => {
  test.each([
    ['a greeting of SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a web page without headers', '<html>USED</html>\r\n\r\n'],
    ['a status that is no number', 'HTTP/1.1 OK\r\n\r\n'],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`],
  ])('is an error that stays: %s', async (_name, bytes) => {
    const error = await troubleWith([bytes]);
    expect(error).toMatchObject({ category: 'service', code: 'NOT_HTTP', retryable: false });
  });

  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok'],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['a chunk that is not as long as it says', `${chunkedHead}1\r\nok\r\n0\r\n\r\n`],
  ])('is an error: %s', async (_name, bytes) => {
    expect((await troubleWith([bytes])).category).toBe('service');
  });
});

describe('the time limit', () => {
  const soon = { timeoutMs: 60 };

  test.each([
    ['no headers', [], 'unreachable', 'did not answer within 60ms'],
    ['half of the headers', [head], 'unreachable', 'did not answer within 60ms'],
    ['early hints alone', ['HTTP/1.1 103 Early Hints\r\n\r\n'], 'unreachable', 'did not answer within 60ms'],
    ['headers and no body', [`${head}Content-Length: 2\r\n\r\n`], 'service', 'did not finish its reply within 60ms'],
    ['half of the body', [`${head}Content-Length: 4\r\n\r\nok`], 'service', 'did not finish its reply within 60ms'],
    ['a body that has no end', [`${head}\r\nok`], 'service', 'did not finish its reply within 60ms'],
  ] as const)('ends a request that got %s', async (_name, script, category, says) => {
    const { server, post, transport } = await openWorld(script);
    const before = performance.now();
    const error = await troubleOf(post(soon));
    expect(performance.now() - before).toBeGreaterThanOrEqual(50);
    expect(error).toMatchObject({ category, code: 'ETIMEDOUT', retryable: true, connecting: false });
    expect(error.message).toContain(says);
    await transport.close();
    await server.until(({ open }) => open === 0);
  });

  test('is for the whole of it: bytes that trickle in do not renew it', async () => {
    const trickle = async (socket: Socket) => {
      for (let i = 0; i < 100 && !socket.destroyed; i++) {
        socket.write('x');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    // On a busy machine the request itself takes some of the time.
    const error = await troubleWith([`${head}Content-Length: 100\r\n\r\n`, trickle], { timeoutMs: 300 });
    expect(error).toMatchObject({ category: 'service', code: 'ETIMEDOUT' });
  });

  test.each([0, -1_000])('of %i ms is over at once', async (timeoutMs) => {
    const { post } = await openWorld([reply('ok')]);
    expect((await troubleOf(post({ timeoutMs }))).code).toBe('ETIMEDOUT');
  });

  test.each([2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])(
    'of %d ms is longer than any timer, not shorter',
    async (timeoutMs) => {
      const late = () => new Promise((resolve) => setTimeout(resolve, 30));
      const { post } = await openWorld([late, reply('ok')]);
      expect(textOf(await post({ timeoutMs }))).toBe('ok');
    },
  );
});

describe('an abort', () => {
  test.each([
    ['before the headers', []],
    ['in the headers', [head]],
    ['in the body', [`${head}Content-Length: 4\r\n\r\nok`]],
  ] as const)('%s ends the request at once and leaves nothing open', async (_name, script) => {
    const { server, post, transport } = await openWorld(script);
    const controller = new AbortController();
    const asking = troubleOf(post({ signal: controller.signal }));
    await server.until(({ requests }) => requests.length === 1);
    controller.abort();
    const error = await asking;
    expect(error).toMatchObject({ category: 'aborted', code: 'ABORTED', retryable: false });
    expect(error.message).toBe('Stopped while testing.');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await transport.close();
    await server.until(({ open }) => open === 0);
    expect(server.requests).toHaveLength(1);
  });

  test('before the request sends nothing', async () => {
    const { server, post } = await openWorld([reply('ok')]);
    expect((await troubleOf(post({ signal: AbortSignal.abort() }))).category).toBe('aborted');
    expect(server.requests).toEqual([]);
  });

  test('of a request on a kept connection is not made up for with another', async () => {
    const { server, post } = await openWorld([reply('1')], [], [reply('3')]);
    await post();
    const controller = new AbortController();
    const asking = troubleOf(post({ signal: controller.signal }));
    await server.until(({ requests }) => requests.length === 2);
    controller.abort();
    expect((await asking).category).toBe('aborted');
    expect(textOf(await post())).toBe('3');
    expect(server.requests).toHaveLength(3);
  });
});

describe('a reply that is too large', () => {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  test.each([
    ['by what it announces', [`${head}Content-Length: 1048577\r\n\r\n`]],
    ['by far, by what it announces', [`${head}Content-Length: 99999999999999\r\n\r\nx`]],
    ['by what comes, in chunks', [chunkedHead, chunk.repeat(16), '1\r\nx\r\n']],
    ['by what comes, without an end', [`${head}\r\n`, 'x'.repeat(1_048_577)]],
    ['by what it unpacks to', [reply(gzipSync(Buffer.alloc(1_048_577)), 'Content-Encoding: gzip\r\n')]],
    ['by very far, by what it unpacks to', [reply(gzipSync(Buffer.alloc(200_000_000)), 'Content-Encoding: gzip\r\n')]],
    [
      'by what it unpacks to another way',
      [reply(brotliCompressSync(Buffer.alloc(1_048_577)), 'Content-Encoding: br\r\n')],
    ],
  ])('%s, is refused', async (_name, script) => {
    const error = await troubleWith(script);
    expect(error).toMatchObject({ category: 'service', code: 'TOO_LARGE', retryable: false });
    expect(error.message).toBe('The reply is larger than 1 MiB, which no real one is; it was not read.');
    expect(error.hint).toBe('Check the URL: another server may be answering there.');
  });

  test('does not keep its connection', async () => {
    const { server, post } = await openWorld([`${head}Content-Length: 1048577\r\n\r\n`]);
    expect(await troubleOf(post())).toMatchObject({ code: 'TOO_LARGE' });
    await server.until(({ ended }) => ended > 0);
  });
});

describe('a compressed reply, which we did not ask for', () => {
  test.each([
    ['gzip', gzipSync(receipt)],
    ['x-gzip', gzipSync(receipt)],
    ['deflate', deflateSync(receipt)],
    ['br', brotliCompressSync(receipt)],
    [' GZip ', gzipSync(receipt)],
    ['identity', receipt],
    ['', receipt],
  ])('in %j is read', async (encoding, body) => {
    const { post } = await openWorld([reply(body, `Content-Encoding: ${encoding}\r\n`)]);
    expect(textOf(await post())).toBe(receipt);
  });

  test('may unpack to 1 MiB', async () => {
    const { post } = await openWorld([reply(gzipSync(Buffer.alloc(largestReplyBytes)), 'Content-Encoding: gzip\r\n')]);
    expect((await post()).body).toHaveLength(largestReplyBytes);
  });

  const packed = gzipSync(receipt);
  test.each([
    ['cut short', packed.subarray(0, -9)],
    ['without its check sum', packed.subarray(0, -8)],
    ['without anything', ''],
    ['with another check sum', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
    ['not compressed at all', receipt],
  ])('that is %s is damaged, which may pass', async (_name, body) => {
    const error = await troubleWith([reply(body, 'Content-Encoding: gzip\r\n')]);
    expect(error).toMatchObject({ category: 'service', code: 'CUT_REPLY', retryable: true });
    expect(error.message).toBe('The compressed reply is damaged or cut short.');
  });

  test.each(['zstd', 'compress', 'gzip, gzip', 'constructor', '__proto__'])('in %s is refused', async (encoding) => {
    const error = await troubleWith([reply(receipt, `Content-Encoding: ${encoding}\r\n`)]);
    expect(error).toMatchObject({ category: 'service', code: 'BAD_ENCODING', retryable: false });
    expect(error.message).toBe('The reply is compressed in a way that we did not ask for and do not know.');
  });
});
