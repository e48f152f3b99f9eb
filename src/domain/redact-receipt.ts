import { lowerAscii, trimBlanks } from '../base/ascii.ts';
import { hide } from '../redact/mask.ts';
import { maskByName } from '../redact/named-numbers.ts';
import type { Redact } from '../redact/redactor.ts';
import { namesOf } from './receipt-fields.ts';
import type { Card, Receipt, ReceiptField } from './receipt-shape.ts';
import { meaningOf } from './transaction-status.ts';

/** Names of the published replies: words of the protocol, even where one is also a password. */
const knownNames = namesOf(() => true);

/** Codes of the protocol that say what became of the money. */
const statusNames: readonly string[] = ['transactionstatus', 'primarytransactionstatus'];

/**
 * A receipt that was judged, with what may not be shown taken out of every text of the service. Between its texts others may
 * work: redacting all of a large one takes longer than a person waits after a Ctrl-C.
 */
export function* redactReceiptInSteps(receipt: Receipt, redact: Redact): Generator<number, Receipt> {
  const known = new Map<string, string>();
  const remember: Redact = (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const shown = redact(text);
    known.set(text, shown);
    return shown;
  };
  const fields: ReceiptField[] = [];
  for (const field of receipt.fields) {
    fields.push(redactField(field, remember));
    yield field.name.length + 2 * field.value.length;
  }
  for (const [at, text] of windowsOf(fields)) {
    if (redact(text) !== text) hideWindow(receipt.fields, fields, at, known);
    yield text.length;
  }
  const texts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(receipt)) {
    if (!ownMembers.has(name)) texts[name] = redactMember(name, value, remember);
    if (typeof value === 'string') yield value.length;
  }
  return keepApart(receipt, { ...receipt, ...texts, card: redactCard(receipt.card, remember), fields });
}

/** A secret with a raw `&` in it, or one whose XML escapes begin with that, was taken apart into so many fields at most. */
const windowSize = 4;

/** Neighbors as they stood in the reply; of two windows one behind the other, each holds half of the other. */
function* windowsOf(fields: readonly ReceiptField[]): Generator<readonly [at: number, text: string]> {
  const step = windowSize / 2;
  for (let at = 0; at === 0 || at + step < fields.length; at += step) {
    const window = fields.slice(at, at + windowSize);
    yield [
      at,
      window.map(({ name, value }) => `${isKnown(name) ? '' : name}=${isOurs(name, value) ? '' : value}`).join('&'),
    ];
  }
}

function hideWindow(
  given: readonly ReceiptField[],
  shown: ReceiptField[],
  from: number,
  known: Map<string, string>,
): void {
  for (let at = from; at < Math.min(from + windowSize, given.length); at++) {
    const { name, value, decoded = value } = given[at] as ReceiptField;
    if (isOurs(name, value)) continue;
    for (const text of [value, decoded]) known.set(text, hide(text)).set(trimBlanks(text), hide(text));
    shown[at] = {
      name: isKnown(name) ? name : hide(name),
      value: hide(value),
      ...(decoded !== value && { decoded: hide(decoded) }),
    };
  }
}

/** Two IDs that differ must not look like one: a receipt of a refund would then look like that of the payment. */
function keepApart({ transactionId, primaryTransactionId }: Receipt, shown: Receipt): Receipt {
  const isSame = (one: string | null, other: string | null) => lowerAscii(one ?? '') === lowerAscii(other ?? '');
  const isBlurred = isSame(shown.transactionId, shown.primaryTransactionId);
  if (!isBlurred || isSame(transactionId, primaryTransactionId)) return shown;
  return { ...shown, primaryTransactionId: `${shown.primaryTransactionId}, another one` };
}

/** The same at once, for a text that is at hand. */
export function redactReceipt(receipt: Receipt, redact: Redact): Receipt {
  const steps = redactReceiptInSteps(receipt, redact);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Members that hold no text of the service, or are redacted by themselves. */
const ownMembers: ReadonlySet<string> = new Set([
  'result',
  'transactionStatusMeaning',
  'card',
  'emv',
  'fields',
  'doubt',
]);

function redactMember(name: string, value: unknown, redact: Redact): unknown {
  return typeof value === 'string' ? redactValue(name, value, redact) : value;
}

function redactCard(card: Card, redact: Redact): Card {
  const entries = Object.entries(card).map(([name, text]: [string, string | null]) => [name, text && redact(text)]);
  const shown = Object.fromEntries(entries) as unknown as Card;
  // Where its parts may not be shown, neither may what is made of them.
  return shown.bin === card.bin && shown.lastFour === card.lastFour
    ? { ...shown, masked: card.masked }
    : { ...shown, masked: null };
}

function redactField({ name, value, decoded }: ReceiptField, redact: Redact): ReceiptField {
  const shown = { name: isKnown(name) ? name : redact(name), value: redactValue(name, value, redact) };
  return decoded === undefined ? shown : { ...shown, decoded: redactValue(name, decoded, redact) };
}

function redactValue(name: string, value: string, redact: Redact): string {
  return isOurs(name, value) ? value : redact(maskByName(name, value));
}

const isKnown = (name: string) => knownNames.has(lowerAscii(trimBlanks(name)));

/** A code of the protocol, which stays. */
const isOurs = (name: string, value: string) =>
  statusNames.includes(lowerAscii(trimBlanks(name))) && meaningOf(value).meaning !== null;
