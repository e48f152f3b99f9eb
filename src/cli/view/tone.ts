import type { Document } from '../document.ts';
import { isSilentOnPayment } from '../summary.ts';

/** Good is for money taken, bad for a payment that was not; everything that needs a second look is open. */
export function toneOf({ outcome, receipt }: Pick<Document, 'outcome' | 'receipt'>): 'good' | 'bad' | 'open' | 'plain' {
  if (!receipt) return outcome === 'answered' ? 'plain' : 'open';
  if (isSilentOnPayment(receipt)) return 'open';
  if (receipt.approved && !receipt.partial) return 'good';
  return receipt.result === 'declined' || receipt.result === 'cancelled' ? 'bad' : 'open';
}
