import { expect, test } from 'vitest';
import { summarizePlan } from '../../../src/cli/progress/list-board.ts';

test.each([
  [991, 10_010, 'checking each every 10s, for up to 15m.'],
  [300, 15_000, 'checking each every 15s, for up to 15m, not every 10s: 20 requests a second serve no more.'],
])('what is said of %i tokens and an interval of %i ms does not contradict itself', (tokens, intervalMs, said) => {
  const counts = { tokens, blank: 0, duplicates: 0, maxRate: 20, concurrency: 16 };
  const started = { event: 'started', ...counts, intervalMs, timeoutMs: 900_000 } as const;
  const show = {
    tokens: [],
    started,
    wishedIntervalMs: 10_000,
    showsResults: false,
    shortenToken: (token: string) => token,
  };
  expect(summarizePlan(show)).toBe(`Waiting for ${tokens} tokens: ${said}`);
});
