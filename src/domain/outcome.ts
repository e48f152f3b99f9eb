import type { Receipt } from './receipt.ts';
import { isGood } from './transaction-status.ts';

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
  'unclear',
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
 * one only where the caller accepts it. `unclear`: the receipt does not show whether this payment was taken.
 */
export function outcomeOfReceipt(
  receipt: Pick<Receipt, 'result' | 'partial' | 'doubt'>,
  acceptPartial: boolean,
): 'approved' | 'authorized' | 'card-stored' | 'not-approved' | 'unclear' {
  const { result, partial, doubt } = receipt;
  if (doubt || result === 'unknown' || result === 'settlement-error') return 'unclear';
  return isGood(result) && (!partial || acceptPartial) ? result : 'not-approved';
}

/** Whether a wait ended as it was meant to. */
export function isGoodOutcome(outcome: Outcome): boolean {
  return ['approved', 'authorized', 'card-stored', 'used'].includes(outcome);
}

/** Whether asking again changes nothing: the status is final, and the receipt was read if it was asked for. */
export function isFinal(outcome: Outcome): boolean {
  return isGoodOutcome(outcome) || ['receipt-read', 'decoded', 'not-approved', 'unclear', 'expired'].includes(outcome);
}
