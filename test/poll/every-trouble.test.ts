import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { scaleClock, systemClock } from '../../src/poll/clock.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { createClient } from '../../src/remote/client.ts';
import { explainFailure, timeoutError } from '../../src/remote/failures.ts';
import type { HttpReply, Phase } from '../../src/remote/http.ts';
import { account, requestTo, token } from '../support/account.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { approved } from '../support/poll-script.ts';
import { faultReply, nvpReply, ScriptedTransport, statusReply, textReply } from '../support/scripted-transport.ts';
import { inBody, soap12 } from '../support/soap-replies.ts';

const request = requestTo(account.statusUrl.href);
const network = (code: string, phase: Phase) => explainFailure(Object.assign(new Error('x'), { code }), request, phase);
const page = (status: number) => textReply('<html><body>We are back soon</body></html>', { status });
const receiverFault = inBody(
  '<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text>Bad luck</soap:Text></soap:Reason></soap:Fault>',
  soap12,
);
const senderFault = receiverFault.replace('soap:Receiver', 'soap:Sender');

/** A wait over the real clients, whose network answers so, and then USED and an approved receipt. */
async function waitThrough(answers: readonly (HttpReply | Error)[]) {
  const rest = [statusReply('USED'), nvpReply(approved)];
  const steps = [...answers, ...rest].map((answer) => ({ label: 'a step', answer }));
  const transport = new ScriptedTransport(steps);
  const client = createClient(transport, account);
  const result = await waitForPayment(token, {
    clock: new ManualClock(),
    check: client.tokenStatus,
    viewReceipt: client.viewReceipt,
  });
  return { result, asked: transport.requests.length };
}

