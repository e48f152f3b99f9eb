import { InstaMedError, usageError } from '../../domain/errors.ts';
import type { PaymentsOptions } from '../../poll/options.ts';
import { PaymentWatcher } from '../../poll/watch-payments.ts';
import { type Document, errorPart, type PaymentContext, toDocument } from '../answer/document.ts';
import { exitCodeOf } from '../answer/exit-codes.ts';
import type { Answer } from '../answer/format.ts';
import { readTokenStream } from '../input/token-list.ts';
import type { Connection } from '../settings/connection.ts';
import type { CommandSession } from './session.ts';
import { collectResults } from './watch.ts';

export interface StreamRun {
  readonly options: PaymentsOptions;
  readonly withReceipt: boolean;
  readonly nextFor: (token: string) => PaymentContext['next'];
}

const format = { output: 'ndjson', field: null } as const;

/**
 * `wait --stream`: watches each token of stdin from the moment it comes, with a deadline of its own, and prints its result. Ends
 * when stdin has ended and every token has its result. A line that holds no token is skipped, and the exit code tells.
 */
export async function stream(run: StreamRun, connection: Connection, session: CommandSession): Promise<Answer> {
  const { options } = run;
  const { host, redactor, signal, trace, screen } = session;
  const { clock } = host;
  const list = { tokens: [], intervalMs: options.intervalMs };
  const results = await collectResults({ ...run, ...list, clock, format, nextForAll: [] }, session);
  const watcher = new PaymentWatcher(
    {
      clock,
      signal,
      check: connection.tokenStatus,
      viewReceipt: run.withReceipt ? connection.viewReceipt : null,
      onEvent(event, token) {
        if (event.type === 'result') results.add(event, token, (write) => write());
        else trace?.onEvent(event);
      },
      onDecision: trace?.decisionsOf(true),
    },
    options,
  );
  const running = watcher.run();
  let [added, skipped] = [0, 0];
  try {
    await Promise.race([running, addAll()]);
    watcher.close();
    await running;
  } finally {
    connection.close().catch(() => {});
  }
  if (added + skipped === 0 && !signal.aborted)
    throw usageError('Stdin held no token.', 'Write one token a line to it.');
  const document = added > 0 ? results.document() : toDocument('wait', noTokens());
  return { document: skipped > 0 ? withSkipped(document, skipped) : document, format };

  /** Where stdin cannot be read on, it has ended: what is watched keeps its results. */
  async function addAll(): Promise<void> {
    try {
      for await (const line of readTokenStream(session)) addOne(line);
    } catch (error) {
      skip(error);
    }
  }

  function addOne(line: string | InstaMedError): void {
    try {
      if (line instanceof InstaMedError) throw line;
      redactor.addTokens([line]);
      watcher.add(line);
      added += 1;
    } catch (error) {
      skip(error);
    }
  }

  function skip(error: unknown): void {
    if (!(error instanceof InstaMedError)) throw error;
    skipped += 1;
    screen.notice(`instamed-poll: Skipped. ${error.message} ${error.hint ?? ''}`.trimEnd().concat('\n'));
  }

  function noTokens() {
    const outcome = signal.aborted ? 'interrupted' : 'usage-error';
    return { outcome, summary: 'No token was watched.', signal: session.stoppedBy() } as const;
  }
}

/** The results come first: money may have moved. */
function withSkipped(document: Document, skipped: number): Document {
  if (document.outcome === 'interrupted') return document;
  const which = skipped === 1 ? '1 line of stdin was' : `${skipped} lines of stdin were`;
  const message = `${which} skipped: no token that can be sent, one that was being watched, or unreadable.`;
  const summary = `${document.summary} ${message}`;
  const error = errorPart(usageError(summary, 'See the messages on stderr.', 'SKIPPED_LINES'));
  const outcome = 'usage-error';
  return { ...document, outcome, exitCode: exitCodeOf(outcome), summary, error };
}
