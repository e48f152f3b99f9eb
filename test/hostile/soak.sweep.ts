import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../src/domain/outcome.ts';
import { readDocument } from '../support/check-document.ts';
import { pause } from '../support/hostile/attack.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { startSpedUp } from '../support/hostile/run-sped-up.ts';
import { close, reply, reset, type Script } from '../support/raw-server.ts';
import { codes, expectedOfReceipt, hangs, Judge, type Story, story, type Timed } from '../support/wait-story.ts';

// Fifty real waits: the spawned program, real sockets, and a service that plays what soak.test.ts simulates.

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

/** An ask every 0.1 s, and 2 s for its answer: a slow machine has time enough, whoever hangs takes little. */
const speed = 20;
const timeoutMs = 180_000;
const flags = ['--interval', '2s', '--request-timeout', '40s', '--timeout', '3m', '--json', '-q'];

/** Somebody who answers cannot refuse the connection, nor be without an address; and after a day no act would be left. */
const unplayable = ['ECONNREFUSED', 'ENOTFOUND', '429, again in a day'];

/**
 * Where a kept connection is reset, the program asks again by itself, and nobody could say what came of which ask. So none is
 * kept; but after an ask that was given up undici opens the next one early, and then nobody resets.
 */
function playable(told: Story): Story {
  const left = [...unplayable, ...(told.statuses.some(({ name }) => name === hangs.name) ? ['ECONNRESET'] : [])];
  const played = (acts: readonly Timed[]) => acts.filter(({ name }) => !left.includes(name));
  return { ...told, statuses: played(told.statuses), receipts: played(told.receipts) };
}

const stories = fc.sample(
  story.map(playable).filter(({ statuses }) => statuses.length > 0),
  {
    seed: 20_261_122,
    numRuns: 50,
  },
);

/** What the service does for one act; `onServed` hears that it came to that. */
function scriptOf(act: Timed, onServed: () => void): Script {
  const delay = pause(Math.min(act.tookMs, 2_500) / speed);
  if (act.name === hangs.name) return [onServed];
  if (act.name === 'ECONNRESET') return [onServed, delay, reset];
  const answer = act.answer({} as never);
  if (answer instanceof Error) throw answer;
  const headers = Object.entries({ ...answer.headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return [onServed, delay, reply(answer.body, headers.join(''), `${answer.status} So`), close];
}

/** What has to come of acts, however long they take, and how many status acts that needs. */
function expectedOf(told: Story): { readonly outcome: Outcome; readonly checks: number } {
  const judge = new Judge();
  for (const [index, act] of told.statuses.entries()) {
    const outcome = judge.take(act);
    if (outcome) return { outcome: outcome === 'used' ? expectedOfReceipt(told) : outcome, checks: index + 1 };
  }
  return { outcome: 'timed-out', checks: told.statuses.length };
}

test.concurrent.each(stories.map((told, i) => [i + 1, told] as const))('wait %i ends as it must', async (_i, told) => {
  const served = { statuses: [] as Timed[], receipts: [] as Timed[] };
  const token = server.tell({
    status: told.statuses.map((act) => scriptOf(act, () => served.statuses.push(act))),
    receipt: told.receipts.map((act) => scriptOf(act, () => served.receipts.push(act))),
  });
  const argv = ['wait', token, ...flags, ...(told.acceptPartial ? ['--accept-partial'] : [])];
  const { code, stdout, stderr } = await startSpedUp(argv, server.env, speed).exited;
  const document = readDocument({ stdout }, 'wait');
  const { outcome, checks } = expectedOf({ ...told, ...served });

  expect(served.statuses).toHaveLength(checks);
  expect({ outcome: document.outcome, code }).toEqual({ outcome, code: codes[outcome] });
  expect(document['checks']).toBe(served.statuses.length);
  if (outcome === 'timed-out') expect(document['elapsedMs']).toBeGreaterThanOrEqual(timeoutMs);
  if (outcome === 'receipt-unread') expect(stdout + stderr).not.toMatch(/\b(?:failed|declined)\b/i);
});

test('the stories are of many kinds', () => {
  const common = ['approved', 'not-approved', 'receipt-unread', 'service-error', 'timed-out'];
  expect(stories.map((told) => expectedOf(told).outcome)).toEqual(expect.arrayContaining(common));
});
