import { describe, expect, test } from 'vitest';
import { type SummaryContext, summarizePayment } from '../../src/cli/summary.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import type { PaymentResult } from '../../src/poll/settle-payment.ts';
import { run, token } from '../support/run-cli.ts';
import { publishedReceipt, publishedVoid, receipt, status } from './replies.ts';

const sentence = async (nvp: string, flags: readonly string[] = []) =>
  (await run(['decode', '-', '--field', 'summary', ...flags], { stdin: nvp })).stdout.trimEnd();

const unknown = (because: string) =>
  `Unknown. Nobody can tell from this receipt whether the payment was taken: ${because}. Money may have moved; ask InstaMed before you charge again.`;

describe('what a receipt says of the money', () => {
  test.each([
    ['C', 'Approved. The payment was taken.'],
    ['S', 'Approved. The payment was taken.'],
    ['c', 'Approved. The payment was taken.'],
    ['A', 'Authorized, not captured yet. The amount is reserved; no money has been taken so far.'],
    ['O', 'Card stored. This receipt is for storing a card; it shows no payment.'],
    ['D', 'Declined. The payment was not taken.'],
    ['X', 'Cancelled. The payment was not taken.'],
    ['V', 'Voided. The payment was undone.'],
    ['CB', 'Charged back. The card holder has had the payment taken back.'],
    ['RI', 'Returned. The bank sent the payment back.'],
    ['SE', 'Settlement error. Whether the money arrives is not certain: ask InstaMed.'],
    ['Q', unknown('the status "Q" is not a known one')],
    ['APPROVED', unknown('the status "APPROVED" is not a known one')],
    ['CC', unknown('the status "CC" is not a known one')],
    ['С', unknown('the status "С" is not a known one')], // a Cyrillic letter
  ])('%s', async (code, expected) => {
    // Code and message of the processor never decide.
    expect(await sentence(`transactionStatus=${code}`)).toBe(expected);
    expect(await sentence(`responseCode=000&responseMessage=APPROVAL&transactionStatus=${code}`)).toBe(expected);
    expect(await sentence(`responseCode=051&responseMessage=DECLINE&transactionStatus=${code}`)).toBe(expected);
  });

  test.each([
    ['no status', 'responseCode=000&responseMessage=APPROVAL', unknown('the receipt holds no transaction status')],
    ['an empty status', 'transactionStatus=&responseCode=000', unknown('the receipt holds no transaction status')],
    ['the published void', publishedVoid, 'Voided. The payment was undone.'],
    [
      'a payment whose own status nobody knows',
      'transactionStatus=C&primaryTransactionStatus=Q',
      unknown('the status "C" and "Q" is not a known one'),
    ],
    [
      'a status that nobody knows, whatever the payment itself has',
      'transactionStatus=Q&primaryTransactionStatus=C',
      unknown('the status "Q" and "C" is not a known one'),
    ],
    [
      'a payment that was charged back',
      'transactionStatus=C&primaryTransactionStatus=CB',
      'Charged back. The card holder has had the payment taken back.',
    ],
  ])('%s', async (_name, nvp, expected) => {
    expect(await sentence(nvp)).toBe(expected);
  });
});

describe('a receipt of a transaction that belongs to another one', () => {
  const ids = 'transactionID=96A66FDA&primaryTransactionID=D5E2BF08';
  const silent =
    'but this transaction belongs to another one. It may be a refund, and does not tell whether the payment itself was taken.';

  // For a refund, each of these would say the reverse of what became of the payment.
  test.each([
    ['C', `Approved, ${silent}`],
    ['S', `Approved, ${silent}`],
    ['A', `Authorized, ${silent}`],
    ['D', `Declined, ${silent}`],
    ['X', `Cancelled, ${silent}`],
    ['V', `Voided, ${silent}`],
  ])('%s does not speak of the payment', async (code, expected) => {
    expect(await sentence(`transactionStatus=${code}&${ids}`)).toBe(expected);
    expect(await sentence(`transactionStatus=${code}&primaryTransactionID=D5E2BF08`)).toBe(expected);
  });

  test.each([
    [
      'the same ID in another case',
      'transactionStatus=C&transactionID=AB12&primaryTransactionID=ab12',
      'Approved. The payment was taken.',
    ],
    ['no other ID', 'transactionStatus=D&transactionID=AB12', 'Declined. The payment was not taken.'],
    [
      'a bad status of the payment itself',
      `transactionStatus=C&primaryTransactionStatus=V&${ids}`,
      'Voided. The payment was undone.',
    ],
    ['a charge back', `transactionStatus=CB&${ids}`, 'Charged back. The card holder has had the payment taken back.'],
    [
      'a stored card',
      `transactionStatus=O&${ids}`,
      'Card stored. This receipt is for storing a card; it shows no payment.',
    ],
  ])('speaks of the payment with %s', async (_name, nvp, expected) => {
    expect(await sentence(nvp)).toBe(expected);
  });

  test('a good status of the payment itself does not tell whether it was given back', async () => {
    expect(await sentence(`transactionStatus=C&primaryTransactionStatus=C&${ids}`)).toBe(`Approved, ${silent}`);
  });

  test('a part keeps its amount', async () => {
    expect(await sentence(`transactionStatus=C&partialApprovalAmount=5.00&${ids}`)).toBe(
      `Only a part was approved: 5.00. The rest was not. That does not count as approved (--accept-partial would let it). But ${silent.slice(4)}`,
    );
    expect(await sentence(`transactionStatus=D&responseCode=010&${ids}`)).toBe(
      `Declined, ${silent} Go by that, not by the response code.`,
    );
  });
});

