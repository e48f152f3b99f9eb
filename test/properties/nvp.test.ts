import fc from 'fast-check';
import { expect } from 'vitest';
import { InstaMedError } from '../../src/domain/errors.ts';
import { decodeNvp, encodeNvp } from '../../src/domain/nvp.ts';
import { readReceipt } from '../../src/domain/receipt.ts';
import { type CharsetOptions, decodeText } from '../../src/remote/charset.ts';
import { holds, inAnyCase, textOf } from '../support/property.ts';

/** What a function gives, or the expected trouble it throws; anything else that it throws fails the test. */
function resultOf<T>(run: () => T): T | InstaMedError {
  try {
    return run();
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
}

// --- what is written is read ---

const wellFormed = fc.string({ unit: 'binary', maxLength: 20 });

holds(
  'pairs that were written are read back, in order, whatever they hold',
  1_000,
  fc.property(fc.array(fc.tuple(wellFormed, wellFormed), { maxLength: 8 }), (pairs) => {
    const { pairs: read, stray } = decodeNvp(encodeNvp(pairs));
    expect(stray).toBe('');
    expect(read.map(({ decodedName, decodedValue }) => [decodedName, decodedValue])).toEqual(pairs);
  }),
);

// --- nothing is lost, and nothing but an expected error comes out ---

const marks = ['&', '=', '&&', '%', '%4', '%41', '%C3%A9', '%FF', '+', ' ', '\r\n', '\uFEFF'];
const names = ['transactionStatus', 'TRANSACTIONSTATUS=C', 'errorCode=400', 'responseCode', 'transactionID=1'];
const nvpText = textOf([...marks, ...names]);

/** The text without what belongs to no pair: a byte order mark, line ends behind it, and empty pieces. */
const withoutEmpties = (text: string) =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/[\r\n]+$/, '')
    .split('&')
    .filter((piece) => piece !== '')
    .join('&');

holds(
  'every pair is kept, in order and untouched: joined, they are the text again',
  3_000,
  fc.property(nvpText, (text) => {
    const { pairs } = decodeNvp(text);
    const joined = pairs.map(({ name, value }) => `${name}=${value}`).join('&');
    // What stands before the first = is not of a pair, up to the last & before it.
    const kept = withoutEmpties(text);
    const start = kept.includes('=') ? kept.lastIndexOf('&', kept.indexOf('=')) + 1 : kept.length;
    expect(joined).toBe(kept.slice(start));

    const receipt = resultOf(() => readReceipt(text));
    if (receipt instanceof InstaMedError) return;
    expect(receipt.fields.map(({ name, value }) => `${name}=${value}`).join('&')).toBe(joined);
    expect(kept.slice(0, start)).toMatch(/^[ \t\r\n&]*$/);
  }),
);

const contentTypes = ['', 'charset=utf-8', 'charset=windows-1252', 'charset=utf-16', 'charset=none', 'charset="', ' ;'];

holds(
  'any bytes are a receipt or an expected error',
  3_000,
  fc.property(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      nvpText.map((text) => new TextEncoder().encode(text)),
      nvpText.map((text) => new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'))),
    ),
    fc.option(
      fc.constantFrom(...contentTypes).map((charset) => `text/html; ${charset}`),
      { nil: undefined },
    ),
    fc.constantFrom<CharsetOptions>({}, { isXml: true }, { fallback: 'windows-1252' }),
    (bytes, contentType, options) => {
      const text = resultOf(() => decodeText(bytes, contentType, options));
      const receipt = text instanceof InstaMedError ? text : resultOf(() => readReceipt(text));
      if (receipt instanceof InstaMedError) expect(['service', 'credentials-rejected']).toContain(receipt.category);
      else expect(receipt.fields.length).toBeGreaterThan(0);
    },
  ),
);

// --- approved ---

/** One name=value piece, and how it is meant. */
interface Piece {
  readonly name: string;
  readonly value: string;
}

/** Without plain blanks around it: a no-break blank is a part of the value, which then is not a known one. */
const trim = (value: string) => value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

/** Names that no rule was written down for: two values for one of them are refused as well. */
const caution = ['primaryTransactionStatus', 'partialApprovalAmount'];

