import { lowerAscii, trimBlanks } from '../base/ascii.ts';
import { decodeForm } from '../base/decode-form.ts';
import { type Redact, redactNumbers } from '../redact/redactor.ts';
import { credentialsRejectedError, safeReference, serviceError } from './errors.ts';
import { judgeReceipt } from './judge.ts';
import { decodeNvp, type NvpPair } from './nvp.ts';
import { type CardMember, decidingNames, type EmvMember, fieldSpecs, type TopMember } from './receipt-fields.ts';
import type { Receipt } from './receipt-shape.ts';
import { redactReceipt } from './redact-receipt.ts';
import { speaksOfLogIn } from './refusal.ts';
import { meaningOf } from './transaction-status.ts';

export type { Card, Receipt, ReceiptField } from './receipt-shape.ts';

/** A reply with none of these is no receipt. */
const identifyingNames = ['transactionStatus', 'responseCode', 'transactionID', 'primaryTransactionID'];

export interface ReceiptContext {
  /** The token whose receipt was asked for. A receipt that names another one is in doubt. Default: not known. */
  readonly token?: string | null;
  /** What takes secrets out of what the reply says, once it was judged. Default: card, account and similar numbers alone. */
  readonly redact?: Redact;
}

/**
 * Reads and judges the reply of ViewReceipt. `transactionStatus` alone decides; codes and messages of the processor do not
 * (the published sample reads "Partially Approved $1.00" and is declined).
 *
 * @throws InstaMedError `credentials-rejected` or `service`: the reply is an error, is ambiguous, or is no receipt at all.
 */
export function readReceipt(text: string, { token = null, redact = redactNumbers }: ReceiptContext = {}): Receipt {
  return redactReceipt(judgeReply(text, token, redact), redact);
}

/** The receipt as it came, for those who redact it later. What an error quotes is redacted already. */
export function judgeReply(text: string, token: string | null, redact: Redact): Receipt {
  refuseAbundance(text);
  const { pairs, stray } = decodeNvp(text);
  refuseWhatIsNoNvp(text, pairs, stray);
  const values = collectValues(pairs);
  refuseAmbiguity(values, redact);
  refuseErrorReply(values, redact);
  const field = (name: string) => values.get(lowerAscii(name))?.[0] || null;

  if (!identifyingNames.some((name) => values.has(lowerAscii(name)))) {
    const said = field('errorMessage');
    if (said && speaksOfLogIn(said)) throw rejectedReceipt('NVP_ERROR', said, redact);
    throw serviceError(
      said ? 'NVP_ERROR' : 'NOT_A_RECEIPT',
      said
        ? `The receipt service answered with an error: ${redact(said)}`
        : 'The receipt service answered with name=value pairs, but none of them belongs to a receipt.',
      {
        retryable: true,
        reference: said && safeReference(said, redact),
        hint: 'Read the receipt again in a minute.',
      },
    );
  }
  return assemble(pairs, field, token);
}

type Values = ReadonlyMap<string, readonly string[]>;
type Field = (name: string) => string | null;

