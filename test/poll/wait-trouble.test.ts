import { describe, expect, test } from 'vitest';
import { credentialsRejectedError, serviceError } from '../../src/domain/errors.ts';
import { approved, busy, late, lost, noConnection, notFound, play, seenOf, times } from '../support/poll-script.ts';

describe('trouble that may pass', () => {
  test('one 502 at the seventh ask does not end a wait', async () => {
    const gateway = serviceError('HTTP_502', 'The host answered 502.', { retryable: true });
    const { result, check } = await play((ask) => (ask === 7 ? gateway : ask === 9 ? 'USED' : 'NEW'), {
      receipts: [approved],
    });
    expect(result).toMatchObject({ outcome: 'approved', checks: 9 });
    expect(seenOf(result)).toEqual({ NEW: 7, HTTP_502: 1, USED: 1 });
    expect(check.starts).toEqual(Array.from({ length: 9 }, (_, i) => i * 10_000));
  });

  test('an ask that ran into its time limit is followed on the beat, or at once where that has passed', async () => {
    const slow = late(30_000, lost);
    const { check } = await play(['NEW', slow, late(4_000, lost), 'USED'], { receipts: null });
    expect(check.starts).toEqual([0, 10_000, 40_000, 50_000]);
    expect(check.mostInFlight).toBe(1);
  });

  test('a refused connection after a first answer is waited out', async () => {
    const { result } = await play(['NEW', noConnection, 'USED'], { receipts: [approved] });
    expect(result.outcome).toBe('approved');
    expect(seenOf(result)).toEqual({ NEW: 1, ECONNREFUSED: 1, USED: 1 });
  });
});

describe('the strict start', () => {
  test('no connection at the first ask ends the wait at once as unreachable', async () => {
    const { result, check } = await play([noConnection]);
    expect(result).toMatchObject({ outcome: 'unreachable', checks: 1, status: null, elapsedMs: 0 });
    expect(result.error).toBe(noConnection);
    expect(seenOf(result)).toEqual({ ECONNREFUSED: 1 });
    expect(check.asks).toHaveLength(1);
  });

  test('a connection that was lost at the first ask is waited out', async () => {
    const { result } = await play([lost, 'USED'], { receipts: null });
    expect(result).toMatchObject({ outcome: 'used', checks: 2 });
  });

  test('it lasts until something has answered, however many asks that takes', async () => {
    const { result, check } = await play([lost, lost, noConnection]);
    expect(result).toMatchObject({ outcome: 'unreachable', checks: 3 });
    expect(result.error).toBe(noConnection);
    expect(check.asks).toHaveLength(3);
  });

  test('an error of the service does not end it', async () => {
    const { result } = await play([busy(), noConnection]);
    expect(result).toMatchObject({ outcome: 'service-error', checks: 2, error: noConnection });
  });

  test('an unknown status ends it', async () => {
    const { result } = await play(['PENDING', noConnection, 'USED'], { receipts: null });
    expect(result).toMatchObject({ outcome: 'used', checks: 3 });
  });
});

describe('too many failures', () => {
  test('six in a row end the wait with the last one', async () => {
    const sixth = serviceError('HTTP_500', 'The host answered 500.', { retryable: true });
    const { result, check, events } = await play(['NEW', ...times(5, lost), sixth]);
    expect(result).toMatchObject({ outcome: 'service-error', checks: 7 });
    expect(result.error).toBe(sixth);
    expect(seenOf(result)).toEqual({ NEW: 1, ECONNRESET: 5, HTTP_500: 1 });
    expect(check.asks).toHaveLength(7);
    expect(events.filter(({ type }) => type === 'retrying')).toHaveLength(5);
  });

  test('five in a row do not', async () => {
    const { result } = await play(['NEW', ...times(5, lost), 'USED'], { receipts: null });
    expect(result).toMatchObject({ outcome: 'used', checks: 7 });
  });

  test('any answer starts the count again', async () => {
    const { result, events } = await play(['NEW', ...times(5, lost), 'PENDING', ...times(5, lost), 'USED'], {
      receipts: null,
    });
    expect(result).toMatchObject({ outcome: 'used', checks: 13 });
    const counts = events.flatMap((event) => (event.type === 'retrying' ? [event.failuresInARow] : []));
    expect(counts).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
  });

  test.each([1, 2, 3])('--max-failures %i is the number that ends it', async (maxFailures) => {
    const { result, check } = await play((ask) => (ask === 1 ? 'NEW' : lost), { options: { maxFailures } });
    expect(result).toMatchObject({ outcome: 'service-error', checks: 1 + maxFailures });
    expect(check.asks).toHaveLength(1 + maxFailures);
  });

  test('the limit counts at the deadline too', async () => {
    const { result } = await play(['NEW', lost, lost], { options: { maxFailures: 2, timeoutMs: 20_000 } });
    expect(result).toMatchObject({ outcome: 'service-error', error: lost });
  });
});

