import type { Outcome } from './outcome.ts';
import type { Receipt } from './receipt.ts';

/** Every answer to the one question that scripts ask: was money taken? */
export const moneyStates = [
  /** Receipt read, approved or settled, the whole amount, and the receipt is of this payment. */
  'taken',
  /** Approved, but only a part of the amount. */
  'part-taken',
  /** Authorized, not captured. */
  'reserved',
  /** Declined or cancelled, or expired after this run saw the token NEW. */
  'not-taken',
  /** Voided, returned or charged back. */
  'reversed',
  /** A stored card: there was no payment. */
  'none',
  /** Everything else. */
  'unknown',
] as const;

export type Money = (typeof moneyStates)[number];

/** What a receipt shows of the money. */
export function moneyOf({ result, partial, doubt }: Pick<Receipt, 'result' | 'partial' | 'doubt'>): Money {
  if (doubt) return 'unknown';
  switch (result) {
    case 'approved':
      return partial ? 'part-taken' : 'taken';
    case 'authorized':
      return 'reserved';
    case 'card-stored':
      return 'none';
    case 'declined':
    case 'cancelled':
      return 'not-taken';
    case 'voided':
    case 'charged-back':
    case 'returned':
      return 'reversed';
    case 'settlement-error':
    case 'unknown':
      return 'unknown';
    default:
      return result satisfies never;
  }
}

/** What the end of a wait shows of the money. `sawNew`: whether this run saw the token NEW. */
export function moneyOfWait(end: {
  readonly outcome: Outcome;
  readonly receipt: Receipt | null;
  readonly sawNew: boolean;
}): Money {
  if (end.receipt) return moneyOf(end.receipt);
  // A token that was EXPIRED from the start may have been used before that.
  return end.outcome === 'expired' && end.sawNew ? 'not-taken' : 'unknown';
}
