import type { Redactor } from '../../redact/redactor.ts';
import { visibleJson } from '../../redact/visible.ts';
import { toEventRecord } from '../event-record.ts';
import type { Host } from '../host.ts';
import type { ProgressMode } from '../options.ts';
import { shortenTokens } from '../shorten-tokens.ts';
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
  if (mode === 'json') return jsonProgress(show, host, vault);
  if (mode === 'auto' && canSpin(host)) {
    const { PaymentsSpinner } = await import('./payments-spinner.ts');
    return new PaymentsSpinner(show, host, vault);
  }
  return new PlainPaymentsProgress(show, host, vault);
}

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