/**
 * Whether a reply of such pairs may count as approved: written from the protocol and by no other means. One status that is C
 * or S, no status of the payment itself that says otherwise, no error, and one value for each name that decides.
 */
function mayBeApproved(pieces: readonly Piece[]): boolean {
  const valuesOf = (name: string) =>
    pieces.filter((piece) => piece.name.toLowerCase() === name.toLowerCase()).map(({ value }) => trim(value));
  const isTaken = (value: string) => ['c', 's'].includes(value.toLowerCase());
  const single = ['transactionStatus', 'responseCode', 'errorCode', 'transactionID', ...caution];
  return (
    valuesOf('transactionStatus').some(isTaken) &&
    single.every((name) => new Set(valuesOf(name).map((value) => value.toLowerCase())).size < 2) &&
    valuesOf('primaryTransactionStatus').every((value) => value === '' || isTaken(value)) &&
    valuesOf('errorCode').every((value) => value === '' || Number(value) === 0)
  );
}

const status = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('C', 'S') },
  { weight: 1, arbitrary: fc.constantFrom('c', ' C ', 's\t', 'A', 'D', 'O', 'V', 'X', 'CB', 'RI', 'SE', '') },
  { weight: 1, arbitrary: fc.constantFrom('CC', 'APPROVED', 'true', '\u0421', '\u00a0C', 'C\0', '\u017f', 'C,D') },
);
const valuesByName: readonly (readonly [name: string, value: fc.Arbitrary<string>])[] = [
  ['transactionStatus', status],
  ['primaryTransactionStatus', status],
  ['responseCode', fc.constantFrom('000', '010', '051', '')],
  ['responseMessage', fc.constantFrom('APPROVAL', 'DECLINE', 'Approved (C)')],
  ['errorCode', fc.constantFrom('', '0', '000', '400', '401', ' ', '-0x')],
  ['errorMessage', fc.constantFrom('', 'An unexpected error occurred', 'Invalid password')],
  ['transactionID', fc.constantFrom('0ca7530a86084b468fff132ab7f04491', '0CA7530A86084B468FFF132AB7F04491', '1')],
  ['partialApprovalAmount', fc.constantFrom('0.00', '1.00', ' ')],
  ['transactionStatuses', status],
  ['note', fc.constantFrom('transactionStatus', 'C', 'SMITH & SON', '\u00e9', 'x y', '100%')],
];
const piece: fc.Arbitrary<Piece> = fc.oneof(
  ...valuesByName.map(([name, value]) => fc.record({ name: fc.oneof(fc.constant(name), inAnyCase(name)), value })),
);
const statusFirst = fc.record({ name: inAnyCase('transactionStatus'), value: status });
const pieces = fc
  .tuple(fc.option(statusFirst), fc.array(piece, { minLength: 1, maxLength: 6 }))
  .chain(([first, rest]) => {
    const all = first ? [first, ...rest] : rest;
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

const percent = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
const percentEach = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** The reply as the service writes it, raw, which a blank gives away; or form-encoded in one of two ways. */
function write(all: readonly Piece[], spelling: 'raw' | 'form' | 'each byte'): string {
  if (spelling === 'raw') return `${all.map(({ name, value }) => `${name}=${value}`).join('&')}&cardHolderName= `;
  const spell = spelling === 'form' ? percent : percentEach;
  return all.map(({ name, value }) => `${spell(name)}=${spell(value)}`).join('&');
}

const seen = { approved: 0, other: 0 };

holds(
  'a reply counts as approved where the protocol says so, and nowhere else',
  3_000,
  fc.property(pieces, fc.constantFrom('raw', 'form', 'each byte'), (all, spelling) => {
    const read = resultOf(() => readReceipt(write(all, spelling)));
    const isApproved = !(read instanceof InstaMedError) && read.result === 'approved';
    seen[isApproved ? 'approved' : 'other'] += 1;
    expect(isApproved).toBe(mayBeApproved(all));
    if (!(read instanceof InstaMedError)) expect(read.approved).toBe(isApproved);
  }),
  // Both came about often enough to be worth something.
  () => expect(Math.min(seen.approved, seen.other)).toBeGreaterThan((seen.approved + seen.other) / 10),
);
