import { describe, expect, test } from 'vitest';
import type { StopSignal } from '../../../src/domain/outcome.ts';
import { readDocument } from '../../support/check-document.ts';
import { paid, story, tokensOf, waitMany } from '../../support/many-world.ts';
import { fault, lostConnection, publishedError, receipt, receiptOf, times, webPage } from '../../support/replies.ts';
import type { TokenStory } from '../../support/token-transport.ts';

/** A story for each ending that a token can have, after a first NEW: that is known of no wrong account. */
const endings: Readonly<Record<string, TokenStory>> = {
  approved: paid('C', 1),
  authorized: paid('A', 1),
  'card-stored': paid('O', 1),
  'timed-out': story(0, 'NEW'),
  expired: story(1, 'EXPIRED'),
  'not-approved': paid('D', 1),
  'service-error': story(1, fault('Client', 'No such token')),
  // Words about the credentials pass as well, once a status was read with them.
  'credentials-rejected': story(1, webPage('', 401)),
  'receipt-unread': story(1, 'USED', receipt(publishedError)),
};

/** The contract's order, typed out once more, the worst first, with its codes; `unreachable` is below. */
const order: readonly (readonly [outcome: string, code: number])[] = [
  ['receipt-unread', 9],
  ['credentials-rejected', 4],
  ['service-error', 5],
  ['not-approved', 3],
  ['expired', 6],
  ['timed-out', 124],
  ['card-stored', 0],
  ['authorized', 0],
  ['approved', 0],
];
const [one, other, third] = tokensOf(3) as [string, string, string];

describe('the ending of the whole is the worst', () => {
  test.each(order.map(([worst, code], i) => [worst, code, order.slice(i)] as const))(
    '%s, with code %i, before all that are less bad, whichever comes first',
    async (worst, code, others) => {
      for (const [second] of others) {
        for (const [a, b] of [
          [worst, second],
          [second, worst],
        ] as const) {
          const told = { [one]: endings[a] as TokenStory, [other]: endings[b] as TokenStory };
          const run = await waitMany([one, other, '--timeout', '30s', '--max-failures', '1', '--json', '-q'], told);
          const { outcome, exitCode, results } = readDocument(run);
          expect({ outcome, exitCode, code: run.code }).toEqual({ outcome: worst, exitCode: code, code });
          expect(results?.map((row) => row.outcome)).toEqual([a, b]);
        }
      }
    },
  );

  test('of all at once, and approved only where all are', async () => {
    const tokens = tokensOf(order.length);
    const told = Object.fromEntries(order.map(([outcome], i) => [tokens[i] as string, endings[outcome] as TokenStory]));
    const { code } = await waitMany([...tokens, '--timeout', '30s', '-q'], told);
    expect(code).toBe(9);
  });

  test('with --no-receipt used, of which nothing is known', async () => {
    const told = { [one]: story(0, 'USED'), [other]: story(1, 'USED') };
    const { stdout, code } = await waitMany([one, other, '--no-receipt', '--json', '-q'], told);
    expect(code).toBe(0);
    expect(readDocument({ stdout })).toMatchObject({ outcome: 'used', counts: { used: 2 } });
  });

  test('unreachable, where nothing ever answered', async () => {
    const told = { [one]: { status: [lostConnection] }, [other]: { status: [lostConnection] } };
    const { stdout, code } = await waitMany([one, other, '--json', '-q'], told);
    expect(code).toBe(7);
    expect(readDocument({ stdout }).results?.map(({ outcome }) => outcome)).toEqual(['unreachable', 'unreachable']);
  });
});

describe('an interrupt beats all', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGTERM', 143],
  ] as const)('%s', async (signal: StopSignal, code) => {
    const told = {
      [one]: endings['receipt-unread'] as TokenStory,
      [other]: endings['timed-out'] as TokenStory,
      [third]: endings['credentials-rejected'] as TokenStory,
    };
    const stop = { signal, afterMs: 50_000 };
    const run = await waitMany([one, other, third, '--json', '-q'], told, { stop });
    expect(run.code).toBe(code);
    const { outcome, exitCode, results, summary, error } = readDocument(run);
    expect({ outcome, exitCode }).toEqual({ outcome: 'interrupted', exitCode: code });
    expect(results?.map((row) => row.exitCode)).toEqual([9, code, 4]);
    expect(summary).toContain(
      'Money may have moved. Do not charge again. 1 token is USED, but its receipt could not be read.',
    );
    expect(error).toMatchObject({
      code: 'INTERRUPTED',
      next: ['instamed-poll', 'wait', one, other, third, '--json', '-q'],
    });
    expect(run.stderr).toContain('Money may have moved. Do not charge again.');
  });

  test('before anything was asked', async () => {
    const told = { [one]: endings['approved'] as TokenStory, [other]: endings['approved'] as TokenStory };
    const run = await waitMany([one, other, '--json', '-q'], told, { stop: { signal: 'SIGINT', afterMs: 1 } });
    expect(run.code).toBe(130);
    expect(readDocument(run).results?.map(({ checks }) => checks)).toEqual([0, 0]);
  });
});

