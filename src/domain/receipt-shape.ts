import type { ReceiptDoubt } from './judge.ts';
import type { ReceiptResult } from './transaction-status.ts';

export interface Card {
  readonly brand: string | null;
  /** As sent, such as `Credit`. */
  readonly type: string | null;
  /** The first six digits. */
  readonly bin: string | null;
  readonly lastFour: string | null;
  /** The first six and last four with stars between; null unless both are known. */
  readonly masked: string | null;
  /** `YYYY-MM`. */
  readonly expiration: string | null;
  readonly holderName: string | null;
  /** As sent, such as `Swiped` or `Keyed`. */
  readonly entryMode: string | null;
}

/** One name=value pair of the reply. */
export interface ReceiptField {
  /** Untouched. */
  readonly name: string;
  /** Untouched, blanks included. */
  readonly value: string;
  /** The value decoded, only where the reply is form-encoded and this value changed by it. */
  readonly decoded?: string;
}

/** A receipt that ViewReceipt answered, judged and with every pair beside the reading. */
export interface Receipt {
  readonly result: ReceiptResult;
  /**
   * Whether this payment was taken, if only in part: the result is `approved`, and there is no doubt. An authorization is
   * not captured, and a stored card is no payment.
   */
  readonly approved: boolean;
  /** Whether only a part of the amount was approved, or would have been. */
  readonly partial: boolean;
  /** Why the receipt does not show whether this payment was taken; null where it does. */
  readonly doubt: ReceiptDoubt | null;
  /** The code that decides, as sent: `C`, `D`, …. */
  readonly transactionStatus: string | null;
  readonly transactionStatusMeaning: string | null;
  readonly transactionId: string | null;
  readonly primaryTransactionId: string | null;
  /** Where present, it speaks for the payment itself, and `transactionStatus` for what was done to it (a void). */
  readonly primaryTransactionStatus: string | null;
  /** The date as sent: UTC with seven fractional digits, more than a JavaScript Date keeps. */
  readonly transactionDate: string | null;
  readonly card: Card;
  readonly authorizationNumber: string | null;
  /** The processor's code and message: context only, they decide nothing but `partial`. */
  readonly responseCode: string | null;
  readonly responseMessage: string | null;
  /** Decimal text as sent. */
  readonly partialApprovalAmount: string | null;
  /** Decimal text as sent; in no published receipt, kept for a service that sends it. */
  readonly amount: string | null;
  readonly authorizationText: string | null;
  readonly paymentPlanId: string | null;
  readonly saveOnFileTransactionId: string | null;
  readonly emv: { readonly isEmvTransaction: boolean | null; readonly verifiedByPin: boolean | null };
  /** Every pair in order, known or not, doubled ones included. */
  readonly fields: readonly ReceiptField[];
}
