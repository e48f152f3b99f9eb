import type { PaymentResult } from '../../poll/payment-result.ts';
import {
  type Document,
  type ErrorPart,
  type PaymentContext,
  type PaymentRow,
  paymentDocument,
  toDocument,
} from './document.ts';
import type { PaymentsTally } from './payments-tally.ts';
import { summarizePayments } from './summary.ts';

export function paymentRow(token: string, result: PaymentResult, context: PaymentContext): PaymentRow {
  const document = paymentDocument('wait', token, result, context);
  const { schemaVersion: _version, command: _command, startedAt: _startedAt, ...row } = document;
  return { token, ...row };
}

export interface PaymentsEnd {
  readonly tally: PaymentsTally;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  /** The interval that was kept, in milliseconds. */
  readonly intervalMs: number;
  /** The rows in the order of the tokens; null where they were told as they came. */
  readonly rows: Iterable<PaymentRow> | null;
  /** The row that decides. */
  readonly worst: PaymentRow;
  /** The argv that goes on waiting for all. */
  readonly next: readonly string[];
}

/** The document of a wait for many tokens: its ending is the worst of theirs. */
export function paymentsDocument(end: PaymentsEnd, context: Pick<PaymentContext, 'signal' | 'timeoutMs'>): Document {
  const { tally, startedAt, elapsedMs, intervalMs, rows, worst } = end;
  const { outcome } = worst;
  const summary = summarizePayments(tally, elapsedMs, context.signal);
  return toDocument(
    'wait',
    { outcome, summary, error: paymentsError(worst, summary, end.next), signal: context.signal },
    {
      money: tally.money,
      final: tally.final,
      startedAt: startedAt.toISOString(),
      elapsedMs,
      intervalMs,
      checks: tally.checks,
      seen: Object.fromEntries(tally.seen),
      counts: Object.fromEntries(tally.ranked()),
      ...(rows && { results: rows }),
    },
  );
}

/** The trouble of the token that decides; where the time was over, or somebody stopped it, all are to be waited for again. */
function paymentsError({ outcome, error }: PaymentRow, message: string, next: readonly string[]): ErrorPart | null {
  if (!error || (outcome !== 'timed-out' && outcome !== 'interrupted')) return error;
  return { ...error, message, next };
}
