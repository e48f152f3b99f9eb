import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { tokensOf, waitMany } from '../support/many-world.ts';
import {
  publishedError,
  publishedRefund,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  times,
} from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';
import type { Step } from '../support/scripted-transport.ts';

const otherToken = `${token.slice(0, -4)}AAAA`;

const documentOf = async (argv: readonly string[], world: World) => {
  const exit = await run([...argv, '--json', '-q'], world);
  return { ...readDocument(exit), stderr: exit.stderr, code: exit.code };
};
const waited = (...steps: readonly Step[]) => documentOf(['wait', token], { steps });

describe('a receipt that does not show whether this payment was taken', () => {
  const unclear: readonly (readonly [situation: string, nvp: string, says: RegExp])[] = [
    ['a refund', publishedRefund, /belongs to another transaction/],
    ['a void without a word about the payment', 'transactionStatus=C&primaryTransactionID=9', /another transaction/],
    ['the receipt of another token', `${receiptOf('C')}&singleSignOnToken=${otherToken}`, /names another token/],
    ['C beside D', 'transactionStatus=C&primaryTransactionStatus=D', /"C" and "D" contradict each other/],
    [
      'a raw & in the name of the payer of a payment that was taken',
      'transactionStatus=C&cardHolderName=A&primaryTransactionStatus=D&transactionID=1',
      /contradict/,
    ],
    ['D beside C', 'transactionStatus=D&primaryTransactionStatus=C', /contradict/],
    ['a settlement error', receiptOf('SE'), /not certain that the money arrives/],
    ['an unknown code', receiptOf('PENDING'), /"PENDING" is not a known one/],
  ];

  test.each(unclear)('%s', async (situation, nvp, says) => {
    const named = situation === 'the receipt of another token';
    for (const acceptPartial of [[], ['--accept-partial']]) {
      const steps = [status('USED'), receipt(nvp)];
      const waited = await documentOf(['wait', token, ...acceptPartial], { steps });
      expect(waited).toMatchObject({ outcome: 'unclear', exitCode: 3, code: 3, money: 'unknown', final: true });
      expect(waited.summary).toMatch(says);
      expect(waited.summary).toContain('Ask InstaMed before you charge again.');
      // Neither of the two words that a clerk looks for.
      expect(waited.summary).not.toMatch(/approved|declined/i);
    }
    const read = await documentOf(['receipt', token, '--exit-status'], { steps: [receipt(nvp)] });
    expect(read).toMatchObject({ outcome: 'unclear', code: 3, money: 'unknown' });
    const reported = await documentOf(['receipt', token], { steps: [receipt(nvp)] });
    expect(reported).toMatchObject({ outcome: 'receipt-read', code: 0, money: 'unknown' });
    // A saved reply does not tell what token it was asked for.
    const decoded = await run(['decode', '-', '--json', '--exit-status'], { stdin: nvp });
    expect(readDocument(decoded).money).toBe(named ? 'taken' : 'unknown');
  });

  test('in a list it counts as unclear, beside payments that were taken', async () => {
    const [one, other] = tokensOf(2) as [string, string];
    const told = {
      [one]: { status: [status('USED')], receipt: [receipt(publishedRefund)] },
      [other]: { status: [status('USED')], receipt: [receipt(receiptOf('C'))] },
    };
    const document = readDocument(await waitMany([one, other, '--json', '-q'], told));
    expect(document).toMatchObject({
      ...{ outcome: 'unclear', exitCode: 3, money: 'unknown', counts: { unclear: 1, approved: 1 } },
      results: [
        { outcome: 'unclear', money: 'unknown' },
        { outcome: 'approved', money: 'taken' },
      ],
    });
  });
});

describe('EXPIRED', () => {
  test('as the very first answer shows nothing of the money, and names the command that does', async () => {
    const document = await waited(status('EXPIRED'), status('EXPIRED'));
    expect(document).toMatchObject({ outcome: 'expired', exitCode: 6, money: 'unknown', final: true });
    expect(document.summary).toContain('instamed-poll receipt');
    expect(document.summary).not.toContain('before a payment was completed');
  });

  test('after NEW shows that nothing was taken', async () => {
    const document = await waited(status('NEW'), status('EXPIRED'), status('EXPIRED'));
    expect(document).toMatchObject({ outcome: 'expired', exitCode: 6, money: 'not-taken', final: true });
    expect(document.summary).toContain('before a payment was completed');
  });

  test('after an unknown status shows nothing of the money', async () => {
    const document = await waited(status('HELD'), status('EXPIRED'), status('EXPIRED'));
    expect(document).toMatchObject({ outcome: 'expired', money: 'unknown' });
  });
});

describe('a token that is USED and unread', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when %s comes: money may have moved', async (signal) => {
    const exit = await run(['wait', token, '--json', '-q'], stoppedAsking(signal, [status('USED')]));
    expect(readDocument(exit)).toMatchObject({ outcome: 'interrupted', money: 'unknown', final: false });
    expect(exit.stderr).toContain('Money may have moved. Do not charge again.');
    expect(exit.stderr).toContain('Next: instamed-poll receipt');
  });

  test('for good: money may have moved comes first, and where a person can look', async () => {
    const document = await waited(status('USED'), ...times(5, receipt(publishedError)));
    expect(document).toMatchObject({ outcome: 'receipt-unread', code: 9, money: 'unknown', final: false });
    expect(document.summary).toMatch(/^Money may have moved\. Do not charge again\./);
    expect(document.summary).toContain('Payment History');
    expect(document.summary).not.toMatch(/failed|declined/i);
  });
});

test.each([
  ['C', 'taken'],
  ['S', 'taken'],
  ['A', 'reserved'],
  ['O', 'none'],
  ['D', 'not-taken'],
  ['X', 'not-taken'],
  ['V', 'reversed'],
  ['CB', 'reversed'],
  ['RI', 'reversed'],
])('was money taken? %s: %s, the same in every format', async (code, money) => {
  const steps = [status('USED'), receipt(receiptOf(code))];
  expect((await waited(...steps)).money).toBe(money);
  const shown = (flags: readonly string[], world: World = {}) =>
    run(['wait', token, '-q', ...flags], { steps, ...world });
  expect((await shown(['--field', 'money'])).stdout).toBe(`${money}\n`);
  expect((await shown([])).stdout).toContain(`\nmoney\t${money}\n`);
  expect((await shown([], { tty: true, columns: 80 })).stdout).toMatch(new RegExp(`│ Money +│ ${money} +│`));
  expect((await shown(['-o', 'ndjson'])).stdout).toContain(`"money":"${money}"`);
});

test.each([
  ['a timeout', ['wait', token, '--timeout', '1s', '--interval', '1s'], [status('NEW'), status('NEW')], false],
  ['a page', ['wait', token], [receipt('<html>')], false],
  ['USED, without a receipt', ['wait', token, '--no-receipt'], [status('USED')], true],
  ['NEW', ['status', token], [status('NEW')], false],
  ['USED', ['status', token], [status('USED')], true],
  ['an unknown status', ['status', token], [status('HELD')], false],
] as const)('whether asking again is of any use: after %s', async (_name, argv, steps, final) => {
  expect(await documentOf(argv, { steps })).toMatchObject({ final, money: 'unknown' });
});