describe('a part', () => {
  const notEnough = ' That does not count as approved (--accept-partial would let it).';

  test.each([
    [
      'by its amount',
      'transactionStatus=C&partialApprovalAmount= 99.00 ',
      'Only a part was approved: 99.00. The rest was not.',
    ],
    [
      'by its code',
      'transactionStatus=C&responseCode=010&responseMessage=Partially Approved $1.00',
      'Only a part was approved: "Partially Approved $1.00". The rest was not.',
    ],
    [
      'of which nothing is told',
      'transactionStatus=C&responseCode=010',
      'Only a part was approved: "no amount is named". The rest was not.',
    ],
    [
      'that is settled',
      'transactionStatus=S&partialApprovalAmount=5',
      'Only a part was approved: 5. The rest was not.',
    ],
    [
      'that is authorized',
      'transactionStatus=A&partialApprovalAmount=0.01',
      'Only a part was authorized (not captured yet): 0.01. The rest was not.',
    ],
  ])('%s is named', async (_name, nvp, expected) => {
    expect(await sentence(nvp)).toBe(expected + notEnough);
    expect(await sentence(nvp, ['--accept-partial'])).toBe(expected);
  });

  test.each(['0', '0.00', ' ', '', '-1.00', 'none'])('of %j is none', async (amount) => {
    expect(await sentence(`transactionStatus=C&cardHolderName= &partialApprovalAmount=${amount}`)).toBe(
      'Approved. The payment was taken.',
    );
  });

  test.each([
    ['D', 'Declined. The payment was not taken.'],
    ['X', 'Cancelled. The payment was not taken.'],
    ['V', 'Voided. The payment was undone.'],
    ['SE', 'Settlement error. Whether the money arrives is not certain: ask InstaMed.'],
  ])('of what is %s is no approval, and the reader is told to go by that', async (code, expected) => {
    const nvp = `transactionStatus=${code}&responseCode=010`;
    expect(await sentence(`${nvp}&responseMessage=Partially Approved $1.00`)).toBe(
      `${expected} Go by that, not by the message "Partially Approved $1.00".`,
    );
    expect(await sentence(nvp)).toBe(`${expected} Go by that, not by the response code.`);
  });

  test('of the published sample is the message of a declined payment', async () => {
    expect(await sentence(publishedReceipt)).toBe(
      'Declined. The payment was not taken. Go by that, not by the message "Partially Approved $1.00".',
    );
  });
});

describe('what a status says', () => {
  test.each([
    ['NEW', 'NEW: the payer has not finished.'],
    [' new', 'NEW: the payer has not finished.'],
    ['USED', 'USED: the payment page was completed. Whether the payment was approved is in the receipt alone.'],
    ['complete', 'USED: the payment page was completed. Whether the payment was approved is in the receipt alone.'],
    ['EXPIRED', 'EXPIRED: the session ran out before a payment was completed.'],
    [' approved ', 'The service answered with a status that nobody knows: "approved".'],
  ])('%j', async (text, expected) => {
    const { stdout } = await run(['status', token, '--field', 'summary'], { steps: [status(text)] });
    expect(stdout).toBe(`${expected}\n`);
  });

  test('in wait without a receipt, nothing of an approval', async () => {
    const { stdout } = await run(['wait', token, '--no-receipt', '--field', 'summary'], { steps: [status('USED')] });
    expect(stdout).toBe(
      'USED: the payment page was completed. Whether the payment was approved is not known, because the receipt was not read.\n',
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
])('a token that was given up after %i ms is not said to have been asked for longer', (elapsedMs, after) => {
  const result: PaymentResult = {
    outcome: 'timed-out',
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
    `No end after ${after}: the token was NEW when it was last asked. The payer may still be paying.`,
  );
});
