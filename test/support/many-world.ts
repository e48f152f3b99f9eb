import type { StopSignal } from '../../src/domain/outcome.ts';
import { EventClock } from './event-clock.ts';
import { receipt, receiptOf, status } from './replies.ts';
import { type Run, run, type World } from './run-cli.ts';
import type { Step } from './scripted-transport.ts';
import { type TokenRequest, type TokenStory, TokenTransport } from './token-transport.ts';

/** Tokens that look like real ones, all different in their first and last four characters. */
export const tokenAt = (index: number): string =>
  Buffer.from(`${String(index).padStart(3, '0')}-token-of-a-payment-${String(index).padStart(3, '0')}`).toString(
    'base64',
  );

export const tokensOf = (count: number): string[] => Array.from({ length: count }, (_, index) => tokenAt(index));

/** The token as a person sees it. */
export const shown = (token: string): string => `${token.slice(0, 4)}…${token.slice(-4)}`;

/** NEW so many times, then this, and a receipt where there is one. */
export const story = (news: number, then: Step | string, ...receipts: readonly Step[]): TokenStory => ({
  status: [...Array.from({ length: news }, () => status('NEW')), typeof then === 'string' ? status(then) : then],
  receipt: receipts,
});

/** USED at once, with a receipt of this status. */
export const paid = (transactionStatus: string, news = 0): TokenStory =>
  story(news, 'USED', receipt(receiptOf(transactionStatus)));

export interface ManyWorld extends World {
  /** A stop signal that comes so many milliseconds after the start. */
  readonly stop?: { readonly signal: StopSignal; readonly afterMs: number };
  /** How long every answer takes. Default 100 ms. */
  readonly tookMs?: number;
}

export interface ManyRun extends Run {
  /** The requests in the order in which they were made, in milliseconds since the start. */
  readonly requests: readonly TokenRequest[];
  /** How long all of it took. */
  readonly elapsedMs: number;
  /** How many were left asleep. */
  readonly asleep: number;
}

/** Runs `wait` against services that answer by token; the words are the command line after `wait`. */
export async function waitMany(
  words: readonly string[],
  stories: Readonly<Record<string, TokenStory>>,
  { stop, tookMs, ...world }: ManyWorld = {},
): Promise<ManyRun> {
  const clock = new EventClock();
  const transport = new TokenTransport(clock, stories, tookMs);
  const ended = new AbortController();
  const running = run(['wait', ...words], {
    ...world,
    clock,
    transport,
    onStart: (send) => {
      if (stop) void clock.sleep(stop.afterMs, ended.signal).then(() => !ended.signal.aborted && send(stop.signal));
    },
  });
  // While the program loads its parts, before the first request and after the last, no time passes.
  await Promise.race([running, transport.asked]);
  await clock.during(Promise.race([running, transport.closed]));
  ended.abort();
  const exit = await running;
  const start = clock.now() - clock.elapsed;
  const requests = transport.requests.map((request) => ({ ...request, at: request.at - start }));
  return { ...exit, requests, elapsedMs: clock.elapsed, asleep: clock.asleep };
}
