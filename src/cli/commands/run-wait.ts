import type { Clock } from '../../poll/clock.ts';
import type { PaymentResult } from '../../poll/settle-payment.ts';
import { type PaymentOptions, waitForPayment } from '../../poll/wait-for-payment.ts';
import { toEventRecord } from '../answer/event-record.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import { eventWriter } from '../output/event-writer.ts';
import type { OutputFormat, ProgressMode } from '../program/options.ts';
import { startProgress } from '../progress/start-progress.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../settings/connection.ts';

export interface WaitRun {
  readonly token: string;
  readonly clock: Clock;
  readonly options: PaymentOptions;
  readonly withReceipt: boolean;
  readonly progress: ProgressMode;
  readonly output: OutputFormat;
}

/** Waits for one token over a connection that is being opened, shows how it goes, and leaves nothing open. */
export async function runWait(
  run: WaitRun,
  opening: Promise<Connection>,
  { host, vault, signal, trace }: Session,
): Promise<PaymentResult> {
  const { token, clock } = run;
  await host.saveMemory();
  const progress = await startProgress(run.progress, run.options.timeoutMs, { ...host, clock });
  const writeEvent = run.output === 'ndjson' ? eventWriter(host) : () => {};
  let result: PaymentResult | null = null;
  try {
    const connection = await opening;
    result = await waitForPayment(
      {
        clock,
        signal,
        check: (limits) => connection.tokenStatus(token, limits),
        viewReceipt: run.withReceipt ? (limits) => connection.viewReceipt(token, limits) : null,
        onEvent(event) {
          const record = toEventRecord(event, token);
          const shown = shortenTokens(record, vault);
          progress.onEvent(shown);
          trace?.onEvent(shown);
          writeEvent(record);
        },
        onDecision: trace ? (decision) => trace.onDecision(decision) : undefined,
      },
      run.options,
    );
    return result;
  } finally {
    progress.stop(result?.checks ?? null);
    // Not waited for: a connection attempt that hangs must not hold up the end.
    opening.then((connection) => connection.close()).catch(() => {});
  }
}
