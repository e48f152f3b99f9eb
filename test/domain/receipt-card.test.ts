import { describe, expect, test } from 'vitest';
import { readReceipt } from '../../src/domain/receipt.ts';

describe('the card', () => {
  test.each<[month: string, year: string, expiration: string | null]>([
    ['6', '2017', '2017-06'],
    ['06', '2017', '2017-06'],
    ['1', '2026', '2026-01'],
    ['9', '2026', '2026-09'],
    ['10', '2021', '2021-10'],
    ['12', '2021', '2021-12'],
    ['0', '2021', null],
    ['00', '2021', null],
    ['13', '2021', null],
    ['20', '2021', null],
    ['012', '2021', null],
    ['112', '2021', null],
    ['6', '17', null],
    ['6', '20177', null],
    ['6', 'x2017', null],
    ['', '2017', null],
    ['6', '', null],
    ['six', '2017', null],
  ])('that expires in month "%s" of year "%s" reads %s', (month, year, expiration) => {
    const text = `transactionStatus=C&cardExpirationMonth=${month}&cardExpirationYear=${year}`;
    expect(readReceipt(text).card.expiration).toBe(expiration);
  });

  test.each<[bin: string, lastFour: string, masked: string | null]>([
    ['411111', '1111', '411111******1111'],
    ['000000', '0000', '000000******0000'],
    ['', '1111', null],
    ['411111', '', null],
    ['41111', '1111', null],
    ['4111111', '1111', null],
    ['411111', '111', null],
    ['411111', '11111', null],
    ['41111x', '1111', null],
    ['411111', '*111', null],
  ])('with the first digits "%s" and the last "%s" is shown as %s', (bin, lastFour, masked) => {
    const text = `transactionStatus=C&cardBINNumber=${bin}&lastFourDigits=${lastFour}`;
    expect(readReceipt(text).card).toMatchObject({ bin: bin || null, lastFour: lastFour || null, masked });
  });

  test.each<[value: string, reading: boolean | null]>([
    ['true', true],
    ['TRUE', true],
    ['false', false],
    ['FALSE', false],
    ['', null],
    ['1', null],
    ['no', null],
    ['true.', null],
    ['untrue', null],
  ])('was read by chip and PIN: "%s" reads %s', (value, reading) => {
    expect(readReceipt(`transactionStatus=C&isEMVTransaction=${value}`).emv).toEqual({
      isEmvTransaction: reading,
      verifiedByPin: null,
    });
    expect(readReceipt(`transactionStatus=C&IsEMVVerifiedByPIN=${value}`).emv).toEqual({
      isEmvTransaction: null,
      verifiedByPin: reading,
    });
  });
});
