import { InstaMedError } from '../domain/errors.ts';
import { type Money, moneyOfWait } from '../domain/money.ts';
import { type Outcome, outcomeOfReceipt } from '../domain/outcome.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Clock } from './clock.ts';
import type { OnEvent } from './events.ts';
import type { Reach } from './reach.ts';
import { type InTurn, readReceiptPatiently, type ViewReceipt } from './read-receipt.ts';
import type { TokenEnding, TokenWatch } from './token-watch.ts';

/** What became of one payment, as far as we know. */
export interface PaymentResult {
  readonly outcome: Extract<
    Outcome,
    | 'approved'
    | 'authorized'
    | 'card-stored'
    | 'used'
    | 'not-approved'
    | 'unclear'
    | 'credentials-rejected'
    | 'service-error'
    | 'expired'
    | 'unreachable'
    | 'pending'
    | 'receipt-unread'
    | 'timed-out'
    | 'interrupted'
  >;
  /** Whether money was taken, as far as this run knows. */
  readonly money: Money;
  /** The last status that was answered; null where none ever was. */
  readonly status: TokenStatus | null;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly checks: number;
  /** How often each status text, or the code of each failure, came. */
  readonly seen: Readonly<Record<string, number>>;
  readonly receipt: Receipt | null;
  /** The trouble that ended the wait, for the outcomes that have one. */
  readonly error: InstaMedError | null;
  /** Set where this result takes the place of one that was told before. */
  readonly corrected?: true;
}

export interface SettleDeps {
  readonly clock: Clock;
  /** Null: the status is all that is asked, and the best ending is `used`. */
  readonly viewReceipt: ViewReceipt | null;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  readonly inTurn?: InTurn;
}

export interface SettleOptions {
  /** When the wait began: on the clock, and as a date. */
  readonly begin: number;
  readonly startedAt: Date;
  readonly requestTimeoutMs: number;
  readonly acceptPartial: boolean;
}

/** Makes a result of the way in which the asking ended; for a used token by its receipt. */
export async function settlePayment(
  ending: TokenEnding,
  { tally, reach }: Pick<TokenWatch, 'tally' | 'reach'>,
  { clock, viewReceipt, onEvent, signal, inTurn }: SettleDeps,
  { begin, startedAt, requestTimeoutMs, acceptPartial }: SettleOptions,
): Promise<PaymentResult> {
  const finish = ({
    outcome,
    receipt = null,
    error = null,
  }: Pick<PaymentResult, 'outcome'> & Partial<PaymentResult>): PaymentResult => ({
    outcome,
    money: moneyOfWait({ outcome, receipt, sawNew: tally.seen.has('NEW') }),
    status: tally.lastStatus,
    startedAt,
    elapsedMs: Math.round(clock.now() - begin),
    checks: tally.checks,
    seen: Object.fromEntries(tally.seen),
    receipt,
    error,
  });

  if (ending.kind === 'error') return finish({ outcome: outcomeOfTrouble(ending.error, reach), error: ending.error });
  if (ending.kind === 'given-up') return finish({ outcome: 'pending' });
  if (ending.kind !== 'used') return finish({ outcome: ending.kind });
  if (!viewReceipt) return finish({ outcome: 'used' });
  try {
    const deps = { clock, viewReceipt, onEvent, signal, begin, requestTimeoutMs, inTurn };
    const receipt = await readReceiptPatiently(deps);
    return finish({ outcome: outcomeOfReceipt(receipt, acceptPartial), receipt });
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    if (error.category === 'aborted') return finish({ outcome: 'interrupted' });
    return finish({ outcome: 'receipt-unread', error });
  }
}

/** `unreachable` is kept for a host that never answered: a lost connection in mid wait is trouble with the service. */
function outcomeOfTrouble(
  error: InstaMedError,
  { answered }: Reach,
): 'credentials-rejected' | 'service-error' | 'unreachable' {
  if (error.category === 'credentials-rejected') return 'credentials-rejected';
  return answered ? 'service-error' : 'unreachable';
}
