import type { DecidingValues } from '../../src/domain/judge.ts';

/** A receipt in which nothing that decides stands. */
export const nothing: DecidingValues = {
  transactionStatus: null,
  primaryTransactionStatus: null,
  transactionId: null,
  primaryTransactionId: null,
  responseCode: null,
  partialApprovalAmount: null,
  singleSignOnTokens: [],
};

/** The known codes of a transaction's status, and one that is not known. */
export const codes = ['A', 'C', 'CB', 'D', 'O', 'RI', 'S', 'SE', 'V', 'X', 'Q'] as const;
