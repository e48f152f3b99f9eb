import { formatDuration } from '../../domain/duration.ts';
import type { ReceiptDoubt } from '../../domain/judge.ts';
import type { StopSignal } from '../../domain/outcome.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { TokenStatus } from '../../domain/token-status.ts';
import { isGood, meaningOf, type ReceiptResult } from '../../domain/transaction-status.ts';
import type { PaymentResult } from '../../poll/payment-result.ts';
import type { PaymentsTally } from './payments-tally.ts';

/** Puts a text of the remote side, which is redacted already, into quotation marks. */
export type Quote = (text: string) => string;

/** What happened to the money, for each result. These are the first words that a clerk reads. */
const moneySentences: Readonly<Record<Exclude<ReceiptResult, 'unknown'>, string>> = {
  approved: 'Approved. The payment was taken.',
  authorized: 'Authorized, not captured yet. The amount is reserved; no money has been taken so far.',
  'card-stored': 'Card stored. This receipt is for storing a card; it shows no payment.',
  declined: 'Declined. The payment was not taken.',
  cancelled: 'Cancelled. The payment was not taken.',
  voided: 'Voided. The payment was undone.',
  'charged-back': 'Charged back. The cardholder has had the payment taken back.',
  returned: 'Returned. The bank sent the payment back.',
  'settlement-error':
    'Settlement error. It is not certain that the money arrives. Ask InstaMed before you charge again.',
};

/** What can still be done about a payment that was taken. Settled is settled, whichever of the two statuses says so. */
function sayUndoing({ transactionStatus, primaryTransactionStatus }: Receipt): string {
  const isSettled = [transactionStatus, primaryTransactionStatus].some((code) => meaningOf(code).meaning === 'settled');
  return isSettled
    ? 'It is settled: it can only be refunded.'
    : 'Until it settles it can be voided; after that it can only be refunded.';
}

/** What a receipt shows of the money, in words. */
export function summarizeReceipt(receipt: Receipt, quote: Quote, acceptPartial: boolean): string {
  const { result, partial, doubt, responseMessage } = receipt;
  if (doubt || result === 'unknown') return summarizeDoubt(receipt, quote);
  if (partial && isGood(result)) return summarizePartial(receipt, quote, acceptPartial);
  const sentences = [moneySentences[result]];
  if (result === 'approved') sentences.push(sayUndoing(receipt));
  // The published sample is declined and reads "Partially Approved $1.00": a clerk must not believe the message.
  if (partial) {
    const other = responseMessage ? `the message ${quote(responseMessage)}` : 'the response code';
    sentences.push(`The status decides; ignore ${other}.`);
  }
  return sentences.join(' ');
}

function summarizeDoubt({ doubt, transactionStatus, primaryTransactionStatus }: Receipt, quote: Quote): string {
  const codes = [transactionStatus, primaryTransactionStatus].filter((code) => code !== null).map(quote);
  const reasons: Readonly<Record<ReceiptDoubt, string>> = {
    'no-status': 'it has no transaction status',
    'unknown-status':
      codes.length > 1
        ? `one of its statuses, ${codes.join(' and ')}, is not a known one`
        : `its status ${codes.join()} is not a known one`,
    contradiction: `its statuses ${codes.join(' and ')} contradict each other`,
    'not-ascii': 'a field that decides has characters that do not belong there',
    'another-transaction': 'it belongs to another transaction, such as a refund of the payment',
    'another-token': 'it names another token',
    'shared-transaction': sharedTransaction,
  };
  return sayUnclear(reasons[doubt ?? 'unknown-status']);
}

const sayUnclear = (because: string) =>
  `Unclear. This receipt does not show whether the payment was taken: ${because}. ${askFirst}`;

const sharedTransaction = 'another token of this run has the same transaction';

const askFirst = 'Money may have moved. Ask InstaMed before you charge again.';

function summarizePartial(receipt: Receipt, quote: Quote, acceptPartial: boolean): string {
  const { result, partialApprovalAmount, responseMessage } = receipt;
  const what = result === 'authorized' ? 'authorized, not captured yet' : 'approved';
  const isAmount = partialApprovalAmount !== null && /^[$\d.,]{1,16}$/.test(partialApprovalAmount);
  const named = isAmount ? partialApprovalAmount : (partialApprovalAmount ?? responseMessage);
  const part = named === null ? 'the receipt names no amount' : `${isAmount ? named : quote(named)} only`;
  const verdict = acceptPartial ? '' : ' Not counted as approved unless --accept-partial is given.';
  return `Partially ${what}: ${part}. The rest was not.${verdict}`;
}

/** A used token was seen to be EXPIRED later, perhaps; only its receipt shows that. */
const readEarlier =
  'This does not show whether the token was used earlier. To find out, read its receipt with instamed-poll receipt.';

