import { describe, expect, test } from 'vitest';
import { credentialsRejectedError, serviceError } from '../../src/domain/errors.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import type { PaymentOptions, PaymentsOptions } from '../../src/poll/options.ts';
import type { CheckLimits } from '../../src/poll/token-watch.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { waitForPayments } from '../../src/poll/wait-for-payments.ts';
import { createClient } from '../../src/remote/client.ts';
import { account, token } from '../support/account.ts';
import { EventClock } from '../support/event-clock.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { playAll } from '../support/payments-scene.ts';
import { approved, lost, notFound, play } from '../support/poll-script.ts';
import { nvpReply, ScriptedTransport, statusReply } from '../support/scripted-transport.ts';

const never = () => Promise.reject(new TypeError('asked'));
const nobody = { check: never, viewReceipt: never };

describe('an option out of range is refused before anything is asked', () => {
  const bad: readonly unknown[] = [Number.NaN, Number.POSITIVE_INFINITY, -1, -0.6, '10s', null, 1e12, {}];

  const ofEach: Readonly<Record<string, readonly unknown[]>> = {
    intervalMs: [...bad, 0, 999, 300_001],
    timeoutMs: bad,
    requestTimeoutMs: [...bad, 0],
    maxFailures: [0, 1.5, Number.NaN, '6'],
  };

  test.each(Object.entries(ofEach))('%s', async (name, values) => {
    for (const value of values) {
      const options = { [name]: value } as unknown as Partial<PaymentOptions>;
      const refusal = { category: 'usage', message: expect.stringContaining(name) };
      await expect(waitForPayment('a', nobody, options)).rejects.toMatchObject(refusal);
      await expect(waitForPayments(['a'], nobody, options)).rejects.toMatchObject(refusal);
    }
  });

  const ofMany: Readonly<Record<string, readonly unknown[]>> = {
    maxRate: [0, 0.5, Number.POSITIVE_INFINITY],
    concurrency: [0, 2.5, Number.NaN],
    until: ['never', null],
  };

  test.each(Object.entries(ofMany))('%s', async (name, values) => {
    for (const value of values) {
      const options = { [name]: value } as unknown as Partial<PaymentsOptions>;
      await expect(waitForPayments(['a'], nobody, options)).rejects.toMatchObject({
        category: 'usage',
        message: expect.stringContaining(name),
      });
    }
  });
});

test('fractions of a millisecond are rounded, and undefined is the default', async () => {
  const options = { intervalMs: 1_500.4, timeoutMs: 4_000.6, maxFailures: undefined } as unknown as PaymentOptions;
  const { check } = await play(() => 'NEW', { options });
  expect(check.starts).toEqual([0, 1_500, 3_000, 4_001]);
});

test('the limits of a request are whole milliseconds, whatever the clock says', async () => {
  const limits: CheckLimits[] = [];
  const clock = new ManualClock({ start: 12_345.678 });
  await waitForPayment(
    'a',
    {
      clock,
      check: async (_token, given) => {
        limits.push(given);
        clock.advance(0.7);
        return readTokenStatus(limits.length < 3 ? 'NEW' : 'USED');
      },
      viewReceipt: async (_token, given) => {
        limits.push(given);
        clock.advance(0.7);
        throw lost;
      },
    },
    { timeoutMs: 20_000 },
  );
  expect(limits).toHaveLength(8);
  for (const { timeoutMs, signal } of limits) {
    expect(Number.isInteger(timeoutMs)).toBe(true);
    expect(() => AbortSignal.timeout(timeoutMs)).not.toThrow();
    expect(signal).toBeInstanceOf(AbortSignal);
  }
});

describe('a token that cannot be sent', () => {
  const bad: readonly (readonly [name: string, token: unknown])[] = [
    ['empty', ''],
    ['with a blank', 'a b'],
    ['with a no-break blank', 'a\u00a0b'],
    ['with a line end', 'a\n'],
    ['with ESC', 'a\x1b'],
    ['with a zero-width blank', 'a\u200b'],
    ['with half a character', 'a\ud800'],
    ['too long', 'a'.repeat(513)],
    ['that is none', undefined],
    ['that is a number', 17],
  ];

  test.each(bad)('is refused in a list and by the client: %s', async (_name, given) => {
    const usage = { category: 'usage', message: expect.stringMatching(/^The token /) };
    const client = createClient(new ScriptedTransport([]), account);
    const word = given as string;
    await expect(waitForPayments(['good', word], nobody)).rejects.toMatchObject(usage);
    await expect(client.tokenStatus(word)).rejects.toMatchObject(usage);
    await expect(client.viewReceipt(word)).rejects.toMatchObject(usage);
  });

  test('is one of 513 characters, but not one of 512', async () => {
    const { outcomes } = await playAll(['a'.repeat(512)], { status: () => 'USED' });
    expect(outcomes()).toEqual(['approved']);
  });
});

