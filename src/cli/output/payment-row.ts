import { Chalk } from 'chalk';
import { shorten, visible } from '../../redact/visible.ts';
import type { PaymentRow } from '../answer/document.ts';
import type { Output } from '../runtime/host.ts';
import { sayCommand } from './error-text.ts';
import { foldSentence } from './fold.ts';
import { bannerOf, paintOf, toneOf } from './tone.ts';

/** The longest name of an outcome that a row can have. */
const outcomeWidth = 'receipt-unread'.length;

/** What became of one token of many, for somebody at a terminal: everything in it is masked. */
export function renderRow(row: PaymentRow, { columns, colorLevel }: Pick<Output, 'columns' | 'colorLevel'>): string {
  const chalk = new Chalk({ level: colorLevel });
  const { token = '', outcome, summary, receipt, error } = row;
  const tone = toneOf(row);
  const colour = {
    good: chalk.green,
    bad: chalk.red,
    open: chalk.yellow,
    alarm: paintOf('alarm', chalk),
    plain: chalk,
  }[tone];
  const { verdict, rest } = bannerOf(row);
  const verdictFirst = tone === 'alarm' ? `${verdict} ${rest}` : summary;
  const transaction = receipt?.transactionId ? ` Transaction ${receipt.transactionId}.` : '';
  const words = visible(shorten(`${verdictFirst}${transaction}`, 500));
  const line = `${visible(shorten(token, 60))}  ${colour(outcome.padEnd(outcomeWidth))}  ${words}`;
  const next = outcome === 'receipt-unread' && error?.next ? [`  Next: ${sayCommand(error.next, [token])}`] : [];
  return [foldSentence(line, columns || 80), ...next].map((text) => `${text}\n`).join('');
}
