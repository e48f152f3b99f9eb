import { close, reply } from '../../raw-server.ts';
import { type Attack, type AttackClass, answer, attack, both, bytes, type Ends, honest } from '../attack.ts';

/** An honest body under another status: both count under 200 alone. */
const under = (status: string): Attack =>
  attack(`the honest body under ${status}`, both(`service-error HTTP_${status.slice(0, 3)}`), (good) => [
    answer(good, '', status),
  ]);

const page = '<html><body><h1>Trouble</h1>USED transactionStatus=C</body></html>';

const pageUnder = (status: string, ends: Ends = `service-error HTTP_${status.slice(0, 3)}`, headers = ''): Attack =>
  bytes(
    `a page under ${status}${headers && `, ${headers.trim()}`}`,
    both(ends),
    reply(page, `Content-Type: text/html\r\n${headers}`, status),
  );

const refusal = 'credentials-rejected HTTP_401';

/** Seen are 400 and 415 with nothing in them, and 500 with a Fault; the rest is invented. */
export const statuses: AttackClass = {
  title: 'HTTP statuses',
  attacks: [
    ...['201 Created', '202 Accepted', '203 Non-Authoritative', '226 IM Used', '299 Odd'].map(under),
    ...['400 Bad Request', '404 Not Found', '418 Teapot', '500 Oops', '503 Busy', '599 Odd', '600 Odd', '999 Odd'].map(
      under,
    ),
    // A reply that is a part of something, or nothing at all, is never the whole of a receipt.
    ...['205 Reset Content', '206 Partial Content'].map((status) =>
      attack(`the honest body under ${status}`, both(`service-error HTTP_${status.slice(0, 3)}`), (good) => [
        answer(good, '', status),
      ]),
    ),
    ...['204 No Content', '304 Not Modified'].map((status) =>
      attack(`the honest body under ${status}, which has none`, both('service-error CUT_REPLY'), (good) => [
        answer(good, '', status),
      ]),
    ),
    bytes('204 No Content', both('service-error HTTP_204'), 'HTTP/1.1 204 No Content\r\n\r\n'),
    bytes('304 Not Modified', both('service-error REDIRECT'), 'HTTP/1.1 304 Not Modified\r\n\r\n'),
    attack('the honest body under 401 Unauthorized', both(refusal), (good) => [answer(good, '', '401 Unauthorized')]),
    attack('the honest body under 403 Forbidden', both('credentials-rejected HTTP_403'), (good) => [
      answer(good, '', '403 Forbidden'),
    ]),
    bytes(
      'a page under 200 OK',
      { status: 'service-error NOT_SOAP', receipt: 'service-error NOT_NVP' },
      reply(page, 'Content-Type: text/html\r\n'),
    ),
    pageUnder('400 Bad Request'),
    pageUnder('401 Unauthorized', refusal, 'WWW-Authenticate: Basic realm="x"\r\n'),
    pageUnder('401 Unauthorized', refusal, 'WWW-Authenticate: NTLM\r\n'),
    pageUnder('401 Unauthorized', refusal, 'WWW-Authenticate: Negotiate\r\n'),
    pageUnder('403 Forbidden', 'service-error HTTP_403'),
    ...['404 Not Found', '405 Method Not Allowed', '407 Proxy Authentication Required', '408 Request Timeout'].map(
      (status) => pageUnder(status),
    ),
    ...['411 Length Required', '413 Too Large', '415 Unsupported', '421 Misdirected', '451 Legal'].map((status) =>
      pageUnder(status),
    ),
    ...['500 Oops', '501 Not Implemented', '502 Bad Gateway', '504 Gateway Timeout', '505 Version', '511 Network'].map(
      (status) => pageUnder(status),
    ),
    pageUnder('429 Too Many Requests', 'service-error HTTP_429', 'Retry-After: 5\r\n'),
    ...[
      '5',
      '0',
      '-5',
      '1e9',
      '99999999999999999999',
      'soon',
      '',
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Fri, 31 Dec 9999 23:59:59 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      '5, 7',
    ].map((value) => pageUnder('503 Busy', 'service-error HTTP_503', `Retry-After: ${value}\r\n`)),
    ...['000 None', '099 Odd', '20 OK', '2000 OK', 'abc OK', ''].map((status) =>
      attack(`the status "${status}"`, both('service-error NOT_HTTP'), (good) => [answer(good, '', status), close]),
    ),
    attack('100 Continue that nobody asked for', honest, (good) => ['HTTP/1.1 100 Continue\r\n\r\n', answer(good)]),
    attack('101 Switching Protocols that nobody asked for', honest, (good) => [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n',
      answer(good),
    ]),
  ],
};
