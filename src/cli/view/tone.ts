import type { Document } from '../document.ts';

/** Good is for money taken, bad for a payment that was not; everything that needs a second look is open. */
export function toneOf({ outcome, money, receipt }: Pick<Document, 'outcome' | 'money' | 'receipt'>): Tone {
  if (money === 'taken') return 'good';
  if (money === 'not-taken' && receipt) return 'bad';
  return outcome === 'answered' || money === undefined ? 'plain' : 'open';
}

export type Tone = 'good' | 'bad' | 'open' | 'plain';
