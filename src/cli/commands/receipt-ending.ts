import { type Outcome, outcomeOfReceipt } from '../../domain/outcome.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { Ending } from '../answer/document.ts';
import { type Quote, summarizeReceipt } from '../answer/summary.ts';

/** What commander reads of the options that judge a receipt. */
export interface JudgeFlags {
  readonly exitStatus?: true;
  readonly acceptPartial?: true;
}

/** The ending of a command that reports a receipt: a good one, unless the caller wants the receipt judged. */
export function endingOfReceipt(receipt: Receipt, reported: Outcome, flags: JudgeFlags, quote: Quote): Ending {
  const acceptPartial = flags.acceptPartial ?? false;
  return {
    outcome: flags.exitStatus ? outcomeOfReceipt(receipt, acceptPartial) : reported,
    summary: summarizeReceipt(receipt, quote, acceptPartial),
  };
}
