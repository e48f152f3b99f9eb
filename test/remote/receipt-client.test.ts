import { describe, expect, test } from 'vitest';
import { unreachableError } from '../../src/domain/errors.ts';
import { Secret } from '../../src/redact/secret.ts';
import type { HttpReply } from '../../src/remote/http.ts';
import { type ReceiptSettings, viewReceipt } from '../../src/remote/receipt-client.ts';
import { account, limits, readReceiptFrom, token, troubleOf } from '../support/account.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';
import { nvpReply, ScriptedTransport, textReply } from '../support/scripted-transport.ts';

async function requestWith(settings: Partial<ReceiptSettings>, itsToken = token) {
  const transport = new ScriptedTransport([{ label: 'receipt', answer: nvpReply('transactionStatus=C') }]);
  await viewReceipt(transport, { ...account, ...settings }, itsToken, limits);
  const [request, ...others] = transport.requests;
  if (!request || others.length > 0) throw new Error('Not one request was made.');
  return request;
}

describe('the request', () => {
  test('is the published one, with its names, order and values, and no Authorization without a password', async () => {
    expect(await requestWith({})).toEqual({
      url: new URL('https://receipt.example/payment/NVP.aspx'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body:
        'merchantID=6011000551245&storeID=001&terminalID=002&transactionAction=ViewReceipt&requestToken=false' +
        '&allowPartialPayment=false&singleSignOnToken=NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz',
      purpose: 'while reading the receipt',
      timeoutMs: 12_345,
      signal: limits.signal,
      ownConnection: true,
    });
  });

  test('says what it is told to of token and partial payment', async () => {
    expect((await requestWith({ requestToken: true })).body).toContain('&requestToken=true&allowPartialPayment=false&');
    expect((await requestWith({ allowPartialPayment: true })).body).toContain(
      '&requestToken=false&allowPartialPayment=true&',
    );
  });

  test('is form-encoded, for a raw + would be read as a blank', async () => {
    const { body } = await requestWith({ merchantId: 'a&b=c', storeId: '0 1', terminalId: 'Zoë%' }, 'a+b/c==&d');
    expect(body).toMatch(/^merchantID=a%26b%3Dc&storeID=0\+1&terminalID=Zo%C3%AB%25&transactionAction=/);
    expect(body).toMatch(/&singleSignOnToken=a%2Bb%2Fc%3D%3D%26d$/);
  });

  test.each([
    ['the user and the password', 'clinic', 'secret', 'Y2xpbmljOnNlY3JldA=='],
    ['a colon in the password', 'clinic', 'a:b', 'Y2xpbmljOmE6Yg=='],
    [
      'letters of any alphabet, in UTF-8',
      'zoë@instamed.net',
      'pässwörd€',
      'em/Dq0BpbnN0YW1lZC5uZXQ6cMOkc3N3w7ZyZOKCrA==',
    ],
    ['an empty password, where that is what was set', 'clinic', '', 'Y2xpbmljOg=='],
  ])('has a Basic header of %s', async (_name, nvpUser, password, basic) => {
    const { headers } = await requestWith({ nvpUser, nvpPassword: new Secret(password) });
    expect(headers).toEqual({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${basic}`,
    });
  });

  test('keeps the password out of everything but that header', async () => {
    const request = await requestWith({ nvpPassword: new Secret('canary') });
    expect(JSON.stringify({ ...request, headers: {} })).not.toContain('canary');
    expect(JSON.stringify(request.headers)).not.toContain('canary');
  });
});

/** The generic success snippet, with an ID of ours. */
const receipt = 'responseCode=000&transactionStatus=C&transactionID=12345';
/** The published error form. */
const errorForm = 'errorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ';
/** Recorded together with HTTP 401. */
const refusal = 'errorCode=401&errorMessage=Invalid AccountID or Password.';
const page = '<html><body>We are back soon</body></html>';

describe('the body speaks first, and the HTTP status fills in', () => {
  const errorFormIs = { category: 'service', code: 'NVP_400', retryable: true, reference: '02198MGNBZ' };
  const refusalIs = { category: 'credentials-rejected', code: 'NVP_401', retryable: false };
  test.each([
    ['an error form with 200', errorForm, 200, errorFormIs],
    ['an error form with 400', errorForm, 400, errorFormIs],
    ['an error form with 500', errorForm, 500, errorFormIs],
    ['refused credentials with 401', refusal, 401, refusalIs],
    ['refused credentials with 200', refusal, 200, refusalIs],
    ['refused credentials with 500', refusal, 500, refusalIs],
    ['an error code beside an approval', `${receipt}&errorCode=5`, 200, { category: 'service', code: 'NVP_5' }],
    ['two statuses', `${receipt}&transactionStatus=D`, 200, { code: 'AMBIGUOUS_RECEIPT', retryable: false }],
    ['two statuses with 500', `${receipt}&transactionStatus=D`, 500, { code: 'HTTP_500', retryable: true }],
    ['pairs of something else', 'a=b&c=d', 200, { code: 'NOT_A_RECEIPT', retryable: true }],
    ['a page with 200', page, 200, { category: 'service', code: 'NOT_NVP', retryable: true }],
    ['a page with 400', page, 400, { category: 'service', code: 'HTTP_400', retryable: false }],
    ['a page with 404', page, 404, { category: 'service', code: 'HTTP_404', retryable: false }],
    ['a page with 500', page, 500, { category: 'service', code: 'HTTP_500', retryable: true }],
    ['a page with 401', page, 401, { category: 'credentials-rejected', code: 'HTTP_401', retryable: false }],
    ['a page with 403', page, 403, { category: 'service', code: 'HTTP_403', retryable: false }],
    ['nothing with 403', '', 403, { category: 'credentials-rejected', code: 'HTTP_403', retryable: false }],
    ['nothing with 200', '', 200, { category: 'service', code: 'EMPTY_REPLY', retryable: true }],
    ['nothing with 401', '', 401, { category: 'credentials-rejected', code: 'HTTP_401', retryable: false }],
    ['nothing with 503', '', 503, { category: 'service', code: 'HTTP_503', retryable: true }],
    ['nothing with 429', '', 429, { category: 'service', code: 'HTTP_429', retryable: true }],
  ])('%s', async (_name, body, status, expected) => {
    expect(await troubleOf(readReceiptFrom(nvpReply(body, status)))).toMatchObject(expected);
  });

  test('of a good reply is a receipt, with every field', async () => {
    const read = await readReceiptFrom(nvpReply(receipt));
    expect(read).toMatchObject({ result: 'approved', transactionId: '12345', responseCode: '000' });
    expect(read.fields.map(({ name }) => name)).toEqual(['responseCode', 'transactionStatus', 'transactionID']);
  });

  test('says what it was for, and keeps the pause that was asked for', async () => {
    const error = await troubleOf(readReceiptFrom(textReply('', { status: 503, headers: { 'retry-after': '4' } })));
    expect(error.retryAfterMs).toBe(4_000);
    expect(error.message).toContain('receipt.example returned 503');
    expect(error.message).toContain(' while reading the receipt');
  });
});

describe('a receipt that must not be believed', () => {
  test.each([204, 205, 206])('under %i, which is a part of something', async (status) => {
    const error = await troubleOf(readReceiptFrom(nvpReply(receipt, status)));
    expect(error).toMatchObject({ category: 'service', code: `HTTP_${status}`, retryable: true });
  });

  test.each([301, 302, 307, 308])('under %i, which sends us on', async (status) => {
    const reply = textReply(receipt, { status, headers: { location: '/Login.aspx' } });
    expect(await troubleOf(readReceiptFrom(reply))).toMatchObject({ category: 'service', code: 'REDIRECT' });
  });

  test.each([401, 403])('under %i, which refuses the credentials', async (status) => {
    const error = await troubleOf(readReceiptFrom(nvpReply(receipt, status)));
    expect(error).toMatchObject({ category: 'credentials-rejected', code: `HTTP_${status}`, retryable: false });
  });

  // Repeating what was refused could lock the account, whatever words come with the refusal.
  test.each([401, 403])('nor is %i with pairs of something else a reason to ask again', async (status) => {
    const error = await troubleOf(readReceiptFrom(nvpReply('error=access_denied', status)));
    expect(error).toMatchObject({ category: 'credentials-rejected', code: `HTTP_${status}`, retryable: false });
  });
});

test.each([201, 202, 203, 299, 400, 404, 409, 410, 500, 502, 503, 600, 999])(
  'a whole receipt under %i does not count, whatever it says',
  async (status) => {
    for (const code of ['C', 'D', 'V']) {
      const error = await troubleOf(readReceiptFrom(nvpReply(`transactionStatus=${code}&transactionID=1`, status)));
      expect(error).toMatchObject({ category: 'service', code: `HTTP_${status}` });
    }
  },
);

test.each([200, 201, 400, 404, 500, 503, 999])(
  'an error is told under %i, with its reference number',
  async (status) => {
    for (const body of [errorForm, errorForm.replace('errorCode=400&', '')]) {
      const error = await troubleOf(readReceiptFrom(nvpReply(body, status)));
      expect(error).toMatchObject({ category: 'service', reference: '02198MGNBZ', retryable: true });
      expect(error.message).toContain('An unexpected error occurred');
    }
  },
);

describe('a reply that ends with the connection', () => {
  const cut = (body: string): HttpReply => ({ ...nvpReply(body), isWhole: false });

  test.each([
    ['a status: CB would read as C', 'responseCode=000&transactionStatus=C'],
    ['a response code: 010 would read as 01', 'transactionStatus=C&responseCode=01'],
    ['the beginning of a name', 'transactionStatus=C&primaryTransac'],
    ['a field that decides nothing, before one that might', 'transactionStatus=C&responseMessage=APPRO'],
  ])('may have been cut where it ends in %s', async (_name, body) => {
    const error = await troubleOf(readReceiptFrom(cut(body)));
    expect(error).toMatchObject({ category: 'service', code: 'CUT_REPLY', retryable: true });
    expect(error.message).toBe('The receipt cannot be trusted: the reply does not end where it says.');
    expect(error.hint).toBe('Read the receipt again in a minute.');
  });

  test('is believed where it says where it ends', async () => {
    await expect(readReceiptFrom(nvpReply('transactionStatus=C'))).resolves.toMatchObject({ result: 'approved' });
  });

  test.each([
    ['an error', errorForm, 'NVP_400'],
    // A code that was cut may be another, and rejected credentials end a wait.
    ['rejected credentials', 'errorMessage=Invalid password&errorCode=401', 'CUT_REPLY'],
    ['two statuses', 'transactionStatus=D&transactionStatus=C', 'AMBIGUOUS_RECEIPT'],
    ['no receipt', 'a=b', 'NOT_A_RECEIPT'],
  ])('says no less where it is %s', async (_name, body, code) => {
    expect((await troubleOf(readReceiptFrom(cut(body)))).code).toBe(code);
  });
});

describe('the character set', () => {
  const nameOf = (contentType: string, encoding: BufferEncoding): HttpReply => ({
    ...textReply('', { headers: { 'content-type': contentType } }),
    body: Buffer.from('cardHolderName=ZO\u00cb&transactionStatus=C', encoding),
  });

  test.each([
    ['nothing said, UTF-8', nameOf('text/html', 'utf8')],
    ['nothing said, and not UTF-8', nameOf('text/html', 'latin1')],
    ['said', nameOf('text/html; charset=iso-8859-1', 'latin1')],
  ])('%s', async (_name, reply) => {
    await expect(readReceiptFrom(reply)).resolves.toMatchObject({ card: { holderName: 'ZO\u00cb' } });
  });

  test.each(['utf-8', "'utf-8'", 'ANSI', 'utf-16', 'gb18030', 'shift_jis', 'x'])(
    'another than it claims keeps no receipt from being read: %s',
    async (claim) => {
      const read = await readReceiptFrom(nameOf(`text/html; charset=${claim}`, 'latin1'));
      expect(read).toMatchObject({ result: 'approved', doubt: null });
    },
  );

  test('of an XML declaration means nothing here', async () => {
    const reply = nvpReply('<?xml version="1.0" encoding="utf-16le"?>');
    expect(await troubleOf(readReceiptFrom(reply))).toMatchObject({ code: 'NOT_NVP' });
  });
});

test('trouble with the connection is passed on as it is', async () => {
  const lost = unreachableError('ECONNRESET', 'Lost.');
  const transport = new ScriptedTransport([{ label: 'lost', answer: lost }]);
  await expect(viewReceipt(transport, account, token, limits)).rejects.toBe(lost);
});

test('a bug of ours is thrown on as it is', async () => {
  const reply = { ...nvpReply(receipt), body: null as unknown as Uint8Array };
  await expect(readReceiptFrom(reply)).rejects.toBeInstanceOf(TypeError);
});

describe('a large receipt takes no longer than its length', () => {
  test.each([
    ['blanks in a value', 60_000, (count: number) => `a=b${' '.repeat(count)}c&${receipt}`],
    ['line ends in a value', 60_000, (count: number) => `a=b${'\n'.repeat(count)}c&${receipt}`],
    ['pairs', 9_000, (count: number) => `${'a=b&'.repeat(count)}${receipt}`],
    ['pieces without a name', 9_000, (count: number) => `${receipt}${'&a'.repeat(count)}`],
    ['percent signs', 60_000, (count: number) => `a=${'%ff'.repeat(count)}&${receipt}`],
  ])('%s', async (_name, count, make) => {
    const read = (body: string) =>
      expect(readReceiptFrom(nvpReply(body))).resolves.toMatchObject({ result: 'approved' });
    expect(await growthOf(make, read, count)).toBeLessThan(mostGrowth);
  });
});
