import { describe, expect, test } from 'vitest';
import type { Money } from '../../src/domain/money.ts';
import { readDocument } from '../support/check-document.ts';
import { endingRows } from '../support/ending-rows.ts';
import { byName } from '../support/replies.ts';
import { run } from '../support/run-cli.ts';

/** What a clerk reads first, and what a script reads in its place. Any other sentence says nothing of the money. */
const sentences: readonly (readonly [begins: RegExp, money: Money])[] = [
  [/^Approved\. The payment was taken\./, 'taken'],
  [/^Partially approved: /, 'part-taken'],
  [/^Authorized, not captured yet\./, 'reserved'],
  [/^Card stored\./, 'none'],
  [/^(?:Declined|Cancelled)\. The payment was not taken\./, 'not-taken'],
  [/^EXPIRED: the session ran out before a payment was completed\./, 'not-taken'],
  [/^(?:Voided|Charged back|Returned)\./, 'reversed'],
];

const moneyIn = (summary: string): Money => sentences.find(([begins]) => begins.test(summary))?.[1] ?? 'unknown';

/** Outcomes after which the same command could answer something else. */
const open = [
  ...['internal-error', 'usage-error', 'credentials-rejected', 'service-error', 'unreachable'],
  ...['pending', 'receipt-unread', 'timed-out', 'interrupted'],
];

describe.each(byName(endingRows))('%s', (_name, { argv, world }) => {
  test('the words, the money and whether it is final agree', async () => {
    const { stdout } = await run([...argv, '--json'], world());
    const { command, outcome, summary, status, money, final } = readDocument({ stdout });
    expect({ summary, money }).toEqual({ summary, money: moneyIn(summary) });
    const isOpen =
      command === 'status' ? status === 'NEW' || status === 'UNKNOWN' || status === null : open.includes(outcome);
    expect({ outcome, final }).toEqual({ outcome, final: !isOpen });
  });
});

test('the rows show every answer about the money', async () => {
  const shown = new Set<Money | undefined>();
  for (const { argv, world } of endingRows) shown.add(readDocument(await run([...argv, '--json'], world())).money);
  expect([...shown].sort()).toEqual([...sentences.map(([, money]) => money), 'unknown'].filter(unique).sort());
});

const unique = (money: unknown, index: number, all: readonly unknown[]) => all.indexOf(money) === index;
