import { visibleJson } from '../domain/text.ts';
import type { Clock } from '../poll/clock.ts';
import { type PaymentOptions, type PaymentResult, waitForPayment } from '../poll/wait-for-payment.ts';
import type { Connection } from './connection.ts';
import { toEventRecord } from './event-record.ts';
import type { OutputFormat, ProgressMode } from './options.ts';
import type { Session } from './session.ts';
import { startProgress } from './view/progress.ts';

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
  { host, vault, signal }: Session,
): Promise<PaymentResult> {
  const { token, clock } = run;
  const progress = await startProgress(run.progress, { host: { ...host, clock }, vault, token });
  const connection = await opening;
  const writeEvent = eventWriter(run, { host, vault });
  try {
    return await waitForPayment(
      {
        clock,
        signal,
        check: (limits) => connection.tokenStatus(token, limits),
        viewReceipt: run.withReceipt ? (limits) => connection.viewReceipt(token, limits) : null,
        onEvent(event) {
          progress.onEvent(event);
          writeEvent?.(toEventRecord(event, token));
        },
      },
      run.options,
    );
  } finally {
    progress.stop();
    // Not waited for: a connection attempt that hangs must not hold up the end.
    void connection.close();
  }
}

/** For `-o ndjson`: events go to stdout as they happen, the first of them with the version. */
function eventWriter({ output }: WaitRun, { host, vault }: Pick<Session, 'host' | 'vault'>) {
  if (output !== 'ndjson') return null;
  let version: object = { schemaVersion: 1 };
  return (record: Record<string, unknown>) => {
    const line = JSON.stringify({ ...version, ...record }, (key, value) =>
      typeof value === 'string' && key !== 'token' ? vault.maskForJson(value) : value,
    );
    host.stdout.write(`${visibleJson(line)}\n`);
    version = {};
  };
}
