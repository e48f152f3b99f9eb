import { lowerAscii } from '../base/ascii.ts';
import { withDoubt } from '../domain/judge.ts';
import type { PaymentResult } from './settle-payment.ts';

/** A result as it was told, but for its receipt: thousands of those would fill the memory. */
export type ToldResult = Omit<PaymentResult, 'receipt'>;

/** A result that has to be told again, as it should have been. */
export interface Correction {
  readonly index: number;
  readonly told: ToldResult;
  readonly result: PaymentResult;
}

/**
 * Finds the receipts of a run that are of one transaction though they came for different tokens: replies that were mixed
 * up on their way. None of them shows whether its payment was taken.
 */
export class SharedTransactions {
  readonly #first = new Map<string, { readonly index: number; readonly told: ToldResult } | null>();

  /** The result as it may be told, and the correction of an earlier one. */
  check(
    index: number,
    result: PaymentResult,
  ): { readonly result: PaymentResult; readonly correction: Correction | null } {
    const { receipt, ...told } = result;
    if (!receipt?.transactionId) return { result, correction: null };
    // Joined afresh: a part of a string keeps the whole reply in memory.
    const id = [...lowerAscii(receipt.transactionId)].join('');
    const first = this.#first.get(id);
    if (first === undefined) {
      this.#first.set(id, { index, told });
      return { result, correction: null };
    }
    this.#first.set(id, null);
    return {
      result: unclear(result, withDoubt(receipt, 'shared-transaction')),
      correction: first && { ...first, result: unclear({ ...first.told, receipt: null, corrected: true }, null) },
    };
  }
}

const unclear = (result: PaymentResult, receipt: PaymentResult['receipt']): PaymentResult => ({
  ...result,
  outcome: 'unclear',
  money: 'unknown',
  receipt,
});
