import { describe, expect, test } from 'vitest';
import { serviceError } from '../../src/domain/errors.ts';
import { explainFailure, isLostSocket, ProxyTrouble, proxyError, timeoutError } from '../../src/remote/failures.ts';
import type { Phase } from '../../src/remote/http.ts';
import { requestTo } from '../support/account.ts';

const request = requestTo('https://status.example:8443/SSOService.asmx?canary=1', { body: 'canary', timeoutMs: 1_500 });
const phases: readonly Phase[] = ['connecting', 'waiting', 'reading'];

/** An error as Node and undici make them: a code, a message that may hold too much, and perhaps a cause. */
function failure(code: string | undefined, cause?: unknown, message = 'canary'): Error {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), code === undefined ? {} : { code });
}
const explain = (error: unknown, phase: Phase = 'waiting') => explainFailure(error, request, phase);

const firewall = 'Check the network and the firewall, and whether a proxy is needed (--proxy).';
const noRoute = 'No connection to status.example:8443 could be made';
const untrusted = 'The TLS certificate of status.example:8443 is not trusted here';
const selfSigned = 'The TLS certificate of status.example:8443 is self-signed, so nobody vouches for it';
const unknownAuthority =
  'The TLS certificate of status.example:8443 was signed by an authority that is not trusted here';
const addCa = 'If a company proxy or a private authority signs here, add its certificate with --ca-file.';
const noTls = 'No TLS connection to status.example:8443 could be agreed on';
const speaksTls = 'Check that the port speaks TLS 1.2 or later, and whether a proxy stands in between.';

describe('no connection was made', () => {
  test.each([
    [
      'ENOTFOUND',
      false,
      'No address was found for status.example:8443',
      "Check the host name in the URL, and this machine's DNS.",
    ],
    [
      'EAI_AGAIN',
      true,
      'The name server did not answer for status.example:8443',
      "Check this machine's network and DNS.",
    ],
    [
      'EAI_FAIL',
      true,
      'The name server did not answer for status.example:8443',
      "Check this machine's network and DNS.",
    ],
    [
      'ECONNREFUSED',
      true,
      'status.example:8443 refused the connection',
      'Check host and port of the URL, and whether a proxy is needed (--proxy).',
    ],
    ['UND_ERR_CONNECT_TIMEOUT', true, noRoute, firewall],
    ['ETIMEDOUT', true, noRoute, firewall],
    ['EHOSTUNREACH', true, noRoute, firewall],
    ['ENETUNREACH', true, noRoute, firewall],
    ['EHOSTDOWN', true, noRoute, firewall],
    ['ENETDOWN', true, noRoute, firewall],
    ['EACCES', true, noRoute, firewall],
    ['EPERM', true, noRoute, firewall],
    [
      'CERT_HAS_EXPIRED',
      false,
      'The TLS certificate of status.example:8443 has expired',
      "Check this machine's clock; else tell whoever runs that host. Verification cannot be switched off.",
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      false,
      'The TLS certificate that answered for status.example:8443 is for another host',
      'Check the host name in the URL. Verification cannot be switched off.',
    ],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, selfSigned, addCa],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, unknownAuthority, addCa],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, unknownAuthority, addCa],
    ['UNABLE_TO_GET_ISSUER_CERT', false, unknownAuthority, addCa],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, unknownAuthority, addCa],
    ['CERT_SIGNATURE_FAILURE', false, unknownAuthority, addCa],
    ['UNABLE_TO_GET_CRL', false, untrusted, addCa],
    [
      'CERT_NOT_YET_VALID',
      false,
      'The TLS certificate of status.example:8443 is not valid yet',
      "Check this machine's clock; else tell whoever runs that host. Verification cannot be switched off.",
    ],
    ['CERT_REVOKED', false, untrusted, addCa],
    ['CRL_HAS_EXPIRED', false, untrusted, addCa],
    ['ERROR_IN_CERT_NOT_AFTER_FIELD', false, untrusted, addCa],
    ['INVALID_CA', false, untrusted, addCa],
    ['INVALID_PURPOSE', false, untrusted, addCa],
    ['HOSTNAME_MISMATCH', false, untrusted, addCa],
    ['PATH_LENGTH_EXCEEDED', false, untrusted, addCa],
    ['EPROTO', false, noTls, speaksTls],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, noTls, speaksTls],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', false, noTls, speaksTls],
  ])('%s', (code, retryable, says, hint) => {
    // Behind a proxy nobody tells us of the connection, so it may be made out to be there already.
    for (const phase of ['connecting', 'waiting'] as const) {
      const error = explain(failure(code), phase);
      expect(error).toMatchObject({ category: 'unreachable', code, retryable, connecting: true, hint });
      expect(error.message).toBe(`${says} (${code}) while testing.`);
    }
  });

  test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])(
    'but for %s in the middle of a reply: that one was',
    (code) => {
      const error = explain(failure(code), 'reading');
      expect(error).toMatchObject({ category: 'service', code, retryable: true, connecting: false });
      expect(error.message).toBe(
        `status.example:8443 ended the connection in the middle of its reply (${code}) while testing.`,
      );
    },
  );
});

