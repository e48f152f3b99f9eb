import { close } from '../../raw-server.ts';
import { type AttackClass, answer, attack, both, bytes, chunk, head, honest, lastChunk } from '../attack.ts';

const notHttp = both('service-error NOT_HTTP');
/** What the parser says of anything wrong behind a Content-Length. */
const cut = both('service-error CUT_REPLY');

/** All invented: what a broken server or a middle box makes of HTTP, and the tricks of request smuggling. */
export const http: AttackClass = {
  title: 'What is hardly HTTP',
  attacks: [
    bytes('no status line', notHttp, '<html>USED transactionStatus=C</html>', close),
    bytes('a greeting of another protocol', notHttp, 'SSH-2.0-OpenSSH_9.9\r\n', close),
    bytes('a TLS alert', notHttp, Buffer.from([0x15, 3, 1, 0, 2, 2, 0x28]), close),
    bytes('HTTP/2', notHttp, Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]), close),
    bytes('Content-Length that is no number', notHttp, 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nUSED', close),
    bytes('Content-Length that is negative', notHttp, 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nUSED', close),
    attack('two lengths that differ', cut, (good) => [
      head(good, `Content-Length: 4\r\nContent-Length: ${good.body.length}`),
      good.body,
      close,
    ]),
    attack('a length and chunks at once', cut, (good) => [
      head(good, 'Content-Length: 4\r\nTransfer-Encoding: chunked'),
      chunk(good.body),
      lastChunk,
      close,
    ]),
    attack('a chunk larger than any number', notHttp, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      'fffffffffffffffff\r\n',
      good.body,
      close,
    ]),
    attack('a chunk size that is no number', notHttp, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      'xyz\r\n',
      good.body,
      close,
    ]),
    attack('a chunk that is longer than it says', notHttp, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      `4\r\n${good.body}\r\n${lastChunk}`,
      close,
    ]),
    attack('chunks with extensions', honest, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body, ';name=value;other="quoted; text"'),
      lastChunk,
    ]),
    attack('a chunk for each byte', honest, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      Buffer.concat([...good.body].map((byte) => chunk(Buffer.from([byte])))),
      lastChunk,
    ]),
    attack('chunks with trailers', honest, (good) => [
      head(good, 'Transfer-Encoding: chunked\r\nTrailer: X-Status'),
      chunk(good.body),
      '0\r\nX-Status: EXPIRED\r\n\r\n',
    ]),
    attack('a header that is 100,000 bytes long', notHttp, (good) => [
      answer(good, `X-Long: ${'x'.repeat(100_000)}\r\n`),
    ]),
    attack('4,000 headers', notHttp, (good) => [
      answer(good, Array.from({ length: 4_000 }, (_, i) => `X-${i}: y\r\n`).join('')),
    ]),
    attack('a header name with a blank in it', cut, (good) => [answer(good, 'X Y: z\r\n')]),
    attack('a header without a colon', cut, (good) => [answer(good, 'nothing\r\n')]),
    attack('a header with a null byte', cut, (good) => [answer(good, 'X-Null: a\0b\r\n')]),
    attack('headers named like members of objects', honest, (good) => [
      answer(good, '__proto__: x\r\nconstructor: y\r\ntoString: z\r\nhasOwnProperty: 1\r\n'),
    ]),
    attack('HTTP/1.0', honest, (good) => [
      Buffer.from(String(Buffer.from(answer(good))).replace('HTTP/1.1', 'HTTP/1.0')),
    ]),
    attack('a version of HTTP that is none', notHttp, (good) => [
      Buffer.from(String(Buffer.from(answer(good))).replace('HTTP/1.1', 'HTTP/9.9')),
      close,
    ]),
    attack('no reason phrase', honest, (good) => [answer(good, '', '200')]),
    attack('terminal escapes in the reason phrase', honest, (good) => [answer(good, '', '200 \x1b[2JOK\x07')]),
    attack('no Content-Type', honest, (good) => [answer({ ...good, type: '' })]),
    attack('a Content-Type of something else', honest, (good) => [answer({ ...good, type: 'image/png' })]),
  ],
};
