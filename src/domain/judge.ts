import { lowerAscii } from '../base/ascii.ts';
import { decidingNames } from './receipt-fields.ts';
import { meaningOf, type ReceiptResult } from './transaction-status.ts';

/** Why a receipt does not show whether this payment was taken. */
export const receiptDoubts = [
  /** There is no transaction status. */
  'no-status',
  /** The transaction status is not a known one. */
  'unknown-status',
  /** The two statuses contradict each other. */
  'contradiction',
  /** A name or a value that decides has characters that it cannot have. */
  'not-ascii',
  /** The transaction belongs to another one: a refund, for example. */
  'another-transaction',
  /** The receipt names another token than the one that was asked for. */
  'another-token',
  /** Another token of the same run has the same transaction. */
  'shared-transaction',
] as const;

export type ReceiptDoubt = (typeof receiptDoubts)[number];

/** The values of a receipt that decide. Each is trimmed; null where it is missing or empty. */
export interface DecidingValues {
  readonly transactionStatus: string | null;
  readonly primaryTransactionStatus: string | null;
  readonly transactionId: string | null;
  readonly primaryTransactionId: string | null;
  readonly responseCode: string | null;
  readonly partialApprovalAmount: string | null;
  /** Every token that the receipt names, each in its possible readings. */
  readonly singleSignOnTokens: readonly (readonly string[])[];
}

export interface Judgment {
  readonly result: ReceiptResult;
  readonly partial: boolean;
  readonly doubt: ReceiptDoubt | null;
}

/**
 * Judges a receipt. `transactionStatus` alone decides: codes and messages of the processor do not.
 *
 * @param names every name of the reply, as it reads
 * @param token the token whose receipt was asked for; null where none is known
 */
export function judgeReceipt(values: DecidingValues, names: Iterable<string>, token: string | null): Judgment {
  const partial = isPartial(values);
  if (isForeign(values, names)) return { result: 'unknown', partial, doubt: 'not-ascii' };
  const { result, doubt } = readStatuses(values);
  return { result, partial, doubt: doubt ?? doubtOfOrigin(values, result, token) };
}

/** The same receipt, where another token of the run has its transaction. */
export function withDoubt<T extends Judgment & { readonly approved: boolean }>(receipt: T, doubt: ReceiptDoubt): T {
  return { ...receipt, approved: false, doubt: receipt.doubt ?? doubt };
}

/**
 * `primaryTransactionStatus`, where present, speaks for the payment itself, and `transactionStatus` for what was done to it.
 * It can take a success away (a void that went well undoes the payment), but it never gives one, because values come raw
 * and a payer's name could hold it.
 */
function readStatuses(values: DecidingValues): { result: ReceiptResult; doubt: ReceiptDoubt | null } {
  const own = meaningOf(values.transactionStatus).result;
  if (own === 'unknown') return { result: own, doubt: values.transactionStatus ? 'unknown-status' : 'no-status' };
  if (values.primaryTransactionStatus === null) return { result: own, doubt: null };
  const primary = meaningOf(values.primaryTransactionStatus).result;
  if (primary === 'unknown') return { result: primary, doubt: 'unknown-status' };
  if (isReversal(primary) || primary === 'settlement-error') return { result: primary, doubt: null };
  // Declined and cancelled agree: the payment was not taken.
  const agree = own === primary || (isNotTaken(own) && isNotTaken(primary));
  return agree ? { result: primary, doubt: null } : { result: 'unknown', doubt: 'contradiction' };
}

const isNotTaken = (result: ReceiptResult) => result === 'declined' || result === 'cancelled';

const isReversal = (result: ReceiptResult) => result === 'voided' || result === 'charged-back' || result === 'returned';

/**
 * The published refund is approved, and its own ID is not that of the payment. A reply without an own ID, as the published
 * void, names the payment alone: by `primaryTransactionStatus` it can tell that the payment was undone or never taken, but not
 * that it stands. A refund of a part leaves the payment approved.
 */
function doubtOfOrigin(values: DecidingValues, result: ReceiptResult, token: string | null): ReceiptDoubt | null {
  const { transactionId, primaryTransactionId, primaryTransactionStatus, singleSignOnTokens } = values;
  if (!areOfToken(singleSignOnTokens, token)) return 'another-token';
  if (primaryTransactionId === null) return null;
  if (transactionId === null) {
    const isTold = primaryTransactionStatus !== null && (isReversal(result) || isNotTaken(result));
    return isTold ? null : 'another-transaction';
  }
  return lowerAscii(transactionId) === lowerAscii(primaryTransactionId) ? null : 'another-transaction';
}

/** Where no token was asked for, as in a saved reply, those that the receipt names must at least agree. */
function areOfToken(named: DecidingValues['singleSignOnTokens'], token: string | null): boolean {
  const wanted = token === null ? longestOf(named) : [token];
  return named.every((readings) => readings.some((reading) => wanted.some((whole) => isSameToken(reading, whole))));
}

/** Of a token and the same one cut short, the readings of the whole one. */
function longestOf(named: DecidingValues['singleSignOnTokens']): readonly string[] {
  return named.reduce<readonly string[]>((longest, readings) => {
    return (readings[0] ?? '').length > (longest[0] ?? '').length ? readings : longest;
  }, []);
}

/** InstaMed's webhooks were seen to cut a token of 48 characters to 36. */
const shortestCutToken = 36;

function isSameToken(named: string, token: string): boolean {
  if (named === token) return true;
  return named.length >= shortestCutToken && token.startsWith(named);
}

/** Response code 010 is a partial approval; so is any approved part that is not zero, however the amount is written. */
function isPartial({ responseCode, partialApprovalAmount }: DecidingValues): boolean {
  if (responseCode !== null && /^0*10$/.test(responseCode)) return true;
  return partialApprovalAmount !== null && /[1-9]/.test(partialApprovalAmount) && !/^\W*-/.test(partialApprovalAmount);
}

/** What decides is ASCII: anything else was damaged on its way, or is meant to be taken for what it is not. */
function isForeign(values: DecidingValues, names: Iterable<string>): boolean {
  const { singleSignOnTokens, ...others } = values;
  return Object.values(others).some((value) => !isAscii(value ?? '')) || [...names].some(looksDeciding);
}

/** A longer name is none of ours, whatever its characters. */
const longestLookAlike = 40;

/** A name that would be a deciding one but for characters that are not ASCII: each may stand for a letter, or for none. */
function looksDeciding(name: string): boolean {
  if (isAscii(name) || name.length > longestLookAlike) return false;
  const pattern = name.replace(/[^\0-\x7f]+|[^A-Za-z]/g, (other) =>
    isAscii(other) ? '.' : `[A-Za-z]{0,${other.length}}`,
  );
  const isLike = new RegExp(`^${pattern}$`, 'i');
  return [...decidingNames, 'singleSignOnToken'].some((deciding) => isLike.test(deciding));
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
