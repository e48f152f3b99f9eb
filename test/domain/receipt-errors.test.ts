import { describe, expect, test } from 'vitest';
import type { InstaMedError } from '../../src/domain/errors.ts';
import { readReceipt } from '../../src/domain/receipt.ts';
import { thrownBy } from '../support/thrown.ts';

const errorOf = (text: string): InstaMedError => thrownBy(() => readReceipt(text));
const plain = { connecting: false, retryAfterMs: null };

describe('two values for a name that decides', () => {
  test.each([
    'transactionStatus',
    'responseCode',
    'errorCode',
    'transactionID',
    'primaryTransactionStatus',
    'partialApprovalAmount',
  ])('make the receipt ambiguous, and both are shown: %s', (name) => {
    expect(errorOf(`transactionStatus=C&${name}=0&note=a b&${name}=D`)).toMatchObject({
      ...plain,
      category: 'service',
      code: 'AMBIGUOUS_RECEIPT',
      retryable: false,
      reference: null,
      message: expect.stringContaining(name === 'transactionStatus' ? '"C" and "0" and "D"' : '"0" and "D"'),
      hint: 'Ask InstaMed what became of this payment; do not rely on either value.',
    });
  });

  test('are told in one sentence', () => {
    expect(errorOf('transactionStatus=D&transactionStatus=C').message).toBe(
      'The receipt is ambiguous: transactionStatus comes more than once with different values, "D" and "C".',
    );
  });

  test.each<[sentence: string, second: string]>([
    ['in another case', 'TRANSACTIONstatus=C'],
    ['with a blank before it', ' transactionStatus=C'],
    ['with blanks and line ends around it', '\r\n\ttransactionStatus =C'],
    ['empty', 'transactionStatus='],
  ])('count also where the second name comes %s', (_sentence, second) => {
    expect(errorOf(`transactionStatus=D&note=a b&${second}`).code).toBe('AMBIGUOUS_RECEIPT');
  });

  test.each<[sentence: string, second: string]>([
    ['with a letter percent-encoded', 'transaction%53tatus=C'],
    ['percent-encoded to the last letter', '%74%72ansactionStatu%73=C'],
    ['with an encoded blank before it', '%20transactionStatus=C'],
    ['with a plus sign behind it', 'transactionStatus+=C'],
  ])('count also where the reply is form-encoded and the second name comes %s', (_sentence, second) => {
    expect(errorOf(`transactionStatus=D&note=a+b&${second}`).code).toBe('AMBIGUOUS_RECEIPT');
  });

  test.each<[sentence: string, text: string]>([
    ['the same value twice is one value', 'transactionStatus=C&transactionStatus=C'],
    [
      'the case of the value does not matter',
      'transactionStatus=C&transactionStatus=c&transactionID=AB&transactionID=ab',
    ],
    ['blanks around the value do not matter', 'transactionStatus=C&transactionStatus= C '],
    ['two spellings of one value are one value', 'transactionStatus=C&transactionStatus=%43'],
    ['other names may come twice', 'transactionStatus=C&responseMessage=a&responseMessage=b'],
  ])('are needed: %s', (_sentence, text) => {
    expect(readReceipt(text).approved).toBe(true);
  });

  test('win over an error code, so that a reply that contradicts itself is not asked for again', () => {
    expect(errorOf('errorCode=401&transactionStatus=C&transactionStatus=D').code).toBe('AMBIGUOUS_RECEIPT');
  });

  test('are shown whole, each once, and five at most', () => {
    const long = 'x'.repeat(50);
    const text = [long, '1', '2', '2', '3', '4', '5', '6'].map((value) => `transactionID=${value}`).join('&');
    const { message } = errorOf(`transactionStatus=C&${text}`);
    expect(message).toContain(`, "${long}" and "1" and "2" and "3" and "4".`);
  });
});

