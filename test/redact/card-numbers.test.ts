import { describe, expect, test } from 'vitest';
import { maskCardNumbers } from '../../src/redact/card-numbers.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';

/** Published test numbers, none of them anybody's. */
const visa = '4111111111111111';

/** The digits with the check digit that makes them pass Luhn, worked out from the left and apart from the source. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reduce((total, digit, i) => {
    const isDoubled = (digits.length - i) % 2 === 1;
    const value = Number(digit) * (isDoubled ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const starred = (number: string) => `${'*'.repeat(number.length - 4)}${number.slice(-4)}`;

describe('a card number is shown as its last four', () => {
  const brands: readonly (readonly [brand: string, number: string, shown: string])[] = [
    ['Visa', '4111111111111111', '************1111'],
    ['Visa of 13 digits', '4222222222222', '*********2222'],
    ['MasterCard', '5500000000000004', '************0004'],
    ['American Express', '340000000000009', '***********0009'],
    ['Discover', '6011000990139424', '************9424'],
    ['Diners Club', '30569309025904', '**********5904'],
  ];

  test('of each brand', () => {
    for (const [brand, number, shown] of brands) expect([brand, maskCardNumbers(number)]).toEqual([brand, shown]);
  });

  test.each([13, 14, 15, 16, 17, 18, 19])('%i digits', (length) => {
    for (const start of ['4', '59', '371', '9082']) {
      const number = withCheckDigit(start.padEnd(length - 1, '7306518294'));
      expect(number).toHaveLength(length);
      expect(maskCardNumbers(`<${number}>`)).toBe(`<${starred(number)}>`);
    }
  });

  test.each([13, 14, 15, 16, 17, 18, 19])('%i digits in fours', (length) => {
    for (const start of ['4', '59', '371', '9082']) {
      const number = withCheckDigit(start.padEnd(length - 1, '7306518294'));
      const fours = number.match(/\d{1,4}/g) ?? [];
      for (const blank of [' ', '-', '+', '%20']) {
        expect(maskCardNumbers(`<${fours.join(blank)}>`)).toBe(`<${starred(number)}>`);
      }
    }
  });

  test('once, where a part of it passes Luhn as well', () => {
    const part = withCheckDigit('41111111111111');
    const fours = `0000${part}`.match(/\d{1,4}/g) ?? [];
    expect(maskCardNumbers(`<${fours.join(' ')}>`)).toBe(`<${starred(`0000${part}`)}>`);
  });

  const layouts: readonly (readonly [sentence: string, text: string, shown: string])[] = [
    ['in fours with blanks', '4111 1111 1111 1111', '************1111'],
    ['in fours with hyphens', '4111-1111-1111-1111', '************1111'],
    ['in fours, form-encoded', '4111+1111+1111+1111', '************1111'],
    ['in fours, percent-encoded', '4111%201111%201111%201111', '************1111'],
    ['of 19 digits in fours', '4000 0012 3456 7899 018', '***************9018'],
    ['of American Express in its own groups', '3400 000000 00009', '***********0009'],
    ['of American Express with hyphens', '3400-000000-00009', '***********0009'],
    ['of American Express, percent-encoded', '3400%20000000%2000009', '***********0009'],
    ['of Diners Club in its own groups', '3056 930902 5904', '**********5904'],
    ['in fours with dots', '4111.1111.1111.1111', '************1111'],
    ['in fours with double blanks', '4111  1111  1111  1111', '************1111'],
    ['in fours with spaced dashes', '4111 - 1111 - 1111 - 1111', '************1111'],
    ['in fours with a mixture', '4111 1111-1111.1111', '************1111'],
    ['in eights', '41111111 11111111', '************1111'],
    ['in a first group of six', '411111 1111111111', '************1111'],
    ['one by one', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '************1111'],
    ['in fours with encoded dashes', '4111%2D1111%2d1111%2d1111', '************1111'],
    ['in fours with two encoded blanks', '4111%20%201111%2B%201111+%201111', '************1111'],
    ['of percent-encoded digits', '%34%31%31%31%31%31%31%31%31%31%31%31%31%31%31%31', '************1111'],
    ['of digits of which some are encoded', '4%31111%3111%31 11%311111', '************1111'],
    ['of encoded digits in fours', '%34%31%31%31%20%31%31%31%31-%31%31%31%31 %31%31%31%31', '************1111'],
  ];

  test('in each layout', () => {
    for (const [sentence, text, shown] of layouts)
      expect([sentence, maskCardNumbers(`<${text}>`)]).toEqual([sentence, `<${shown}>`]);
  });

  const surroundings: readonly (readonly [sentence: string, before: string, after: string])[] = [
    ['in a sentence', 'The card ', ' was declined.'],
    ['between letters', 'x', 'y'],
    ['in a URL', 'https://h.example/?a=1&card=', '&b=2'],
    ['in JSON', '{"card":"', '"}'],
    ['in a pair', 'cardNumber=', ''],
    ['as on a track', ';', '=25121010000000000000?'],
    ['before a line end', '', '\n'],
    ['behind a decimal point', '.', '.'],
    ['behind a percent-encoded =', '?a%3D', '%26b'],
    ['behind a percent-encoded blank', 'Card%20', '%20declined'],
    ['behind a percent-encoded quote', '{%22card%22:%22', '%22}'],
    ['behind a percent-encoded number sign', '%23', ''],
    ['behind a percent sign', '100%', ' sure'],
    ['behind an amount', '100.00 ', ' 100.00'],
    ['behind a date', '2016-01-15 ', ''],
    ['before a year', '', ' 2026'],
    ['before a number of three digits in another layout', '', ' / 123'],
  ];

  test('whatever stands around it', () => {
    for (const [sentence, before, after] of surroundings) {
      const shown = `${before}${starred(visa)}${after}`;
      expect([sentence, maskCardNumbers(`${before}${visa}${after}`)]).toEqual([sentence, shown]);
    }
  });

  test.each<[sentence: string, text: string, leak: RegExp]>([
    ['a year before it', '2025 4111 1111 1111 1111', /4111 1111 1111/],
    ['an order number of four digits before it', '1234-4111-1111-1111-1111', /4111-1111-1111/],
    ['its security code behind it', '4111 1111 1111 1111 123', /4111 1111 1111/],
    ['a year behind it', '4111 1111 1111 1111 2026', /4111 1111 1111/],
    ['another card before it', '5500 0000 0000 0004 4111 1111 1111 1111', /5500 0000|4111 1111/],
    ['another card in one piece before it', '5500000000000004 4111111111111111', /5500|4111/],
  ])('in fours with %s', (_sentence, text, leak) => {
    const shown = maskCardNumbers(text);
    expect(shown).not.toMatch(leak);
    expect(shown).toContain('*1111');
  });

  test('and once where two overlap', () => {
    const [first, second] = ['2002 4111 1111 1111', '4111 1111 1111 1111'];
    expect(maskCardNumbers(first)).toBe('************1111');
    expect(maskCardNumbers(`2002 ${second}`)).toBe('****************1111');
  });

  test('each of several', () => {
    expect(maskCardNumbers(`${visa},340000000000009;${visa}`)).toBe(
      `${starred(visa)},${starred('340000000000009')};${starred(visa)}`,
    );
  });
});

describe('what is no card number stays', () => {
  const others: readonly (readonly [sentence: string, text: string])[] = [
    ['nothing', ''],
    ['text without digits', 'APPROVAL'],
    ['a number that fails Luhn', '4111111111111112'],
    ['a number in fours that fails Luhn', '4111 1111 1111 1112'],
    ['twelve digits that pass Luhn', withCheckDigit('41111111111')],
    ['twenty digits that pass Luhn', withCheckDigit('4111111111111111111')],
    ['thirteen digits and a letter between', '411111111111a1111'],
    ['groups with two kinds of blanks that fail Luhn', '4111 1111-1111 1112'],
    ['encoded digits that fail Luhn', '%34%31%31%31%31%31%31%31%31%31%31%31%31%31%31%32'],
    ['groups of threes, which telephone numbers have', '411 111 111 111 1111'],
    ['two telephone numbers', '555-010-9999 555-010-8881'],
    ['amounts one behind the other', '300.00 4000.00 5000.5'],
    ['a date and a time with dots', '2016-01-15 20.37.29'],
    ['groups with more than three blanks between', '4111    1111    1111    1111'],
    ['groups with another sign between', '4111/1111/1111/1111'],
    ['three groups of four', '4111 1111 1116'],
    ['a date of a receipt', '2016-01-15T20:37:21.5238539Z'],
    ['a stored and masked card', '411111******1111'],
    ['a phone number', '+1 (555) 010-9999'],
  ];

  test('where it is another number, or none', () => {
    for (const [sentence, text] of others) expect([sentence, maskCardNumbers(text)]).toEqual([sentence, text]);
  });

  test.each<[sentence: string, id: string]>([
    ['in the middle', `abcdef${visa}abcdefabcd`],
    ['at its start', `${visa}abcdefabcdefabcd`],
    ['at its end', `abcdefabcdefabcd${visa}`],
    ['in capitals', `ABCDEF${visa}ABCDEFABCD`],
  ])('a run of digits that passes Luhn by chance in a transaction ID, %s', (_sentence, id) => {
    expect(id).toHaveLength(32);
    for (const text of [id, `transactionID=${id}&a=1`, `"${id}"`, `/${id}/`, `x ${id}.`]) {
      expect(maskCardNumbers(text)).toBe(text);
    }
  });

  test.each<[sentence: string, text: string]>([
    ['begins in a transaction ID', 'abcdefabcdefabcdefabcdefabcd4111 1111 1111 1111'],
    ['ends in a transaction ID', '4111 1111 1111 1111abcdefabcdefabcdefabcdefabcd'],
  ])('a number that %s', (_sentence, text) => {
    expect(maskCardNumbers(text)).toBe(text);
  });

  test.each<[sentence: string, text: string]>([
    ['a letter more', `abcdef${visa}abcdefabcde`],
    ['a letter more before it', `xabcdef${visa}abcdefabcd`],
    ['a letter less', `abcdef${visa}abcdefabc`],
    ['a letter that is no hexadecimal digit', `abcdef${visa}abcdefabcg`],
    ['one that is none before it', `gbcdef${visa}abcdefabcd`],
  ])('but with %s it is no transaction ID', (_sentence, text) => {
    expect(maskCardNumbers(text)).toBe(text.replace(visa, starred(visa)));
  });
});

test.each([
  ['card numbers', `${visa}a`, 4_000],
  ['one digit', '1', 40_000],
  ['groups of four', '1234 ', 10_000],
  ['encoded digits', '%31', 40_000],
])('a text takes no longer than its length: %s', async (_name, part, count) => {
  expect(await growthOf((count) => part.repeat(count), maskCardNumbers, count)).toBeLessThan(mostGrowth);
});
