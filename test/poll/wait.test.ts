import { describe, expect, test } from 'vitest';
import type { TokenStatus } from '../../src/domain/token-status.ts';
import { defaultOptions } from '../../src/poll/options.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { approved, busy, late, lost, notYet, play, seenOf, times } from '../support/poll-script.ts';

const isNew: TokenStatus = { state: 'NEW', text: 'NEW' };
const isUsed: TokenStatus = { state: 'USED', text: 'USED' };

describe('the beat', () => {
  test('by default a token is asked for 15 minutes every 10 seconds', () => {
    expect(defaultOptions).toEqual({
      intervalMs: 10_000,
      timeoutMs: 900_000,
      requestTimeoutMs: 30_000,
      maxFailures: 6,
      acceptPartial: false,
    });
  });

  test('15 minutes at zero latency are 91 asks and 90 sleeps of 10 seconds', async () => {
    const { result, check, receipt, clock } = await play(() => 'NEW');
    expect(check.starts).toEqual(Array.from({ length: 91 }, (_, i) => i * 10_000));
    expect(clock.sleeps).toEqual(times(90, 10_000));
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 91, elapsedMs: 900_000, receipt: null, error: null });
    expect(result.status).toEqual(isNew);
    expect(seenOf(result)).toEqual({ NEW: 91 });
    expect(receipt.asks).toEqual([]);
  });

  test('each ask gets the request time limit, and the last ones what is left with ten seconds of grace', async () => {
    const { check } = await play(() => 'NEW');
    expect(check.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([...times(89, 30_000), 20_000, 10_000]);
  });

  test('a request time limit under the grace holds for the last ask too', async () => {
    const { check } = await play(() => 'NEW', { options: { timeoutMs: 20_000, requestTimeoutMs: 9_000 } });
    expect(check.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([9_000, 9_000, 9_000]);
  });

  test('the interval counts from start to start, so a slow reply shortens the sleep', async () => {
    const { result, check, clock } = await play(() => late(3_000, 'NEW'));
    expect(check.starts).toEqual(Array.from({ length: 91 }, (_, i) => i * 10_000));
    expect(clock.sleeps).toEqual(times(90, 7_000));
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 91, elapsedMs: 903_000 });
  });

  test('an ask that outlasts the interval is followed at once, and never overtaken', async () => {
    const { result, check, clock } = await play(() => late(25_000, 'NEW'), {
      options: { timeoutMs: 60_000 },
    });
    expect(check.starts).toEqual([0, 25_000, 50_000]);
    expect(clock.sleeps).toEqual([]);
    expect(check.mostInFlight).toBe(1);
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 3, elapsedMs: 75_000 });
  });

  test('one slow ask shifts those after it, which are never early to catch up', async () => {
    const { check } = await play((ask) => (ask === 1 ? late(13_000, 'NEW') : 'NEW'), {
      options: { timeoutMs: 40_000 },
    });
    expect(check.starts).toEqual([0, 13_000, 23_000, 33_000, 40_000]);
  });
});