describe('a receipt that cannot be read', () => {
  const says = 'errorCode=400&errorMessage=The payment was DECLINED: transaction failed';
  const told = { [one]: paid('C'), [other]: story(0, 'USED', ...times(5, receipt(says))), [third]: story(0, 'NEW') };
  const verdict = /failed|declined/i;

  test.each([
    ['text', []],
    ['text with lines of progress', ['--progress', 'plain']],
    ['JSON', ['--json', '-q']],
    ['events', ['-o', 'ndjson', '-q']],
    ['a field', ['--field', 'outcome']],
  ])('warns on stderr, where another was approved as well, and speaks no verdict: %s', async (_name, flags) => {
    const run = await waitMany([one, other, ...flags], told);
    expect(run.code).toBe(9);
    expect(run.stderr).toMatch(/^instamed-poll: Money may have moved\. Do not charge again\. .* 2 tokens: /m);
    expect(run.stderr).toContain('Next: instamed-poll receipt -   (then paste the token MDAx…MDE=)\n');
    expect(run.stderr).not.toMatch(verdict);
  });

  test.each([
    ['in a pipe', {}],
    ['on a terminal', { tty: true, columns: 300 }],
  ])('warns in its row as well, and speaks no verdict there: %s', async (_name, world) => {
    const { code, stdout, stderr } = await waitMany([one, other], told, world);
    expect(code).toBe(9);
    expect(stdout).toMatch(
      /^(?:results\.1\.summary\t|MDAx…MDE= {2}receipt-unread {2})Money may have moved\. Do not charge again\. The token is USED, .*$/m,
    );
    expect(stdout + stderr).not.toMatch(verdict);
  });

  test('has its error with the whole text in JSON', async () => {
    const { results } = readDocument(await waitMany([one, other, '--json', '-q'], told));
    expect(results?.[1]?.error?.message).toContain('The payment was DECLINED');
  });

  test('ends a wait for any: the payment is over, whoever has the receipt', async () => {
    const { results } = readDocument(await waitMany([other, third, '--any', '--json', '-q'], told));
    expect(results?.map(({ outcome }) => outcome)).toEqual(['receipt-unread', 'pending']);
  });
});

describe('totals hide nothing that a receipt says', () => {
  const ends = (text: string) => story(0, 'USED', receipt(text));
  const refund = ends('responseCode=000&transactionStatus=C&transactionID=2&primaryTransactionID=1');
  const partial = ends(`${receiptOf('C')}&partialApprovalAmount=1.00`);
  const unknown = ends('transactionStatus=Q');
  const unsettled = ends('transactionStatus=SE');
  const good = paid('C');
  const doesNotShow = '"unclear" receipts do not show whether the payment was taken.';

  test.each([
    ['a refund is not the payment', refund, good, [], `2 tokens: 1 unclear, 1 approved. ${doesNotShow}`],
    ['nor is it by itself, in a list', refund, refund, [], `2 tokens: 2 unclear. ${doesNotShow}`],
    ['a part is not the whole', partial, good, ['--accept-partial'], 'Approved in part only: 1 of them.'],
    ['a part is not nothing', partial, paid('D'), [], '2 not-approved. Approved in part only: 1 of them.'],
    ['several parts', partial, partial, [], 'Approved in part only: 2 of them.'],
    ['an unknown status', unknown, paid('D'), [], `1 unclear, 1 not-approved. ${doesNotShow}`],
    ['a settlement error', unsettled, unknown, [], `2 unclear. ${doesNotShow}`],
    ['an authorization', paid('A'), good, [], 'Authorized is not captured yet: no money has been taken so far.'],
  ])('%s', async (_name, first, second, flags, says) => {
    const told = { [one]: first, [other]: second };
    const { summary } = readDocument(await waitMany([one, other, ...flags, '--json', '-q'], told));
    expect(summary).toContain(says);
    const shown = await waitMany([one, other, ...flags, '-q'], told, { tty: true, columns: 1_000 });
    expect(shown.stdout).toContain(says);
  });

  test('and nothing is said where there is nothing to say', async () => {
    const { summary } = readDocument(await waitMany([one, other, '--json', '-q'], { [one]: good, [other]: paid('D') }));
    expect(summary).toBe('2 tokens: 1 not-approved, 1 approved.');
  });

  test('not even a line of progress', async () => {
    const { stderr } = await waitMany([one, other, '--progress', 'plain'], { [one]: refund, [other]: good });
    expect(stderr).toMatch(/^\d:\d\d \S+ unclear, money: unknown \(1 of 2\)$/m);
    expect(stderr).toMatch(/^\d:\d\d \S+ approved, money: taken \(2 of 2\)$/m);
  });

  test('not even a colour: green is for money taken', async () => {
    const tokens = tokensOf(4) as [string, string, string, string];
    const told = { [tokens[0]]: good, [tokens[1]]: refund, [tokens[2]]: paid('A'), [tokens[3]]: paid('D') };
    const { stdout } = await waitMany([...tokens, '-q'], told, { tty: true, columns: 1_000, colorLevel: 1 });
    const colours = [...stdout.replaceAll('\u001b[', '<').matchAll(/ {2}(?:<\d+m)*<(\d+)m([\w-]+)/g)].map(
      ([, code, outcome]) => [code, outcome],
    );
    expect(colours).toEqual([
      ['32', 'approved'],
      // On a background of its own.
      ['45', 'unclear'],
      ['33', 'authorized'],
      ['31', 'not-approved'],
    ]);
  });
});

test('a partial approval counts where it is accepted, in every row', async () => {
  const partly = story(0, 'USED', receipt(`${receiptOf('C')}&partialApprovalAmount=1.00`));
  const told = { [one]: partly, [other]: paid('C') };
  expect((await waitMany([one, other, '-q'], told)).code).toBe(3);
  expect((await waitMany([one, other, '--accept-partial', '-q'], told)).code).toBe(0);
});
