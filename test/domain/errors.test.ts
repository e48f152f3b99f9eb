import { describe, expect, test } from 'vitest';
import {
  credentialsRejectedError,
  InstaMedError,
  referenceNumber,
  serviceError,
  unreachableError,
  usageError,
} from '../../src/domain/errors.ts';

const nothing = { hint: null, retryable: false, connecting: false, reference: null, retryAfterMs: null };
const everything = { hint: 'Do this.', retryable: true, connecting: true, reference: 'R-1', retryAfterMs: 7_000 };

describe('an InstaMedError', () => {
  test('is an Error with a name of its own, a label, a category and one sentence', () => {
    const error = new InstaMedError('service', 'HTTP_503', 'It is busy.');
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('InstaMedError: It is busy.');
    expect(error).toMatchObject({ name: 'InstaMedError', code: 'HTTP_503', category: 'service', ...nothing });
  });

  test('keeps every detail that it is given', () => {
    expect(new InstaMedError('unreachable', 'ECONNRESET', 'Lost.', everything)).toMatchObject(everything);
  });

  test('keeps a wait of no time apart from none', () => {
    expect(new InstaMedError('service', 'HTTP_429', 'Slow down.', { retryAfterMs: 0 }).retryAfterMs).toBe(0);
  });

  test('keeps no cause: such objects hold bytes of the reply and headers', () => {
    expect(new InstaMedError('service', 'X', 'X.', everything)).not.toHaveProperty('cause');
  });
});

describe('the constructors', () => {
  test('usageError is never worth repeating and has a label of its own unless told otherwise', () => {
    expect(usageError('Bad.')).toMatchObject({ ...nothing, category: 'usage', code: 'USAGE', message: 'Bad.' });
    expect(usageError('Bad.', 'Mend it.', 'BAD_FLAG')).toMatchObject({ code: 'BAD_FLAG', hint: 'Mend it.' });
  });

  test('credentialsRejectedError is never retryable, whatever it is told: repeating a wrong password could lock the account', () => {
    expect(credentialsRejectedError('HTTP_401', 'No.')).toMatchObject({
      ...nothing,
      category: 'credentials-rejected',
      code: 'HTTP_401',
      message: 'No.',
    });
    expect(credentialsRejectedError('HTTP_401', 'No.', everything)).toMatchObject({ ...everything, retryable: false });
  });

  test.each([
    ['serviceError', serviceError, 'service'],
    ['unreachableError', unreachableError, 'unreachable'],
  ] as const)('%s carries what it is given', (_name, construct, category) => {
    expect(construct('CODE', 'Said.')).toMatchObject({ ...nothing, category, code: 'CODE', message: 'Said.' });
    expect(construct('CODE', 'Said.', everything)).toMatchObject({ category, ...everything });
  });
});

describe("the service's own reference number", () => {
  test.each<[sentence: string, text: string, reference: string | null]>([
    [
      'stands at the end of the published error text',
      'An unexpected error occurred with Reference Number 02198MGNBZ',
      '02198MGNBZ',
    ],
    ['keeps its zeros, letters and hyphens', 'reference number 000-ab-12', '000-ab-12'],
    ['ends before a full stop', 'See Reference Number 02198MGNBZ.', '02198MGNBZ'],
    ['may follow a colon', 'REFERENCE NUMBER: 02198MGNBZ', '02198MGNBZ'],
    ['may follow a number sign', 'Reference Number #02198', '02198'],
    ['may follow "Reference No."', 'Reference No. 02198', '02198'],
    ['may follow "Reference No"', 'Reference No 02198', '02198'],
    ['may follow "Reference #"', 'Reference #02198', '02198'],
    ['has four characters at least', 'Reference Number 0219', '0219'],
    ['has more than three characters', 'Reference Number 021', null],
    ['is the first of two', 'Reference Number 11111, Reference Number 22222', '11111'],
    ['may be as long as a GUID', `Reference Number ${'a1b2'.repeat(9)}`, 'a1b2'.repeat(9)],
    ['is cut at forty characters', `Reference Number ${'1'.repeat(41)}`, '1'.repeat(40)],
    ['is not in a text without one', 'An unexpected error occurred.', null],
    ['is not in an empty text', '', null],
    ['does not follow another word that ends alike', 'preference number 02198', null],
    ['does not follow the word alone', 'reference 02198', null],
    ['is not cut out of a word that begins with no', 'The reference notation cannot be read.', null],
    ['is not cut out of a word that begins with number', 'The reference numberings are off.', null],
  ])('%s', (_sentence, text, reference) => {
    expect(referenceNumber(text)).toBe(reference);
  });
});
