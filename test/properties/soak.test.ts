import fc from 'fast-check';
import { expect } from 'vitest';
import type { Outcome } from '../../src/domain/outcome.ts';
import { timeoutError } from '../../src/remote/failures.ts';
import type { Transport } from '../../src/remote/http.ts';
import { readDocument } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { holds } from '../support/property.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { actAt, codes, expectedOf, hangs, type Story, story } from '../support/wait-story.ts';

/** Plays a story, and checks on the way that one ask is made at a time, and none of a kind that is over. */
function networkOf({ statuses, receipts }: Story, clock: ManualClock) {
  const asked = { status: 0, receipt: 0 };
  let inFlight = 0;
  const transport: Transport = {
    async post(request) {
      const kind = request.url.href === accountEnv['INSTAMED_STATUS_URL'] ? 'status' : 'receipt';
      const act = actAt(kind === 'status' ? statuses : receipts, asked[kind]++);
      inFlight += 1;
      expect(inFlight).toBe(1);
      await Promise.resolve();
      inFlight -= 1;
      const isLate = act.tookMs >= request.timeoutMs || act.name === hangs.name;
      clock.advance(isLate ? request.timeoutMs : act.tookMs);
      const answer = isLate ? timeoutError(request, 'waiting') : act.answer(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async close() {},
  };
  return { transport, asked };
}

const seen = new Set<Outcome>();

holds(
  'every simulated wait ends as the contract says, and says so in one document',
  300,
  fc.asyncProperty(story, async (told) => {
    const clock = new ManualClock();
    const { transport, asked } = networkOf(told, clock);
    const flags = ['--timeout', `${told.timeoutMs / 1_000}s`, ...(told.acceptPartial ? ['--accept-partial'] : [])];
    const { code, stdout, stderr, handlersLeft } = await run(['wait', token, '--json', ...flags], { transport, clock });
    const expected = expectedOf(told);
    const document = readDocument({ stdout });

    expect({ outcome: document.outcome, code }).toEqual({ outcome: expected.outcome, code: codes[expected.outcome] });
    expect(document).toMatchObject({ exitCode: code, checks: expected.checks, elapsedMs: clock.elapsed });
    expect(asked.status).toBe(expected.checks);
    const tally = Object.values(document['seen'] as Record<string, number>);
    expect(tally.reduce((sum, count) => sum + count, 0)).toBe(expected.checks);
    expect(clock.elapsed).toBeLessThanOrEqual(told.timeoutMs + (asked.receipt > 0 ? 40_000 : 10_000));
    if (document.outcome === 'receipt-unread') expect(stdout + stderr).not.toMatch(/\b(?:failed|declined)\b/i);
    expect({ handlersLeft, tickers: clock.tickers }).toEqual({ handlersLeft: 0, tickers: 0 });
    seen.add(expected.outcome);
  }),
  // Every ending came about.
  () => expect([...seen].sort()).toEqual(Object.keys(codes).sort()),
);
