import { describe, expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { abortsMidway, approved, busy, late, lost, play, seenOf } from '../support/poll-script.ts';

describe('how a receipt ends the wait', () => {
  test.each([
    ['approved', 'transactionStatus=C', 'approved'],
    ['settled is approved', 'transactionStatus=S', 'approved'],
    ['authorized is its own ending', 'transactionStatus=A', 'authorized'],
    ['a stored card is its own ending', 'transactionStatus=O', 'card-stored'],
    ['declined is not approved', 'transactionStatus=D', 'not-approved'],
    ['cancelled is not approved', 'transactionStatus=X', 'not-approved'],
    ['voided is not approved', 'transactionStatus=V', 'not-approved'],
    ['charged back is not approved', 'transactionStatus=CB', 'not-approved'],
    ['returned is not approved', 'transactionStatus=RI', 'not-approved'],
    ['a settlement error is unclear', 'transactionStatus=SE', 'unclear'],
    ['an unknown code is unclear', 'transactionStatus=Q', 'unclear'],
    ['a void of an approved payment is not approved', 'transactionStatus=C&primaryTransactionStatus=V', 'not-approved'],
    ['no status is unclear, whatever the processor says', 'responseCode=000&responseMessage=APPROVAL', 'unclear'],
  ])('%s', async (_name, receipt, outcome) => {
    const { result } = await play(['USED'], { receipts: [receipt] });
    expect(result).toMatchObject({ outcome, error: null });
    expect(result.receipt).not.toBeNull();
  });

  test.each([
    ['a part of the amount is not approved', 'C', false, 'not-approved'],
    ['a part of the amount is approved where it is accepted', 'C', true, 'approved'],
    ['an accepted part does not mend a decline', 'D', true, 'not-approved'],
  ])('%s', async (_name, status, acceptPartial, outcome) => {
    const receipts = [`responseCode=010&transactionStatus=${status}`];
    const { result } = await play(['USED'], { receipts, options: { acceptPartial } });
    expect(result).toMatchObject({ outcome, receipt: { partial: true } });
  });

  test('without a receipt nothing is known but that the token was used', async () => {
    const { result, receipt } = await play(['NEW', 'USED'], { receipts: null });
    expect(result).toMatchObject({ outcome: 'used', checks: 2, receipt: null, error: null, status: { state: 'USED' } });
    expect(receipt.asks).toEqual([]);
  });
});

test('the result says when it began and how long it took, in whole milliseconds', async () => {
  const clock = new ManualClock({ start: 12_345.25, wall: '2026-11-22T10:00:00.000Z' });
  clock.advance(500.5);
  const { result } = await play([late(1_200.7, 'NEW'), 'USED'], { clock, receipts: null });
  expect(result.startedAt).toEqual(new Date('2026-11-22T10:00:00.500Z'));
  expect(result.elapsedMs).toBe(10_000);
  const slow = await play([late(1_200.7, 'USED')], { receipts: null });
  expect(slow.result.elapsedMs).toBe(1_201);
});

describe('an interrupt', () => {
  test('in a sleep ends the wait without another ask', async () => {
    const controller = new AbortController();
    const clock = new ManualClock();
    const asleep = clock.holdSleepAfter(2);
    const playing = play(() => 'NEW', { clock, signal: controller.signal });
    await asleep;
    controller.abort();
    const { result, check, events } = await playing;
    expect(result).toMatchObject({ outcome: 'interrupted', checks: 3, elapsedMs: 20_000, status: { state: 'NEW' } });
    expect(result).toMatchObject({ error: null, receipt: null });
    expect(seenOf(result)).toEqual({ NEW: 3 });
    expect(check.asks).toHaveLength(3);
    expect(events.map(({ type }) => type)).toEqual(['started', 'checked', 'checked', 'checked']);
  });

  test('in a sleep after trouble is an interrupt, not the trouble', async () => {
    const controller = new AbortController();
    const clock = new ManualClock();
    const asleep = clock.holdSleepAfter(0);
    const playing = play(() => lost, { clock, signal: controller.signal });
    await asleep;
    controller.abort();
    expect((await playing).result).toMatchObject({ outcome: 'interrupted', status: null, error: null, checks: 1 });
  });

  test('in a request ends the wait with the last known state', async () => {
    const controller = new AbortController();
    const { result, check, clock, events } = await play(['NEW', 'PAYING', abortsMidway(controller)], {
      signal: controller.signal,
    });
    expect(result).toMatchObject({ outcome: 'interrupted', status: { text: 'PAYING' }, error: null });
    expect(seenOf(result)).toEqual({ NEW: 1, PAYING: 1 });
    expect(check.asks).toHaveLength(3);
    expect(clock.sleeps).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(['started', 'checked', 'checked']);
  });

  test('that comes with an answer keeps the answer, and asks no more', async () => {
    const controller = new AbortController();
    const { result, check } = await play(
      [
        async () => {
          controller.abort();
          return 'NEW';
        },
      ],
      { signal: controller.signal },
    );
    expect(result).toMatchObject({ outcome: 'interrupted', status: { state: 'NEW' }, checks: 1 });
    expect(check.asks).toHaveLength(1);
  });

  test('before the first ask makes none', async () => {
    const { result, check, clock } = await play(['NEW'], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ outcome: 'interrupted', checks: 0, status: null, elapsedMs: 0 });
    expect(seenOf(result)).toEqual({});
    expect(check.asks).toEqual([]);
    expect(clock.sleeps).toEqual([]);
  });

  test('while the receipt is being read says that the token is used', async () => {
    const controller = new AbortController();
    const { result, receipt } = await play(['NEW', 'USED'], {
      receipts: [abortsMidway(controller)],
      signal: controller.signal,
    });
    expect(result).toMatchObject({ outcome: 'interrupted', status: { state: 'USED' }, receipt: null, checks: 2 });
    expect(seenOf(result)).toEqual({ NEW: 1, USED: 1 });
    expect(receipt.asks).toHaveLength(1);
  });

  test('between two tries of the receipt makes no other try', async () => {
    const controller = new AbortController();
    const clock = new ManualClock();
    const asleep = clock.holdSleepAfter(1);
    const playing = play(['NEW', 'USED'], { clock, receipts: [busy(), approved], signal: controller.signal });
    await asleep;
    controller.abort();
    const { result, receipt } = await playing;
    expect(result).toMatchObject({ outcome: 'interrupted', status: { state: 'USED' }, receipt: null });
    expect(receipt.asks).toHaveLength(1);
  });

  test('that comes with the receipt does not lose it', async () => {
    const controller = new AbortController();
    const receipts = [
      async () => {
        controller.abort();
        return approved;
      },
    ];
    const { result } = await play(['USED'], { receipts, signal: controller.signal });
    expect(result).toMatchObject({ outcome: 'approved', receipt: { transactionStatus: 'C' } });
  });
});
