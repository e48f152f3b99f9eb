import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { capturedReceipt, publishedError, receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { nvpReply } from '../support/scripted-transport.ts';

test('one request, one document', async () => {
  const clock = new ManualClock();
  const slow = () => {
    clock.advance(80);
    return nvpReply(capturedReceipt);
  };
  const { code, stdout, stderr, transport } = await run(['receipt', token, '--json'], {
    clock,
    steps: [{ label: 'captured', answer: slow }],
  });
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(transport.requests).toHaveLength(1);
  expect(transport.requests[0]?.body).toContain('requestToken=false&allowPartialPayment=false');
  expect(readDocument({ stdout })).toMatchObject({
    command: 'receipt',
    outcome: 'receipt-read',
    token,
    startedAt: '2026-11-22T10:00:00.000Z',
    elapsedMs: 80,
    receipt: {
      result: 'approved',
      approved: true,
      partial: false,
      card: { type: 'Credit', entryMode: 'Keyed', expiration: '2021-12' },
      paymentPlanId: 'ccc366b1641444fe9e59620340d5e06c',
      saveOnFileTransactionId: null,
    },
    error: null,
  });
});

test('a slow one shows a sign', async () => {
  const clock = new ManualClock();
  const slow = () => {
    clock.advance(300);
    return nvpReply(capturedReceipt);
  };
  const { stderr } = await run(['receipt', token], { clock, steps: [{ label: 'slow', answer: slow }] });
  expect(stderr).toBe('Reading the receipt…\n');
});

describe('the exit code', () => {
  const part = 'transactionStatus=C&partialApprovalAmount=1.00';

  test.each([
    ['C', receiptOf('C'), 0, 0, 0],
    ['A', receiptOf('A'), 0, 0, 0],
    ['O', receiptOf('O'), 0, 0, 0],
    ['D', receiptOf('D'), 0, 3, 3],
    ['a code that nobody knows', receiptOf('Z'), 0, 3, 3],
    ['no code', 'responseCode=000', 0, 3, 3],
    ['a part', part, 0, 3, 0],
    ['the error form', publishedError, 5, 5, 5],
  ])('of %s reports, judges, and judges with a part accepted', async (_name, nvp, ...expected) => {
    const flags = [[], ['--exit-status'], ['--exit-status', '--accept-partial']];
    const codes = [];
    for (const more of flags) codes.push((await run(['receipt', token, ...more], { steps: [receipt(nvp)] })).code);
    const saved = [];
    for (const more of flags) saved.push((await run(['decode', '-', ...more], { stdin: nvp })).code);
    expect(codes).toEqual(expected);
    expect(saved).toEqual(expected);
  });

  test.each([
    [[], 'receipt-read', /Not counted as approved unless --accept-partial is given\.$/],
    [['--accept-partial'], 'receipt-read', /^Partially approved: 1\.00 only\. The rest was not\.$/],
    [['--exit-status', '--accept-partial'], 'approved', /^Partially approved: 1\.00 only\. The rest was not\.$/],
  ])('with %j a part is %s', async (flags, outcome, says) => {
    const { stdout } = await run(['receipt', token, ...flags, '--json'], { steps: [receipt(part)] });
    const document = readDocument({ stdout });
    expect(document.outcome).toBe(outcome);
    expect(document.summary).toMatch(says);
  });
});

test('trouble has its reference number, and no receipt', async () => {
  const { stdout } = await run(['receipt', token, '--json'], { steps: [receipt(publishedError)] });
  expect(readDocument({ stdout })).toMatchObject({
    receipt: null,
    error: { code: 'NVP_400', category: 'service', retryable: true, reference: '02198MGNBZ', next: null },
  });
});

test('an error that a token which is not used yet is recorded to get says so, and keeps the reference number', async () => {
  const { stderr } = await run(['receipt', token], { steps: [receipt(publishedError)] });
  expect(stderr).toContain(
    "There is no receipt before the payer has finished: ask with instamed-poll status. If that says USED: Give InstaMed's support the reference number 02198MGNBZ.\n",
  );
  const other = await run(['receipt', token], { steps: [receipt('errorCode=7&errorMessage=No')] });
  expect(other.stderr).not.toContain('before the payer has finished');
});

test('the sign-on settings need not be known', async () => {
  const { INSTAMED_MERCHANT_ID = '', INSTAMED_STORE_ID = '', INSTAMED_TERMINAL_ID = '' } = accountEnv;
  const env = { INSTAMED_MERCHANT_ID, INSTAMED_STORE_ID, INSTAMED_TERMINAL_ID };
  const { code, transport } = await run(['receipt', token], { env, steps: [receipt(receiptOf('C'))] });
  expect(code).toBe(0);
  expect(transport.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('a receipt is no status: one that answers in the form of the other service is not believed', async () => {
  const { code, stdout } = await run(['receipt', token, '--json'], { steps: [status('USED')] });
  expect(code).toBe(5);
  expect(readDocument({ stdout }).error?.code).toBe('NOT_NVP');
});
