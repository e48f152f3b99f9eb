import { describe, expect, test } from 'vitest';
import { type SummaryContext, summarizePayment } from '../../src/cli/answer/summary.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import type { PaymentResult } from '../../src/poll/payment-result.ts';
import { publishedReceipt, publishedRefund, publishedVoid, receipt, status } from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';

const sentence = async (nvp: string, flags: readonly string[] = []) =>
  (await run(['decode', '-', '--field', 'summary', ...flags], { stdin: nvp })).stdout.trimEnd();

const unclear = (because: string) =>
  `Unclear. This receipt does not show whether the payment was taken: ${because}. Money may have moved. Ask InstaMed before you charge again.`;

const canVoid = 'Until it settles it can be voided; after that it can only be refunded.';
const settlementError =
  'Settlement error. It is not certain that the money arrives. Ask InstaMed before you charge again.';

describe('what a receipt shows of the money', () => {
  test.each([
    ['C', `Approved. The payment was taken. ${canVoid}`],
    ['c', `Approved. The payment was taken. ${canVoid}`],
    ['S', 'Approved. The payment was taken. It is settled: it can only be refunded.'],
    ['A', 'Authorized, not captured yet. The amount is reserved; no money has been taken so far.'],
    ['O', 'Card stored. This receipt is for storing a card; it shows no payment.'],
    ['D', 'Declined. The payment was not taken.'],
    ['X', 'Cancelled. The payment was not taken.'],
    ['V', 'Voided. The payment was undone.'],
    ['CB', 'Charged back. The cardholder has had the payment taken back.'],
    ['RI', 'Returned. The bank sent the payment back.'],
    ['SE', settlementError],
    ['Q', unclear('its status "Q" is not a known one')],
    ['APPROVED', unclear('its status "APPROVED" is not a known one')],
    ['CC', unclear('its status "CC" is not a known one')],
    ['С', unclear('a field that decides has characters that do not belong there')], // a Cyrillic letter
  ])('%s', async (code, expected) => {
    // Code and message of the processor never decide.
    expect(await sentence(`transactionStatus=${code}`)).toBe(expected);
    expect(await sentence(`responseCode=000&responseMessage=APPROVAL&transactionStatus=${code}`)).toBe(expected);
    expect(await sentence(`responseCode=051&responseMessage=DECLINE&transactionStatus=${code}`)).toBe(expected);
  });

  test.each([
    ['no status', 'responseCode=000&responseMessage=APPROVAL', unclear('it has no transaction status')],
    ['an empty status', 'transactionStatus=&responseCode=000', unclear('it has no transaction status')],
    ['the published void', publishedVoid, 'Voided. The payment was undone.'],
    [
      'the published refund',
      publishedRefund,
      unclear('it belongs to another transaction, such as a refund of the payment'),
    ],
    [
      'an unknown status of the payment itself',
      'transactionStatus=C&primaryTransactionStatus=Q',
      unclear('one of its statuses, "C" and "Q", is not a known one'),
    ],
    [
      'two statuses that contradict each other',
      'transactionStatus=C&primaryTransactionStatus=D',
      unclear('its statuses "C" and "D" contradict each other'),
    ],
    [
      'a payment that was charged back',
      'transactionStatus=C&primaryTransactionStatus=CB',
      'Charged back. The cardholder has had the payment taken back.',
    ],
  ])('%s', async (_name, nvp, expected) => {
    expect(await sentence(nvp)).toBe(expected);
  });
});