describe('an error code', () => {
  test('makes it an error, with the reference number that support asks for (published form)', () => {
    expect(
      errorOf('errorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ'),
    ).toMatchObject({
      ...plain,
      category: 'service',
      code: 'NVP_400',
      message:
        'The receipt service answered with an error (errorCode 400: An unexpected error occurred with Reference Number 02198MGNBZ).',
      hint: "Give InstaMed's support the reference number 02198MGNBZ.",
      retryable: true,
      reference: '02198MGNBZ',
    });
  });

  test('without a message is an error as well', () => {
    expect(errorOf('transactionStatus=C&responseCode=000&errorCode=E-1.x_2')).toMatchObject({
      ...plain,
      category: 'service',
      code: 'NVP_E-1.x_2',
      message: 'The receipt service answered with an error (errorCode E-1.x_2).',
      hint: null,
      retryable: true,
      reference: null,
    });
  });

  test('of refused credentials is a refusal, which is never repeated (recorded form)', () => {
    expect(errorOf('errorCode=401&errorMessage=Invalid AccountID or Password.')).toMatchObject({
      ...plain,
      category: 'credentials-rejected',
      code: 'NVP_401',
      message: 'The receipt service rejected the credentials (errorCode 401: Invalid AccountID or Password.).',
      hint: 'Check the NVP user and the NVP password; some accounts want the user without its @ part (--nvp-user).',
      retryable: false,
      reference: null,
    });
  });

  test.each<[sentence: string, text: string, code: string, category: string]>([
    ['401 is a refusal by itself', 'errorCode=401', 'NVP_401', 'credentials-rejected'],
    ['403 is a refusal by itself', 'errorCode=403', 'NVP_403', 'credentials-rejected'],
    [
      '401 beside an approval is a refusal',
      'transactionStatus=C&responseCode=000&errorCode=401',
      'NVP_401',
      'credentials-rejected',
    ],
    ['402 is none', 'errorCode=402', 'NVP_402', 'service'],
    ['400 is none', 'errorCode=400', 'NVP_400', 'service'],
    ['4011 is none', 'errorCode=4011', 'NVP_4011', 'service'],
    ['1403 is none', 'errorCode=1403', 'NVP_1403', 'service'],
    [
      'any code with a text of refusal is one',
      'errorCode=17&errorMessage=Invalid password',
      'NVP_17',
      'credentials-rejected',
    ],
    ['one beside an approval is an error', 'transactionStatus=C&responseCode=000&errorCode=1', 'NVP_1', 'service'],
    ['one beside a decline is an error', 'transactionStatus=D&errorCode=1', 'NVP_1', 'service'],
    ['a name in another case counts', 'transactionStatus=C&ERRORCODE=1', 'NVP_1', 'service'],
    ['a percent-encoded name counts', 'transactionStatus=C&error%43ode=1', 'NVP_1', 'service'],
    ['zeros and more are an error', 'transactionStatus=C&errorCode=0001', 'NVP_0001', 'service'],
    ['a zero and a sign are an error', 'transactionStatus=C&errorCode=-0', 'NVP_-0', 'service'],
    ['a zero with a blank inside is an error', 'transactionStatus=C&errorCode=0 0', 'NVP_ERROR', 'service'],
    ['what is no label does not become one', 'errorCode=<b>', 'NVP_ERROR', 'service'],
    ['twenty characters are a label', `errorCode=${'7'.repeat(20)}`, `NVP_${'7'.repeat(20)}`, 'service'],
    ['twenty-one are none', `errorCode=${'7'.repeat(21)}`, 'NVP_ERROR', 'service'],
  ])('%s', (_sentence, text, code, category) => {
    expect(errorOf(text)).toMatchObject({ code, category, retryable: category === 'service' });
  });

  test.each(['', '0', '00', '000', ' 0 ', '  '])('of "%s" is none', (code) => {
    const text = `transactionStatus=C&errorCode=${code}&errorMessage=Invalid AccountID or Password.`;
    expect(readReceipt(text)).toMatchObject({ result: 'approved', approved: true });
  });

  // Cut here, a secret that the service echoes would no longer be found and masked.
  test('and its message are quoted whole', () => {
    const { message } = errorOf(`errorCode=${'7'.repeat(100)}&errorMessage=${'y'.repeat(1_000)}`);
    expect(message).toContain(`(errorCode ${'7'.repeat(100)}: ${'y'.repeat(1_000)}).`);
  });

  test('is told with the first message that is not empty', () => {
    expect(errorOf('errorCode=1&errorMessage=&errorMessage=Said here&errorMessage=And there').message).toContain(
      '(errorCode 1: Said here)',
    );
  });
});

