import { decide } from '../domain/verdict.ts';
import { checkOptions } from './check-options.ts';
import { type Clock, systemClock } from './clock.ts';
import type { OnDecision, OnEvent } from './events.ts';
import type { ViewReceipt } from './read-receipt.ts';
import { type PaymentResult, settlePayment } from './settle-payment.ts';
import type { Check, WaitOptions } from './token-watch.ts';
import { waitForToken } from './wait.ts';

export interface PaymentOptions extends WaitOptions {
  /** Whether a part of the amount is enough. */
  readonly acceptPartial: boolean;
}

/** Every 10 s for 15 minutes, the token's life: 91 asks. */
export const defaultOptions: PaymentOptions = {
  intervalMs: 10_000,
  timeoutMs: 900_000,
  requestTimeoutMs: 30_000,
  maxFailures: 6,
  acceptPartial: false,
};

export interface PaymentDeps {
  readonly check: Check;
  /** Null: the status is all that is asked, and the best ending is `used`. */
  readonly viewReceipt: ViewReceipt | null;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Called as things happen. Default: nobody is told. */
  readonly onEvent?: OnEvent;
  /** Called after each status ask with the rule that decided. Default: nobody is told. */
  readonly onDecision?: OnDecision | undefined;
  /** Ends the wait with the outcome `interrupted`. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until a token settles, reads the receipt and judges it. Every expected end is a result; only a bug of ours throws.
 * Options that are not given have the values of `defaultOptions`.
 *
 * @throws InstaMedError `usage`: an option is out of range.
 */
export async function waitForPayment(
  {
    check,
    viewReceipt,
    clock = systemClock,
    onEvent = () => {},
    onDecision,
    signal = new AbortController().signal,
  }: PaymentDeps,
  given: Partial<PaymentOptions> = {},
): Promise<PaymentResult> {
  const options = checkOptions(defaultOptions, given);
  const start = { begin: clock.now(), startedAt: clock.date() };
  const { ending, watch } = await waitForToken({ clock, check, onEvent, onDecision, signal, decide }, options);
  return settlePayment(ending, watch, { clock, viewReceipt, onEvent, signal }, { ...options, ...start });
}
