import { credentialsRejectedError, referenceNumber, serviceError } from './errors.ts';
import { decodeNvp, type NvpPair } from './nvp.ts';
import { speaksOfLogIn } from './refusal.ts';
import { lowerAscii, trimBlanks } from './text.ts';
import { isGood, meaningOf, type ReceiptResult } from './transaction-status.ts';

export interface Card {
  readonly brand: string | null;
  /** As sent, such as `Credit`. */
  readonly type: string | null;
  /** The first six digits. */
  readonly bin: string | null;
  readonly lastFour: string | null;
  /** The first six and last four with stars between; null unless both are known. */
  readonly masked: string | null;
  /** `YYYY-MM`. */
  readonly expiration: string | null;
  readonly holderName: string | null;
  /** As sent, such as `Swiped` or `Keyed`. */
  readonly entryMode: string | null;
}

/** One name=value pair of the reply. */
export interface ReceiptField {
  /** Untouched. */
  readonly name: string;
  /** Untouched, blanks included. */
  readonly value: string;
  /** The value decoded, only where the reply is form-encoded and this value changed by it. */
  readonly decoded?: string;
}

/** A receipt that ViewReceipt answered, judged and with every pair beside the reading. */
export interface Receipt {
  readonly result: ReceiptResult;
  /** Whether the payment was taken: true for `approved` alone. An authorization is not captured, a stored card is no payment. */
  readonly approved: boolean;
  /** Whether only a part of the amount was approved, or would have been. */
  readonly partial: boolean;
  /** The code that decides, as sent: `C`, `D`, …. */
  readonly transactionStatus: string | null;
  readonly transactionStatusMeaning: string | null;
  readonly transactionId: string | null;
  readonly primaryTransactionId: string | null;
  /** Where present, it speaks for the payment itself, and `transactionStatus` for what was done to it (a void). */
  readonly primaryTransactionStatus: string | null;
  /** The date as sent: UTC with seven fractional digits, more than a JavaScript Date keeps. */
  readonly transactionDate: string | null;
  readonly card: Card;
  readonly authorizationNumber: string | null;
  /** The processor's code and message: context only, they decide nothing but `partial`. */
  readonly responseCode: string | null;
  readonly responseMessage: string | null;
  /** Decimal text as sent. */
  readonly partialApprovalAmount: string | null;
  /** Decimal text as sent; in no published receipt, kept for a service that sends it. */
  readonly amount: string | null;
  readonly authorizationText: string | null;
  readonly paymentPlanId: string | null;
  readonly saveOnFileTransactionId: string | null;
  readonly emv: { readonly isEmvTransaction: boolean | null; readonly verifiedByPin: boolean | null };
  /** Every pair in order, known or not, doubled ones included. */
  readonly fields: readonly ReceiptField[];
}

/** Names that decide how the money is judged. Two values for one of them, and nobody knows what happened. */
export const decidingNames: readonly string[] = [
  'transactionStatus',
  'primaryTransactionStatus',
  'responseCode',
  'errorCode',
  'transactionID',
  'partialApprovalAmount',
];

/** A reply with none of these is no receipt. */
const identifyingNames = ['transactionStatus', 'responseCode', 'transactionID', 'primaryTransactionID'];

/**
 * Reads and judges the reply of ViewReceipt. `transactionStatus` alone decides; codes and messages of the processor do not
 * (the published sample reads "Partially Approved $1.00" and is declined).
 *
 * @throws InstaMedError `credentials-rejected` or `service`: the reply is an error, is ambiguous, or is no receipt at all.
 */
