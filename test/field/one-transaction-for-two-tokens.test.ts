import { describe, expect, test } from 'vitest';
import { readDocument, readEvents } from '../support/check-document.ts';
import { shown, story, tokensOf, waitMany } from '../support/many-world.ts';
import { receipt } from '../support/replies.ts';

const [first, second, third] = tokensOf(3) as [string, string, string];

/** NEW so many times, and then a receipt of this transaction. */
const ends = (news: number, transactionId: string, transactionStatus = 'C') =>
  story(
    news,
    'USED',
    receipt(`responseCode=000&transactionStatus=${transactionStatus}&transactionID=${transactionId}`),
  );

const mixedUp = { [first]: ends(0, 'AB01'), [second]: ends(1, 'ab01'), [third]: ends(2, 'FF02') };

interface Row {
  readonly token: string;
  readonly outcome: string;
  readonly money: string;
  readonly corrected?: true;
  readonly receipt: { readonly doubt: string | null; readonly approved: boolean } | null;
}

const brief = ({ token, outcome, money, corrected }: Row) => [shown(token), outcome, money, corrected ?? false];

describe('one transaction came for two tokens of a list', () => {
  test('both rows of the document are unclear, the other payment is not, and totals and exit code go by that', async () => {
    const exit = await waitMany([first, second, third, '--json', '-q'], mixedUp);
    const { results, ...document } = readDocument(exit) as unknown as { results: Row[] } & Record<string, unknown>;
    expect(results.map(brief)).toEqual([
      [shown(first), 'unclear', 'unknown', true],
      [shown(second), 'unclear', 'unknown', false],
      [shown(third), 'approved', 'taken', false],
    ]);
    expect(results.map((row) => row.receipt?.doubt)).toEqual(['shared-transaction', 'shared-transaction', null]);
    expect(results.map((row) => row.receipt?.approved)).toEqual([false, false, true]);
    expect(document).toMatchObject({
      ...{ outcome: 'unclear', exitCode: 3, money: 'unknown', final: true, counts: { unclear: 2, approved: 1 } },
      summary: expect.stringContaining('do not show whether the payment was taken'),
    });
    expect(exit.code).toBe(3);
  });

  test('in ndjson the first one, which was told already, is told again', async () => {
    const { events, document } = readEvents(await waitMany([first, second, third, '-o', 'ndjson', '-q'], mixedUp));
    const rows = events.filter(({ event }) => event === 'result') as unknown as Row[];
    expect(rows.map(brief)).toEqual([
      [shown(first), 'approved', 'taken', false],
      [shown(first), 'unclear', 'unknown', true],
      [shown(second), 'unclear', 'unknown', false],
      [shown(third), 'approved', 'taken', false],
    ]);
    expect(document).toMatchObject({ outcome: 'unclear', exitCode: 3, counts: { unclear: 2, approved: 1 } });
  });

  test('so it is on a terminal and in the log', async () => {
    const exit = await waitMany([first, second, '--progress', 'plain'], mixedUp, { tty: true, columns: 400 });
    const rows = exit.stdout.split('\n').filter((line) => line.startsWith(first.slice(0, 4)));
    expect(rows.map((line) => line.split(/ {2,}/)[1])).toEqual(['approved', 'unclear']);
    expect(rows[1]).toContain('another token of this run has the same transaction');
    expect(exit.stderr).toMatch(/approved, money: taken \(1 of 2\)/);
    expect(exit.stderr).toMatch(/unclear, money: unknown \(corrected\) \(1 of 2\)/);
    expect(exit.stderr).toMatch(/ended: 2 unclear, /);
  });

  test('a third one changes nothing of the first two', async () => {
    const told = { ...mixedUp, [third]: ends(2, 'Ab01') };
    const { events, document } = readEvents(await waitMany([first, second, third, '-o', 'ndjson', '-q'], told));
    const rows = events.filter(({ event }) => event === 'result') as unknown as Row[];
    expect(rows.filter(({ corrected }) => corrected)).toHaveLength(1);
    expect(document).toMatchObject({ counts: { unclear: 3 }, exitCode: 3 });
  });

  test.each([
    ['D', 'C'],
    ['C', 'D'],
    ['D', 'D'],
    ['A', 'O'],
  ])('whatever the two receipts say: %s and %s', async (one, other) => {
    const told = { [first]: ends(0, '7', one), [second]: ends(1, '7', other) };
    const exit = await waitMany([first, second, '--json', '-q'], told);
    expect(readDocument(exit)).toMatchObject({ exitCode: 3, money: 'unknown', counts: { unclear: 2 } });
  });

  test('a correction ends a run that is to stop at the first bad end', async () => {
    const told = { [first]: ends(0, '7'), [second]: ends(1, '7'), [third]: story(50, 'EXPIRED') };
    const exit = await waitMany([first, second, third, '--fail-fast', '--json', '-q'], told);
    expect(readDocument(exit)).toMatchObject({ counts: { unclear: 2, pending: 1 }, exitCode: 3 });
  });
});

test('receipts without a transaction ID are not taken for the same one', async () => {
  const none = (news: number) => story(news, 'USED', receipt('responseCode=000&transactionStatus=C'));
  const exit = await waitMany([first, second, '--json', '-q'], { [first]: none(0), [second]: none(1) });
  expect(readDocument(exit)).toMatchObject({
    outcome: 'approved',
    exitCode: 0,
    money: 'taken',
    counts: { approved: 2 },
  });
});
