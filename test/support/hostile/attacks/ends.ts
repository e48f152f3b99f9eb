import { close, reset } from '../../raw-server.ts';
import { type AttackClass, answer, attack, both, bytes, chunk, head, honest, lastChunk } from '../attack.ts';

const half = (body: Buffer) => body.subarray(0, body.length / 2);

/** All invented, after what firewalls, crashed hosts and middle boxes do. */
export const ends: AttackClass = {
  title: 'Connections that end too soon',
  attacks: [
    bytes('closed without a word', both('unreachable ECONNRESET'), close),
    bytes('reset without a word', both('unreachable ECONNRESET'), reset),
    bytes('closed in the status line', both('unreachable ECONNRESET'), 'HTTP/1.1 20', close),
    bytes('reset in the status line', both('unreachable ECONNRESET'), 'HTTP/1.1 20', reset),
    bytes('closed in the headers', both('unreachable ECONNRESET'), 'HTTP/1.1 200 OK\r\nContent-Ty', close),
    bytes('reset in the headers', both('unreachable ECONNRESET'), 'HTTP/1.1 200 OK\r\nContent-Ty', reset),
    attack('closed after the headers', both('service-error ECONNRESET'), (good) => [
      head(good, good.body.length),
      close,
    ]),
    attack('reset after the headers', both('service-error ECONNRESET'), (good) => [
      head(good, good.body.length),
      reset,
    ]),
    attack('closed in the middle of the body', both('service-error ECONNRESET'), (good) => [
      head(good, good.body.length),
      half(good.body),
      close,
    ]),
    attack('reset in the middle of the body', both('service-error ECONNRESET'), (good) => [
      head(good, good.body.length),
      half(good.body),
      reset,
    ]),
    attack(
      'closed one byte before the announced end of a body that would parse',
      both('service-error ECONNRESET'),
      (good) => [head(good, good.body.length + 1), good.body, close],
    ),
    attack(
      'reset one byte before the announced end of a body that would parse',
      both('service-error ECONNRESET'),
      (good) => [head(good, good.body.length + 1), good.body, reset],
    ),
    attack('closed in the middle of a chunk', both('service-error ECONNRESET'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body).subarray(0, -20),
      close,
    ]),
    attack('reset in the middle of a chunk', both('service-error ECONNRESET'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body).subarray(0, -20),
      reset,
    ]),
    attack('closed between two chunks', both('service-error ECONNRESET'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body),
      close,
    ]),
    attack('reset before the last chunk', both('service-error ECONNRESET'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body),
      reset,
    ]),
    attack('closed in the last chunk', both('service-error ECONNRESET'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body),
      lastChunk.slice(0, -2),
      close,
    ]),
    // XML has an end of its own. A receipt has none: CB, charged back, cut by one letter is C, approved.
    attack(
      'an end that is announced by nothing but the close',
      { status: 'answered USED', receipt: 'service-error CUT_REPLY' },
      (good) => [head(good, 'Connection: close'), good.body, close],
    ),
    attack(
      'an end that is announced by nothing, and a reset there',
      { status: 'answered USED', receipt: 'service-error CUT_REPLY' },
      (good) => [head(good, 'Connection: close'), good.body, reset],
    ),
    attack('an announced end, and the close that was announced with it', honest, (good) => [
      answer(good, 'Connection: close\r\n'),
      close,
    ]),
    attack('an announced end, and a reset right behind it', honest, (good) => [answer(good), reset]),
  ],
};