export function readReceipt(text: string): Receipt {
  refuseAbundance(text);
  const { pairs, stray } = decodeNvp(text);
  refuseWhatIsNoNvp(text, pairs, stray);
  const values = collectValues(pairs);
  refuseAmbiguity(values);
  refuseErrorReply(values);
  const field = (name: string) => values.get(lowerAscii(name))?.[0] || null;

  if (!identifyingNames.some((name) => values.has(lowerAscii(name)))) {
    const said = field('errorMessage');
    if (said && speaksOfLogIn(said)) throw rejectedReceipt('NVP_ERROR', said);
    throw serviceError(
      'NOT_A_RECEIPT',
      said
        ? `The receipt service answered with an error: ${said}`
        : 'The receipt service answered with name=value pairs, but none of them belongs to a receipt.',
      {
        retryable: true,
        reference: said && referenceNumber(said),
        hint: 'Ask for the receipt again in a minute.',
      },
    );
  }
  return assemble(pairs, field);
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

function refuseErrorReply(values: Values): void {
  // A zero, or nothing, in errorCode is no error.
  const code = (values.get('errorcode') ?? []).find((value) => !/^0*$/.test(value));
  if (code === undefined) return;
  const said = values.get('errormessage')?.find((value) => value !== '') ?? '';
  const label = /^[A-Za-z0-9._-]{1,20}$/.test(code) ? `NVP_${code}` : 'NVP_ERROR';
  const quoted = `errorCode ${code}${said && `: ${said}`}`;
  const reference = referenceNumber(said);
  if (/^40[13]$/.test(code) || speaksOfLogIn(quoted)) {
    throw rejectedReceipt(label, quoted);
  }
  throw serviceError(label, `The receipt service answered with an error (${quoted}).`, {
    retryable: true,
    reference,
    hint: reference ? `Give InstaMed's support the reference number ${reference}.` : null,
  });
}

function rejectedReceipt(label: string, quoted: string): Error {
  return credentialsRejectedError(label, `The receipt service refused the credentials (${quoted}).`, {
    reference: referenceNumber(quoted),
    hint: 'Check the NVP user and the NVP password; some accounts want the user without its @ part (--nvp-user).',
  });
}

function refuseAmbiguity(values: Values): void {
  for (const name of decidingNames) {
    const different = [...new Set(values.get(lowerAscii(name))?.map(lowerAscii))];
    if (different.length < 2) continue;
    const shown = [...new Set(values.get(lowerAscii(name)))].slice(0, 5).map((value) => `"${value}"`);
    throw serviceError(
      'AMBIGUOUS_RECEIPT',
      `The receipt is ambiguous: ${name} comes more than once with different values, ${shown.join(' and ')}.`,
      { hint: `Ask InstaMed what became of this payment; do not rely on either value.` },
    );
  }
}

function assemble(pairs: readonly NvpPair[], field: Field): Receipt {
  const transactionStatus = field('transactionStatus');
  const primaryTransactionStatus = field('primaryTransactionStatus');
  const result = decideResult(transactionStatus, primaryTransactionStatus);
  const responseCode = field('responseCode');
  const partialApprovalAmount = field('partialApprovalAmount');
  return {
    result,
    approved: result === 'approved',
    partial: isPartial(responseCode, partialApprovalAmount),
    transactionStatus,
    transactionStatusMeaning: meaningOf(transactionStatus).meaning,
    transactionId: field('transactionID'),
    primaryTransactionId: field('primaryTransactionID'),
    primaryTransactionStatus,
    transactionDate: field('transactionDate'),
    card: readCard(field),
    authorizationNumber: field('authorizationNumber'),
    responseCode,
    responseMessage: field('responseMessage'),
    partialApprovalAmount,
    amount: field('amount'),
    authorizationText: field('authorizationText'),
    paymentPlanId: field('paymentPlanID'),
    saveOnFileTransactionId: field('saveOnFileTransactionID'),
    emv: {
      isEmvTransaction: readBoolean(field('isEMVTransaction')),
      verifiedByPin: readBoolean(field('IsEMVVerifiedByPIN')),
    },
    fields: pairs.map(({ name, value, decodedValue }) =>
      value === decodedValue ? { name, value } : { name, value, decoded: decodedValue },
    ),
  };
}

/**
 * `transactionStatus` decides. `primaryTransactionStatus`, where present, speaks for the payment itself: it can take a
 * success away (a void went well: the payment is undone), but it never gives one, because the service writes values raw and
 * a payer's name could hold it. Where it contradicts a bad status, nobody knows.
 */
function decideResult(transactionStatus: string | null, primaryTransactionStatus: string | null): ReceiptResult {
  const own = meaningOf(transactionStatus).result;
  if (primaryTransactionStatus === null || own === 'unknown') return own;
  const primary = meaningOf(primaryTransactionStatus).result;
  if (own === 'approved' || !isGood(primary)) return primary;
  return isGood(own) ? own : 'unknown';
}

/**
 * Whether the receipt is of a transaction that was made to another one: the published refund is approved, and its own ID is
 * not the one of the payment. Where there is no own ID, nothing says that this is the payment.
 */
export function belongsToAnother({ transactionId, primaryTransactionId }: Receipt): boolean {
  if (primaryTransactionId === null) return false;
  return transactionId === null || lowerAscii(transactionId) !== lowerAscii(primaryTransactionId);
}

/** Response code 010 is a partial approval; so is any approved part that is not zero, however the amount is written. */
function isPartial(responseCode: string | null, partialApprovalAmount: string | null): boolean {
  if (matches(responseCode, /^0*10$/)) return true;
  return matches(partialApprovalAmount, /[1-9]/) && !matches(partialApprovalAmount, /^\W*-/);
}

function matches(value: string | null, pattern: RegExp): value is string {
  return value !== null && pattern.test(value);
}

function readCard(field: Field): Card {
  const bin = field('cardBINNumber');
  const lastFour = field('lastFourDigits');
  return {
    brand: field('cardBrand'),
    type: field('paymentCardType'),
    bin,
    lastFour,
    masked: matches(bin, /^\d{6}$/) && matches(lastFour, /^\d{4}$/) ? `${bin}******${lastFour}` : null,
    expiration: readExpiration(field('cardExpirationYear'), field('cardExpirationMonth')),
    holderName: field('cardHolderName'),
    entryMode: field('EMVCardEntryMode'),
  };
}

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
