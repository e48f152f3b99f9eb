import { describe, expect, test } from 'vitest';
import type { Transport } from '../../src/remote/http.ts';
import { readDocument } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  alwaysAnswers,
  capturedReceipt,
  lostConnection,
  publishedReceipt,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
  webPage,
} from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';

const settle = [status('USED'), receipt(receiptOf('C'))];

test('the published sample after eleven times NEW, member by member', async () => {
  const steps = [...times(11, status('NEW')), status('USED'), receipt(publishedReceipt)];
  const { code, stdout, stderr, transport } = await run(['wait', token, '--json', '--progress', 'none'], { steps });
  const document = readDocument({ stdout });
  expect(code).toBe(3);
  expect(transport.leftovers).toEqual([]);
  expect(stderr).toBe(`instamed-poll: ${document.summary}\n`);
  const { fields = [], ...read } = document.receipt ?? {};
  expect({ ...document, receipt: read }).toEqual({
    schemaVersion: 1,
    command: 'wait',
    outcome: 'not-approved',
    exitCode: 3,
    money: 'not-taken',
    final: true,
    summary: 'Declined. The payment was not taken. The status decides; ignore the message "Partially Approved $1.00".',
    token,
    status: 'USED',
    statusText: 'USED',
    startedAt: '2026-11-22T10:00:00.000Z',
    elapsedMs: 110_000,
    checks: 12,
    seen: { NEW: 11, USED: 1 },
    receipt: {
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
    },
    error: null,
  });
  expect(fields).toHaveLength(17);
  expect(fields.at(0)).toEqual({ name: 'IsEMVVerifiedByPIN', value: 'false' });
  expect(fields.at(7)).toEqual({ name: 'cardHolderName', value: ' ' });
});

describe('what is asked', () => {
  test('the status with the security key, then the receipt with the NVP password, each at its own address', async () => {
    const { transport, opened } = await run(['wait', token], { steps: settle });
    const [ask, read] = transport.requests;
    expect(transport.requests).toHaveLength(2);
    expect(opened).toEqual([{}]);
    expect(ask?.url.href).toBe('https://status.example/SSOService.asmx');
    expect(ask?.body).toContain(
      `<tokenID>${token}</tokenID><accountID>clinic@instamed.net</accountID><alias>alias-1</alias><password>key+canary/1=</password>`,
    );
    expect(read?.url.href).toBe('https://receipt.example/NVP.aspx');
    expect(read?.body).toBe(
      `merchantID=0012&storeID=0034&terminalID=0056&transactionAction=ViewReceipt&requestToken=false&allowPartialPayment=false&singleSignOnToken=${token}`,
    );
    expect(read?.headers['authorization']).toBe(`Basic ${btoa('clinic@instamed.net:nvp-canary-2')}`);
    expect([ask?.timeoutMs, read?.timeoutMs]).toEqual([30_000, 30_000]);
  });

  test.each([
    ['--request-token', 'requestToken=true&allowPartialPayment=false'],
    ['--allow-partial-payment', 'requestToken=false&allowPartialPayment=true'],
  ])('%s sends %s', async (flag, sent) => {
    const { transport } = await run(['wait', token, flag], { steps: settle });
    expect(transport.requests[1]?.body).toContain(sent);
  });

  test('without a receipt only the status is asked, and outlet and NVP password need not be known', async () => {
    const { INSTAMED_ACCOUNT_ID = '', INSTAMED_ALIAS = '', INSTAMED_SECURITY_KEY = '' } = accountEnv;
    const env = { INSTAMED_ACCOUNT_ID, INSTAMED_ALIAS, INSTAMED_SECURITY_KEY };
    const { code, stdout, transport } = await run(['wait', token, '--no-receipt', '--json'], {
      steps: [status('USED')],
      env,
    });
    expect(code).toBe(0);
    expect(readDocument({ stdout })).toMatchObject({ outcome: 'used', receipt: null, error: null });
    expect(transport.requests).toHaveLength(1);
  });
});

describe('when it is asked', () => {
  /** How many milliseconds after the start each ask began, for a token that stays NEW. */
  async function asksOf(flags: readonly string[]) {
    const clock = new ManualClock();
    const asks: number[] = [];
    const network = alwaysAnswers(status('NEW'));
    const transport: Transport = {
      ...network,
      post: (request) => {
        asks.push(clock.elapsed);
        return network.post(request);
      },
    };
    const result = await run(['wait', token, ...flags, '--json'], { clock, transport });
    expect(clock.tickers).toBe(0);
    return { asks, clock, ...result };
  }

  test('every ten seconds for a quarter of an hour: 91 asks, the last one at the deadline', async () => {
    const { asks, code, stdout, clock } = await asksOf([]);
    expect(asks).toEqual(Array.from({ length: 91 }, (_, i) => i * 10_000));
    expect(code).toBe(124);
    expect(clock.elapsed).toBe(900_000);
    expect(readDocument({ stdout })).toMatchObject({ checks: 91, seen: { NEW: 91 }, elapsedMs: 900_000 });
  });

  test('as the flags say, with the last pause cut at the deadline', async () => {
    const { asks } = await asksOf(['--interval', '7s', '--timeout', '30s']);
    expect(asks).toEqual([0, 7_000, 14_000, 21_000, 28_000, 30_000]);
  });

  test.each([
    ['1s', '1s', 2],
    ['5m', '5m', 2],
    ['5m', '24h', 289],
    ['1500ms', '1m30s', 61],
  ])('an interval of %s and a timeout of %s make %d asks', async (interval, timeout, count) => {
    const { asks, code } = await asksOf(['--interval', interval, '--timeout', timeout]);
    expect(code).toBe(124);
    expect(asks).toHaveLength(count);
  });
});

