import { formatDuration } from '../domain/duration.ts';
import type { StopSignal } from '../domain/outcome.ts';
import { belongsToAnother, type Receipt } from '../domain/receipt.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { isGood, meaningOf, type ReceiptResult } from '../domain/transaction-status.ts';
import type { PaymentResult } from '../poll/settle-payment.ts';
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
  'charged-back': 'Charged back. The card holder has had the payment taken back.',
  returned: 'Returned. The bank sent the payment back.',
  'settlement-error': 'Settlement error. Whether the money arrives is not certain: ask InstaMed.',
};

/** What a receipt says of the money, in words. */
export function summarizeReceipt(receipt: Receipt, quote: Quote, acceptPartial: boolean): string {
  const { result, partial, responseMessage } = receipt;
  if (result === 'unknown') return summarizeUnknown(receipt, quote);
  if (!partial) return sayMoney(receipt, result);
  if (result === 'approved' || result === 'authorized' || result === 'card-stored') {
    return summarizePartial(receipt, quote, acceptPartial);
  }
  // The published sample is declined and reads "Partially Approved $1.00": a clerk must not believe the message.
  const other = responseMessage ? `the message ${quote(responseMessage)}` : 'the response code';
  return `${sayMoney(receipt, result)} Go by that, not by ${other}.`;
}

/** The results that, for a refund, would tell the reverse of what became of the payment. */
const resultsOfTwoMeanings: ReadonlySet<ReceiptResult> = new Set([
  'approved',
  'authorized',
  'declined',
  'cancelled',
  'voided',
]);

/**
 * Whether the receipt is of a transaction that was made to the payment, a refund for one, and does not say how the payment
 * stands: approved is then no money taken, and declined is no payment that failed.
 */
export function isSilentOnPayment(receipt: Receipt): boolean {
  if (!belongsToAnother(receipt) || !resultsOfTwoMeanings.has(receipt.result)) return false;
  return receipt.primaryTransactionStatus === null || isGood(receipt.result);
}

/** What the name of an outcome would hide: a receipt of another transaction, a part of the amount, or money of which nobody can tell. */
export type Caveat = 'other-transaction' | 'partial' | 'unclear';

export function caveatOf(receipt: Receipt | null): Caveat | null {
  if (!receipt) return null;
  if (isSilentOnPayment(receipt)) return 'other-transaction';
  if (receipt.result === 'unknown' || receipt.result === 'settlement-error') return 'unclear';
  return receipt.partial && isGood(receipt.result) ? 'partial' : null;
}

const following =
  'this transaction belongs to another one. It may be a refund, and does not tell whether the payment itself was taken.';