/** What one answer of the status service means, in words. */
export function summarizeStatus({ state, text }: TokenStatus, quote: Quote): string {
  switch (state) {
    case 'NEW':
      return 'NEW: the payer has not finished.';
    case 'USED':
      return 'USED: the payment page was completed. Only the receipt shows whether the payment was approved.';
    case 'EXPIRED':
      return `EXPIRED: the session ran out. ${readEarlier}`;
    case 'UNKNOWN':
      return `The service answered with an unknown status: ${quote(text)}.`;
    default:
      return state satisfies never;
  }
}

export interface SummaryContext {
  readonly quote: Quote;
  readonly signal: StopSignal | null;
  readonly timeoutMs: number;
  readonly acceptPartial: boolean;
}

const warnUnread = (how: 'could not be read' | 'was not read') =>
  `Money may have moved. Do not charge again. The token is USED, but its receipt ${how}. Look the payment up in InstaMed Online (Payment, Payment History) or in Payment Quick Search of the provider portal.`;

/** What became of a wait, in words. */
export function summarizePayment(result: PaymentResult, context: SummaryContext): string {
  const { outcome, receipt, error, status } = result;
  if (receipt) return summarizeReceipt(receipt, context.quote, context.acceptPartial);
  // A corrected result has no receipt any more.
  if (outcome === 'unclear') return sayUnclear(sharedTransaction);
  if (outcome === 'receipt-unread') return warnUnread('could not be read');
  if (error) return error.message;
  if (outcome === 'timed-out') {
    return `Timed out after ${formatDuration(lastCheckAfter(result, context))}. ${sayLast(status, context.quote)} The payer may still be paying.`;
  }
  if (outcome === 'interrupted') return summarizeInterrupt(result, context);
  if (outcome === 'pending') return `Given up before its end. ${sayLast(status, context.quote)}`;
  if (outcome === 'used') {
    return 'USED: the payment page was completed. The receipt was not read, so it is not known whether the payment was approved.';
  }
  if (result.money === 'not-taken') {
    return 'EXPIRED: the session ran out before a payment was completed. Open a new payment page to try again.';
  }
  return status ? summarizeStatus(status, context.quote) : 'Nothing was checked.';
}

/** Of many tokens most have their last check before the deadline that they share. */
function lastCheckAfter({ elapsedMs }: PaymentResult, { timeoutMs }: SummaryContext): number {
  return elapsedMs < timeoutMs ? toSeconds(elapsedMs) : timeoutMs;
}

const toSeconds = (ms: number) => Math.round(ms / 1_000) * 1_000;

/** What became of many waits, in words. */
export function summarizePayments(tally: PaymentsTally, elapsedMs: number, signal: StopSignal | null): string {
  const ranked = tally.ranked();
  const total = ranked.reduce((sum, [, count]) => sum + count, 0);
  const counts = ranked.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const sentences = [`${total} ${total === 1 ? 'token' : 'tokens'}: ${counts}.`];
  if (tally.counts.has('used')) sentences.push('"used" does not show whether the payment was approved.');
  if (tally.counts.has('authorized')) sentences.push('Authorized is not captured yet: no money has been taken so far.');
  if (tally.counts.has('credentials-rejected')) {
    sentences.push('"credentials-rejected" is about your credentials, not about the payments.');
  }
  const parts = tally.moneyCounts.get('part-taken') ?? 0;
  if (parts > 0) sentences.push(`Approved in part only: ${parts} of them.`);
  if (tally.counts.has('unclear')) {
    sentences.push(`"unclear" receipts do not show whether the payment was taken. ${askFirst}`);
  }
  if (tally.counts.has('interrupted')) sentences.unshift(`${sayStopped(elapsedMs, signal)}.`);
  if (tally.unread > 0) {
    const which =
      tally.unread === 1 ? '1 token is USED, but its receipt' : `${tally.unread} tokens are USED, but their receipts`;
    sentences.unshift(`Money may have moved. Do not charge again. ${which} could not be read.`);
  }
  return sentences.join(' ');
}

function sayStopped(elapsedMs: number, signal: StopSignal | null): string {
  const after = formatDuration(toSeconds(elapsedMs));
  return `Stopped${signal ? ` by ${signal}` : ''} after ${after}`;
}

function summarizeInterrupt({ status, elapsedMs }: PaymentResult, { signal, quote }: SummaryContext): string {
  const stopped = sayStopped(elapsedMs, signal);
  if (status?.state === 'USED') return `${stopped}. ${warnUnread('was not read')}`;
  return `${stopped}. ${sayLast(status, quote)} The payer may still be paying.`;
}

function sayLast(status: TokenStatus | null, quote: Quote): string {
  if (!status) return 'The service never returned a status.';
  if (status.state === 'UNKNOWN') return `The last status was unknown: ${quote(status.text)}.`;
  return `The token was ${status.state === 'NEW' ? 'still ' : ''}${status.state} at the last check.`;
}
