import { describe, expect, test } from 'vitest';
import { InstaMedError } from '../../src/domain/errors.ts';
import { moneyOf } from '../../src/domain/money.ts';
import { outcomeOfReceipt } from '../../src/domain/outcome.ts';
import { type Receipt, readReceipt } from '../../src/domain/receipt.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';

/** The published sample of ViewReceipt: the message says approved in part, the status says declined. */
const published =
  'IsEMVVerifiedByPIN=false&isEMVTransaction=false&EMVCardEntryMode=Swiped&cardBrand=VISA&cardExpirationMonth=6&cardExpirationYear=2017&cardBINNumber=411111&cardHolderName= &lastFourDigits=1111&authorizationNumber=A3807B&responseCode=010&responseMessage=Partially Approved $1.00&transactionStatus=D&primaryTransactionID=0ca7530a86084b468fff132ab7f04491&authorizationText=I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.&transactionID=0ca7530a86084b468fff132ab7f04491&transactionDate=2016-01-15T20:37:21.5238539Z';

describe('the published receipt', () => {
  const { fields, ...reading } = readReceipt(published);

  test('is declined, whatever its message says', () => {
    expect(reading).toEqual({
      result: 'declined',
      approved: false,
      partial: true,
      doubt: null,
      transactionStatus: 'D',
      transactionStatusMeaning: 'declined',
      transactionId: '0ca7530a86084b468fff132ab7f04491',
      primaryTransactionId: '0ca7530a86084b468fff132ab7f04491',
      primaryTransactionStatus: null,
      transactionDate: '2016-01-15T20:37:21.5238539Z',
      card: {
        brand: 'VISA',
        type: null,
        bin: '411111',
        lastFour: '1111',
        masked: '411111******1111',
        expiration: '2017-06',
        holderName: null,
        entryMode: 'Swiped',
      },
      authorizationNumber: 'A3807B',
      responseCode: '010',
      responseMessage: 'Partially Approved $1.00',
      partialApprovalAmount: null,
      amount: null,
      authorizationText: 'I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.',
      paymentPlanId: null,
      saveOnFileTransactionId: null,
      emv: { isEmvTransaction: false, verifiedByPin: false },
    });
  });

  test('keeps its 17 pairs in order and untouched', () => {
    expect(fields.map(({ name, value }) => `${name}=${value}`).join('&')).toBe(published);
    expect(fields).toHaveLength(17);
    expect(fields.some((field) => 'decoded' in field)).toBe(false);
  });
});

/** Invented, with another value in every field, so that a mix-up shows; names in a case that nobody has sent. */
const everything =
  'ISEMVVERIFIEDBYPIN=TRUE&isemvtransaction=true&emvcardentrymode=Keyed&cardbrand=MC&cardexpirationmonth=012&CARDEXPIRATIONMONTH=x&cardexpirationyear=0031&cardbinnumber=001100&cardholdername= JOE  MONTANA &paymentcardtype=Credit&lastfourdigits=0007&authorizationnumber=000A&responsecode=000&responsemessage= APPROVAL &transactionstatus= s &primarytransactionid=00AB&primarytransactionstatus= c &authorizationtext=TEXT&transactionid=0001&paymentplanid=0002&saveonfiletransactionid=0003&transactiondate=2018-09-26T19:05:40.1666070Z&partialapprovalamount= 0.00 &amount=1,000.00';

test('every field is found by its name in any case, trimmed, with its zeros', () => {
  const { fields, ...reading } = readReceipt(everything);
  expect(reading).toEqual({
    result: 'approved',
    approved: false,
    partial: false,
    doubt: 'another-transaction',
    transactionStatus: 's',
    transactionStatusMeaning: 'settled',
    transactionId: '0001',
    primaryTransactionId: '00AB',
    primaryTransactionStatus: 'c',
    transactionDate: '2018-09-26T19:05:40.1666070Z',
    card: {
      brand: 'MC',
      type: 'Credit',
      bin: '001100',
      lastFour: '0007',
      masked: '001100******0007',
      expiration: null,
      holderName: 'JOE  MONTANA',
      entryMode: 'Keyed',
    },
    authorizationNumber: '000A',
    responseCode: '000',
    responseMessage: 'APPROVAL',
    partialApprovalAmount: '0.00',
    amount: '1,000.00',
    authorizationText: 'TEXT',
    paymentPlanId: '0002',
    saveOnFileTransactionId: '0003',
    emv: { isEmvTransaction: true, verifiedByPin: true },
  });
  expect(fields).toContainEqual({ name: 'cardholdername', value: ' JOE  MONTANA ' });
  expect(fields).toHaveLength(24);
});

