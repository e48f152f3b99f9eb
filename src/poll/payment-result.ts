import type { InstaMedError } from '../domain/errors.ts';
import type { Money } from '../domain/money.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { TokenStatus } from '../domain/token-status.ts';

/** The result of one payment, as far as this run knows. */
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
  /** The last status that was read; null where there was none. */
  readonly status: TokenStatus | null;
  readonly startedAt: Date;
  /** Whole milliseconds. */
  readonly elapsedMs: number;
  readonly checks: number;
  /** How often each status text, or the code of each failure, came. */
  readonly seen: Readonly<Record<string, number>>;
  readonly receipt: Receipt | null;
  /** The error that ended the wait, for the outcomes that have one. */
  readonly error: InstaMedError | null;
  /** Set where this result takes the place of one that was reported before. */
  readonly corrected?: true;
}

/** A result as it was reported, but for its receipt: thousands of those would fill the memory. */
export type ReportedResult = Omit<PaymentResult, 'receipt'>;
