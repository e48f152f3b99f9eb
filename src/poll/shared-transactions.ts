import { lowerAscii } from '../base/ascii.ts';
import { withDoubt } from '../domain/judge.ts';
import type { PaymentResult, ReportedResult } from './payment-result.ts';

/** A result that has to be reported again, as it should have been. */
export interface Correction {
  readonly token: string;
  readonly reported: ReportedResult;
  readonly result: PaymentResult;
}

/**
 * Finds the receipts of a run that are of one transaction though they came for different tokens: replies that were mixed
 * up on their way. None of them shows whether its payment was taken.
 */
export class SharedTransactions {
  readonly #first = new Map<string, { readonly token: string; readonly reported: ReportedResult } | null>();

  /** The result as it may be reported, and the correction of an earlier one. */
  check(
    token: string,
    result: PaymentResult,
  ): { readonly result: PaymentResult; readonly correction: Correction | null } {
    const { receipt, ...reported } = result;
    if (!receipt?.transactionId) return { result, correction: null };
    // Joined afresh: a part of a string keeps the whole reply in memory.
    const id = [...lowerAscii(receipt.transactionId)].join('');
    const first = this.#first.get(id);
    if (first === undefined) {
      this.#first.set(id, { token, reported });
      return { result, correction: null };
    }
    this.#first.set(id, null);
    return {
      result: unclear(result, withDoubt(receipt, 'shared-transaction')),
      correction: first && { ...first, result: unclear({ ...first.reported, receipt: null, corrected: true }, null) },
    };
  }
}

const unclear = (result: PaymentResult, receipt: PaymentResult['receipt']): PaymentResult => ({
  ...result,
  outcome: 'unclear',
  money: 'unknown',
  receipt,
});
