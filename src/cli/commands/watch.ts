import { withDoubt } from '../../domain/judge.ts';
import type { Clock } from '../../poll/clock.ts';
import type { PaymentEvent } from '../../poll/events.ts';
import type { PaymentsOptions } from '../../poll/options.ts';
import type { PaymentResult } from '../../poll/payment-result.ts';
import { waitForPayment } from '../../poll/wait-for-payment.ts';
import { waitForPayments } from '../../poll/wait-for-payments.ts';
import { quote } from '../../redact/visible.ts';
import { type Document, type PaymentContext, type PaymentRow, paymentDocument } from '../answer/document.ts';
import { type ListStarted, toEventRecord } from '../answer/event-record.ts';
import type { Format } from '../answer/format.ts';
import { paymentRow, paymentsDocument } from '../answer/payments-document.ts';
import { badness, PaymentsTally } from '../answer/payments-tally.ts';
import { RowSpool } from '../answer/row-spool.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import type { Stage } from '../output/decoration.ts';
import { isForPeople } from '../output/screen.ts';
import { startProgress } from '../progress/start.ts';
import type { Connection } from '../settings/connection.ts';
import type { CommandSession } from './session.ts';

/** A wait, for one token or for a list of them. */
export interface WatchRun {
  readonly command: 'wait' | 'demo';
  readonly tokens: readonly string[];
  /** Of a list, however short: its first event. Null: one token, whose document is of it alone. */
  readonly list: ListStarted | null;
  readonly clock: Clock;
  readonly options: PaymentsOptions;
  readonly withReceipt: boolean;
  readonly format: Format;
  /** The argv that goes on with one token, and the one that goes on with the list. */
  readonly nextFor: (token: string) => PaymentContext['next'];
  readonly nextForAll: readonly string[];
  readonly extra?: Pick<Document, 'scenario'>;
}

/** Waits over a connection that is being opened, shows how it goes and each result as it comes, and leaves nothing open. */
export async function watch(run: WatchRun, opening: Promise<Connection>, session: CommandSession): Promise<Document> {
  const { tokens, list, clock, options } = run;
  const { redactor, signal, trace } = session;
  await session.host.saveMemory();
  const host = { ...session.host, clock };
  const results = list
    ? await collectResults({ ...run, intervalMs: Math.round(list.intervalMs) }, session)
    : tokenResult(run, session);
  const shorten = <T>(part: T) => shortenTokens(part, redactor);
  const makeBoard = (stage: Stage) => boardOf(run, session, stage);
  const progress = await startProgress(session.progress, { makeBoard, listStarted: list, shorten }, host);
  const writeEvent = run.format.output === 'ndjson' ? session.screen.event : null;
  if (list) writeEvent?.(list);

  const onEvent = (event: PaymentEvent, token: string) => {
    progress.onEvent(event, token);
    if (event.type === 'result') return results.add(event, token, progress.print);
    trace?.onEvent(event);
    // A list has one start for all.
    if (!(list && event.type === 'started')) writeEvent?.(toEventRecord(event, token));
  };
  try {
    const connection = await opening;
    const deps = {
      clock,
      signal,
      check: connection.tokenStatus,
      viewReceipt: run.withReceipt ? connection.viewReceipt : null,
      onEvent,
      onDecision: trace ? trace.decisionsOf(list !== null) : undefined,
    };
    if (list) await waitForPayments(tokens, deps, options);
    else await waitForPayment(tokens[0] as string, deps, options);
  } finally {
    progress.stop();
    // Not waited for: a connection attempt that hangs must not hold up the end.
    opening.then((connection) => connection.close()).catch(() => {});
  }
  return results.document();
}

async function boardOf({ tokens, list, options, format }: WatchRun, session: CommandSession, { clock }: Stage) {
  const { shortenToken } = session.redactor;
  if (!list) {
    const { TokenBoard } = await import('../progress/token-board.ts');
    return new TokenBoard(shortenToken(tokens[0] as string), options, clock);
  }
  const { ListBoard } = await import('../progress/list-board.ts');
  const showsResults = isForPeople(format) && session.host.stdout.isTTY;
  return new ListBoard(
    { tokens, started: list, wishedIntervalMs: options.intervalMs, showsResults, shortenToken },
    clock,
  );
}

type ResultEvent = Extract<PaymentEvent, { type: 'result' }>;

/** Takes results as they come, and makes the document of them. */
interface Results {
  /** `print` writes to stdout beside what is being redrawn. */
  add(event: ResultEvent, token: string, print: (write: () => void) => void): void;
  document(): Document;
}

const contextOf = (
  run: Pick<WatchRun, 'options' | 'nextFor'>,
  token: string,
  session: CommandSession,
): PaymentContext => ({
  quote,
  signal: session.stoppedBy(),
  timeoutMs: run.options.timeoutMs,
  acceptPartial: run.options.acceptPartial,
  next: run.nextFor(token),
});

function tokenResult(run: WatchRun, session: CommandSession): Results {
  const [token = ''] = run.tokens;
  let last: PaymentResult | null = null;
  return {
    add: ({ result }) => {
      last = result;
    },
    document: () =>
      paymentDocument(run.command, token, last as unknown as PaymentResult, contextOf(run, token, session), run.extra),
  };
}

/** What the results of many tokens are made from. */
type ListRun = Pick<WatchRun, 'tokens' | 'options' | 'clock' | 'format' | 'nextFor' | 'nextForAll'> & {
  readonly intervalMs: number;
};

export async function collectResults(run: ListRun, session: CommandSession): Promise<Results> {
  const { format, clock } = run;
  const { screen } = session;
  const [begin, startedAt] = [clock.now(), clock.date()];
  const printRow = await screen.rows(format);
  const places = new Map(run.tokens.map((token, place) => [token, place]));
  const tally = new PaymentsTally();
  // A document holds all rows at once; everywhere else they are printed as they come, and forgotten.
  const rows = format.output === 'json' || format.field?.startsWith('results') ? new RowSpool() : null;
  let worst: PaymentRow | null = null;
  return {
    add({ result, reported }, token, print) {
      if (reported) tally.correct(reported, result);
      else tally.add(result);
      const row = paymentRow(token, result, contextOf(run, token, session));
      if (!worst || badness(row.outcome) > badness(worst.outcome)) worst = row;
      const place = places.get(token) ?? 0;
      rows?.set(place, reported ? correctRow(rows.get(place), row) : row);
      print(() => printRow(place, row));
      if (format.output === 'ndjson') screen.event({ event: 'result', ...row });
    },
    document() {
      const end = {
        tally,
        startedAt,
        elapsedMs: Math.round(clock.now() - begin),
        intervalMs: run.intervalMs,
        rows,
        worst: worst as unknown as PaymentRow,
        next: run.nextForAll,
      };
      return paymentsDocument(end, { signal: session.stoppedBy(), timeoutMs: run.options.timeoutMs });
    },
  };
}

/** The receipt of a row that was reported is still at hand where all rows are kept. */
function correctRow(reported: PaymentRow | undefined, row: PaymentRow): PaymentRow {
  return { ...row, receipt: reported?.receipt ? withDoubt(reported.receipt, 'shared-transaction') : null };
}
