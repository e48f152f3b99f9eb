import fc from 'fast-check';
import { expect } from 'vitest';
import { maskCardNumbers } from '../../src/redact/card-numbers.ts';
import { createMask } from '../../src/redact/mask.ts';
import { shorten, visible } from '../../src/redact/visible.ts';
import { spellings } from '../support/canaries.ts';
import { holds, textOf } from '../support/property.ts';

// --- secrets ---

/** Letters, digits, and whatever some spelling changes. The star is left out: a mask writes it itself. */
const secretCharacters = [...'abcXYZ019&<>"\'\\/+=%;#_- ~.\u00e9\u20ac', '\u{1f600}'];
const secret = fc.string({ unit: fc.constantFrom(...secretCharacters), minLength: 1, maxLength: 24 });

/** Characters that begin or end no spelling of a secret, so that a mask takes exactly the secret. */
const apart = fc.string({ unit: fc.constantFrom(...'QRS!?\n(){}\u4e2d'), maxLength: 12 });

const written = Object.entries(spellings).filter(([name]) => !name.startsWith('Base64'));
const spelling = fc.constantFrom(...written.map(([, write]) => write));
const hidden = (text: string) => `*** (${text.length} character${text.length === 1 ? '' : 's'})`;
/** A spelling of its own for each character. One that begins an escape is escaped: raw, it would spell another text. */
const mixture = (ways: readonly ((text: string) => string)[], text: string) =>
  [...text]
    .map((character, i) => (/[\\%&]/.test(character) ? encodeURIComponent : ways[i % ways.length])?.(character))
    .join('');

holds(
  'a secret is taken out of a text in any spelling, or the whole text with it',
  600,
  fc.property(
    secret,
    fc.array(spelling, { minLength: 1, maxLength: 5 }),
    apart,
    apart,
    (value, ways, before, after) => {
      const [first] = ways as [(text: string) => string];
      for (const spelt of [first(value), mixture(ways, value)]) {
        const text = `${before}${spelt}|${after}${spelt}`;
        const masked = createMask([value])(text);
        if (masked === hidden(text)) continue;
        // Of an escape in front or at the end, its other characters may be left.
        expect(masked.split('***')).toHaveLength(3);
        expect(masked.startsWith(before) && masked.includes(`|${after}`)).toBe(true);
        expect(masked.length).toBeLessThan(before.length + after.length + 30);
        expect(masked).not.toContain(value);
      }
    },
  ),
);

holds(
  'a secret of 12 characters or more is gone from any text, whatever stands around it, and however many there are',
  600,
  fc.property(
    fc.array(
      secret.filter((value) => value.length >= 12),
      { minLength: 1, maxLength: 4 },
    ),
    spelling,
    textOf(secretCharacters),
    textOf(secretCharacters),
    (secrets, write, before, after) => {
      const text = before + secrets.map(write).join(after) + after;
      const masked = createMask(secrets)(text);
      if (masked === hidden(text)) return;
      for (const value of secrets) expect(masked).not.toContain(write(value));
    },
  ),
);

/** How Base64 comes: plain, for URLs, in JSON with escaped slashes, and percent-encoded. */
const carriers: readonly ((base64: string) => string)[] = [
  (base64) => base64,
  (base64) => base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  (base64) => base64.replaceAll('/', '\\/'),
  encodeURIComponent,
  (base64) => base64.replaceAll('+', ' '),
];

holds(
  'a secret of six bytes or more is gone from Base64 of a longer text, wherever it begins',
  1_000,
  fc.property(
    secret.filter((value) => Buffer.byteLength(value) >= 6),
    fc.uint8Array({ maxLength: 9 }),
    fc.uint8Array({ maxLength: 9 }),
    fc.constantFrom(...carriers),
    textOf(secretCharacters),
    (value, before, after, carry, around) => {
      const bytes = Buffer.from(value);
      const base64 = Buffer.concat([before, bytes, after]).toString('base64');
      // The characters all of whose six bits are the secret's.
      const [first, last] = [Math.ceil((before.length * 8) / 6), Math.floor(((before.length + bytes.length) * 8) / 6)];
      const masked = createMask([value])(around + carry(base64) + around);
      expect(masked).not.toContain(carry(base64.slice(first, last)));
      expect(masked).toContain('***');
    },
  ),
);

holds(
  'a text without secrets stays as it is',
  1_000,
  fc.property(fc.array(secret, { maxLength: 4 }), apart, (secrets, text) => {
    expect(createMask(secrets)(text)).toBe(text);
    expect(maskCardNumbers(text)).toBe(text);
  }),
);

// --- card numbers ---

/** Digits with the check digit that makes them pass Luhn, by table. */
function withCheckDigit(digits: readonly number[]): string {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const sum = digits.toReversed().reduce((total, digit, i) => total + ((i % 2 === 0 ? doubled[digit] : digit) ?? 0), 0);
  return [...digits, (10 - (sum % 10)) % 10].join('');
}

const digit = fc.integer({ min: 0, max: 9 });
const card = fc
  .tuple(fc.integer({ min: 3, max: 6 }), fc.array(digit, { minLength: 11, maxLength: 17 }))
  .map(([first, rest]) => withCheckDigit([first, ...rest]));

const signs = ['', ' ', '-', '.', '+', '%20', '  ', ' - ', '. ', '%2D', '%20%20', '%2b'];
const percentDigits = (text: string) => text.replace(/\d/g, (character) => `%3${character}`);

