import { type AttackClass, answer, attack, both, bytes, endless, head, honest, pause, trickle } from '../attack.ts';

const interim = (status: string) => `HTTP/1.1 ${status}\r\n\r\n`;

/** All invented; a first call that takes seconds, while the service is compiled, was seen. */
export const timing: AttackClass = {
  title: 'Slow and silent',
  attacks: [
    bytes('silence', both('unreachable ETIMEDOUT')),
    attack('headers that come byte by byte', both('unreachable ETIMEDOUT'), (good) => [
      trickle(Buffer.from(answer(good))),
    ]),
    attack('a body that comes byte by byte', both('service-error ETIMEDOUT'), (good) => [
      head(good, good.body.length),
      trickle(good.body),
    ]),
    attack('silence after the headers', both('service-error ETIMEDOUT'), (good) => [head(good, good.body.length)]),
    attack('silence after half a body', both('service-error ETIMEDOUT'), (good) => [
      head(good, good.body.length),
      good.body.subarray(0, good.body.length / 2),
    ]),
    attack('silence before the last byte', both('service-error ETIMEDOUT'), (good) => [
      head(good, good.body.length),
      good.body.subarray(0, -1),
    ]),
    attack('silence before the last chunk', both('service-error ETIMEDOUT'), (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      `${good.body.length.toString(16)}\r\n`,
      good.body,
      '\r\n',
    ]),
    attack('a reply after the limit', both('unreachable ETIMEDOUT'), (good) => [pause(3_000), answer(good)]),
    attack('an end after the limit of a body that began in time', both('service-error ETIMEDOUT'), (good) => [
      head(good, good.body.length),
      pause(3_000),
      good.body,
    ]),
    attack('a few interim replies first', honest, (good) => [
      interim('102 Processing'),
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
      answer(good),
    ]),
    bytes('interim replies without end', both('unreachable ETIMEDOUT'), endless(interim('103 Early Hints'))),
    bytes('processing without end', both('unreachable ETIMEDOUT'), endless(interim('102 Processing'))),
  ],
};