describe('a reply came that is none', () => {
  const cut = 'The reply of status.example:8443 was cut short';
  const notHttp = 'status.example:8443 answered with something that is not HTTP';
  const tryAgain = 'Try again; if it stays so, tell whoever runs the service or the proxy in between.';
  const checkUrl = 'Check host and port of the URL.';
  test.each([
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'CUT_REPLY', cut, tryAgain],
    ['HPE_INVALID_EOF_STATE', 'CUT_REPLY', cut, tryAgain],
    ['HPE_CLOSED_CONNECTION', 'CUT_REPLY', cut, tryAgain],
    ['HPE_INVALID_CONSTANT', 'NOT_HTTP', notHttp, checkUrl],
    ['HPE_INVALID_CONTENT_LENGTH', 'NOT_HTTP', notHttp, checkUrl],
    ['UND_ERR_HEADERS_OVERFLOW', 'NOT_HTTP', notHttp, checkUrl],
  ])('%s', (code, label, says, hint) => {
    for (const phase of phases) {
      const error = explain(failure(code), phase);
      expect(error).toMatchObject({ category: 'service', code: label, connecting: false, hint });
      expect(error.retryable).toBe(label === 'CUT_REPLY');
      expect(error.message).toBe(`${says} (${code}) while testing.`);
    }
  });
});

describe('the connection was lost', () => {
  test.each([
    ['before it was ready', 'connecting', 'unreachable', true, 'ended the connection before it was ready'],
    ['without an answer', 'waiting', 'unreachable', false, 'ended the connection without an answer'],
    ['in the middle of the reply', 'reading', 'service', false, 'ended the connection in the middle of its reply'],
  ] as const)('%s', (_name, phase, category, connecting, says) => {
    const error = explain(failure('ECONNRESET'), phase);
    expect(error).toMatchObject({ category, code: 'ECONNRESET', retryable: true, connecting });
    expect(error.message).toBe(`status.example:8443 ${says} (ECONNRESET) while testing.`);
    expect(error.hint).toBe('Try again; if it stays so, a firewall or proxy may be cutting the connection.');
  });

  test.each([
    ["undici's own code for it", failure('UND_ERR_SOCKET'), 'ECONNRESET'],
    ["undici's own code around Node's", failure('UND_ERR_SOCKET', failure('EPIPE')), 'EPIPE'],
    ["undici's own code around nothing", failure('UND_ERR_SOCKET', failure(undefined)), 'ECONNRESET'],
    ["Node's code around another", failure('EPIPE', failure('ECONNREFUSED')), 'EPIPE'],
    ['no code around a code', failure(undefined, failure('EPIPE')), 'EPIPE'],
    ['a code that nobody knows', failure('E_CANARY_FREE'), 'E_CANARY_FREE'],
  ])('%s', (_name, thrown, code) => {
    expect(explain(thrown)).toMatchObject({ category: 'unreachable', code, retryable: true, connecting: false });
  });
});