/** A card number, and the text that holds it: in one piece, in fours, in American Express's groups, or one by one. */
const writtenCard = fc
  .record({
    card,
    groups: fc.constantFrom(/\d{1,4}/g, /^\d{4}|\d{6}|\d{1,7}$/g, /\d{1,8}/g, /\d/g, /\d+/g),
    between: fc.array(fc.constantFrom(...signs.slice(1)), { minLength: 1, maxLength: 4 }),
    isEncoded: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  })
  .map(({ card, groups, between, isEncoded }) => {
    const parts = (card.match(groups) ?? []).map((part, i) =>
      isEncoded[i % isEncoded.length] ? percentDigits(part) : part,
    );
    const text = parts.reduce((line, part, i) => line + between[(i - 1) % between.length] + part);
    return { card, text };
  });

const starred = (number: string) => `${'*'.repeat(number.length - 4)}${number.slice(-4)}`;
const wordAround = fc.constantFrom('', 'card ', '<', '": "', '=', '&a=', '%3D', '\n', 'x', '$', '%22', ', ', '/');

holds(
  'a card number in any layout is shown as its last four',
  3_000,
  fc.property(writtenCard, wordAround, wordAround, ({ card, text }, before, after) => {
    expect(maskCardNumbers(before + text + after)).toContain(starred(card));
  }),
);

const around = textOf(['4', '12', '2025', '0000', '123', ' ', '-', '.', '%', '%20', '%3D', '%31', 'a', '&', '='], 10);

holds(
  'whatever stands around it, no more than the last four digits of a card number are left',
  5_000,
  fc.property(
    writtenCard,
    // A digit more makes another number of it, an escape that it completes another text, and 32 hexadecimal digits an ID.
    around.filter((before) => !/(?:\d|%)$/.test(before)),
    around.filter((after) => !/^(?:\d|%3\d)/.test(after)),
    ({ card, text }, before, after) => {
      const masked = maskCardNumbers(before + text + after);
      const plain = masked.replace(/%3(\d)/g, '$1').replace(/%2[0BDEbde]/g, ' ');
      expect(plain.replace(/[ .+-]/g, '')).not.toContain(card.slice(0, -4));
    },
  ),
);

holds(
  'a number that fails Luhn, and one that is too short or too long, stays as it is',
  2_000,
  fc.property(card, fc.integer({ min: 1, max: 9 }), fc.constantFrom('wrong', 'short', 'long'), (number, by, how) => {
    const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + by) % 10}`;
    const text = { wrong, short: number.slice(0, 12), long: number.padEnd(20, String(by)) }[how];
    expect(maskCardNumbers(text)).toBe(text);
  }),
);

const two = (value: number) => String(value).padStart(2, '0');
const fraction = fc.array(digit, { minLength: 7, maxLength: 7 }).map((digits) => digits.join(''));
const when = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
const amount = fc.integer({ min: 0, max: 99_999_999 }).map((cents) => (cents / 100).toFixed(2));
const hexId = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const legible: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(when, fraction).map(([date, digits]) => `${date.toISOString().slice(0, 19)}.${digits}Z`),
  when.map((date) => date.toISOString().slice(0, 19).replace('T', ' ')),
  when.map((date) => `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${date.getUTCFullYear()}`),
  amount,
  amount.map((text) => `$${text}`),
  hexId,
  hexId.map((id) => id.toUpperCase()),
  fc.tuple(digit, digit, digit, digit).map((last) => `+1 555-010-${last.join('')}`),
);

holds(
  'dates, amounts, transaction IDs and telephone numbers stay as they are, alone and one behind the other',
  3_000,
  fc.property(
    fc.array(legible, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('&', ', ', ' ', '"', '='),
    (texts, sign) => {
      const text = texts.join(sign);
      expect(maskCardNumbers(text)).toBe(text);
    },
  ),
);

// --- terminals ---

/** C0, DEL and C1; bidirectional marks, embeddings and isolates; zero-width characters; separators of lines. */
const obeyed: readonly (readonly [from: number, to: number])[] = [
  ...([
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0x61c, 0x61c],
    [0xad, 0xad],
    [0x180e, 0x180e],
  ] as const),
  ...([
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
  ] as const),
  ...([[0xe0001, 0xe007f]] as const),
];
const isObeyed = (character: string) => {
  const code = character.codePointAt(0) ?? 0;
  return obeyed.some(([from, to]) => code >= from && code <= to);
};
const anyText = textOf([
  '\x1b[2J',
  '\x9b',
  '\u202e',
  '\u200b',
  '\r',
  '\n',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
  '\ud83d',
  'a',
]);

holds(
  'text that was made visible holds nothing that a terminal obeys',
  3_000,
  fc.property(anyText, (text) => {
    const shown = visible(text);
    expect([...shown].filter(isObeyed)).toEqual([]);
    expect(visible(shown)).toBe(shown);
  }),
);

holds(
  'a text that was cut is a beginning of it, no longer than the limit, with no character cut in two',
  2_000,
  fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
    const shown = shorten(text, limit);
    expect(shown.length).toBeLessThanOrEqual(limit);
    expect(shown).not.toMatch(/\p{Cs}/u);
    if (text.length <= limit) expect(shown).toBe(text);
    else expect(shown.endsWith('\u2026') && text.startsWith(shown.slice(0, -1))).toBe(true);
  }),
);
