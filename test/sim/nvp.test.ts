import { describe, expect, test } from 'vitest';
import type { ScenarioName } from '../../src/sim/scenarios.ts';
import { simulatorSettings } from '../../src/sim/simulator.ts';
import {
  askReceipt,
  askStatus11,
  goodBasic,
  HandClock,
  makeBasic,
  postForm,
  send,
  start,
  writeForm,
} from '../support/sim-client.ts';

// Recorded from a real ASP.NET service, Content-Length included.
const recordedErrorForm =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 88\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private\r\n\r\nerrorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ';
const recordedRefusal =
  'HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\nContent-Length: 57\r\nWWW-Authenticate: Basic realm="InstaMed"\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private\r\n\r\nerrorCode=401&errorMessage=Invalid AccountID or Password.';
const recordedReceipt =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 530\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private\r\n\r\nIsEMVVerifiedByPIN=false&isEMVTransaction=false&EMVCardEntryMode=Swiped&cardBrand=VISA&cardExpirationMonth=6&cardExpirationYear=2017&cardBINNumber=411111&cardHolderName= &lastFourDigits=1111&authorizationNumber=A3807B&responseCode=010&responseMessage=Partially Approved $1.00&transactionStatus=D&primaryTransactionID=0ca7530a86084b468fff132ab7f04491&authorizationText=I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.&transactionID=0ca7530a86084b468fff132ab7f04491&transactionDate=2016-01-15T20:37:21.5238539Z';

// Published: a captured reply to a keyed sale. The other receipts below are invented in its and the recorded one's shape.
const capturedNames =
  'IsEMVVerifiedByPIN isEMVTransaction EMVCardEntryMode isSignatureRequired cardBrand cardExpirationMonth cardExpirationYear cardBINNumber cardHolderName paymentCardType lastFourDigits authorizationNumber responseCode responseMessage transactionStatus primaryTransactionID authorizationText transactionID paymentPlanID transactionDate';

async function startUsed(scenario: ScenarioName, wallNow?: () => number) {
  const clock = new HandClock();
  const simulator = await start({ now: clock.now, ...(wallNow === undefined ? {} : { wallNow }) });
  const token = simulator.newToken(scenario);
  await askStatus11(simulator, { tokenID: token });
  clock.realMs += 25_000;
  return { simulator, token, clock };
}

function fixReference(bytes: string): string {
  return bytes.replace(/(?<=Reference Number )[0-9A-Z]{10}$/, '02198MGNBZ');
}

function readPairs(body: string): [name: string, value: string][] {
  return body.split('&').map((pair) => {
    const sign = pair.indexOf('=');
    return [pair.slice(0, sign), pair.slice(sign + 1)];
  });
}

function readValues(body: string): Record<string, string> {
  return Object.fromEntries(readPairs(body));
}

