import fc from 'fast-check';
import { expect } from 'vitest';
import { InstaMedError } from '../../src/domain/errors.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
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
} from '../support/poll-script.ts';
import { holds } from '../support/property.ts';

const graceMs = 10_000;
const receiptWindowMs = 30_000;

/** What one ask meets: a text or trouble, after a part of the time that it is given. */
interface Answer {
  readonly says: string | Error;
  readonly share: number;
}

const share = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1));
const answersOf = (...says: readonly (string | Error)[]) => fc.record({ says: fc.constantFrom(...says), share });

const passing = answersOf(lost, noConnection, busy(), busy(0), busy(700), busy(25_000), busy(2_000_000));
const statuses = fc.oneof(
  { weight: 40, arbitrary: answersOf('NEW') },
  { weight: 14, arbitrary: passing },
  { weight: 2, arbitrary: answersOf('PENDING', '__proto__', '') },
  { weight: 1, arbitrary: answersOf('USED', 'complete', 'EXPIRED', notFound) },
);
const receipts = fc.oneof(
  { weight: 2, arbitrary: answersOf(notYet, '', lost, noConnection, busy(0), busy(2_000), busy(2_000_000)) },
  { weight: 1, arbitrary: answersOf(approved, 'transactionStatus=D', 'transactionStatus=C&transactionStatus=D', 'C') },
);

/** A wait: what the asks meet in turn, round and round, and the limits. Calm comes in runs, and so does trouble. */
const story = fc.record({
  statuses: fc.oneof(
    fc.array(statuses, { minLength: 1, maxLength: 60 }),
    fc
      .tuple(fc.array(passing, { maxLength: 5 }), fc.array(answersOf('NEW'), { maxLength: 20 }), statuses)
      .map(([trouble, calm, last]) => [...calm.slice(0, 1), ...trouble, ...calm, last]),
  ),
  ending: fc.option(answersOf('USED', 'complete', 'EXPIRED')),
  receipts: fc.array(receipts, { minLength: 1, maxLength: 6 }),
  timeoutMs: fc.integer({ min: 1_000, max: 900_000 }),
  intervalMs: fc.constantFrom(1_000, 10_000, 10_000, 12_345, 300_000),
  requestTimeoutMs: fc.constantFrom(1_000, 30_000, 60_000),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

async function playStory(told: Story) {
  const { timeoutMs, intervalMs, requestTimeoutMs } = told;
  const clock = new ManualClock();
  const said: { status: (string | Error)[]; receipt: (string | Error)[] } = { status: [], receipt: [] };
  const reply = ({ says, share: part }: Answer, heard: (string | Error)[]): Reply => {
    heard.push(says);
    return async ({ timeoutMs: limit }) => {
      clock.advance(Math.floor(limit * part));
      if (says instanceof Error) throw says;
      return says;
    };
  };
  const all = told.ending ? [...told.statuses, told.ending, told.ending] : told.statuses;
  const inTurn = (answers: readonly Answer[], heard: (string | Error)[]) => (ask: number) =>
    reply(answers[(ask - 1) % answers.length] as Answer, heard);
  const played = await play(inTurn(all, said.status), {
    clock,
    receipts: inTurn(told.receipts, said.receipt),
    options: { timeoutMs, intervalMs, requestTimeoutMs },
  });
  return { played, said };
}

/** When the ask after this one is due: on the beat or as asked, never in this one, and at the deadline at the latest. */
function dueAfter(ask: Ask, said: string | Error, { intervalMs, timeoutMs }: Story): number {
  const pauseMs = said instanceof InstaMedError ? said.retryAfterMs : null;
  const due = pauseMs === null ? Math.max(ask.startMs + intervalMs, ask.endMs) : ask.endMs + Math.max(pauseMs, 1_000);
  return Math.min(due, timeoutMs);
}

function expectAsksInTime({ check }: Played, said: readonly (string | Error)[], told: Story): void {
  expect(check.mostInFlight).toBe(1);
  let due = 0;
  // The ask that EXPIRED came for, until it is confirmed or taken back.
  let expired: Ask | null = null;
  for (const [i, ask] of check.asks.entries()) {
    const answer = said[i] as string | Error;
    expect(ask.startMs).toBe(due);
    expect(ask.ownConnection).toBe(expired !== null);
    if (!expired) expect(ask.startMs).toBeLessThanOrEqual(told.timeoutMs);
    const leftMs = Math.max(0, told.timeoutMs - ask.startMs) + graceMs;
    const confirmMs = expired ? Math.max(told.timeoutMs, expired.startMs) + graceMs - ask.startMs : leftMs;
    expect(ask.timeoutMs).toBe(Math.min(told.requestTimeoutMs, leftMs, confirmMs));
    const isFirst: boolean = answer === 'EXPIRED' && expired === null;
    due = isFirst ? ask.endMs : dueAfter(ask, answer, told);
    if (!(answer instanceof Error)) expired = isFirst ? ask : null;
  }
}

function expectReceiptInTime({ check, receipt, result }: Played): void {
  const usedAt = check.asks.at(-1)?.endMs ?? Number.NaN;
  expect(receipt.asks.length).toBeLessThanOrEqual(5);
  expect(receipt.mostInFlight).toBeLessThanOrEqual(1);
  for (const [i, ask] of receipt.asks.entries()) {
    expect(ask.startMs).toBeGreaterThanOrEqual((receipt.asks[i - 1]?.endMs ?? usedAt - 1_000) + 1_000);
    expect(ask.startMs + ask.timeoutMs).toBeLessThanOrEqual(usedAt + receiptWindowMs);
  }
  expect(result.elapsedMs).toBeLessThanOrEqual(usedAt + receiptWindowMs);
}

const outcomes = new Set<Outcome>();

holds(
  'a wait ends in time, asks neither early nor late nor twice, counts every ask and approves nothing by itself',
  600,
  fc.asyncProperty(story, async (told) => {
    const { played, said } = await playStory(told);
    const { result, check, receipt } = played;
    expectAsksInTime(played, said.status, told);
    expectReceiptInTime(played);
    const wasUsed = ['USED', 'complete'].includes(String(said.status.at(-1)));
    expect(result.elapsedMs).toBeLessThanOrEqual(told.timeoutMs + graceMs + (wasUsed ? receiptWindowMs : 0));
    expect(result.checks).toBe(check.asks.length);
    expect(Object.values(result.seen).reduce((sum, count) => sum + count, 0)).toBe(result.checks);
    expect(receipt.asks.length > 0).toBe(wasUsed);
    expect(result.outcome === 'approved').toBe(wasUsed && said.receipt.at(-1) === approved);
    expect(result.receipt !== null).toBe(wasUsed && ['approved', 'not-approved'].includes(result.outcome));
    outcomes.add(result.outcome);
  }),
  // Every ending of a wait that is not interrupted came about.
  () => {
    expect([...outcomes].sort()).toEqual(
      ['approved', 'expired', 'not-approved', 'receipt-unread', 'service-error', 'timed-out', 'unreachable'].sort(),
    );
  },
);