describe('a reply with nothing of a receipt in it', () => {
  test.each(['transactionStatus', 'responseCode', 'transactionID', 'primaryTransactionID'])(
    'is one that lacks even %s: with it alone it is a receipt of unknown result',
    (name) => {
      expect(readReceipt(`${name}=1`)).toMatchObject({ result: 'unknown', approved: false });
      expect(readReceipt(`x=1&${name.toUpperCase()}=1`)).toMatchObject({ result: 'unknown' });
    },
  );

  test('is no receipt, and may be one in a minute', () => {
    expect(errorOf('cardBrand=VISA&lastFourDigits=1111')).toMatchObject({
      ...plain,
      category: 'service',
      code: 'NOT_A_RECEIPT',
      message: 'The receipt service answered with name=value pairs, but none of them belongs to a receipt.',
      hint: 'Read the receipt again in a minute.',
      retryable: true,
      reference: null,
    });
  });

  test('is told by its error message, where it has one', () => {
    expect(errorOf('errorMessage=Something broke, Reference Number 02198MGNBZ')).toMatchObject({
      category: 'service',
      code: 'NVP_ERROR',
      message: 'The receipt service answered with an error: Something broke, Reference Number 02198MGNBZ',
      hint: 'Read the receipt again in a minute.',
      retryable: true,
      reference: '02198MGNBZ',
    });
    expect(errorOf(`errorMessage=${'y'.repeat(1_000)}`).message).toMatch(/: y{1000}$/);
  });

  // Asked for again, a wrong password could lock the account.
  test.each(['', 'errorCode=0&', 'errorCode=&'])(
    'is a refusal where its message speaks of credentials ("%s" before it)',
    (code) => {
      expect(errorOf(`${code}errorMessage=Invalid AccountID or Password.`)).toMatchObject({
        category: 'credentials-rejected',
        code: 'NVP_ERROR',
        retryable: false,
      });
    },
  );
});

describe('what is not name=value text', () => {
  test.each<[sentence: string, text: string]>([
    ['a web page', '<!DOCTYPE html><a href="?transactionStatus=C&responseCode=000">x</a>'],
    ['a web page without an =', '<html><body>Down for maintenance</body></html>'],
    ['JSON', '{"transactionStatus":"C","a":"b=c&transactionStatus=C"}'],
    ['XML', '<r transactionStatus="C" b="&transactionStatus=C"/>'],
    ['a word', 'APPROVED'],
    ['a sentence with an = in it', 'The status is = C&transactionStatus=C'],
    ['a word before the pairs', 'atus&transactionStatus=C'],
    ['a first name that begins with a digit', '1a=b&transactionStatus=C'],
    ['a first name without a letter', '=x&transactionStatus=C'],
    ['a first name with a colon', 'Status:x=1&transactionStatus=C'],
    ['two lines before the first =', 'HTTP\nstatus=1&transactionStatus=C'],
  ])('is refused: %s', (_sentence, text) => {
    expect(errorOf(text)).toMatchObject({
      ...plain,
      category: 'service',
      code: 'NOT_NVP',
      message: 'The receipt service answered with something that is not name=value text (a web page, perhaps).',
      hint: 'Check the receipt URL (--receipt-url).',
      retryable: true,
      reference: null,
    });
  });

  test.each(['', ' ', '\r\n', ' \t\r\n ', '&', '\uFEFF'])('is nothing: %j', (text) => {
    const isBlank = text !== '&' && text !== '\uFEFF';
    expect(errorOf(text)).toMatchObject({
      category: 'service',
      code: isBlank ? 'EMPTY_REPLY' : expect.stringMatching(/^(?:EMPTY_REPLY|NOT_NVP)$/),
      retryable: true,
    });
  });

  test('that is empty says so', () => {
    expect(errorOf('')).toMatchObject({ message: 'The receipt service answered with nothing.', hint: null });
  });

  test.each(['x', 'x1', 'a.b', 'a-b', 'a_b', ' x ', '%78'])('does not begin with a name such as "%s"', (name) => {
    expect(readReceipt(`${name}=1&transactionStatus=C`).approved).toBe(true);
  });
});

describe('more pairs than any receipt has', () => {
  const pairs = (count: number) => `transactionStatus=C${'&a=1'.repeat(count - 1)}`;

  test('are no receipt', () => {
    expect(errorOf(pairs(10_001))).toMatchObject({
      ...plain,
      category: 'service',
      code: 'NOT_NVP',
      retryable: true,
      reference: null,
      message: 'The receipt service answered with more than 10000 name=value pairs, which no receipt has.',
      hint: 'Check the receipt URL (--receipt-url).',
    });
  });

  test('begin after ten thousand', () => {
    expect(readReceipt(pairs(10_000))).toMatchObject({ result: 'approved', fields: { length: 10_000 } });
  });
});