describe('trouble that may pass is waited out, first and later', () => {
  test.each<[string, HttpReply | Error, string]>([
    ['a reset connection', network('ECONNRESET', 'waiting'), 'ECONNRESET'],
    ['a time limit that is over', timeoutError(request, 'waiting'), 'ETIMEDOUT'],
    ['a reply that was cut', network('UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'reading'), 'CUT_REPLY'],
    ['408', page(408), 'HTTP_408'],
    ['429', page(429), 'HTTP_429'],
    ['500 without a Fault', page(500), 'HTTP_500'],
    ['500 with nothing', textReply('', { status: 500 }), 'HTTP_500'],
    ['502', page(502), 'HTTP_502'],
    ['503', page(503), 'HTTP_503'],
    ['504', page(504), 'HTTP_504'],
    ['a Fault of the server', faultReply('Server', 'Bad luck'), 'SOAP_FAULT'],
    ['a Fault of the receiver', textReply(receiverFault, { status: 500 }), 'SOAP_FAULT'],
  ])('%s', async (_name, trouble, code) => {
    const first = await waitThrough([trouble]);
    expect(first.result).toMatchObject({ outcome: 'approved', checks: 2 });
    expect(first.result.seen).toEqual({ [code]: 1, USED: 1 });
    const later = await waitThrough([statusReply('NEW'), trouble]);
    expect(later.result).toMatchObject({ outcome: 'approved', checks: 3 });
    expect(later.result.seen).toEqual({ NEW: 1, [code]: 1, USED: 1 });
  });
});

describe('trouble with getting a connection ends the first ask, and is waited out later', () => {
  test.each<[string, Error, string]>([
    ['a refused connection', network('ECONNREFUSED', 'connecting'), 'ECONNREFUSED'],
    ['no name server', network('EAI_AGAIN', 'connecting'), 'EAI_AGAIN'],
    ['no way there', network('EHOSTUNREACH', 'connecting'), 'EHOSTUNREACH'],
    ['no connection in time', network('UND_ERR_CONNECT_TIMEOUT', 'connecting'), 'UND_ERR_CONNECT_TIMEOUT'],
    ['no connection in the time of a request', timeoutError(request, 'connecting'), 'ETIMEDOUT'],
    ['a connection that was never ready', network('ECONNRESET', 'connecting'), 'ECONNRESET'],
  ])('%s', async (_name, trouble, code) => {
    const first = await waitThrough([trouble]);
    expect(first.result).toMatchObject({ outcome: 'unreachable', checks: 1, elapsedMs: 0, error: { code } });
    expect(first.asked).toBe(1);
    const later = await waitThrough([statusReply('NEW'), trouble]);
    expect(later.result).toMatchObject({ outcome: 'approved', checks: 3 });
  });
});

const stays: readonly (readonly [name: string, trouble: HttpReply | Error, outcome: string, code: string])[] = [
  ['no such host', network('ENOTFOUND', 'connecting'), 'unreachable', 'ENOTFOUND'],
  ['an expired certificate', network('CERT_HAS_EXPIRED', 'connecting'), 'unreachable', 'CERT_HAS_EXPIRED'],
  [
    'a certificate of nobody',
    network('DEPTH_ZERO_SELF_SIGNED_CERT', 'connecting'),
    'unreachable',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  [
    'a certificate for another host',
    network('ERR_TLS_CERT_ALTNAME_INVALID', 'connecting'),
    'unreachable',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
  ['401', page(401), 'credentials-rejected', 'HTTP_401'],
];

const passesLater: typeof stays = [
  ['no TLS', network('EPROTO', 'connecting'), 'unreachable', 'EPROTO'],
  ['not HTTP', network('HPE_INVALID_CONSTANT', 'waiting'), 'service-error', 'NOT_HTTP'],
  ['403 without a page', textReply('', { status: 403 }), 'credentials-rejected', 'HTTP_403'],
  ['403 with a page', page(403), 'service-error', 'HTTP_403'],
  ['404', page(404), 'service-error', 'HTTP_404'],
  [
    'a redirect',
    textReply('', { status: 302, headers: { location: 'https://login.example/' } }),
    'service-error',
    'REDIRECT',
  ],
  ['a Fault of the client', faultReply('Client', 'Bad luck'), 'service-error', 'SOAP_FAULT'],
  ['a Fault of the sender', textReply(senderFault, { status: 500 }), 'service-error', 'SOAP_FAULT'],
  [
    'a Fault of the server that speaks of credentials',
    faultReply('Server', 'Invalid AccountID or Password.'),
    'credentials-rejected',
    'SOAP_FAULT',
  ],
  [
    'a result that speaks of credentials',
    statusReply('Invalid AccountID or Password.'),
    'credentials-rejected',
    'CREDENTIALS_REJECTED',
  ],
  ['a page in place of SOAP', page(200), 'service-error', 'NOT_SOAP'],
  ['an empty status', statusReply(''), 'service-error', 'EMPTY_RESULT'],
];

describe('trouble that would not pass ends the first ask at once', () => {
  test.each([...stays, ...passesLater])('%s', async (_name, trouble, outcome, code) => {
    const { result, asked } = await waitThrough([trouble]);
    expect(result).toMatchObject({ outcome, checks: 1, elapsedMs: 0, error: { code }, status: null });
    expect(asked).toBe(1);
  });
});

describe('after a status', () => {
  test.each(stays)('%s ends the wait all the same', async (_name, trouble, outcome, code) => {
    const { result, asked } = await waitThrough([statusReply('NEW'), trouble]);
    // A host that answered before is not called unreachable.
    const then = outcome === 'unreachable' ? 'service-error' : outcome;
    expect(result).toMatchObject({ outcome: then, checks: 2, error: { code }, status: { state: 'NEW' } });
    expect(asked).toBe(2);
  });

  test.each(passesLater)('%s is waited out', async (_name, trouble) => {
    const { result } = await waitThrough([statusReply('NEW'), trouble, trouble, trouble, trouble, trouble]);
    expect(result).toMatchObject({ outcome: 'approved', checks: 7 });
  });

  test.each(passesLater)('%s, six times in a row, is a service error', async (_name, trouble) => {
    const { result, asked } = await waitThrough([statusReply('NEW'), ...Array.from({ length: 6 }, () => trouble)]);
    expect(result).toMatchObject({ outcome: 'service-error', checks: 7, status: { state: 'NEW' } });
    expect(asked).toBe(7);
  });
});

test('a Retry-After of seconds or of a date is kept between two asks', async () => {
  const clock = new ManualClock();
  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
  const busy = (retryAfter: string) => textReply('', { status: 503, headers: { 'retry-after': retryAfter, date } });
  const answers = [
    statusReply('NEW'),
    busy('25'),
    busy('Sun, 22 Nov 2026 10:00:40 GMT'),
    busy('soon'),
    statusReply('USED'),
  ];
  const transport = new ScriptedTransport(answers.map((answer) => ({ label: 'a step', answer })));
  const client = createClient(transport, account);
  const { outcome } = await waitForPayment(token, { clock, check: client.tokenStatus, viewReceipt: null });
  expect(outcome).toBe('used');
  expect(clock.sleeps).toEqual([10_000, 25_000, 40_000, 10_000]);
});

test('a wait by the clock of the machine leaves no listener behind, and ends at once when it is stopped', async () => {
  const run = async (controller: AbortController, intervalMs: number) => {
    let checks = 0;
    const { outcome } = await waitForPayment(
      token,
      {
        clock: scaleClock(systemClock, 1_000),
        check: async () => ({ state: ++checks === 3 ? 'USED' : 'NEW', text: '' }),
        viewReceipt: null,
        signal: controller.signal,
      },
      { intervalMs },
    );
    return { outcome, checks, listeners: getEventListeners(controller.signal, 'abort').length };
  };
  expect(await run(new AbortController(), 2_000)).toEqual({ outcome: 'used', checks: 3, listeners: 0 });
  const controller = new AbortController();
  const waiting = run(controller, 60_000);
  await systemClock.sleep(2, new AbortController().signal);
  controller.abort();
  expect(await waiting).toEqual({ outcome: 'interrupted', checks: 1, listeners: 0 });
});