// No trouble of the network is without a code: this is a bug of ours, and it is told as one.
test.each([
  ['an error without a code', failure(undefined)],
  ['a type error', new TypeError('canary')],
  ['a code that is no text', Object.assign(new Error('canary'), { code: 7 })],
  ['a loop of causes', loop()],
  ['an empty AggregateError', new AggregateError([])],
])('%s is thrown on as it is', (_name, thrown) => {
  expect(() => explain(thrown)).toThrow(thrown);
});

function loop(): Error {
  const error = failure('');
  error.cause = error;
  return error;
}

test.each([
  ...['XENOTFOUND', 'XEAI_AGAIN', 'XECONNREFUSED', 'XETIMEDOUT', 'XCERT_HAS_EXPIRED', 'XERR_TLS_CERT_ALTNAME_INVALID'],
  ...['XSELF_SIGNED_CERT', 'XUNABLE_TO_VERIFY', 'XEPROTO', 'XUND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'XHPE_INVALID'],
  ...['ENOTFOUNDX', 'ECONNREFUSEDX', 'ETIMEDOUTX'],
])('%s, which only looks like one that we know, is a lost connection', (code) => {
  const error = explain(failure(code));
  expect(error).toMatchObject({ category: 'unreachable', code, retryable: true, connecting: false });
  expect(error.message).toContain('ended the connection without an answer');
});

test.each([
  ['UND_ERR_SOCKET', true],
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['ETIMEDOUT', false],
  ['ECONNREFUSED', false],
  ['HPE_INVALID_CONSTANT', false],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', false],
  [undefined, false],
])('%s is a socket that was lost without a word: %s', (code, isLost) => {
  expect(isLostSocket(failure(code))).toBe(isLost);
});

test.each([
  // The second was captured from undici 7, whose parser errors have a name and a message but no code; the first is made like it.
  ['Response does not match the HTTP/1.1 protocol (Invalid EOF state)', 'CUT_REPLY', true],
  ['Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)', 'NOT_HTTP', false],
])('what the parser says, %s, is %s', (message, code, retryable) => {
  const thrown = Object.assign(failure(undefined, undefined, message), { name: 'HTTPParserError', data: 'canary' });
  expect(explain(thrown)).toMatchObject({ category: 'service', code, retryable });
});

describe('the code is looked for in the causes', () => {
  test.each([
    [
      'of a failed attempt for each address',
      new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]),
      'ECONNREFUSED',
    ],
    [
      'of attempts inside a cause',
      failure('UND_ERR_SOCKET', new AggregateError([failure('EHOSTUNREACH')])),
      'EHOSTUNREACH',
    ],
    ['of an attempt with a cause', new AggregateError([failure(undefined, failure('ENETDOWN'))]), 'ENETDOWN'],
    ['down to the fourth', failure('', failure('', failure('', failure('ENOTFOUND')))), 'ENOTFOUND'],
  ])('%s', (_name, thrown, code) => {
    expect(explain(thrown)).toMatchObject({ code, connecting: true });
  });

  test('and no further', () => {
    const deep = failure('', failure('', failure('', failure('', failure('ENOTFOUND')))));
    expect(() => explain(deep)).toThrow(deep);
  });

  test('an AggregateError that has a code of its own keeps it', () => {
    const thrown = Object.assign(new AggregateError([failure('ENETUNREACH')]), { code: 'ECONNREFUSED' });
    expect(explain(thrown).code).toBe('ECONNREFUSED');
  });
});

describe('a proxy that does not connect', () => {
  const refusedBy = (status: number) => proxyError(status, request.url);

  test('for want of a password', () => {
    const error = refusedBy(407);
    expect(error).toMatchObject({ category: 'unreachable', code: 'PROXY_407', connecting: true, retryable: false });
    expect(error.message).toBe(
      'The proxy wants a user name and a password (407) before it connects to status.example:8443.',
    );
    expect(error.hint).toBe('Put them into the proxy URL: http://user:password@proxy:port in HTTPS_PROXY.');
  });

  test.each([
    [502, true, 'Ask whoever runs the proxy whether it can reach this host, or name the host in NO_PROXY.'],
    [500, true, 'Ask whoever runs the proxy whether it can reach this host, or name the host in NO_PROXY.'],
    [403, false, 'Ask whoever runs the proxy to allow this host, or name it in NO_PROXY.'],
    [302, false, 'Ask whoever runs the proxy to allow this host, or name it in NO_PROXY.'],
  ])('with %i', (status, retryable, hint) => {
    const error = refusedBy(status);
    expect(error).toMatchObject({ category: 'unreachable', code: `PROXY_${status}`, connecting: true, retryable });
    expect(error.message).toBe(`The proxy did not connect to status.example:8443 (it answered ${status}).`);
    expect(error.hint).toBe(hint);
  });
});

