import { InstaMedError } from '../../src/domain/errors.ts';
import { readReceipt } from '../../src/domain/receipt.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import type { PaymentEvent } from '../../src/poll/events.ts';
import type { PaymentsOptions } from '../../src/poll/options.ts';
import type { PaymentResult } from '../../src/poll/payment-result.ts';
import type { CheckLimits } from '../../src/poll/token-watch.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { waitForPayments } from '../../src/poll/wait-for-payments.ts';
import { EventClock } from './event-clock.ts';

type Says = string | Error;
type Reply = Says | { readonly tookMs: number; readonly says: Says };

/** What a request for a token meets, at its how-manieth try, from 1. */
export type ReplyTo = (token: string, ask: number) => Reply;

/** One request, in milliseconds since the start. */
export interface Asked {
  readonly token: string;
  readonly what: 'status' | 'receipt';
  readonly startMs: number;
  endMs: number;
  readonly timeoutMs: number;
  readonly ownConnection: boolean;
}

export interface PaymentsScene {
  readonly status: ReplyTo;
  readonly receipt?: ReplyTo | null;
  readonly options?: Partial<PaymentsOptions>;
  readonly signal?: AbortSignal;
  readonly clock?: EventClock;
  readonly onEvent?: (event: PaymentEvent, token: string) => void;
  /** Whether the one token is waited for by itself, not as a list. */
  readonly isSingle?: boolean;
}

/** Tokens with these names. */
export const tokensOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `token-${i}`);

/** Waits for all of them in a world of these replies, in which every request takes 100 ms where nothing else is said. */
export async function playAll(tokens: readonly string[], scene: PaymentsScene) {
  const clock = scene.clock ?? new EventClock();
  const asked: Asked[] = [];
  const tries = new Map<string, number>();
  const results = new Map<string, PaymentResult>();
  const order: string[] = [];
  const events: (PaymentEvent & { readonly token: string })[] = [];
  const answer =
    <T>(what: Asked['what'], replyTo: ReplyTo, read: (text: string) => T) =>
    async (token: string, { timeoutMs, signal, ownConnection }: CheckLimits): Promise<T> => {
      const request: Asked = {
        token,
        what,
        startMs: clock.elapsed,
        endMs: Number.NaN,
        timeoutMs,
        ownConnection: ownConnection === true,
      };
      asked.push(request);
      const key = `${what} ${token}`;
      tries.set(key, (tries.get(key) ?? 0) + 1);
      const reply = replyTo(token, tries.get(key) as number);
      const { tookMs, says } =
        typeof reply === 'object' && 'tookMs' in reply ? reply : { tookMs: 100, says: reply as Says };
      await clock.sleep(Math.min(tookMs, timeoutMs), signal);
      request.endMs = clock.elapsed;
      if (signal.aborted) throw new InstaMedError('aborted', 'ABORTED', 'Stopped.');
      if (tookMs > timeoutMs) throw new InstaMedError('unreachable', 'ETIMEDOUT', 'Late.', { retryable: true });
      if (says instanceof Error) throw says;
      return read(says);
    };
  const deps = {
    clock,
    check: answer('status', scene.status, readTokenStatus),
    viewReceipt:
      scene.receipt === null ? null : answer('receipt', scene.receipt ?? (() => 'transactionStatus=C'), readReceipt),
    onEvent: (event: PaymentEvent, token: string) => {
      events.push({ ...event, token });
      scene.onEvent?.(event, token);
      if (event.type !== 'result') return;
      const { result } = event;
      if (results.has(token)) throw new Error(`${token} has two results.`);
      results.set(token, result);
      order.push(token);
    },
    signal: scene.signal,
  };
  const [first = ''] = tokens;
  const waiting: Promise<unknown> = scene.isSingle
    ? waitForPayment(first, deps, scene.options)
    : waitForPayments(tokens, deps, scene.options);
  await clock.during(waiting);
  const startsOf = (token: string, what: Asked['what'] = 'status') =>
    asked.filter((one) => one.token === token && one.what === what).map(({ startMs }) => startMs);
  const outcomes = () => tokens.map((token) => results.get(token)?.outcome);
  return { clock, asked, results, order, events, startsOf, outcomes, elapsedMs: clock.elapsed };
}

/** The most requests that began within any window of so many milliseconds. */
export function busiest(asked: readonly Asked[], windowMs: number): number {
  const starts = asked.map(({ startMs }) => startMs).sort((a, b) => a - b);
  let most = 0;
  for (let [first, last] = [0, 0]; last < starts.length; last++) {
    while ((starts[last] as number) - (starts[first] as number) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The most requests that were under way at once. */
export function mostUnderWay(asked: readonly Asked[]): number {
  const steps = asked.flatMap(({ startMs, endMs }) => [[startMs, 1] as const, [endMs, -1] as const]);
  let [most, now] = [0, 0];
  for (const [, step] of steps.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
