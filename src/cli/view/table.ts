import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Receipt } from '../../domain/receipt.ts';
import { shorten, visible } from '../../domain/text.ts';
import type { Document } from '../document.ts';
import type { Host } from '../host.ts';
import { fold } from './fold.ts';

type Row = readonly [label: string, value: string];

/** Below this, borders cost more than they give. */
const narrowestTable = 40;

/** A document for somebody at a terminal: what happened to the money, what a caller asks for, and then the rest. */
export function renderTable(document: Document, host: Pick<Host, 'stdout' | 'timeZone'>): string {
  const columns = host.stdout.columns || 80;
  const chalk = new Chalk({ level: host.stdout.colorLevel });
  const headline = fold(renderHeadline(document, chalk), columns);
  const { receipt } = document;
  const facts = receipt ? receiptFacts(receipt, host.timeZone) : [];
  const rows = [...facts, ...tokenFacts(document)];
  const rest = receipt ? otherFields(receipt) : [];
  const parts = [headline, renderRows(rows, columns)];
  if (rest.length > 0) parts.push(fold('Everything else the service sent:', columns), renderRows(rest, columns));
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

/** The first sentence stands out, in colours that bring their own background: they show on light and on dark. */
function renderHeadline(document: Document, chalk: ChalkInstance): string {
  const summary = visible(document.summary);
  const end = summary.search(/\.(?= |$)/) + 1;
  const tones = {
    good: chalk.bold.black.bgGreen,
    bad: chalk.bold.whiteBright.bgRed,
    open: chalk.bold.black.bgYellow,
    plain: chalk.bold,
  };
  return tones[toneOf(document)](summary.slice(0, end)) + chalk.bold(summary.slice(end));
}

/** Good is for money taken, bad for a payment that was not; everything that needs a second look is open. */
function toneOf({ outcome, receipt }: Document): 'good' | 'bad' | 'open' | 'plain' {
  if (!receipt) return outcome === 'answered' ? 'plain' : 'open';
  if (receipt.approved && !receipt.partial) return 'good';
  return receipt.result === 'declined' || receipt.result === 'cancelled' ? 'bad' : 'open';
}

function receiptFacts(receipt: Receipt, timeZone: string): Row[] {
  const { card } = receipt;
  const isOwn = receipt.primaryTransactionId?.toLowerCase() === receipt.transactionId?.toLowerCase();
  const expires = card.expiration && `expires ${card.expiration}`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Date', receipt.transactionDate && localTime(receipt.transactionDate, timeZone)],
    ['Amount', receipt.amount],
    ['Approved part', receipt.partial ? receipt.partialApprovalAmount : null],
    ['Card', join(' ', card.brand, card.masked ?? card.lastFour, expires, card.entryMode)],
    ['Card holder', card.holderName],
    ['Authorization', receipt.authorizationNumber],
    ['Transaction', receipt.transactionId],
    ['Belongs to', isOwn ? null : receipt.primaryTransactionId],
    ['Status', describeCode(receipt.transactionStatus, receipt.transactionStatusMeaning)],
    ['Its own status', receipt.primaryTransactionStatus],
    ['Response', join(' ', receipt.responseCode, receipt.responseMessage)],
    ['Payment plan', receipt.paymentPlanId],
    ['Stored card', receipt.saveOnFileTransactionId],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value] as const] : []));
}

function tokenFacts({ token, status, statusText, checks, elapsedMs }: Document): Row[] {
  const rows: Row[] = [];
  if (token !== undefined) rows.push(['Token', token]);
  if (status) rows.push(['Token status', status === statusText ? status : `${status} ("${statusText}")`]);
  if (typeof checks === 'number' && elapsedMs !== undefined) {
    rows.push(['Asked', `${checks} ${checks === 1 ? 'time' : 'times'} in ${Math.round(elapsedMs / 1_000)} s`]);
  }
  return rows;
}

/** Names that the facts above have shown already. */
const shownNames = new Set(
  [
    ...['transactionDate', 'amount', 'partialApprovalAmount', 'cardBrand', 'lastFourDigits', 'cardBINNumber'],
    ...['cardExpirationMonth', 'cardExpirationYear', 'EMVCardEntryMode', 'cardHolderName', 'authorizationNumber'],
    ...['transactionID', 'primaryTransactionID', 'transactionStatus', 'primaryTransactionStatus', 'responseCode'],
    ...['responseMessage', 'paymentPlanID', 'saveOnFileTransactionID'],
  ].map((name) => name.toLowerCase()),
);

function otherFields({ fields }: Receipt): Row[] {
  return fields
    .filter(({ name }) => !shownNames.has(name.trim().toLowerCase()))
    .map(({ name, value, decoded }) => [name, decoded ?? value] as const);
}

function describeCode(code: string | null, meaning: string | null): string | null {
  return code && `${code}, ${meaning ?? 'which nobody knows'}`;
}

const join = (separator: string, ...parts: readonly (string | null)[]) =>
  parts.filter((part) => part !== null && part !== '').join(separator) || null;

/** `2016-01-15 21:37:21 GMT+1 (Europe/Vienna)`; the text as sent where it is no date. */
export function localTime(text: string, timeZone: string): string {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(date.getTime())) return text;
  const format = new Intl.DateTimeFormat('en-CA', {
    dateStyle: 'short',
    timeStyle: 'long',
    hourCycle: 'h23',
    timeZone,
  });
  const local = format.format(date).replace(',', '');
  return local.endsWith(` ${timeZone}`) ? local : `${local} (${timeZone})`;
}

function renderRows(rows: readonly Row[], columns: number): string {
  if (rows.length === 0) return '';
  const clean = rows.map(([label, value]) => [visible(shorten(label, 60)), visible(shorten(value, 500))] as const);
  if (columns < narrowestTable) return clean.map(([label, value]) => fold(`${label}: ${value}`, columns)).join('\n');
  const labelWidth = Math.min(Math.max(...clean.map(([label]) => label.length)), Math.floor(columns / 2) - 4);
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [label, value] of clean) {
    // Three borders, and a blank on each side of both cells, are seven columns.
    table.push([fold(label, labelWidth), fold(value, columns - labelWidth - 7)]);
  }
  return table.toString();
}