test('a field is decoded beside its untouched text where the reply is form-encoded, and only where that changes it', () => {
  const { fields, card, responseMessage } = readReceipt(
    'transaction%53tatus=C&cardHolderName=+JOE+M%2E+&responseMessage=OK&a%20b=%2B',
  );
  expect(fields).toEqual([
    { name: 'transaction%53tatus', value: 'C' },
    { name: 'cardHolderName', value: '+JOE+M%2E+', decoded: ' JOE M. ' },
    { name: 'responseMessage', value: 'OK' },
    { name: 'a%20b', value: '%2B', decoded: '+' },
  ]);
  expect(card.holderName).toBe('JOE M.');
  expect(responseMessage).toBe('OK');
});

test('doubled and unknown names stay, in order; of a doubled name that decides nothing the first is read', () => {
  const { fields, card } = readReceipt('z=1&transactionStatus=C&cardBrand=VISA&a= &cardBrand=MC&z=1');
  expect(fields.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'z=1',
    'transactionStatus=C',
    'cardBrand=VISA',
    'a= ',
    'cardBrand=MC',
    'z=1',
  ]);
  expect(card.brand).toBe('VISA');
});

describe('transactionStatus alone decides', () => {
  test.each<[sentence: string, text: string, result: string, approved: boolean]>([
    [
      'C is approved, whatever the code says',
      'transactionStatus=C&responseCode=005&responseMessage=DECLINE',
      'approved',
      true,
    ],
    ['S is approved', 'transactionStatus=S', 'approved', true],
    ['A is authorized, which is no payment yet', 'transactionStatus=A&responseCode=000', 'authorized', false],
    ['O is a stored card, which is no payment', 'transactionStatus=O&responseCode=000', 'card-stored', false],
    [
      'D is declined, whatever the code says',
      'transactionStatus=D&responseCode=000&responseMessage=APPROVAL',
      'declined',
      false,
    ],
    ['an unknown code is unknown', 'transactionStatus=Q&responseCode=000&responseMessage=APPROVAL', 'unknown', false],
    ['the word instead of the code is unknown', 'transactionStatus=Approved&responseCode=000', 'unknown', false],
    ['an empty one is unknown', 'transactionStatus=&responseCode=000', 'unknown', false],
    ['a missing one is unknown', 'responseCode=000&responseMessage=APPROVAL', 'unknown', false],
    ['one with a page behind it is unknown', 'transactionStatus=C\r\n<html></html>', 'unknown', false],
  ])('%s', (_sentence, text, result, approved) => {
    expect(readReceipt(text)).toMatchObject({ result, approved });
  });
});

describe('primaryTransactionStatus speaks for the payment itself', () => {
  test.each<[sentence: string, own: string, primary: string, result: string]>([
    ['a good void leaves a voided payment (published)', 'C', 'V', 'voided'],
    ['a payment that stands is approved', 'C', 'C', 'approved'],
    ['a payment that was settled is approved', 'C', 'S', 'approved'],
    ['a payment that was charged back is charged back', 'S', 'CB', 'charged-back'],
    ['approved beside declined is a contradiction', 'C', 'D', 'unknown'],
    ['settled beside cancelled is a contradiction', 'S', 'X', 'unknown'],
    ['authorized beside declined is a contradiction', 'A', 'D', 'unknown'],
    ['a stored card beside declined is a contradiction', 'O', 'D', 'unknown'],
    ['captured beside authorized only is a contradiction', 'C', 'A', 'unknown'],
    ['a payment of which nobody knows is unknown', 'C', 'ZZ', 'unknown'],
    ['a payment whose void was declined is not known to be declined', 'D', 'C', 'unknown'],
    ['a cancelled one that is settled contradicts itself', 'X', 'S', 'unknown'],
    ['a declined one that is voided is voided', 'D', 'V', 'voided'],
    ['authorized only beside captured is a contradiction', 'A', 'C', 'unknown'],
    ['declined and cancelled agree', 'X', 'D', 'declined'],
    ['a settlement error of the payment itself counts', 'C', 'SE', 'settlement-error'],
    ['a voided one that is approved contradicts itself', 'V', 'C', 'unknown'],
    ['an authorized one that was voided is voided', 'A', 'V', 'voided'],
    ['a stored card beside a payment is a contradiction', 'O', 'C', 'unknown'],
    ['an unknown one stays unknown', 'Q', 'V', 'unknown'],
    ['an empty one says nothing', 'C', '', 'approved'],
    ['one of blanks says nothing', 'D', '  ', 'declined'],
  ])('%s', (_sentence, own, primary, result) => {
    const receipt = readReceipt(`transactionStatus=${own}&primaryTransactionStatus=${primary}&responseMessage=A B`);
    expect(receipt.doubt === null).toBe(result !== 'unknown');
    expect(receipt).toMatchObject({ result, approved: result === 'approved', transactionStatus: own });
  });

  // The service writes values raw: a payer whose name holds "&primaryTransactionStatus=C" must not make a decline good.
  test.each(['', 'D', 'X', 'V', 'CB', 'RI', 'SE', 'Q', 'A', 'O'])(
    'it takes a success away and never gives one: transactionStatus "%s" is not approved by it',
    (own) => {
      for (const primary of ['C', 'S']) {
        const text = `cardHolderName=ANN LEE&primaryTransactionStatus=${primary}&transactionStatus=${own}&transactionID=1`;
        expect(readReceipt(text)).toMatchObject({ approved: false, result: expect.not.stringMatching('approved') });
      }
    },
  );

  test.each(['', 'D', 'X', 'V', 'CB', 'RI', 'SE', 'Q'])(
    'a payment with transactionStatus "%s" is never a good ending, whatever the other status says',
    (own) => {
      for (const primary of ['C', 'S', 'A', 'O']) {
        const receipt = readReceipt(`transactionStatus=${own}&primaryTransactionStatus=${primary}&transactionID=1`);
        expect(['not-approved', 'unclear']).toContain(outcomeOfReceipt(receipt, true));
        expect(['taken', 'part-taken', 'reserved', 'none']).not.toContain(moneyOf(receipt));
      }
    },
  );
});