describe('a part', () => {
  const notEnough = ' Not counted as approved unless --accept-partial is given.';

  test.each([
    [
      'by its amount',
      'transactionStatus=C&partialApprovalAmount= 99.00 ',
      'Partially approved: 99.00 only. The rest was not.',
    ],
    [
      'by its code',
      'transactionStatus=C&responseCode=010&responseMessage=Partially Approved $1.00',
      'Partially approved: "Partially Approved $1.00" only. The rest was not.',
    ],
    [
      'without an amount',
      'transactionStatus=C&responseCode=010',
      'Partially approved: the receipt names no amount. The rest was not.',
    ],
    ['that is settled', 'transactionStatus=S&partialApprovalAmount=5', 'Partially approved: 5 only. The rest was not.'],
    [
      'that is authorized',
      'transactionStatus=A&partialApprovalAmount=0.01',
      'Partially authorized, not captured yet: 0.01 only. The rest was not.',
    ],
  ])('%s is named', async (_name, nvp, expected) => {
    expect(await sentence(nvp)).toBe(expected + notEnough);
    expect(await sentence(nvp, ['--accept-partial'])).toBe(expected);
  });

  test.each(['0', '0.00', ' ', '', '-1.00', 'none'])('of %j is none', async (amount) => {
    expect(await sentence(`transactionStatus=C&cardHolderName= &partialApprovalAmount=${amount}`)).toBe(
      `Approved. The payment was taken. ${canVoid}`,
    );
  });

  test.each([
    ['D', 'Declined. The payment was not taken.'],
    ['X', 'Cancelled. The payment was not taken.'],
    ['V', 'Voided. The payment was undone.'],
    ['SE', settlementError],
  ])('of a payment that is %s is no approval, and the reader is told to ignore the message', async (code, expected) => {
    const nvp = `transactionStatus=${code}&responseCode=010`;
    expect(await sentence(`${nvp}&responseMessage=Partially Approved $1.00`)).toBe(
      `${expected} The status decides; ignore the message "Partially Approved $1.00".`,
    );
    expect(await sentence(nvp)).toBe(`${expected} The status decides; ignore the response code.`);
  });

  test('of the published sample is the message of a declined payment', async () => {
    expect(await sentence(publishedReceipt)).toBe(
      'Declined. The payment was not taken. The status decides; ignore the message "Partially Approved $1.00".',
    );
  });
});

describe('what a status says', () => {
  test.each([
    ['NEW', 'NEW: the payer has not finished.'],
    [' new', 'NEW: the payer has not finished.'],
    ['USED', 'USED: the payment page was completed. Only the receipt shows whether the payment was approved.'],
    ['complete', 'USED: the payment page was completed. Only the receipt shows whether the payment was approved.'],
    [
      'EXPIRED',
      'EXPIRED: the session ran out. This does not show whether the token was used earlier. To find out, read its receipt with instamed-poll receipt.',
    ],
    [' approved ', 'The service answered with an unknown status: "approved".'],
  ])('%j', async (text, expected) => {
    const { stdout } = await run(['status', token, '--field', 'summary'], { steps: [status(text)] });
    expect(stdout).toBe(`${expected}\n`);
  });

  test('in wait without a receipt, nothing of an approval', async () => {
    const { stdout } = await run(['wait', token, '--no-receipt', '--field', 'summary'], { steps: [status('USED')] });
    expect(stdout).toBe(
      'USED: the payment page was completed. The receipt was not read, so it is not known whether the payment was approved.\n',
    );
  });
});

test('wait, receipt and decode say the same of the same receipt', async () => {
  const said = await sentence(publishedReceipt);
  const field = ['--field', 'summary', '-q'];
  const waited = await run(['wait', token, ...field], { steps: [status('USED'), receipt(publishedReceipt)] });
  const read = await run(['receipt', token, ...field], { steps: [receipt(publishedReceipt)] });
  expect([waited.stdout, read.stdout]).toEqual([`${said}\n`, `${said}\n`]);
});

test.each([
  [450_049, '7m30s'],
  [900_000, '15m'],
  [904_321, '15m'],
])('a token that was given up after %i ms is not said to have been checked for longer', (elapsedMs, after) => {
  const result: PaymentResult = {
    outcome: 'timed-out',
    money: 'unknown',
    status: readTokenStatus('NEW'),
    startedAt: new Date(0),
    elapsedMs,
    checks: 2,
    seen: { NEW: 2 },
    receipt: null,
    error: null,
  };
  const context: SummaryContext = { quote: String, signal: null, timeoutMs: 900_000, acceptPartial: false };
  expect(summarizePayment(result, context)).toBe(
    `Timed out after ${after}. The token was still NEW at the last check. The payer may still be paying.`,
  );
});
