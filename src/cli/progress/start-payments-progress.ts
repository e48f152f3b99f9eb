import type { Redactor } from '../../redact/redactor.ts';
import { visibleJson } from '../../redact/visible.ts';
import { toEventRecord } from '../answer/event-record.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import { attempt, decorated, stageOf } from '../output/decoration.ts';
import type { ProgressMode } from '../program/options.ts';
import type { Host } from '../runtime/host.ts';
import { PlainPaymentsProgress } from './payments-plain.ts';
import type { PaymentsProgress, PaymentsShow } from './payments-progress.ts';
import { canSpin } from './start-progress.ts';

export async function startPaymentsProgress(
  mode: ProgressMode,
  show: PaymentsShow,
  host: Host,
  vault: Redactor,
): Promise<PaymentsProgress> {
  if (mode === 'none') return silent;
  if (mode === 'json') return calm(jsonProgress(show, host, vault));
  const stage = stageOf(host);
  const plain = () => new PlainPaymentsProgress(show, stage, vault);
  if (mode !== 'auto' || !canSpin(host)) return calm(plain());
  const spinning = async () => {
    const { PaymentsSpinner } = await import('./payments-spinner.ts');
    return new PaymentsSpinner(show, stage, vault);
  };
  return calm(await decorated<PaymentsProgress>(spinning, plain));
}

/** The same, but it never throws at those who are waiting for payments. What goes to stdout is no decoration. */
const calm = (progress: PaymentsProgress): PaymentsProgress => ({
  onEvent: (index, event) => attempt(() => progress.onEvent(index, event)),
  onResult: (index, row) => attempt(() => progress.onResult(index, row)),
  print: (write) => progress.print(write),
  stop: (checks) => attempt(() => progress.stop(checks)),
});

const silent: PaymentsProgress = {
  onEvent: () => {},
  onResult: () => {},
  print: (write) => write(),
  stop: () => {},
};

function jsonProgress({ tokens, started }: PaymentsShow, { stderr }: Host, vault: Redactor): PaymentsProgress {
  const write = (record: object) => stderr.write(`${visibleJson(JSON.stringify(record))}\n`);
  write(started);
  return {
    ...silent,
    onEvent(index, event) {
      const record = toEventRecord(event, tokens[index] as string);
      write(shortenTokens(record, vault));
    },
  };
}