describe('receipts', () => {
  test('a partial one has the recorded bytes but for what belongs to the payment', async () => {
    const { simulator, token } = await startUsed('partial');
    const { bytes, body } = await askReceipt(simulator, token);
    const { authorizationNumber = '', transactionID = '', transactionDate = '' } = readValues(body);
    const expected = recordedReceipt
      .replace('Content-Length: 530', 'Content-Length: 557')
      .replace('cardExpirationYear=2017', 'cardExpirationYear=2035')
      .replace('transactionStatus=D', 'transactionStatus=C')
      .replace('A3807B', authorizationNumber)
      .replaceAll('0ca7530a86084b468fff132ab7f04491', transactionID)
      .replace('2016-01-15T20:37:21.5238539Z', transactionDate);
    expect(bytes).toBe(`${expected}&partialApprovalAmount=1.00`);
  });

  test('an approved one has the names of a captured reply, but no payment plan', async () => {
    const { simulator, token } = await startUsed('approved');
    const names = readPairs((await askReceipt(simulator, token)).body).map(([name]) => name);
    expect(names.join(' ')).toBe(capturedNames.replace('paymentPlanID ', ''));
  });

  test.each([
    ['approved', { transactionStatus: 'C', responseCode: '000', responseMessage: 'APPROVAL' }],
    ['declined', { transactionStatus: 'D', responseCode: '051', responseMessage: 'DECLINE', authorizationNumber: '' }],
    ['partial', { transactionStatus: 'C', responseCode: '010', partialApprovalAmount: '1.00' }],
    ['authorized', { transactionStatus: 'A', responseCode: '000' }],
    ['card-stored', { transactionStatus: 'O', saveOnFileTransactionID: expect.stringMatching(/^[0-9a-f]{32}$/) }],
  ] as const)('the one of %s says so', async (scenario, expected) => {
    const { simulator, token } = await startUsed(scenario);
    const values = readValues((await askReceipt(simulator, token)).body);
    expect(values).toMatchObject(expected);
    expect(values).toMatchObject({ cardBINNumber: '411111', lastFourDigits: '1111', cardHolderName: ' ' });
  });

  test('one is the same at every ask', async () => {
    const { simulator, token, clock } = await startUsed('approved');
    const first = await askReceipt(simulator, token);
    clock.realMs += 60_000;
    expect((await askReceipt(simulator, token)).bytes).toBe(first.bytes);
  });

  test('two tokens have two transactions of 32 hexadecimal digits', async () => {
    const one = await startUsed('approved');
    const two = await startUsed('approved');
    const ids = await Promise.all(
      [one, two].map(async ({ simulator, token }) => {
        const { transactionID, primaryTransactionID } = readValues((await askReceipt(simulator, token)).body);
        expect(primaryTransactionID).toBe(transactionID);
        return transactionID;
      }),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test('the date is the moment of use with seven digits, whenever it is asked for', async () => {
    const { simulator, token, clock } = await startUsed('approved', () => Date.UTC(2026, 10, 22, 10, 0, 0, 7));
    clock.realMs += 300_000;
    const { body } = await askReceipt(simulator, token);
    expect(body).toMatch(/&transactionDate=2026-11-22T10:00:25\.007\d{4}Z$/);
  });
});

describe('the error form', () => {
  async function askChanged(changes: Record<string, string>) {
    const { simulator, token } = await startUsed('approved');
    return fixReference((await postForm(simulator, writeForm(token, changes))).bytes);
  }

  test('comes in the recorded bytes for a token that is not used yet', async () => {
    const simulator = await start();
    const token = simulator.newToken('approved');
    expect(fixReference((await askReceipt(simulator, token)).bytes)).toBe(recordedErrorForm);
    await askStatus11(simulator, { tokenID: token });
    expect(fixReference((await askReceipt(simulator, token)).bytes)).toBe(recordedErrorForm);
  });

  test('asking for the receipt does not start the clock of the token', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('approved');
    await askReceipt(simulator, token);
    clock.realMs += 100_000;
    expect((await askStatus11(simulator, { tokenID: token })).body).toContain('>NEW<');
  });

  test.each<[string, Record<string, string>]>([
    ['another merchant', { merchantID: '1234567890' }],
    ['a merchant without its leading zeros', { merchantID: simulatorSettings.merchantId.replace(/^0+/, '') }],
    ['a store without its leading zeros', { storeID: '1' }],
    ['another terminal', { terminalID: '003' }],
    ['another action', { transactionAction: 'Void' }],
    ['no action', { transactionAction: '' }],
    ['an unknown token', { singleSignOnToken: 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz' }],
    ['no token', { singleSignOnToken: '' }],
    ['a name that comes twice, which ASP.NET joins', { STOREID: '001' }],
  ])('comes for %s', async (_what, changes) => {
    expect(await askChanged(changes)).toBe(recordedErrorForm);
  });

  test('comes for a token with a blank behind it', async () => {
    const { simulator, token } = await startUsed('approved');
    expect(fixReference((await postForm(simulator, writeForm(`${token} `))).bytes)).toBe(recordedErrorForm);
  });

  test('comes for an expired token', async () => {
    const { simulator, token } = await startUsed('expired');
    expect((await askStatus11(simulator, { tokenID: token })).body).toContain('>EXPIRED<');
    expect(fixReference((await askReceipt(simulator, token)).bytes)).toBe(recordedErrorForm);
  });

  test('comes for a GET with everything in the query', async () => {
    const { simulator, token } = await startUsed('approved');
    const url = `${simulator.receiptUrl}?${writeForm(token)}`;
    const received = await send(url, { method: 'GET', headers: { Authorization: goodBasic } });
    expect(fixReference(received.bytes)).toBe(recordedErrorForm);
  });

  test('comes for a form under another content type', async () => {
    const { simulator, token } = await startUsed('approved');
    const headers = { 'Content-Type': 'text/plain', Authorization: goodBasic };
    const received = await send(simulator.receiptUrl, { headers, body: writeForm(token) });
    expect(fixReference(received.bytes)).toBe(recordedErrorForm);
  });

  test('has a new reference at every ask', async () => {
    const simulator = await start();
    const bodies = [await askReceipt(simulator, 'x'), await askReceipt(simulator, 'x')].map(({ body }) => body);
    expect(bodies[0]).not.toBe(bodies[1]);
  });
});

describe('the form', () => {
  test.each([
    [
      'other cases of the names',
      (form: string) => form.replace('merchantID', 'MerchantId').replace('storeID', 'STOREID'),
    ],
    ['a trailing ampersand', (form: string) => `${form}&`],
    ['an action in lower case', (form: string) => form.replace('ViewReceipt', 'viewreceipt')],
    ['a name that nobody knows', (form: string) => `${form}&additionalInfo6=desk`],
    ['only what is needed', (form: string) => form.replace('&requestToken=false&allowPartialPayment=false', '')],
    ['percent-encoded letters', (form: string) => form.replace('ViewReceipt', '%56iewReceipt')],
  ])('is read with %s', async (_what, edit) => {
    const { simulator, token } = await startUsed('approved');
    const received = await postForm(simulator, edit(writeForm(token)));
    expect(received.body).toContain('&transactionStatus=C&');
  });

  test('with a value that starts with < is refused as ASP.NET does', async () => {
    const { simulator, token } = await startUsed('approved');
    const received = await postForm(simulator, writeForm(token, { additionalInfo6: '<b>' }));
    expect(received.status).toBe(500);
    expect(received.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(received.body).toContain('<html>');
  });
});

describe('Basic authentication', () => {
  const { nvpUser, nvpPassword, accountId, securityKey } = simulatorSettings;

  test('is needed: without it the answer has the recorded bytes', async () => {
    const { simulator, token } = await startUsed('approved');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const received = await send(simulator.receiptUrl, { headers, body: writeForm(token) });
    expect(received.bytes).toBe(recordedRefusal);
  });

  test.each([
    ['another password', makeBasic(nvpUser, 'guess')],
    ['the security key as password', makeBasic(nvpUser, securityKey)],
    ['another user', makeBasic('other', nvpPassword)],
    ['no user', makeBasic('', nvpPassword)],
    ['no colon', `Basic ${Buffer.from('demo').toString('base64')}`],
    ['text that is not Base64', 'Basic demo:demo'],
    ['another scheme', makeBasic(nvpUser, nvpPassword).replace('Basic', 'Bearer')],
  ])('with %s is refused', async (_what, authorization) => {
    const { simulator, token } = await startUsed('approved');
    expect((await postForm(simulator, writeForm(token), authorization)).bytes).toBe(recordedRefusal);
  });

  test.each([
    ['the NVP user', makeBasic(nvpUser, nvpPassword)],
    ['the whole account ID', makeBasic(accountId, nvpPassword)],
    ['the part before the @', makeBasic(accountId.split('@')[0] ?? '', nvpPassword)],
    ['the scheme in lower case', makeBasic(nvpUser, nvpPassword).replace('Basic', 'basic')],
  ])('with %s is right', async (_what, authorization) => {
    const { simulator, token } = await startUsed('approved');
    expect((await postForm(simulator, writeForm(token), authorization)).status).toBe(200);
  });
});
