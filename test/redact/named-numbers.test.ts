import { describe, expect, test } from 'vitest';
import { maskByName, maskNamedInText, namesNumber } from '../../src/redact/named-numbers.ts';

describe('the name says that the value is a number of an account, a check or a person', () => {
  const names = [
    ...['accountNumber', 'AccountNumber', 'ACCOUNT_NUMBER', 'account-number', 'accountnumber', 'bankAccountNumber'],
    ...['maskedAccountNumber', 'AccountNumberSha', 'acctNum', 'AcctNo', 'acct_nbr', 'bankNumber'],
    ...['routingNumber', 'RoutingNumber', 'RoutingNo', 'routing', 'abaNumber', 'ABA', 'transitNumber'],
    ...['checkNumber', 'CheckNo', 'check_num', 'chequeNumber'],
    ...['DriversLicense', 'driversLicenseNumber', 'driverLicenceNo', 'CustomerDLLNumber', 'dlNumber', 'license'],
    ...['ssn', 'SSN', 'patientSSN', 'PatientSsn', 'ssnNumber', 'SSNLast4', 'socialSecurityNumber', 'MICRData', 'iban'],
  ];

  test('in each of its spellings', () => {
    expect(names.filter((name) => !namesNumber(name))).toEqual([]);
    expect(names.filter((name) => maskByName(name, '123456789') !== '*****6789')).toEqual([]);
  });

  const others = [
    ...['authorizationNumber', 'accountHolderName', 'AccountHolderEmail', 'accountType', 'CheckingAccountType'],
    ...['CheckHolderFirstName', 'checkState', 'HasCheckImage', 'transactionNumber', 'referenceNumber', 'cardBINNumber'],
    ...['LineItemNumber', 'NumberOfPayments', 'businessNumber', 'businessName', 'classNumber', 'sessionNumber'],
    ...['lastFourDigits', 'AccountHolderPhoneNumber', 'discount', 'InstaMedAccountID', 'transactionID', 'phoneNumber'],
    ...['accountNotes', 'checkNote', 'driversLicenseState', 'SaveBankAccountOnFile', ''],
  ];

  test('but no name that only holds some of the words', () => {
    expect(others.filter((name) => maskByName(name, '123456789') !== '123456789')).toEqual([]);
  });

  test('and a name of more than 100 characters says nothing', () => {
    expect(namesNumber(`${'x'.repeat(100 - 'accountnumber'.length)}accountNumber`)).toBe(true);
    expect(namesNumber(`${'x'.repeat(101 - 'accountnumber'.length)}accountNumber`)).toBe(false);
  });

  test('or its value is one, where the name is that of the thing alone', () => {
    expect(maskByName('account', '123456789')).toBe('*****6789');
    expect(maskByName('bankAccount', '12 345-678')).toBe('****5678');
    expect(maskByName('account', 'SMITH FAMILY')).toBe('SMITH FAMILY');
    expect(maskByName('check', 'passed')).toBe('passed');
  });
});

test.each([
  ['123-45-6789', '*****6789'],
  ['9876', '9876'],
  ['', ''],
  ['******6789', '******6789'],
  [`${'1'.repeat(100)}2345`, `${'*'.repeat(30)}2345`],
])('of %s no more is shown than %s', (value, shown) => {
  expect(maskByName('ssn', value)).toBe(shown);
});

test.each([
  ['No: accountNumber=123456789 is closed', 'No: accountNumber=*****6789 is closed'],
  ['{"routingNumber": "011000015"}', '{"routingNumber": "*****0015"}'],
  ['<CheckNumber>000101</CheckNumber>', '<CheckNumber>**0101</CheckNumber>'],
  ['authorizationNumber=123456789', 'authorizationNumber=123456789'],
  ['amount=10.00&checkNumber=12', 'amount=10.00&checkNumber=12'],
])('in a text that quotes such a pair: %s', (text, shown) => {
  expect(maskNamedInText(text)).toBe(shown);
});
