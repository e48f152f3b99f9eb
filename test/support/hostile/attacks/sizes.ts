import {
  type AttackClass,
  answer,
  attack,
  both,
  chunk,
  endless,
  head,
  honest,
  lastChunk,
  repeated,
} from '../attack.ts';

const tooLarge = both('service-error TOO_LARGE');
const block = Buffer.alloc(1_000_000, '&pad=');
// Made once: a hundred of them for each request would keep everybody waiting.
const blockChunk = chunk(block);
const largest = 1_048_576;

/** All invented; an honest reply has a few hundred bytes. */
export const sizes: AttackClass = {
  title: 'Replies that are too large',
  attacks: [
    attack('100 MB, announced', tooLarge, (good) => [head(good, 100_000_000), good.body, endless(block)]),
    attack('100 MB, not announced', tooLarge, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body),
      repeated(blockChunk, 100),
      lastChunk,
    ]),
    attack('no end of chunks', tooLarge, (good) => [
      head(good, 'Transfer-Encoding: chunked'),
      chunk(good.body),
      endless(blockChunk),
    ]),
    attack('no end, and none announced', tooLarge, (good) => [
      head(good, 'Connection: close'),
      good.body,
      endless(block),
    ]),
    attack('more than any number, announced', tooLarge, (good) => [head(good, 9_007_199_254_740_991), good.body]),
    attack('1 MiB and a byte', tooLarge, (good) => [
      answer({ ...good, body: Buffer.concat([good.body, Buffer.alloc(largest + 1 - good.body.length, '\n')]) }),
    ]),
    attack('1 MiB to the byte', honest, (good) => [
      answer({ ...good, body: Buffer.concat([good.body, Buffer.alloc(largest - good.body.length, '\n')]) }),
    ]),
  ],
};