function collectValues(pairs: readonly NvpPair[]): Values {
  const values = new Map<string, string[]>();
  for (const { decodedName, decodedValue } of pairs) {
    const name = lowerAscii(trimBlanks(decodedName));
    const value = trimBlanks(decodedValue);
    const known = values.get(name);
    if (!known) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

/** An honest receipt has about twenty. Reading a megabyte of them would fill the memory. */
const mostPairs = 10_000;

function refuseAbundance(text: string): void {
  if ((text.match(/&/g)?.length ?? 0) < mostPairs) return;
  throw serviceError(
    'NOT_NVP',
    `The receipt service answered with more than ${mostPairs} name=value pairs, which no receipt has.`,
    { retryable: true, hint: 'Check the receipt URL (--receipt-url).' },
  );
}

function refuseWhatIsNoNvp(text: string, pairs: readonly NvpPair[], stray: string): void {
  const first = pairs[0];
  if (first && stray === '' && /^[A-Za-z][\w.-]*$/.test(trimBlanks(first.decodedName))) return;
  if (trimBlanks(text) === '') {
    throw serviceError('EMPTY_REPLY', 'The receipt service answered with nothing.', { retryable: true });
  }
  throw serviceError(
    'NOT_NVP',
    'The receipt service answered with something that is not name=value text (a web page, perhaps).',
    { retryable: true, hint: 'Check the receipt URL (--receipt-url).' },
  );
}

function refuseErrorReply(values: Values, redact: Redact): void {
  // A zero, or nothing, in errorCode is no error.
  const code = (values.get('errorcode') ?? []).find((value) => !/^0*$/.test(value));
  if (code === undefined) return;
  const said = values.get('errormessage')?.find((value) => value !== '') ?? '';
  const isLabel = /^[A-Za-z0-9._-]{1,20}$/.test(code) && redact(code) === code;
  const label = isLabel ? `NVP_${code}` : 'NVP_ERROR';
  const reference = safeReference(said, redact);
  if (/^40[13]$/.test(code) || speaksOfLogIn(`errorCode ${code}: ${said}`)) {
    throw rejectedReceipt(label, said, redact, code);
  }
  throw serviceError(label, `The receipt service answered with an error (${quoteError(said, redact, code)}).`, {
    retryable: true,
    reference,
    hint: reference ? `Give InstaMed's support the reference number ${reference}.` : null,
  });
}

function rejectedReceipt(label: string, said: string, redact: Redact, code?: string): Error {
  const quoted = quoteError(said, redact, code);
  return credentialsRejectedError(label, `The receipt service rejected the credentials (${quoted}).`, {
    reference: safeReference(said, redact),
    hint: 'Check the NVP user and the NVP password; some accounts want the user without its @ part (--nvp-user).',
  });
}

const quoteError = (said: string, redact: Redact, code?: string) =>
  [...(code === undefined ? [] : [`errorCode ${redact(code)}`]), ...(said === '' ? [] : [redact(said)])].join(': ');

function refuseAmbiguity(values: Values, redact: Redact): void {
  for (const name of decidingNames) {
    const different = [...new Set(values.get(lowerAscii(name))?.map(lowerAscii))];
    if (different.length < 2) continue;
    const shown = [...new Set(values.get(lowerAscii(name)))].slice(0, 5).map((value) => `"${redact(value)}"`);
    throw serviceError(
      'AMBIGUOUS_RECEIPT',
      `The receipt is ambiguous: ${name} comes more than once with different values, ${shown.join(' and ')}.`,
      { hint: `Ask InstaMed what became of this payment; do not rely on either value.` },
    );
  }
}

function assemble(pairs: readonly NvpPair[], field: Field, token: string | null): Receipt {
  const values = {
    transactionStatus: field('transactionStatus'),
    primaryTransactionStatus: field('primaryTransactionStatus'),
    transactionId: field('transactionID'),
    primaryTransactionId: field('primaryTransactionID'),
    responseCode: field('responseCode'),
    partialApprovalAmount: field('partialApprovalAmount'),
  };
  const names = pairs.map(({ decodedName }) => decodedName);
  const { result, partial, doubt } = judgeReceipt({ ...values, singleSignOnTokens: namedTokens(pairs) }, names, token);
  const made: Readonly<Record<string, string | null>> = {
    transactionStatusMeaning: meaningOf(values.transactionStatus).meaning,
    'card.masked': maskCard(field('cardBINNumber'), field('lastFourDigits')),
    'card.expiration': readExpiration(field('cardExpirationYear'), field('cardExpirationMonth')),
  };
  return {
    result,
    approved: result === 'approved' && !doubt,
    partial,
    doubt,
    ...readMembers(field, made),
    fields: pairs.map(({ name, value, decodedValue }) =>
      value === decodedValue ? { name, value } : { name, value, decoded: decodedValue },
    ),
  };
}

type Members = Readonly<Record<TopMember, string | null>> & {
  readonly card: Readonly<Record<CardMember, string | null>>;
  readonly emv: Readonly<Record<EmvMember, boolean | null>>;
};

/** Every member that the table of fields has; `made` are those that are made of several fields. */
function readMembers(field: Field, made: Readonly<Record<string, string | null>>): Members {
  const members: Record<string, unknown> = {};
  for (const { name, member, kind } of fieldSpecs) {
    if (member === undefined) continue;
    const text = name === null ? (made[member] ?? null) : field(name);
    const [first = '', second] = member.split('.');
    const value = kind === 'boolean' ? readBoolean(text) : text;
    if (second === undefined) members[first] = value;
    else members[first] = { ...(members[first] as object | undefined), [second]: value };
  }
  return members as Members;
}

/** The values of `singleSignOnToken`, however they may have to be read. */
function namedTokens(pairs: readonly NvpPair[]): string[][] {
  return pairs
    .filter(({ decodedName, value }) => isNamed(decodedName, 'singleSignOnToken') && trimBlanks(value) !== '')
    .map(({ value, decodedValue }) => [value, decodedValue, decodeForm(value)].map(trimBlanks));
}

const isNamed = (name: string, wanted: string) => lowerAscii(trimBlanks(name)) === lowerAscii(wanted);

function matches(value: string | null, pattern: RegExp): value is string {
  return value !== null && pattern.test(value);
}

/** The first six and last four, with stars between. */
const maskCard = (bin: string | null, lastFour: string | null) =>
  matches(bin, /^\d{6}$/) && matches(lastFour, /^\d{4}$/) ? `${bin}******${lastFour}` : null;

/** The month comes without a leading zero. */
function readExpiration(year: string | null, month: string | null): string | null {
  if (!matches(year, /^\d{4}$/) || !matches(month, /^(?:0?[1-9]|1[0-2])$/)) return null;
  return `${year}-${month.padStart(2, '0')}`;
}

/** `false` and `FALSE` are both seen; anything but the two words is unknown. */
function readBoolean(value: string | null): boolean | null {
  const word = value && lowerAscii(value);
  if (word === 'true') return true;
  return word === 'false' ? false : null;
}
