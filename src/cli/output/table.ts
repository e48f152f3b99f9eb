import Table from 'cli-table3';
import type { Receipt } from '../../domain/receipt.ts';
import { fieldSpecs, namesOf } from '../../domain/receipt-fields.ts';
import { shorten, visible } from '../../redact/visible.ts';
import type { Document, ShownSetting } from '../answer/document.ts';
import type { Host } from '../runtime/host.ts';
import { fold, foldSentence } from './fold.ts';
import { sayOrigin } from './lines.ts';
import { renderBanner } from './tone.ts';

type Row = readonly [label: string, value: string];

/** An honest receipt has about twenty fields; nobody reads thousands of them on a terminal. */
const mostFields = 100;

/** Below this, borders cost more than they give. */
const narrowestTable = 40;

/** No lines between the rows. */
const plainRows = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** A document for somebody at a terminal: what happened to the money, what a caller asks for, and then the rest. */
export function renderTable(document: Document, host: Pick<Host, 'stdout' | 'timeZone'>): string {
  const columns = host.stdout.columns || 80;
  const headline = renderBanner(document, host.stdout);
  const { receipt, settings } = document;
  if (settings) return `${headline}\n${renderSettings(settings, columns)}\n`;
  const facts = receipt ? receiptFacts(receipt, timeZoneOf(host)) : [];
  // Of many tokens each row has told its own.
  const money = document.money && !document.counts ? [['Money', document.money] as const] : [];
  const rows = [...money, ...facts, ...tokenFacts(document)];
  const rest = receipt ? otherFields(receipt) : [];
  const parts = [headline, renderRows(rows, columns)];
  if (rest.length > 0) {
    parts.push(fold('Other fields:', columns), renderRows(rest.slice(0, mostFields), columns));
  }
  if (rest.length > mostFields) {
    parts.push(fold(`${rest.length - mostFields} more are not shown; add --json to see them.`, columns));
  }
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

/** What a row of the table shows, where that is not one value as it is. */
const composed: Readonly<Record<string, (receipt: Receipt, timeZone: string | undefined) => string | null>> = {
  Date: ({ transactionDate }, timeZone) => transactionDate && localTime(transactionDate, timeZone),
  Amount: ({ amount }) => amount,
  'Approved part': ({ partial, partialApprovalAmount }) => (partial ? partialApprovalAmount : null),
  Card: ({ card }) =>
    join(
      ' ',
      card.brand,
      card.masked ?? card.lastFour,
      card.expiration && `expires ${card.expiration}`,
      card.entryMode,
    ),
  Cardholder: ({ card }) => card.holderName,
  Authorization: ({ authorizationNumber }) => authorizationNumber,
  Transaction: ({ transactionId }) => transactionId,
  'Belongs to': (receipt) => (isOfItself(receipt) ? null : receipt.primaryTransactionId),
  Status: ({ transactionStatus, transactionStatusMeaning }) =>
    describeCode(transactionStatus, transactionStatusMeaning),
  'Its own status': ({ primaryTransactionStatus }) => primaryTransactionStatus,
  Response: ({ responseCode, responseMessage }) => join(' ', responseCode, responseMessage),
};

/** What a caller asks for comes first, and then what the table of fields has a label for. */
const labels = [...new Set([...Object.keys(composed), ...fieldSpecs.flatMap(({ label }) => label ?? [])])];

function receiptFacts(receipt: Receipt, timeZone: string | undefined): Row[] {
  return labels.flatMap((label) => {
    const own = composed[label] ?? ((shown: Receipt) => valueAt(shown, label));
    const value = own(receipt, timeZone);
    return value ? [[label, value] as const] : [];
  });
}

/** The one value that a label stands for. */
function valueAt(receipt: Receipt, label: string): string | null {
  const member = fieldSpecs.find((spec) => spec.label === label)?.member ?? '';
  const value = member.split('.').reduce<unknown>((holder, name) => (holder as Record<string, unknown>)[name], receipt);
  return value === null ? null : String(value);
}

/** A transaction of its own, not one that was made to another. */
function isOfItself({ transactionId, primaryTransactionId }: Receipt): boolean {
  return transactionId?.toLowerCase() === primaryTransactionId?.toLowerCase();
}

function tokenFacts({ token, status, statusText, checks, elapsedMs }: Document): Row[] {
  const rows: Row[] = [];
  if (token !== undefined) rows.push(['Token', token]);
  if (status) rows.push(['Token status', status === statusText ? status : `${status} ("${statusText}")`]);
  if (typeof checks === 'number' && elapsedMs !== undefined) {
    rows.push(['Checks', `${checks} in ${Math.round(elapsedMs / 1_000)} s`]);
  }
  return rows;
}

/** Names that the facts above have shown already. */
const shownNames = namesOf(({ label }) => label !== undefined);

function otherFields({ fields }: Receipt): Row[] {
  return fields
    .filter(({ name }) => !shownNames.has(name.trim().toLowerCase()))
    .map(({ name, value, decoded }) => [name, decoded ?? value] as const);
}

function describeCode(code: string | null, meaning: string | null): string | null {
  return code && `${code}, ${meaning ?? 'not a known code'}`;
}

const join = (separator: string, ...parts: readonly (string | null)[]) =>
  parts.filter((part) => part !== null && part !== '').join(separator) || null;

/**
 * `2016-01-15 21:37:21 GMT+1 (Europe/Vienna)`; the text as sent where it is no date. Intl refuses some time zones that it
 * reports itself, such as `Etc/Unknown`, and has no name for others; then the time is that of UTC.
 */
export function localTime(text: string, timeZone: string | undefined): string {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(date.getTime())) return text;
  const [zone, format] = timeFormat(timeZone ?? 'UTC') ?? timeFormat('UTC') ?? [];
  if (!format) return text;
  const local = format.format(date).replace(',', '');
  return local.endsWith(` ${zone}`) ? local : `${local} (${zone})`;
}