describe('trouble with the proxy itself names the proxy, and nothing ever answered', () => {
  const proxy = new URL('http://user:canary@proxy.example:3128');
  const ofProxy = 'Check scheme, host and port of the proxy (--proxy, HTTPS_PROXY).';

  test.each([
    ['ENOTFOUND', 'ENOTFOUND', false, 'No address was found for the proxy proxy.example:3128', ofProxy],
    ['ECONNREFUSED', 'ECONNREFUSED', true, 'The proxy proxy.example:3128 refused the connection', ofProxy],
    ['EPROTO', 'EPROTO', false, 'No TLS connection to the proxy proxy.example:3128 could be agreed on', ofProxy],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'SELF_SIGNED_CERT_IN_CHAIN',
      false,
      'The TLS certificate of the proxy proxy.example:3128 was signed by an authority that is not trusted here',
      addCa,
    ],
    [
      'UND_ERR_SOCKET',
      'ECONNRESET',
      true,
      'The proxy proxy.example:3128 ended the connection without an answer',
      ofProxy,
    ],
    [
      'HPE_INVALID_CONSTANT',
      'NOT_HTTP',
      false,
      'The proxy proxy.example:3128 answered with something that is not HTTP',
      ofProxy,
    ],
  ])('%s', (thrown, code, retryable, says, hint) => {
    const error = explain(new ProxyTrouble(proxy, failure(thrown)));
    expect(error).toMatchObject({ category: 'unreachable', code, retryable, connecting: true, hint });
    expect(error.message.replace(/ \([A-Z_]+\) while testing\.$/, '')).toBe(says);
  });

  test('and so does a CONNECT that is not answered', () => {
    const error = explain(new ProxyTrouble(proxy, failure('UND_ERR_HEADERS_TIMEOUT')));
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', retryable: true, connecting: true });
    expect(error.message).toBe('The proxy proxy.example:3128 did not answer within 10s while testing.');
    expect(error.hint).toBe(ofProxy);
  });

  test('and so does silence', () => {
    const error = timeoutError({ ...request, url: proxy, isProxy: true }, 'connecting');
    expect(error).toMatchObject({ category: 'unreachable', code: 'ETIMEDOUT', retryable: true, connecting: true });
    expect(error.message).toBe('The proxy proxy.example:3128 did not answer within 1.5s while testing.');
    expect(error.hint).toBe(ofProxy);
  });
});

describe('the time limit is over', () => {
  test.each([
    ['connecting', 'unreachable', true, 'did not answer'],
    ['waiting', 'unreachable', false, 'did not answer'],
    ['reading', 'service', false, 'did not finish its reply'],
  ] as const)('while %s', (phase, category, connecting, says) => {
    const error = timeoutError(request, phase);
    expect(error).toMatchObject({ category, code: 'ETIMEDOUT', retryable: true, connecting });
    expect(error.message).toBe(`status.example:8443 ${says} within 1.5s while testing.`);
    expect(error.hint).toBe('Check the network; a slow service may need a longer --request-timeout.');
  });
});

test('trouble that is explained already stays as it is', () => {
  const known = serviceError('TOO_LARGE', 'Too large.');
  expect(explain(known)).toBe(known);
});

test('nothing of the message, the cause or the request is repeated', () => {
  const thrown = Object.assign(failure('UND_ERR_SOCKET', failure('EPIPE')), { data: 'canary', body: 'canary' });
  for (const phase of phases) {
    const error = explain(thrown, phase);
    expect(`${error.message} ${error.hint} ${error.code} ${JSON.stringify(error)}`).not.toContain('canary');
    expect(error.cause).toBeUndefined();
  }
});