describe('the deadline', () => {
  test.each([
    ['the last sleep is cut so that one ask starts at the deadline', 25_000, [10_000, 10_000, 5_000]],
    ['a deadline on the beat is not asked at twice', 20_000, [10_000, 10_000]],
    ['a deadline before the second beat still gets its ask', 4_000, [4_000]],
    ['without any time there is one ask', 0, []],
  ])('%s', async (_name, timeoutMs, sleeps) => {
    const { result, check, clock } = await play(() => 'NEW', { options: { timeoutMs } });
    expect(clock.sleeps).toEqual(sleeps);
    expect(check.starts.at(-1)).toBe(timeoutMs);
    expect(check.asks).toHaveLength(sleeps.length + 1);
    expect(result.outcome).toBe('timed-out');
  });

  test('a token that turns USED in the last second is used', async () => {
    const { result, check } = await play((ask) => (ask === 91 ? 'USED' : 'NEW'), { receipts: [approved] });
    expect(check.starts.at(-1)).toBe(900_000);
    expect(result).toMatchObject({ outcome: 'approved', checks: 91, elapsedMs: 900_000 });
    expect(seenOf(result)).toEqual({ NEW: 90, USED: 1 });
  });

  test('an answer that comes within the grace counts', async () => {
    const { result, receipt } = await play(['NEW', late(9_999, 'USED')], {
      options: { timeoutMs: 10_000 },
      receipts: [approved],
    });
    expect(result).toMatchObject({ outcome: 'approved', elapsedMs: 19_999 });
    expect(receipt.starts).toEqual([19_999]);
  });

  test('an ask that is under way at the deadline is the last one, and keeps its right to the grace', async () => {
    const { result, check } = await play(['NEW', late(16_000, 'USED')], {
      options: { timeoutMs: 15_000 },
      receipts: [approved],
    });
    expect(check.starts).toEqual([0, 10_000]);
    expect(check.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([25_000, 15_000]);
    expect(result.outcome).toBe('approved');
  });

  test('an ask that is under way at the deadline is not followed by another', async () => {
    const { result, check } = await play(['NEW', late(6_000, 'NEW')], { options: { timeoutMs: 15_000 } });
    expect(check.starts).toEqual([0, 10_000]);
    expect(result).toMatchObject({ outcome: 'timed-out', elapsedMs: 16_000 });
  });

  test('trouble at the deadline ends as timed out, with the trouble in the tally', async () => {
    const { result, events } = await play(['NEW', lost], { options: { timeoutMs: 10_000 } });
    expect(result).toMatchObject({ outcome: 'timed-out', error: null, checks: 2, status: isNew });
    expect(seenOf(result)).toEqual({ NEW: 1, ECONNRESET: 1 });
    expect(events.map(({ type }) => type)).toEqual(['started', 'checked']);
  });
});

/** A clock of a program that is suspended (Ctrl-Z) in its first sleep, for so many milliseconds longer. */
class SuspendedClock extends ManualClock {
  #lateMs: number;

  constructor(lateMs: number) {
    super();
    this.#lateMs = lateMs;
  }

  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await super.sleep(ms, signal);
    this.advance(this.#lateMs);
    this.#lateMs = 0;
  }
}

describe('a program that was suspended between two asks', () => {
  test('asks once when it goes on, and then on the beat: it does not catch up', async () => {
    const { check } = await play(() => 'NEW', { clock: new SuspendedClock(45_000), options: { timeoutMs: 80_000 } });
    expect(check.starts).toEqual([0, 55_000, 65_000, 75_000, 80_000]);
  });

  test('past its deadline makes the last ask all the same, with the grace', async () => {
    const { result, check } = await play(['NEW', 'USED'], {
      clock: new SuspendedClock(3_600_000),
      receipts: [approved],
    });
    expect(check.asks).toMatchObject([{ startMs: 0 }, { startMs: 3_610_000, timeoutMs: 10_000 }]);
    expect(result.outcome).toBe('approved');
  });

  test('makes one more try at the receipt, which has the time of the last one', async () => {
    const { result, receipt } = await play(['USED'], {
      clock: new SuspendedClock(3_600_000),
      receipts: [notYet, approved],
    });
    expect(receipt.asks).toMatchObject([{ startMs: 0 }, { startMs: 3_601_000, timeoutMs: 5_000 }]);
    expect(result.outcome).toBe('approved');
  });
});

describe('what an answer means', () => {
  test.each([
    ['USED is read as used', 'USED'],
    ['the older word for it is too', 'complete'],
    ['its other form is too', 'Completed'],
    ['case and blanks around it do not matter', ' \n uSeD\t'],
  ])('%s', async (_name, text) => {
    const { result, check, receipt } = await play([text], { receipts: [approved] });
    expect(result).toMatchObject({ outcome: 'approved', checks: 1 });
    expect(result.status).toEqual({ state: 'USED', text });
    expect(seenOf(result)).toEqual({ USED: 1 });
    expect([check.asks.length, receipt.asks.length]).toEqual([1, 1]);
  });

  test('EXPIRED, said twice, ends the wait without a receipt', async () => {
    const { result, receipt } = await play(['NEW', 'EXPIRED', 'Expired']);
    expect(result).toMatchObject({ outcome: 'expired', checks: 3, receipt: null, error: null });
    expect(result.status).toEqual({ state: 'EXPIRED', text: 'Expired' });
    expect(receipt.asks).toEqual([]);
  });

  test.each([
    'USED?',
    'NOT USED',
    'UNUSED',
    'USED USED',
    'APPROVED',
    'SUCCESS',
    'OK',
    'C',
    'true',
    'CANCELLED',
    'EXPIRED SOON',
  ])('%s, which nobody knows, is asked on and never success', async (text) => {
    const { result, receipt } = await play(() => text, { options: { timeoutMs: 30_000 } });
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 4, status: { state: 'UNKNOWN', text } });
    expect(seenOf(result)).toEqual({ [text]: 4 });
    expect(receipt.asks).toEqual([]);
  });
});