function sayMoney(receipt: Receipt, result: Exclude<ReceiptResult, 'unknown'>): string {
  return isSilentOnPayment(receipt) ? `${capitalize(result)}, but ${following}` : moneySentences[result];
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function summarizeUnknown({ transactionStatus, primaryTransactionStatus }: Receipt, quote: Quote): string {
  const codes = [transactionStatus, primaryTransactionStatus].filter((code) => code !== null);
  const quoted = codes.map(quote).join(' and ');
  let because = 'the receipt holds no transaction status';
  if (quoted) because = `the status ${quoted} is not a known one`;
  if (codes.length > 1 && codes.every((code) => meaningOf(code).meaning)) because = `${quoted} contradict each other`;
  return `Unknown. Nobody can tell from this receipt whether the payment was taken: ${because}. Money may have moved; ask InstaMed before you charge again.`;
}

function summarizePartial(receipt: Receipt, quote: Quote, acceptPartial: boolean): string {
  const { result, partialApprovalAmount, responseMessage } = receipt;
  const what = result === 'authorized' ? 'authorized (not captured yet)' : 'approved';
  const verdict = acceptPartial ? '' : ' That does not count as approved (--accept-partial would let it).';
  const isAmount = partialApprovalAmount !== null && /^[$\d.,]{1,16}$/.test(partialApprovalAmount);
  const amount = isAmount
    ? partialApprovalAmount
    : quote(partialApprovalAmount ?? responseMessage ?? 'no amount is named');
  const note = isSilentOnPayment(receipt) ? ` But ${following}` : '';
  return `Only a part was ${what}: ${amount}. The rest was not.${verdict}${note}`;
}

/** What one answer of the status service means, in words. */
export function summarizeStatus({ state, text }: TokenStatus, quote: Quote): string {
  switch (state) {
    case 'NEW':
      return 'NEW: the payer has not finished.';
    case 'USED':
      return 'USED: the payment page was completed. Whether the payment was approved is in the receipt alone.';
    case 'EXPIRED':
      return 'EXPIRED: the session ran out before a payment was completed.';
    case 'UNKNOWN':
      return `The service answered with a status that nobody knows: ${quote(text)}.`;
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

const unreadWarning = 'The token is USED, but no receipt could be read: money may have moved. Do not charge again.';

/** What became of a wait, in words. */
export function summarizePayment(result: PaymentResult, context: SummaryContext): string {
  const { outcome, receipt, error, status } = result;
  if (receipt) return summarizeReceipt(receipt, context.quote, context.acceptPartial);
  if (outcome === 'receipt-unread') return unreadWarning;
  if (error) return error.message;
  if (outcome === 'timed-out') {
    return `No end after ${formatDuration(lastAskAfter(result, context))}: ${sayLast(status, context.quote)}. The payer may still be paying.`;
  }
  if (outcome === 'interrupted') return summarizeInterrupt(result, context);
  if (outcome === 'pending') return `Not waited for to its end: ${sayLast(status, context.quote)}.`;
  if (outcome === 'used') {
    return 'USED: the payment page was completed. Whether the payment was approved is not known, because the receipt was not read.';
  }
  return status ? summarizeStatus(status, context.quote) : 'Nothing was asked.';
}

/** Of many tokens most are asked for the last time before the deadline that they share. */
function lastAskAfter({ elapsedMs }: PaymentResult, { timeoutMs }: SummaryContext): number {
  return elapsedMs < timeoutMs ? toSeconds(elapsedMs) : timeoutMs;
}

const toSeconds = (ms: number) => Math.round(ms / 1_000) * 1_000;

/** What became of many waits, in words. */
export function summarizePayments(tally: PaymentsTally, elapsedMs: number, signal: StopSignal | null): string {
  const ranked = tally.ranked();
  const total = ranked.reduce((sum, [, count]) => sum + count, 0);
  const counts = ranked.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const sentences = [`${total} ${total === 1 ? 'token' : 'tokens'}: ${counts}.`];
  if (tally.counts.has('used')) sentences.push('Of those used, nobody has read whether the payment was approved.');
  if (tally.counts.has('authorized')) sentences.push('Authorized is not captured yet: no money has been taken so far.');
  if (tally.counts.has('credentials-rejected')) sentences.push('Refused were our credentials, not the payments.');
  sentences.push(...sayCaveats(tally.caveats));
  if (tally.counts.has('interrupted')) sentences.unshift(`${sayStopped(elapsedMs, signal)}.`);
  if (tally.unread > 0) {
    sentences.push(
      `${tally.unread} of them ${tally.unread === 1 ? 'is' : 'are'} USED, but no receipt could be read: money may have moved. Do not charge again.`,
    );
  }
  return sentences.join(' ');
}

/** Totals alone must not let anybody believe what no receipt says. */
function sayCaveats(caveats: PaymentsTally['caveats']): string[] {
  const say = (caveat: Caveat, one: string, several: string) => {
    const count = caveats.get(caveat) ?? 0;
    return count === 0 ? [] : [count === 1 ? `1 receipt ${one}.` : `${count} receipts ${several}.`];
  };
  return [
    ...say('partial', 'is of a part of the amount only', 'are of a part of the amount only'),
    ...say(
      'other-transaction',
      'belongs to another transaction, as that of a refund does, and does not tell whether the payment was taken',
      'belong to other transactions, as those of refunds do, and do not tell whether the payments were taken',
    ),
    ...say(
      'unclear',
      'does not tell whether the payment was taken: money may have moved. Ask InstaMed before you charge again',
      'do not tell whether the payments were taken: money may have moved. Ask InstaMed before you charge again',
    ),
  ];
}

function sayStopped(elapsedMs: number, signal: StopSignal | null): string {
  const after = formatDuration(toSeconds(elapsedMs));
  return `Stopped${signal ? ` by ${signal}` : ''} after ${after}`;
}

function summarizeInterrupt({ status, elapsedMs }: PaymentResult, { signal, quote }: SummaryContext): string {
  const stopped = sayStopped(elapsedMs, signal);
  if (status?.state === 'USED') return `${stopped}. ${unreadWarning}`;
  return `${stopped}: ${sayLast(status, quote)}. The payer may still be paying.`;
}

function sayLast(status: TokenStatus | null, quote: Quote): string {
  if (!status) return 'no status was ever answered';
  if (status.state === 'UNKNOWN') return `the last status was one that nobody knows, ${quote(status.text)}`;
  return `the token was ${status.state} when it was last asked`;
}