describe('trouble on the way', () => {
  test('a status that nobody knows is counted and shown, and is no end', async () => {
    const steps = [status('HELD'), status(' held '), status('Complete'), receipt(capturedReceipt)];
    const { code, stdout } = await run(['wait', token, '--json'], { steps });
    expect(code).toBe(0);
    expect(readDocument({ stdout })).toMatchObject({
      outcome: 'approved',
      status: 'USED',
      statusText: 'Complete',
      seen: { HELD: 1, held: 1, USED: 1 },
    });
  });

  test.each([
    [['--max-failures', '2'], 2],
    [[], 6],
  ])('with %j the wait ends after %d failures in a row', async (flags, count) => {
    const steps = [status('NEW'), webPage('', 503), status('NEW'), ...times(count, webPage('', 503))];
    const { code, stdout, transport } = await run(['wait', token, ...flags, '--json'], { steps });
    expect(code).toBe(5);
    expect(transport.leftovers).toEqual([]);
    expect(readDocument({ stdout })).toMatchObject({
      checks: count + 3,
      seen: { NEW: 2, HTTP_503: count + 1 },
      error: { code: 'HTTP_503', category: 'service', retryable: true, next: null },
    });
  });

  test('the tally stands in the text of an ending without an answer', async () => {
    const steps = [status('NEW'), status('HELD'), lostConnection, ...times(5, webPage('', 503))];
    const { stderr } = await run(['wait', token, '--progress', 'none'], { steps });
    expect(stderr).toContain('\nSeen: NEW 1, HELD 1, connection lost 1, server error (503) 5.\n');
  });

  test('a receipt that lags behind is asked for again', async () => {
    const steps = [status('USED'), receipt('errorCode=400&errorMessage=not yet'), receipt(receiptOf('C'))];
    const clock = new ManualClock();
    const { code, transport } = await run(['wait', token], { steps, clock });
    expect(code).toBe(0);
    expect(transport.leftovers).toEqual([]);
    expect(clock.sleeps).toEqual([1_000]);
  });
});

describe('the command to run next', () => {
  const argv = ['wait', token, '--interval', '10s', '--timeout', '10s', '--json'];
  const pasted = `https://pay.example/x?a=b&token=${token}`;

  test('goes on waiting after a timeout', async () => {
    const { stdout, stderr } = await run([...argv, '-q'], { steps: times(2, status('NEW')) });
    expect(readDocument({ stdout }).error).toEqual({
      code: 'TIMED_OUT',
      category: 'timed-out',
      message: 'Timed out after 10s. The token was still NEW at the last check. The payer may still be paying.',
      hint: null,
      retryable: true,
      reference: null,
      next: ['instamed-poll', ...argv, '-q'],
    });
    expect(stderr).toBe(
      [
        'instamed-poll: Timed out after 10s. The token was still NEW at the last check. The payer may still be paying.',
        'Seen: NEW 2.',
        'Next: instamed-poll wait - --interval 10s --timeout 10s --json -q   (then paste the token NTJm…N2Qz)',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['a pasted URL', pasted, {}],
    ['stdin', '-', { stdin: `${token}\n` }],
  ])('holds the token that came from %s', async (_name, argument, more) => {
    const world = { ...stoppedAsleep('SIGINT', [status('NEW')]), ...more };
    const { code, stdout, stderr } = await run(['wait', argument, '--json', '-q'], world);
    expect(code).toBe(130);
    expect(readDocument({ stdout }).error).toMatchObject({
      code: 'INTERRUPTED',
      category: 'interrupted',
      retryable: true,
      next: ['instamed-poll', 'wait', token, '--json', '-q'],
    });
    expect(stderr).toContain('Next: instamed-poll wait - --json -q   (then paste the token NTJm…N2Qz)\n');
  });
});

describe('a stop signal', () => {
  test.each([
    ['in the first sleep', () => stoppedAsleep('SIGINT', [status('NEW')]), 1, 'after 0s. The token was still NEW'],
    [
      'in a later sleep',
      () => stoppedAsleep('SIGINT', times(3, status('NEW')), 2),
      3,
      'after 20s. The token was still NEW',
    ],
    ['in a request', () => stoppedAsking('SIGINT', [status('HELD')]), 2, 'after 10s. The last status was unknown'],
    ['before any answer', () => stoppedAsking('SIGINT'), 1, 'after 0s. The service never returned a status.'],
  ])('%s ends the run at once, with what was last known', async (_name, world, asks, says) => {
    const { code, stdout, stderr, transport, handlersLeft, leaves } = await run(['wait', token, '-q'], world());
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain(`instamed-poll: Stopped by SIGINT ${says}`);
    expect(transport.requests).toHaveLength(asks);
    expect(transport.isClosed).toBe(true);
    expect({ handlersLeft, leaves }).toEqual({ handlersLeft: 0, leaves: 1 });
  });
});
