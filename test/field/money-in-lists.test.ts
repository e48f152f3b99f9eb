import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { moneyStates } from '../../src/domain/money.ts';
import { readDocument, readEvents } from '../support/check-document.ts';
import { paid, shown, story, tokensOf, waitMany } from '../support/many-world.ts';
import { publishedRefund, receipt, receiptOf } from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';

const [first, second, third] = tokensOf(3) as [string, string, string];

const ofToken = (named: string) => receipt(`${receiptOf('C')}&singleSignOnToken=${named}`);

/** What a reply to a refund of a part could look like, by the published void: it names the payment alone. */
const partRefund = 'transactionStatus=C&primaryTransactionStatus=C&primaryTransactionID=9';

describe('a receipt in a list that does not show whether its payment was taken', () => {
  test.each([
    ['a refund', receipt(publishedRefund)],
    ['a refund of a part, after which the payment still stands', receipt(partRefund)],
    ['the receipt of another token', ofToken(third)],
    ['C beside D', receipt('transactionStatus=C&primaryTransactionStatus=D')],
    ['a settlement error', receipt(receiptOf('SE'))],
    ['an unknown code', receipt(receiptOf('PENDING'))],
    ['no code', receipt('responseCode=000&transactionID=1')],
  ])('%s is unclear in every format, beside a payment that was taken', async (_name, answer) => {
    const told = { [first]: story(1, 'USED', answer), [second]: paid('C', 1) };
    const wait = (flags: readonly string[], world = {}) => waitMany([first, second, '-q', ...flags], told, world);
    const expected = [
      { token: first, outcome: 'unclear', exitCode: 3, money: 'unknown', final: true },
      { token: second, outcome: 'approved', exitCode: 0, money: 'taken', final: true },
    ];

    const json = await wait(['--json']);
    expect(json.code).toBe(3);
    expect(readDocument(json)).toMatchObject({ outcome: 'unclear', money: 'unknown', final: true, results: expected });

    const { events, document } = readEvents(await wait(['-o', 'ndjson']));
    expect(events.filter(({ event }) => event === 'result')).toMatchObject(expected);
    expect(document).toMatchObject({ outcome: 'unclear', money: 'unknown', final: true });

    const lines = (await wait([])).stdout.split('\n');
    for (const line of ['results.0.money\tunknown', 'results.1.money\ttaken', 'money\tunknown']) {
      expect(lines).toContain(line);
    }

    const table = await wait([], { tty: true, columns: 400 });
    expect(table.stdout).toMatch(
      new RegExp(`^${shown(first)}  unclear .*Ask InstaMed before you charge again\\.`, 'm'),
    );
    expect(table.stdout).toMatch(new RegExp(`^${shown(second)}  approved .*The payment was taken\\.`, 'm'));
  });

  test('is one for each of two tokens whose receipts were swapped', async () => {
    const told = { [first]: story(0, 'USED', ofToken(second)), [second]: story(0, 'USED', ofToken(first)) };
    const { results, counts } = readDocument(await waitMany([first, second, '--json', '-q'], told));
    expect(results?.map(({ money, receipt: read }) => [money, read?.doubt])).toEqual([
      ['unknown', 'another-token'],
      ['unknown', 'another-token'],
    ]);
    expect(counts).toEqual({ unclear: 2 });
  });

  test('is none where each names its own token', async () => {
    const told = { [first]: story(0, 'USED', ofToken(first)), [second]: story(0, 'USED', ofToken(second)) };
    expect(readDocument(await waitMany([first, second, '--json', '-q'], told))).toMatchObject({
      ...{ outcome: 'approved', money: 'taken', final: true },
    });
  });
});

describe('the money of a whole list', () => {
  test.each([
    ['C', 'S', 'taken'],
    ['D', 'X', 'not-taken'],
    ['V', 'CB', 'reversed'],
    ['A', 'A', 'reserved'],
    ['C', 'D', 'unknown'],
    ['C', 'A', 'unknown'],
    ['SE', 'D', 'unknown'],
  ])('of %s and %s is %s', async (one, other, money) => {
    const told = { [first]: paid(one), [second]: paid(other) };
    expect(readDocument(await waitMany([first, second, '--json', '-q'], told))).toMatchObject({ money, final: true });
  });

  test('is unknown, and not final, where one token is', async () => {
    const told = { [first]: paid('C'), [second]: story(0, 'NEW') };
    const document = readDocument(await waitMany([first, second, '--timeout', '10s', '--json', '-q'], told));
    expect(document).toMatchObject({
      ...{ outcome: 'timed-out', money: 'unknown', final: false },
      results: [
        { money: 'taken', final: true },
        { money: 'unknown', final: false },
      ],
    });
  });
});