describe('a pause that the service asks for', () => {
  test.each([
    ['is kept where it is longer than the interval', 45_000, [0, 10_000, 55_000]],
    ['is kept where it is shorter than the interval', 3_000, [0, 10_000, 13_000]],
    ['of a second is kept', 1_000, [0, 10_000, 11_000]],
    ['under a second is a second', 999, [0, 10_000, 11_000]],
    ['of nothing is a second', 0, [0, 10_000, 11_000]],
    ['that is not asked for is the interval', null, [0, 10_000, 20_000]],
  ])('%s', async (_name, pauseMs, starts) => {
    const { check } = await play(['NEW', busy(pauseMs), 'USED'], { receipts: null });
    expect(check.starts).toEqual(starts);
  });

  test('counts from the reply, not from the ask', async () => {
    const { check, events } = await play(['NEW', late(7_000, busy(5_000)), 'USED'], { receipts: null });
    expect(check.starts).toEqual([0, 10_000, 22_000]);
    expect(events[2]).toMatchObject({ type: 'retrying', elapsedMs: 17_000, nextInMs: 5_000 });
  });

  test('is cut at the deadline, where one last ask is made', async () => {
    const { result, check, clock } = await play(['NEW', busy(3_600_000), 'USED'], { receipts: [approved] });
    expect(check.starts).toEqual([0, 10_000, 900_000]);
    expect(clock.sleeps).toEqual([10_000, 890_000]);
    expect(result.outcome).toBe('approved');
  });

  test('near the deadline does not push the last ask past it, even where less than a second is left', async () => {
    const { result, check } = await play(['NEW', busy(0), 'NEW'], { options: { timeoutMs: 10_500 } });
    expect(check.starts).toEqual([0, 10_000, 10_500]);
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 3 });
  });

  test('does not outlast the trouble', async () => {
    const { check } = await play(['NEW', busy(30_000), 'NEW', 'USED'], { receipts: null });
    expect(check.starts).toEqual([0, 10_000, 40_000, 50_000]);
  });
});

describe('trouble that stays', () => {
  const refused = credentialsRejectedError('HTTP_401', 'The host answered 401.');

  test('ends the first ask at once as a service error', async () => {
    const { result, events, clock } = await play([notFound]);
    expect(result).toMatchObject({ outcome: 'service-error', checks: 1 });
    expect(result.error).toBe(notFound);
    expect(clock.sleeps).toEqual([]);
    expect(events).toHaveLength(1);
  });

  test('is waited out where a status was read before', async () => {
    const { result } = await play(['NEW', lost, notFound, notFound, 'USED'], { receipts: null });
    expect(result).toMatchObject({ outcome: 'used', checks: 5 });
  });

  test.each([
    ['refused credentials are not asked with again, first', [refused], null],
    ['refused credentials are not asked with again, later', ['NEW', refused], { state: 'NEW' }],
  ])('%s', async (_name, replies, status) => {
    const { result } = await play(replies);
    expect(result).toMatchObject({ outcome: 'credentials-rejected', checks: replies.length, status });
    expect(result.error).toBe(refused);
    expect(result.seen['HTTP_401']).toBe(1);
  });
});

describe('what trouble is called', () => {
  test.each([
    ['lost connections alone are unreachable', times(6, lost), 'unreachable'],
    ['lost connections after an answer are a service error', ['NEW', ...times(6, lost)], 'service-error'],
    ['lost connections after an error reply are a service error', [busy(), ...times(5, lost)], 'service-error'],
    ['an error reply after lost connections is a service error', [...times(5, lost), busy()], 'service-error'],
    ['no connection in mid wait, six times, is a service error', ['NEW', ...times(6, noConnection)], 'service-error'],
  ])('%s', async (_name, replies, outcome) => {
    const { result } = await play(replies);
    expect(result.outcome).toBe(outcome);
    expect(result.error).toBe(replies.at(-1));
    expect(result.receipt).toBeNull();
  });

  test('a bug of ours is thrown, not counted', async () => {
    const bug = new TypeError('a bug');
    await expect(play(['NEW', bug])).rejects.toBe(bug);
  });
});
