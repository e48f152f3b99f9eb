import { InstaMedError } from '../domain/errors.ts';
import { type Outcome, outcomeOfReceipt } from '../domain/outcome.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { decide } from '../domain/verdict.ts';
import { type Clock, systemClock } from './clock.ts';
import type { OnDecision, OnEvent } from './events.ts';
import { readReceiptPatiently, type ViewReceipt } from './read-receipt.ts';
import type { Check, Tally, WaitOptions } from './token-watch.ts';
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

/** What became of one payment, as far as we know. */
export interface PaymentResult {
  readonly outcome: Extract<
    Outcome,
    | 'approved'
    | 'authorized'
    | 'card-stored'
    | 'used'
    | 'not-approved'
    | 'refused'
    | 'service-error'
    | 'expired'
    | 'unreachable'
    | 'receipt-unread'
    | 'timed-out'
    | 'interrupted'
  >;
  /** The last status that was answered; null where none ever was. */
  readonly status: TokenStatus | null;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly checks: number;
  readonly seen: ReadonlyMap<string, number>;
  readonly receipt: Receipt | null;
  /** The trouble that ended the wait, for the outcomes that have one. */
  readonly error: InstaMedError | null;
}

/**
 * Waits until a token settles, reads the receipt and judges it. Every expected end is a result; only a bug of ours throws.
 * Options that are not given have the values of `defaultOptions`.
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
  const options = { ...defaultOptions, ...given };
  const begin = clock.now();
  const startedAt = clock.date();
  const { ending, tally } = await waitForToken({ clock, check, onEvent, onDecision, signal, decide }, options);

  const finish = (part: Pick<PaymentResult, 'outcome'> & Partial<PaymentResult>): PaymentResult => ({
    status: tally.lastStatus,
    startedAt,
    elapsedMs: Math.round(clock.now() - begin),
    checks: tally.checks,
    seen: tally.seen,
    receipt: null,
    error: null,
    ...part,
  });

  if (ending.kind === 'error') return finish({ outcome: outcomeOfTrouble(ending.error, tally), error: ending.error });
  if (ending.kind !== 'used') return finish({ outcome: ending.kind });
  if (!viewReceipt) return finish({ outcome: 'used' });
  try {
    const { requestTimeoutMs } = options;
    const receipt = await readReceiptPatiently({ clock, viewReceipt, onEvent, signal, begin, requestTimeoutMs });
    return finish({ outcome: outcomeOfReceipt(receipt, options.acceptPartial), receipt });
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    if (error.category === 'aborted') return finish({ outcome: 'interrupted' });
    return finish({ outcome: 'receipt-unread', error });
  }
}

/** `unreachable` is kept for a host that never answered: a lost connection in mid wait is trouble with the service. */
function outcomeOfTrouble(error: InstaMedError, { answered }: Tally): 'refused' | 'service-error' | 'unreachable' {
  if (error.category === 'refused') return 'refused';
  return answered ? 'service-error' : 'unreachable';
}
