import { withDoubt } from '../../domain/judge.ts';
import type { PaymentResult } from '../../poll/settle-payment.ts';
import type { ToldResult } from '../../poll/shared-transactions.ts';
import { type PaymentsOptions, waitForPayments } from '../../poll/wait-for-payments.ts';
import { quote } from '../../redact/visible.ts';
import type { Document, PaymentContext } from '../answer/document.ts';
import { type RunStarted, toEventRecord } from '../answer/event-record.ts';
import { type PaymentRow, paymentRow, paymentsDocument } from '../answer/payments-document.ts';
import { badness, PaymentsTally } from '../answer/payments-tally.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import { eventWriter } from '../output/event-writer.ts';
import { resultRenderer } from '../output/render-result.ts';
import type { Format, ProgressMode } from '../program/options.ts';
import { startPaymentsProgress } from '../progress/start-payments-progress.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../settings/connection.ts';

export interface PaymentsRun {
  readonly tokens: readonly string[];
  readonly started: RunStarted;
  readonly options: PaymentsOptions;
  readonly withReceipt: boolean;
  readonly progress: ProgressMode;
  readonly format: Format;
  /** The argv that goes on with one token, and the one that goes on with all. */
  readonly nextFor: (token: string) => PaymentContext['next'];
  readonly nextForAll: readonly string[];
}

/** Waits for many tokens over a connection that is being opened, shows each result as it comes, and leaves nothing open. */
export async function runPayments(run: PaymentsRun, opening: Promise<Connection>, session: Session): Promise<Document> {
  const { tokens, options, format, started } = run;
  const { host, vault, signal, trace } = session;
  const { clock } = host;
  await host.saveMemory();
  const [begin, startedAt] = [clock.now(), clock.date()];
  const showsResults = format.output === 'text' && format.field === null && host.stdout.isTTY;
  const show = { tokens, started, wishedIntervalMs: options.intervalMs, showsResults };
  const progress = await startPaymentsProgress(run.progress, show, host, vault);
  const renderResult = await resultRenderer(format, host, vault);
  const writeEvent = format.output === 'ndjson' ? eventWriter(host) : null;
  writeEvent?.(started);
  const tally = new PaymentsTally();
  // A document holds all rows at once; everywhere else they are told as they come, and forgotten.
  const rows: PaymentRow[] | null = format.output === 'json' || format.field !== null ? [] : null;
  let worst: PaymentRow | null = null;

  const tokenAt = (index: number) => tokens[index] as string;
  const onResult = (index: number, result: PaymentResult, told: ToldResult | null) => {
    const token = tokenAt(index);
    if (told) tally.correct(told, result);
    else tally.add(result);
    const row = paymentRow(token, result, {
      quote,
      signal: session.stoppedBy(),
      timeoutMs: options.timeoutMs,
      acceptPartial: options.acceptPartial,
      next: run.nextFor(token),
    });
    if (!worst || badness(row.outcome) > badness(worst.outcome)) worst = row;
    if (rows) rows[index] = told ? correctRow(rows[index], row) : row;
    progress.onResult(index, row);
    const shown = renderResult(index, row);
    if (shown !== '') progress.print(() => host.stdout.write(shown));
    writeEvent?.({ event: 'result', ...row });
  };

  try {
    const connection = await opening;
    await waitForPayments(
      tokens,
      {
        clock,
        signal,
        check: connection.tokenStatus,
        viewReceipt: run.withReceipt ? connection.viewReceipt : null,
        onResult,
        onEvent(index, event) {
          progress.onEvent(index, event);
          const record = writeEvent || trace ? toEventRecord(event, tokenAt(index)) : null;
          if (record && trace) trace.onEvent(shortenTokens(record, vault));
          if (record) writeEvent?.(record);
        },
        onDecision: trace ? (index, decision) => trace.onDecision(decision, tokenAt(index)) : undefined,
      },
      options,
    );
  } finally {
    progress.stop(tally.checks);
    opening.then((connection) => connection.close()).catch(() => {});
  }
  const end = {
    tally,
    startedAt,
    elapsedMs: Math.round(clock.now() - begin),
    intervalMs: Math.round(started.intervalMs),
    rows,
    worst: worst as unknown as PaymentRow,
    next: run.nextForAll,
  };
  return paymentsDocument(end, { signal: session.stoppedBy(), timeoutMs: options.timeoutMs });
}

/** The receipt of a row that was told is still at hand where all rows are kept. */
function correctRow(told: PaymentRow | undefined, row: PaymentRow): PaymentRow {
  return { ...row, receipt: told?.receipt ? withDoubt(told.receipt, 'shared-transaction') : null };
}