describe('the tally', () => {
  test('counts answers by state, unknown texts by their trimmed words, trouble by its code', async () => {
    const { result } = await play(
      ['NEW', ' new ', 'New\n', 'PENDING', '\tPENDING ', 'pending', lost, busy(), lost, 'complete'],
      { receipts: [approved] },
    );
    expect(result.checks).toBe(10);
    expect(seenOf(result)).toEqual({ NEW: 3, PENDING: 2, pending: 1, ECONNRESET: 2, HTTP_503: 1, USED: 1 });
  });

  test('keeps texts that are names of JavaScript objects', async () => {
    const { result } = await play(['__proto__', 'constructor', '__proto__', 'USED'], { receipts: null });
    expect(Object.entries(result.seen)).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
      ['USED', 1],
    ]);
    expect(JSON.stringify(result.seen)).toBe('{"__proto__":2,"constructor":1,"USED":1}');
  });

  test('counts a text that is no label by its length: a part of it could be a part of a secret', async () => {
    const { result } = await play(['x'.repeat(80), ` ${'y'.repeat(81)}\n`, 'USED'], { receipts: null });
    expect(Object.keys(result.seen)).toEqual(['x'.repeat(80), 'a text of 81 characters', 'USED']);
  });
});

describe('the events', () => {
  test('tell the start, each answer with the time to the next ask, and the end', async () => {
    const { events } = await play(['NEW', late(1_500, 'Paying'), 'USED'], { receipts: [approved] });
    const paying: TokenStatus = { state: 'UNKNOWN', text: 'Paying' };
    expect(events).toEqual([
      { type: 'started', intervalMs: 10_000, timeoutMs: 900_000 },
      { type: 'checked', elapsedMs: 0, check: 1, status: isNew, nextInMs: 10_000 },
      { type: 'checked', elapsedMs: 11_500, check: 2, status: paying, nextInMs: 8_500 },
      { type: 'completed', elapsedMs: 20_000, check: 3, status: isUsed },
    ]);
  });

  test('tell of an expired token as of a used one', async () => {
    const { events } = await play(['EXPIRED', 'EXPIRED']);
    const status: TokenStatus = { state: 'EXPIRED', text: 'EXPIRED' };
    expect(events.slice(1)).toEqual([
      { type: 'checked', elapsedMs: 0, check: 1, status, nextInMs: 0 },
      { type: 'completed', elapsedMs: 0, check: 2, status },
    ]);
  });

  test('tell that nothing follows the ask at the deadline', async () => {
    const { events } = await play(['NEW', 'NEW'], { options: { timeoutMs: 10_000 } });
    expect(events.at(-1)).toEqual({ type: 'checked', elapsedMs: 10_000, check: 2, status: isNew, nextInMs: null });
  });

  test('tell of trouble that is waited out: what, which ask, how many in a row, when next', async () => {
    const { events } = await play(['NEW', lost, busy(2_000), 'USED'], { receipts: null });
    expect(events.slice(2, 4)).toEqual([
      {
        type: 'retrying',
        what: 'status',
        elapsedMs: 10_000,
        check: 2,
        error: lost,
        failuresInARow: 1,
        nextInMs: 10_000,
      },
      {
        type: 'retrying',
        what: 'status',
        elapsedMs: 20_000,
        check: 3,
        error: busy(2_000),
        failuresInARow: 2,
        nextInMs: 2_000,
      },
    ]);
  });
});
