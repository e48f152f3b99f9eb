import { formatDuration } from '../../domain/duration.ts';
import { planAsks } from '../../poll/plan-asks.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { shorten, visible } from '../../redact/visible.ts';
import type { PaymentRow } from '../answer/payments-document.ts';
import type { PaymentsBoard } from './payments-board.ts';
import type { PaymentsShow } from './payments-progress.ts';
import { countOf, sayError } from './progress-text.ts';

/** What is said at the start: how many, how often, and what became of the list. */
export function sayPlan({ tokens: list, started, wishedIntervalMs }: PaymentsShow): string {
  const { tokens, blank, duplicates, intervalMs, timeoutMs, maxRate } = started;
  const about = (ms: number) =>
    formatDuration(ms < 60_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1_000) * 1_000);
  const left = [
    ...(blank > 0 ? [`${countOf(blank, 'blank line')} skipped`] : []),
    ...(duplicates > 0 ? [`${countOf(duplicates, 'duplicate')} asked for once`] : []),
  ];
  const remarks = left.length > 0 ? ` (${left.join(', ')})` : '';
  const [kept, wished] = [about(intervalMs), about(wishedIntervalMs)];
  const why = kept !== wished ? `, not every ${wished}: ${maxRate} requests a second serve no more` : '';
  const lastAsksFromMs = planAsks(tokens, { intervalMs: wishedIntervalMs, timeoutMs, maxRate }).lastAskMs(0);
  // Many last asks take their time: some tokens are given up long before the deadline.
  const lastFrom = lastAsksFromMs < 0.9 * timeoutMs ? ` The last asks begin after ${about(lastAsksFromMs)}.` : '';
  return `Waiting for ${countOf(tokens, 'token')}${remarks}: asking for each every ${kept}, for up to ${formatDuration(timeoutMs)}${why}.${lastFrom}${isSplit(list) ? splitRemark : ''}`;
}

const splitRemark =
  ' Two of them together have the length of one token. Was it split by a blank or a line break? If so, stop (Ctrl-C) and paste it as one word.';

/** A token is the Base64 of a GUID, as far as has been seen: that has 48 characters. */
const wholeToken = /^[A-Za-z0-9+/=_-]{48}$/;

/** Whether two that follow one another look like the halves of one. */
function isSplit(tokens: readonly string[]): boolean {
  return tokens.some((token, i) => i > 0 && wholeToken.test(`${tokens[i - 1]}${token}`));
}

/** A token and what it met, as a person may see it. */
export function sayTrouble({ trouble }: PaymentsBoard, { tokens }: PaymentsShow, vault: Redactor): string {
  if (!trouble) return '';
  const token = tokens[trouble.index] as string;
  return `${showToken(token, vault)} ${sayError(trouble)}`;
}

/** A token, how it ended, and whether money was taken. */
export function sayResult({ token = '', outcome, money, corrected }: PaymentRow, vault: Redactor): string {
  return `${showToken(token, vault)} ${outcome}, money: ${money}${corrected ? ' (corrected)' : ''}`;
}

const showToken = (token: string, vault: Redactor) => visible(shorten(vault.shortenToken(token), 60));
