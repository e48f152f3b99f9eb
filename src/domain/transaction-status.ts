import { trimBlanks } from '../base/ascii.ts';

/** What became of the money, as `transactionStatus` says it. */
export type ReceiptResult =
  | 'approved'
  | 'authorized'
  | 'card-stored'
  | 'declined'
  | 'cancelled'
  | 'voided'
  | 'charged-back'
  | 'returned'
  | 'settlement-error'
  | 'unknown';

export interface StatusMeaning {
  readonly result: ReceiptResult;
  /** The code in words; null where nobody knows it. */
  readonly meaning: string | null;
}

/**
 * The published list is A, C, CB, D, RI, S, SE, V; O and X are known from one client in production only. Any other code
 * is unknown, which is neither success nor a decline.
 */
const meanings: ReadonlyMap<string, StatusMeaning> = new Map([
  ['A', { result: 'authorized', meaning: 'authorized, not captured' }],
  ['C', { result: 'approved', meaning: 'approved' }],
  ['CB', { result: 'charged-back', meaning: 'charged back' }],
  ['D', { result: 'declined', meaning: 'declined' }],
  ['O', { result: 'card-stored', meaning: 'card stored' }],
  ['RI', { result: 'returned', meaning: 'returned' }],
  ['S', { result: 'approved', meaning: 'settled' }],
  ['SE', { result: 'settlement-error', meaning: 'settlement error' }],
  ['V', { result: 'voided', meaning: 'voided' }],
  ['X', { result: 'cancelled', meaning: 'cancelled' }],
]);

const unknown: StatusMeaning = { result: 'unknown', meaning: null };

/** Whether a result is what the caller hoped for. */
export function isGood(result: ReceiptResult): result is 'approved' | 'authorized' | 'card-stored' {
  return result === 'approved' || result === 'authorized' || result === 'card-stored';
}

/** The meaning of a status code, blanks and case apart. */
export function meaningOf(code: string | null): StatusMeaning {
  // ASCII letters only: upper-casing would turn a dotless or long letter of another alphabet into one of these.
  const word = trimBlanks(code ?? '');
  return (/^[A-Za-z]{1,2}$/.test(word) && meanings.get(word.toUpperCase())) || unknown;
}
