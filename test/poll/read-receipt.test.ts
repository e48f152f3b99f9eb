import { describe, expect, test } from 'vitest';
import { credentialsRejectedError, InstaMedError, serviceError, unreachableError } from '../../src/domain/errors.ts';
import { readReceiptPatiently } from '../../src/poll/read-receipt.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  approved,
  busy,
  late,
  lost,
  noConnection,
  notYet,
  play,
  type Replies,
  receiptScript,
  seenOf,
  times,
} from '../support/poll-script.ts';

/** A token that is USED at the second ask, ten seconds after the start. */
const usedAt = 10_000;
const playReceipts = (receipts: Replies, requestTimeoutMs = 30_000) =>
  play(['NEW', 'USED'], { receipts, options: { requestTimeoutMs } });

describe('the tries', () => {
  test('five, with pauses of 1, 3, 6 and 10 seconds, and the last trouble is kept', async () => {
    const last = serviceError('HTTP_502', 'The host answered 502.', { retryable: true });
    const { result, receipt, clock } = await playReceipts([notYet, lost, busy(), noConnection, last]);
    expect(receipt.starts).toEqual([0, 1_000, 4_000, 10_000, 20_000].map((ms) => usedAt + ms));
    expect(clock.sleeps.slice(1)).toEqual([1_000, 3_000, 6_000, 10_000]);
    expect(result).toMatchObject({ outcome: 'receipt-unread', receipt: null, elapsedMs: usedAt + 20_000 });
    expect(result.error).toBe(last);
    expect(receipt.mostInFlight).toBe(1);
  });

  test('are not in the tally, which is about the status', async () => {
    const { result } = await playReceipts([notYet, notYet, approved]);
    expect(result).toMatchObject({ checks: 2, status: { state: 'USED' } });
    expect(seenOf(result)).toEqual({ NEW: 1, USED: 1 });
  });

  test.each([1, 2, 3, 4, 5])('a receipt at try %i is the receipt', async (tries) => {
    const { result, receipt } = await playReceipts([...times(tries - 1, notYet), approved]);
    expect(result).toMatchObject({ outcome: 'approved', error: null, receipt: { transactionStatus: 'C' } });
    expect(receipt.asks).toHaveLength(tries);
  });

  test('each gets the request time limit, as far as the thirty seconds allow', async () => {
    const { receipt } = await playReceipts(times(5, notYet));
    expect(receipt.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000, 29_000, 26_000, 20_000, 10_000]);
  });

  test('a shorter request time limit holds', async () => {
    const { receipt } = await playReceipts(times(5, notYet), 15_000);
    expect(receipt.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 15_000, 15_000, 15_000, 10_000]);
  });

  test('tell of each try that failed and will be repeated', async () => {
    const { events } = await playReceipts([notYet, late(500, lost), approved]);
    const common = { type: 'retrying', what: 'receipt' };
    expect(events.slice(3)).toMatchObject([
      { ...common, elapsedMs: usedAt, check: 1, failuresInARow: 1, nextInMs: 1_000, error: { code: 'NVP_400' } },
      { ...common, elapsedMs: usedAt + 1_500, check: 2, failuresInARow: 2, nextInMs: 3_000, error: lost },
    ]);
    expect(events).toHaveLength(5);
  });

  test('tell nothing of a try that ends them', async () => {
    const { events } = await playReceipts(times(5, lost));
    expect(events.filter(({ type }) => type === 'retrying')).toHaveLength(4);
  });
});

test.each([
  serviceError('REDIRECT', 'The host sends us on.'),
  serviceError('HTTP_404', 'The host answered 404.'),
  serviceError('HTTP_403', 'A page.'),
  serviceError('HTTP_501', 'The host answered 501.'),
  serviceError('BAD_CHARSET', 'No such charset.'),
  serviceError('NOT_HTTP', 'No HTTP.'),
  unreachableError('ENOTFOUND', 'No address.', { connecting: true, permanent: true }),
  unreachableError('CERT_HAS_EXPIRED', 'Expired.', { connecting: true, permanent: true }),
])('$code does not keep the receipt from being asked for again', async (error) => {
  const { result, receipt } = await playReceipts([error, error, error, error, approved]);
  expect(result.outcome).toBe('approved');
  expect(receipt.starts).toEqual([0, 1_000, 4_000, 10_000, 20_000].map((ms) => usedAt + ms));
});