describe('a call of the client by itself', () => {
  const client = () =>
    createClient(
      new ScriptedTransport([
        { label: 'status', answer: statusReply('NEW') },
        { label: 'receipt', answer: nvpReply(approved) },
      ]),
      account,
    );

  test.each([
    ['no limits', undefined],
    ['no signal', { timeoutMs: 1_000 }],
    ['no time limit', { signal: new AbortController().signal }],
    ['fractions', { timeoutMs: 1_000.5 }],
  ])('may have %s', async (_name, limits) => {
    const { tokenStatus, viewReceipt } = client();
    await expect(tokenStatus(token, limits)).resolves.toMatchObject({ state: 'NEW' });
    await expect(viewReceipt(token, limits)).resolves.toMatchObject({ result: 'approved' });
  });

  test.each([
    ['NaN', { timeoutMs: Number.NaN }],
    ['Infinity', { timeoutMs: Number.POSITIVE_INFINITY }],
    ['less than nothing', { timeoutMs: -1 }],
    ['a string', { timeoutMs: '30s' as unknown as number }],
    ['a signal that is none', { signal: {} as AbortSignal }],
  ])('is refused with %s', async (_name, limits) => {
    const { tokenStatus, viewReceipt } = client();
    await expect(tokenStatus(token, limits)).rejects.toMatchObject({ category: 'usage' });
    await expect(viewReceipt(token, limits)).rejects.toMatchObject({ category: 'usage' });
  });

  test('gets whole milliseconds and a signal to the transport', async () => {
    const transport = new ScriptedTransport([{ label: 'status', answer: statusReply('NEW') }]);
    await createClient(transport, account).tokenStatus(token, { timeoutMs: 1_000.5 });
    expect(transport.requests[0]).toMatchObject({ timeoutMs: 1_001, signal: expect.any(AbortSignal) });
  });
});

test('a token that comes twice is one, and has one result', async () => {
  const checked: string[] = [];
  const results: (readonly [token: string, outcome: string])[] = [];
  const clock = new EventClock();
  const waiting = waitForPayments(['a', 'b', 'a', 'a'], {
    clock,
    check: async (name) => {
      checked.push(name);
      return readTokenStatus('USED');
    },
    viewReceipt: null,
    onEvent: (event, name) => {
      if (event.type === 'result') results.push([name, event.result.outcome]);
    },
  });
  await clock.during(waiting);
  expect(checked).toEqual(['a', 'b']);
  expect(results).toEqual([
    ['a', 'used'],
    ['b', 'used'],
  ]);
});

describe('a result and an error keep what they say in JSON', () => {
  test('the tally and the message', async () => {
    const { result } = await play(['NEW', '__proto__', 'constructor', ...Array.from({ length: 6 }, () => lost)]);
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({
      outcome: 'service-error',
      error: { name: 'InstaMedError', code: 'ECONNRESET', category: 'unreachable', message: lost.message },
    });
    expect(JSON.stringify(result.seen)).toBe('{"NEW":1,"__proto__":1,"constructor":1,"ECONNRESET":6}');
    expect(Object.keys(result.seen)).toContain('__proto__');
    expect(Object.getPrototypeOf(result.seen)).toBe(Object.prototype);
  });

  test('every member that a caller needs, and not the other reading of it', () => {
    const error = credentialsRejectedError('SOAP_FAULT', 'Rejected.', {
      hint: 'Check it.',
      reference: '02198MGNBZ',
      otherwise: serviceError('SOAP_FAULT', 'Something else.'),
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'InstaMedError',
      code: 'SOAP_FAULT',
      category: 'credentials-rejected',
      message: 'Rejected.',
      hint: 'Check it.',
      retryable: false,
      reference: '02198MGNBZ',
      retryAfterMs: null,
    });
    expect(JSON.stringify({ events: [{ error: notFound }] })).toContain('The host answered 404.');
  });
});
