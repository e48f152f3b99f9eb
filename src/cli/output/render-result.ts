import type { Redactor } from '../../redact/redactor.ts';
import type { PaymentRow } from '../answer/payments-document.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import type { Format } from '../program/options.ts';
import type { Host } from '../runtime/host.ts';
import { decorated } from './decoration.ts';
import { forTheDesk, withoutVerdicts } from './error-text.ts';
import { renderLines } from './lines.ts';

/** What stdout says of one token of many, as its wait ends; the empty text where it says nothing. */
export type RenderResult = (index: number, row: PaymentRow) => string;

/** For text: a line on a terminal, lines with the names of the document in a pipe. All else is told in other ways. */
export async function resultRenderer(
  { output, field }: Format,
  { stdout }: Host,
  vault: Redactor,
): Promise<RenderResult> {
  if (output !== 'text' || field !== null) return () => '';
  const show = (row: PaymentRow) => shortenTokens(row, vault);
  const plain: RenderResult = (index, row) => renderLines({ results: { [index]: withoutVerdicts(show(row)) } });
  if (!stdout.isTTY) return plain;
  const view = await decorated(
    () => import('./payment-row.ts'),
    () => null,
  );
  return (index, row) => {
    // What somebody stopped has nothing to tell, unless money may have moved.
    const isCut = row.outcome === 'pending' || (row.outcome === 'interrupted' && row.status !== 'USED');
    if (isCut) return '';
    try {
      return view?.renderRow(forTheDesk(show(row)), stdout) ?? plain(index, row);
    } catch {
      return plain(index, row);
    }
  };
}