describe('EXPIRED in a list', () => {
  test('shows that nothing was taken only for a token that this run saw NEW', async () => {
    const told = { [first]: story(0, 'EXPIRED'), [second]: story(1, 'EXPIRED') };
    const { results } = readDocument(await waitMany([first, second, '--json', '-q'], told));
    const says = (words: string) => expect.stringContaining(words);
    expect(results).toMatchObject([
      { outcome: 'expired', money: 'unknown', final: true, summary: says('instamed-poll receipt') },
      { outcome: 'expired', money: 'not-taken', final: true, summary: says('Open a new payment page') },
    ]);
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s while one token of a list is USED and unread: money may have moved', async (signal, code) => {
  const late = receipt('errorCode=400&errorMessage=not yet');
  const told = { [first]: paid('C'), [second]: story(0, 'USED', late), [third]: story(0, 'NEW') };
  const words = [first, second, third, '--json', '-q'];
  const exit = await waitMany(words, told, { stop: { signal, afterMs: 8_000 } });
  expect(exit.code).toBe(code);
  expect(readDocument(exit)).toMatchObject({
    ...{ outcome: 'interrupted', exitCode: code, money: 'unknown', final: false },
    results: [
      { outcome: 'approved', money: 'taken', final: true },
      { outcome: 'interrupted', status: 'USED', money: 'unknown', final: false },
      { outcome: 'interrupted', status: 'NEW', money: 'unknown', final: false },
    ],
  });
  expect(exit.stderr).toContain('Money may have moved. Do not charge again.');
  expect(exit.stderr).not.toMatch(/failed|declined/i);
});

describe('a receipt of another transaction, alone', () => {
  test('a refund of a part, after which the payment still stands, is unclear to wait', async () => {
    const told = { [first]: story(0, 'USED', receipt(partRefund)) };
    const exit = await waitMany([first, '--accept-partial', '--json', '-q'], told);
    expect(exit.code).toBe(3);
    expect(readDocument(exit)).toMatchObject({ outcome: 'unclear', money: 'unknown', final: true });
  });

  test('to receipt, on a terminal', async () => {
    const world = { steps: [receipt(partRefund)], tty: true, columns: 400 };
    const exit = await run(['receipt', token, '--exit-status'], world);
    expect(exit.code).toBe(3);
    expect(exit.stdout).toContain('it belongs to another transaction');
    expect(exit.stdout).not.toContain('The payment was taken');
  });

  test('and to decode', async () => {
    const exit = await run(['decode', '-', '--exit-status', '--accept-partial', '--json'], { stdin: partRefund });
    expect(exit.code).toBe(3);
    expect(readDocument(exit)).toMatchObject({ outcome: 'unclear', money: 'unknown', receipt: { approved: false } });
  });

  test('a saved reply that names two tokens is unclear', async () => {
    const stdin = `${receiptOf('C')}&singleSignOnToken=${first}&singleSignOnToken=${second}`;
    const exit = await run(['decode', '-', '--exit-status', '--json'], { stdin });
    expect(readDocument(exit)).toMatchObject({ outcome: 'unclear', exitCode: 3, money: 'unknown' });
  });
});

describe('what can still be done about a payment that was taken', () => {
  const canVoid = 'Until it settles it can be voided; after that it can only be refunded.';
  const onlyRefund = 'It is settled: it can only be refunded.';

  test.each([
    ['C', canVoid],
    ['s', onlyRefund],
    ['C&primaryTransactionStatus=C', canVoid],
    ['C&primaryTransactionStatus=S', onlyRefund],
    ['S&primaryTransactionStatus=C', onlyRefund],
  ])('%s', async (statuses, says) => {
    const { stdout } = await run(['decode', '-', '--field', 'summary'], { stdin: `transactionStatus=${statuses}` });
    expect(stdout).toBe(`Approved. The payment was taken. ${says}\n`);
  });
});

test('the README explains every answer about the money', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, table = ''] = readme.split('| `money` | when |\n| --- | --- |\n');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').map((row) => /^\| `(.*?)` \|/.exec(row)?.[1]);
  expect(rows).toEqual(moneyStates);
});