describe('a part of the amount', () => {
  test.each<[sentence: string, fields: string, partial: boolean]>([
    ['response code 010 is one', 'responseCode=010', true],
    ['response code 010 between blanks is one', 'responseCode= 010 ', true],
    ['response code 10 is one', 'responseCode=10', true],
    ['response code 000 is none', 'responseCode=000', false],
    ['response code 100 is none', 'responseCode=100', false],
    ['response code 0101 is none', 'responseCode=0101', false],
    ['response code 0N10 is none', 'responseCode=0N10', false],
    ['no code and no amount are none', 'responseMessage=Partially Approved', false],
    ['a positive amount is one', 'responseCode=000&partialApprovalAmount=1.00', true],
    ['the smallest amount is one', 'partialApprovalAmount=0.01', true],
    ['a padded amount is one', 'partialApprovalAmount=  99.00 ', true],
    ['an amount with a currency sign is one', 'partialApprovalAmount=$10', true],
    ['an amount with a thousands comma is one', 'partialApprovalAmount=1,000.00', true],
    ['an amount of nines is one', 'partialApprovalAmount=9', true],
    ['an amount of zero is none', 'partialApprovalAmount=0.00', false],
    ['an empty amount is none', 'partialApprovalAmount=', false],
    ['an amount below zero is none', 'partialApprovalAmount=-1.00', false],
    ['an amount below zero with a currency sign is none', 'partialApprovalAmount=$-1.00', false],
    ['a hyphen behind the amount is no sign', 'partialApprovalAmount=1.00 -', true],
    ['an amount in words is none', 'partialApprovalAmount=none', false],
  ])('%s', (_sentence, fields, partial) => {
    expect(readReceipt(`transactionStatus=C&${fields}`).partial).toBe(partial);
    expect(readReceipt(`transactionStatus=D&${fields}`).partial).toBe(partial);
  });
});

test('whatever comes is a receipt or an expected error, and approved only where the status alone says so', () => {
  const names = [
    'transactionStatus',
    'TRANSACTIONSTATUS',
    'primaryTransactionStatus',
    'responseCode',
    'errorCode',
    'transactionID',
    ' x',
    '',
  ];
  const values = ['C', 'S', 'D', 'c', '', '0', '000', '010', '401', 'a&b', '%43', ' C ', '<b>', '\uD800'];
  // A linear congruential generator: the same replies in every run.
  let seed = 7;
  const pick = <T>(list: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return list[Math.floor((seed / 2 ** 31) * list.length)] as T;
  };
  const texts = Array.from({ length: 3_000 }, (_, i) =>
    Array.from({ length: 1 + (i % 4) }, () => `${pick(names)}=${pick(values)}`).join('&'),
  );
  const read = texts.map(receiptOrError);
  const receipts = read.flatMap((one) => (one instanceof InstaMedError ? [] : [one]));
  expect(receipts.length).toBeGreaterThan(500);
  expect(read.length - receipts.length).toBeGreaterThan(500);
  const approved = receipts.filter((receipt) => receipt.approved);
  expect(approved.length).toBeGreaterThan(50);
  expect(approved.filter(({ transactionStatus }) => !/^[CSc]$/.test(transactionStatus ?? ''))).toEqual([]);
});

function receiptOrError(text: string): Receipt | InstaMedError {
  try {
    return readReceipt(text);
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
}

test.each([
  ['blanks', ' '],
  ['line ends', '\n'],
])('a reply full of %s inside a value takes no longer than its length', async (_name, character) => {
  const make = (count: number) => `transactionStatus=C&x=1${character.repeat(count)}2`;
  expect(await growthOf(make, readReceipt, 40_000)).toBeLessThan(mostGrowth);
});
