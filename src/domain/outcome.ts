import { isGood, type ReceiptResult } from './transaction-status.ts';

/** Every way in which a command can end. */
export const outcomes = [
  'approved',
  'authorized',
  'card-stored',
  'used',
  'answered',
  'receipt-read',
  'decoded',
  'internal-error',
  'usage-error',
  'not-approved',
  'not-expected',
  'credentials-rejected',
  'service-error',
  'expired',
  'unreachable',
  'pending',
  'receipt-unread',
  'timed-out',
  'interrupted',
] as const;

export type Outcome = (typeof outcomes)[number];

/** The signals that end a run in good order. */
export type StopSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/**
 * How a receipt ends a wait. Only `approved`, `authorized` and `card-stored` are good endings, and a partial approval is
 * one only where the caller accepts it.
 */
export function outcomeOfReceipt(
  receipt: { readonly result: ReceiptResult; readonly partial: boolean },
  acceptPartial: boolean,
): 'approved' | 'authorized' | 'card-stored' | 'not-approved' {
  const { result, partial } = receipt;
  return isGood(result) && (!partial || acceptPartial) ? result : 'not-approved';
}

/** Whether a wait ended as it was meant to. */
export function isGoodOutcome(outcome: Outcome): boolean {
  return ['approved', 'authorized', 'card-stored', 'used'].includes(outcome);
}
