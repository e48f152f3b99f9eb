import { describe, expect, test } from 'vitest';
import type { Observation, Situation, Verdict } from '../../src/domain/verdict.ts';
import { decide } from '../../src/domain/verdict.ts';
import type { Decision, PaymentEvent } from '../../src/poll/events.ts';
import { defaultOptions } from '../../src/poll/options.ts';
import { graceMs, shortestPauseMs, TokenWatch } from '../../src/poll/token-watch.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { busy, late, lost, noConnection, type Replies, statusScript } from '../support/poll-script.ts';

interface Judged {
  readonly seen: Observation;
  readonly situation: Situation;
}

/** A watch whose checks are made by the test, and what its judge was told. */
function watch(replies: Replies, rule: (seen: Observation, situation: Situation) => Verdict = decide) {
  const clock = new ManualClock();
  const script = statusScript(clock, replies);
  const events: PaymentEvent[] = [];
  const judged: Judged[] = [];
  const decisions: Decision[] = [];
  const token = new TokenWatch(
    'a-token',
    {
      clock,
      check: script.ask,
      decide: (seen, situation) => {
        judged.push({ seen, situation });
        return rule(seen, situation);
      },
      onEvent: (event) => events.push(event),
      onDecision: (decision) => decisions.push(decision),
      signal: new AbortController().signal,
    },
    defaultOptions,
  );
  return { token, clock, script, events, judged, decisions };
}

test('the grace is ten seconds and the shortest pause one', () => {
  expect([graceMs, shortestPauseMs]).toEqual([10_000, 1_000]);
});

test('a new watch has asked nothing', () => {
  const { token, events, script } = watch([]);
  expect(token.tally).toEqual({ checks: 0, seen: new Map(), lastStatus: null });
  expect([token.reach.answered, token.reach.hasStatus, token.isConfirming]).toEqual([false, false, false]);
  expect(events).toEqual([]);
  expect(script.asks).toEqual([]);
});

describe('when the next ask is due', () => {
  test('an interval after the start of this one, on the clock', async () => {
    const { token, clock } = watch(['NEW']);
    clock.advance(250);
    await expect(token.check()).resolves.toEqual({ kind: 'pending', nextAt: clock.now() + 10_000 });
  });

  test.each([
    ['a millisecond before the deadline there is another ask, at it', 899_999, 'pending'],
    ['less than that is the deadline: rounding buys no second ask', 899_999.5, 'timed-out'],
    ['at the deadline there is none', 900_000, 'timed-out'],
  ])('%s', async (_name, atMs, kind) => {
    const { token, clock } = watch(['NEW']);
    const deadline = clock.now() + 900_000;
    clock.advance(atMs);
    const step = await token.check();
    expect(step.kind).toBe(kind);
    expect(step).toEqual(kind === 'pending' ? { kind, nextAt: deadline } : { kind });
  });
});

test('an ask that ends at the deadline is the last one', async () => {
  const { token } = watch([late(900_000, 'NEW')]);
  await expect(token.check()).resolves.toEqual({ kind: 'timed-out' });
});

test('whoever wants to know hears which rule decided', async () => {
  const { token, decisions } = watch(['NEW', 'USED']);
  await token.check();
  await token.check();
  expect(decisions).toEqual([
    { next: 'ask-again', because: 'NEW: the payer has not finished.', check: 1, nextInMs: 10_000 },
    { next: 'read-receipt', because: expect.stringMatching(/^USED/), check: 2, nextInMs: 10_000 },
  ]);
});

describe('what the judge is told', () => {
  test('whether a status was read before, how many failures in a row, and how many are allowed', async () => {
    const { token, judged } = watch([lost, noConnection, busy(), lost, 'NEW', lost], () => ({
      next: 'ask-again',
      because: 'The test says so.',
    }));
    for (let ask = 1; ask <= 6; ask++) await token.check();
    const told = judged.map(({ situation }) => [situation.hasStatus, situation.failuresInARow]);
    expect(told).toEqual([
      [false, 1],
      [false, 2],
      [false, 3],
      [false, 4],
      [true, 0],
      [true, 1],
    ]);
    expect(judged.every(({ situation }) => situation.maxFailures === 6)).toBe(true);
    expect(judged[2]?.seen).toEqual({ kind: 'error', error: busy() });
    expect(judged[4]?.seen).toEqual({ kind: 'status', status: { state: 'NEW', text: 'NEW' } });
  });

  test('its verdict is what happens, whatever the status is called', async () => {
    const { token, events } = watch(['DONE'], () => ({ next: 'read-receipt', because: 'The test says so.' }));
    await expect(token.check()).resolves.toEqual({ kind: 'used' });
    expect(events.at(-1)).toMatchObject({ type: 'completed', status: { text: 'DONE' } });
  });
});

describe('what has answered', () => {
  test.each([
    ['a lost connection has not', lost, false, false],
    ['a refused connection has not', noConnection, false, false],
    ['an error reply has, without a status', busy(), true, false],
    ['an error message in the place of a status, too', 'Something went wrong', true, false],
    ['a status has', 'NEW', true, true],
  ])('%s', async (_name, reply, answered, hasStatus) => {
    const { token } = watch([reply]);
    await token.check();
    expect(token.tally).toMatchObject({ checks: 1 });
    expect([token.reach.answered, token.reach.hasStatus]).toEqual([answered, hasStatus]);
  });
});
