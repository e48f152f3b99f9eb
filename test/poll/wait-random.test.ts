import { expect, test } from 'vitest';
import { InstaMedError } from '../../src/domain/errors.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { defaultOptions } from '../../src/poll/wait-for-payment.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  type Ask,
  approved,
  busy,
  lost,
  noConnection,
  notFound,
  notYet,
  type Played,
  play,
  type Reply,
} from './script.ts';

/** The mulberry32 generator: the same numbers from the same seed, everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Said = string | Error;

const passing: readonly Said[] = [lost, noConnection, busy(), busy(0), busy(700), busy(25_000), busy(2_000_000)];
const statuses: readonly Said[] = [
  ...Array<string>(40).fill('NEW'),
  'PENDING',
  '__proto__',
  'USED',
  'complete',
  'EXPIRED',
];
const receipts: readonly Said[] = [approved, 'transactionStatus=D', 'transactionStatus=C&transactionStatus=D', 'C'];

/** Replies that come in calm and in storm, at once or as late as their limit allows, and a record of what they said. */
function randomReplies(random: () => number, clock: ManualClock, calm: readonly Said[], storm: readonly Said[]) {
  const said: Said[] = [];
  let isStorm = false;
  const reply = (): Reply => {
    if (random() < 0.25) isStorm = !isStorm;
    const from = isStorm ? storm : calm;
    const what = from[Math.floor(random() * from.length)] as Said;
    const delay = random();
    said.push(what);
    return async ({ timeoutMs }) => {
      clock.advance(delay < 0.5 ? 0 : Math.floor(timeoutMs * (2 * delay - 1)));
      if (what instanceof Error) throw what;
      return what;
    };
  };
  return { said, reply };
}

async function playSeed(seed: number) {
  const random = randomFrom(seed);
  const clock = new ManualClock();
  const status = randomReplies(random, clock, statuses, seed % 10 === 0 ? [...passing, notFound] : passing);
  const receipt = randomReplies(random, clock, receipts, [...passing, notYet, '']);
  const timeoutMs = 1_000 + Math.floor(random() * 899_000);
  const played = await play(status.reply, { clock, receipts: receipt.reply, options: { timeoutMs } });
  return { played, timeoutMs, said: status.said, receiptSaid: receipt.said };
}

/** When the ask after this one is due: on the beat or as asked, never in this one, and at the deadline at the latest. */
function dueAfter(ask: Ask, said: Said, timeoutMs: number): number {
  const pauseMs = said instanceof InstaMedError ? said.retryAfterMs : null;
  const due =
    pauseMs === null
      ? Math.max(ask.startMs + defaultOptions.intervalMs, ask.endMs)
      : ask.endMs + Math.max(pauseMs, 1_000);
  return Math.min(due, timeoutMs);
}

function expectAsksInTime({ check }: Played, said: readonly Said[], timeoutMs: number, where: string): void {
  expect(check.mostInFlight, where).toBe(1);
  const expected = check.asks.map((_ask, i) => {
    const before = check.asks[i - 1];
    return before ? dueAfter(before, said[i - 1] as Said, timeoutMs) : 0;
  });
  expect(check.starts, where).toEqual(expected);
  for (const ask of check.asks) {
    expect(ask.timeoutMs, where).toBe(Math.min(30_000, timeoutMs + 10_000 - ask.startMs));
    expect(ask.startMs, where).toBeLessThanOrEqual(timeoutMs);
  }
}

function expectReceiptInTime({ check, receipt, result }: Played, where: string): void {
  const usedAt = check.asks.at(-1)?.endMs ?? Number.NaN;
  expect(receipt.asks.length, where).toBeLessThanOrEqual(5);
  for (const [i, ask] of receipt.asks.entries()) {
    expect(ask.startMs, where).toBeGreaterThanOrEqual((receipt.asks[i - 1]?.endMs ?? usedAt - 1_000) + 1_000);
    expect(ask.startMs, where).toBeLessThanOrEqual(usedAt + 25_000);
    expect(ask.startMs + ask.timeoutMs, where).toBeLessThanOrEqual(usedAt + 30_000);
  }
  expect(result.elapsedMs, where).toBeLessThanOrEqual(usedAt + 30_000);
}

test('300 random runs end in time, ask neither early nor late nor twice, count every ask and approve nothing by themselves', async () => {
  const outcomes = new Map<Outcome, number>();
  for (let seed = 1; seed <= 300; seed++) {
    const where = `seed ${seed}`;
    const { played, timeoutMs, said, receiptSaid } = await playSeed(seed);
    const { result, check, receipt } = played;
    expectAsksInTime(played, said, timeoutMs, where);
    expectReceiptInTime(played, where);
    expect(result.checks, where).toBe(check.asks.length);
    expect(
      [...result.seen.values()].reduce((sum, count) => sum + count, 0),
      where,
    ).toBe(result.checks);
    const wasUsed = said.at(-1) === 'USED' || said.at(-1) === 'complete';
    expect(receipt.asks.length > 0, where).toBe(wasUsed);
    expect(result.outcome === 'approved', where).toBe(wasUsed && receiptSaid.at(-1) === approved);
    expect(result.receipt !== null, where).toBe(wasUsed && ['approved', 'not-approved'].includes(result.outcome));
    outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
  }
  // The runs are worth something only where every ending came about.
  expect([...outcomes.keys()].sort()).toEqual(
    ['approved', 'expired', 'not-approved', 'receipt-unread', 'service-error', 'timed-out', 'unreachable'].sort(),
  );
});
