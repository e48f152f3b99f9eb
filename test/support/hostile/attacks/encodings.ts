import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Attack, type AttackClass, answer, attack, both, type Honest, honest } from '../attack.ts';

const packed = (name: string, encoding: string, ends: Attack['ends'], pack: (body: Buffer) => Buffer): Attack =>
  attack(name, ends, (good) => [answer({ ...good, body: pack(good.body) }, `Content-Encoding: ${encoding}\r\n`)]);

const cut = both('service-error CUT_REPLY');
const badEncoding = both('service-error BAD_ENCODING');
/** What decides nothing keeps no receipt from being read. */
const readable: Attack['ends'] = { receipt: 'receipt-read approved' };
const badCharset = both('service-error BAD_CHARSET');

/** The body in another encoding of characters, under a type that says so, or another one. */
const written = (
  name: string,
  ends: Attack['ends'],
  change: (good: Honest) => { type?: string; body?: Buffer },
): Attack => attack(name, ends, (good) => [answer({ ...good, ...change(good) })]);

const bareType = (type: string) => type.replace(/;.*/, '');
const mark = (...values: readonly number[]) => Buffer.from(values);
const utf16 = ({ body }: Honest) => Buffer.from(body.toString('utf8'), 'utf16le');
const withName = ({ body }: Honest, name: Buffer) =>
  Buffer.concat([body.subarray(0, -1), body.subarray(-1), Buffer.from('&cardHolderName='), name]);

/** Made once, and only where somebody asks for them. */
const once = (make: () => Buffer) => {
  let made: Buffer | null = null;
  return () => {
    made ??= make();
    return made;
  };
};
const nothing = () => Buffer.alloc(100_000_000);
const gzipBomb = once(() => gzipSync(nothing()));
const brotliBomb = once(() => brotliCompressSync(nothing(), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }));

/** We ask for no compression and get UTF-8 from every service that was seen: all invented. */
export const encodings: AttackClass = {
  title: 'Compression and character sets',
  attacks: [
    packed('gzip', 'gzip', honest, (body) => gzipSync(body)),
    packed('gzip by its old name, in capitals', 'X-GZIP', honest, (body) => gzipSync(body)),
    packed('deflate', 'deflate', honest, (body) => deflateSync(body)),
    packed('brotli', 'br', honest, (body) => brotliCompressSync(body)),
    packed('deflate without its frame', 'deflate', cut, (body) => deflateRawSync(body)),
    packed('gzip that was cut', 'gzip', cut, (body) => gzipSync(body).subarray(0, -9)),
    packed('gzip without its check sum', 'gzip', cut, (body) => gzipSync(body).subarray(0, -8)),
    packed('gzip with one bit turned', 'gzip', cut, (body) => {
      const bytes = gzipSync(body);
      bytes[30] = (bytes[30] ?? 0) ^ 1;
      return bytes;
    }),
    packed('gzip of nothing', 'gzip', { status: 'service-error NOT_SOAP', receipt: 'service-error EMPTY_REPLY' }, () =>
      gzipSync(''),
    ),
    packed('nothing that claims to be gzip', 'gzip', cut, () => Buffer.alloc(0)),
    packed('plain text that claims to be gzip', 'gzip', cut, (body) => body),
    packed('a bomb of gzip', 'gzip', both('service-error TOO_LARGE'), () => gzipBomb()),
    packed('a bomb of brotli', 'br', both('service-error TOO_LARGE'), () => brotliBomb()),
    packed('gzip twice', 'gzip, gzip', badEncoding, (body) => gzipSync(gzipSync(body))),
    packed('an encoding that nobody knows', 'rot13', badEncoding, (body) => body),
    packed('an encoding named like a member of objects', '__proto__', badEncoding, (body) => body),
    packed('gzip with null bytes behind it', 'gzip', cut, (body) => Buffer.concat([gzipSync(body), Buffer.alloc(3)])),
    packed('deflate with a letter behind it', 'deflate', cut, (body) =>
      Buffer.concat([deflateSync(body), Buffer.from('B')]),
    ),
    packed('brotli with a letter behind it', 'br', cut, (body) =>
      Buffer.concat([brotliCompressSync(body), Buffer.from('B')]),
    ),
    packed('identity', 'identity', honest, (body) => body),
    attack(
      'gzip that is not announced',
      { status: 'service-error BAD_CHARSET', receipt: 'service-error NOT_NVP' },
      (good) => [answer({ ...good, body: gzipSync(good.body) })],
    ),
    written('a byte order mark', honest, ({ body }) => ({ body: Buffer.concat([mark(0xef, 0xbb, 0xbf), body]) })),
    written('UTF-16 with its mark', honest, (good) => ({ body: Buffer.concat([mark(0xff, 0xfe), utf16(good)]) })),
    written('UTF-16, big end first, with its mark', honest, (good) => ({
      body: Buffer.concat([mark(0xfe, 0xff), utf16(good).swap16()]),
    })),
    written('UTF-16 that the type announces', honest, (good) => ({
      type: `${bareType(good.type)}; charset=utf-16le`,
      body: utf16(good),
    })),
    written(
      'UTF-16 that nothing announces',
      { status: 'service-error NOT_SOAP', receipt: 'service-error NOT_NVP' },
      (good) => ({
        body: utf16(good),
      }),
    ),
    written('half a character of UTF-16', { ...badCharset, receipt: 'service-error NOT_NVP' }, (good) => ({
      body: Buffer.concat([mark(0xff, 0xfe), utf16(good).subarray(0, -1)]),
    })),
    written('an unknown character set, and nothing but ASCII', honest, ({ type }) => ({
      type: `${bareType(type)}; charset=x-none`,
    })),
    written('UTF-7, and nothing but ASCII', honest, ({ type }) => ({ type: `${bareType(type)}; charset=utf-7` })),
    written('bytes that are no UTF-8 though they claim to be', readable, (good) => ({
      type: `${bareType(good.type)}; charset=utf-8`,
      body: withName(good, mark(0xc3, 0x28)),
    })),
    written('a character of UTF-8 that is longer than it has to be', readable, (good) => ({
      type: `${bareType(good.type)}; charset=utf-8`,
      body: withName(good, mark(0xc0, 0xaf)),
    })),
    written('ISO-8859-1 that the type announces', { receipt: 'receipt-read approved' }, (good) => ({
      type: 'text/html; charset=iso-8859-1',
      body: withName(good, mark(0x4a, 0xe9)),
    })),
    written('windows-1252 that nothing announces', { receipt: 'receipt-read approved' }, (good) => ({
      type: 'text/html',
      body: withName(good, mark(0x4a, 0xe9, 0x80)),
    })),
    written('windows-1252 in an answer that claims UTF-8', { status: 'service-error BAD_CHARSET' }, ({ body }) => ({
      body: Buffer.concat([body, Buffer.from('<!-- '), mark(0xe9), Buffer.from(' -->')]),
    })),
    written('a byte order mark before bytes that are no UTF-8', { receipt: 'receipt-read approved' }, (good) => ({
      body: Buffer.concat([mark(0xef, 0xbb, 0xbf), withName(good, mark(0x4a, 0xe9))]),
    })),
    written('a charset twice', honest, ({ type }) => ({ type: `${bareType(type)}; charset=utf-8; charset=utf-16` })),
  ],
};