function timeZoneOf(host: Pick<Host, 'timeZone'>): string | undefined {
  try {
    return host.timeZone();
  } catch {
    return undefined;
  }
}

function timeFormat(timeZone: string): readonly [timeZone: string, format: Intl.DateTimeFormat] | null {
  const style = { dateStyle: 'short', timeStyle: 'long', hourCycle: 'h23' } as const;
  try {
    return [timeZone, new Intl.DateTimeFormat('en-CA', { ...style, timeZone })];
  } catch {
    return null;
  }
}

function renderRows(rows: readonly Row[], columns: number): string {
  if (rows.length === 0) return '';
  const clean = rows.map(([label, value]) => [visible(shorten(label, 60)), visible(shorten(value, 500))] as const);
  if (columns < narrowestTable)
    return clean.map(([label, value]) => foldSentence(`${label}: ${value}`, columns)).join('\n');
  const labelWidth = Math.min(Math.max(...clean.map(([label]) => label.length)), Math.floor(columns / 2) - 4);
  const table = new Table({ style: { head: [], border: [] }, chars: plainRows });
  for (const [label, value] of clean) {
    // Three borders, and a blank on each side of both cells, are seven columns.
    table.push([fold(label, labelWidth), fold(value, columns - labelWidth - 7)]);
  }
  return table.toString();
}

function renderSettings(settings: Readonly<Record<string, ShownSetting>>, columns: number): string {
  const rows = Object.entries(settings).map(([key, setting]) => [key, setting.value ?? '–', sayOrigin(setting)]);
  const clean = rows.map((cells) => cells.map(visible));
  if (columns < 2 * narrowestTable) return clean.map((cells) => fold(cells.join(' · '), columns)).join('\n');
  const keyWidth = Math.max(...clean.map(([key = '']) => key.length));
  // Four borders, and a blank on each side of three cells, are ten columns; value and source share what is left.
  const rest = columns - keyWidth - 10;
  const widths = [keyWidth, Math.ceil(rest / 2), Math.floor(rest / 2)];
  const table = new Table({ style: { head: [], border: [] }, chars: plainRows });
  for (const cells of clean) table.push(cells.map((cell, i) => fold(cell, widths[i] as number)));
  return table.toString();
}