describe('the thirty seconds', () => {
  test('slow tries are fewer: none starts in the last five seconds', async () => {
    const { result, receipt } = await playReceipts(times(4, late(7_000, lost)));
    // 0 to 7, 8 to 15, 18 to 25: then nothing is left to wait for.
    expect(receipt.starts).toEqual([0, 8_000, 18_000].map((ms) => usedAt + ms));
    expect(result).toMatchObject({ outcome: 'receipt-unread', error: lost, elapsedMs: usedAt + 25_000 });
  });

  test('a try that takes them all is the only one', async () => {
    const { result, receipt } = await playReceipts([late(30_000, lost)]);
    expect(receipt.asks).toHaveLength(1);
    expect(result).toMatchObject({ outcome: 'receipt-unread', elapsedMs: usedAt + 30_000 });
  });

  test.each([
    ['a pause that would pass the last start is cut to it', 8_000, [0, 9_000, 20_000, 25_000]],
    ['a pause that just fits is not cut', 7_500, [0, 8_500, 19_000, 25_000]],
  ])('%s', async (_name, tookMs, starts) => {
    const tries = (ask: number) => (ask <= 2 ? late(tookMs, lost) : ask === 3 ? lost : approved);
    const { result, receipt } = await playReceipts(tries);
    expect(receipt.starts).toEqual(starts.map((ms) => usedAt + ms));
    expect(result.outcome).toBe('approved');
  });

  test.each([
    ['with a second left before the last start there is a try', 24_000, 2],
    ['with less than a second left there is none', 24_001, 1],
  ])('%s', async (_name, tookMs, tries) => {
    const { receipt } = await playReceipts([late(tookMs, lost), lost]);
    expect(receipt.starts).toEqual([0, 25_000].slice(0, tries).map((ms) => usedAt + ms));
  });

  test('count from the moment the token was used, also past the deadline of the wait', async () => {
    const { result, receipt } = await play(['NEW', late(9_000, 'USED')], {
      receipts: [...times(4, notYet), approved],
      options: { timeoutMs: 10_000 },
    });
    expect(receipt.starts).toEqual([19_000, 20_000, 23_000, 29_000, 39_000]);
    expect(result).toMatchObject({ outcome: 'approved', elapsedMs: 39_000 });
  });
});

describe('a pause that the service asks for', () => {
  test.each([
    ['takes the place of our own', 8_000, 8_000],
    ['under a second is a second', 0, 1_000],
    ['is cut so that one more try fits into the thirty seconds', 600_000, 25_000],
  ])('%s', async (_name, pauseMs, second) => {
    const { result, receipt } = await playReceipts([busy(pauseMs), approved]);
    expect(receipt.starts).toEqual([usedAt, usedAt + second]);
    expect(result.outcome).toBe('approved');
  });

  test('that used up the time ends the tries', async () => {
    const { result, receipt } = await playReceipts([busy(600_000), busy(600_000)]);
    expect(receipt.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000, 5_000]);
    expect(result.outcome).toBe('receipt-unread');
  });
});

describe('what is not repeated', () => {
  // The wordings are ours but for the first, which is the error page's of the single sign-on service.
  test.each([
    ['refused credentials in the reply', 'errorCode=401&errorMessage=Invalid AccountID or Password.', 'NVP_401'],
    ['refused credentials by HTTP status', credentialsRejectedError('HTTP_403', 'The host answered 403.'), 'HTTP_403'],
    ['an ambiguous receipt', 'transactionStatus=C&transactionStatus=D', 'AMBIGUOUS_RECEIPT'],
  ])('%s, and the receipt counts as unread', async (_name, reply, code) => {
    const { result, receipt, events } = await playReceipts([reply]);
    expect(receipt.asks).toHaveLength(1);
    expect(result).toMatchObject({ outcome: 'receipt-unread', receipt: null, status: { state: 'USED' } });
    expect(result.error).toMatchObject({ code, retryable: false });
    expect(events.at(-1)).toMatchObject({ type: 'completed' });
  });

  test('refused credentials after other trouble', async () => {
    const { result, receipt } = await playReceipts([
      notYet,
      lost,
      credentialsRejectedError('HTTP_401', 'The host answered 401.'),
    ]);
    expect(receipt.asks).toHaveLength(3);
    expect(result).toMatchObject({ outcome: 'receipt-unread', error: { code: 'HTTP_401' } });
  });

  test('a bug of ours, which is thrown', async () => {
    const bug = new TypeError('a bug');
    await expect(playReceipts([notYet, bug])).rejects.toBe(bug);
  });
});

test('a stop between two tries is thrown as such', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const asleep = clock.holdSleepAfter(0);
  const receipt = receiptScript(clock, [notYet, approved]);
  const reading = readReceiptPatiently({
    clock,
    viewReceipt: receipt.ask,
    onEvent: () => {},
    signal: controller.signal,
    begin: 0,
    requestTimeoutMs: 30_000,
    token: 'a-token',
    inTurn: (request) => request(),
  });
  await asleep;
  controller.abort();
  const stopped = new InstaMedError('aborted', 'ABORTED', 'The receipt was not read: we were stopped.');
  await expect(reading).rejects.toEqual(stopped);
  expect(receipt.asks).toHaveLength(1);
});
