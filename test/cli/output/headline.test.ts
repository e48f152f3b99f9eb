import { describe, expect, test } from 'vitest';
import { publishedReceipt, publishedVoid, receipt, receiptOf, status } from '../../support/replies.ts';
import { run, token, type World } from '../../support/run-cli.ts';
import type { Step } from '../../support/scripted-transport.ts';

const escapes = /\p{Cc}\[[\d;]*m/gu;

/** The colours of the first line: what a clerk sees before reading. */
async function colors(argv: readonly string[], steps: readonly Step[], more: World = {}): Promise<string[]> {
  const { stdout } = await run([...argv, '-q'], { tty: true, columns: 200, colorLevel: 1, steps, ...more });
  const [headline = ''] = stdout.split('\n');
  // Foreground and background: 1 red, 2 green, 3 yellow, 5 magenta.
  const names = { 1: 'red', 2: 'green', 3: 'yellow', 5: 'magenta' };
  const codes = (headline.match(escapes) ?? []).flatMap((code) => /\[[349]([1235])m/.exec(code)?.[1] ?? []);
  return [...new Set(codes.map((code) => names[Number(code) as 1 | 2 | 3 | 5]))];
}

const wait = ['wait', token];
const used = status('USED');

describe('the headline is', () => {
  test.each([
    ['C', receiptOf('C'), 'green'],
    ['S', receiptOf('S'), 'green'],
    ['A', receiptOf('A'), 'yellow'],
    ['O', receiptOf('O'), 'yellow'],
    ['D', receiptOf('D'), 'red'],
    ['X', receiptOf('X'), 'red'],
    ['the published sample', publishedReceipt, 'red'],
    ['V', receiptOf('V'), 'yellow'],
    ['CB', receiptOf('CB'), 'yellow'],
    ['RI', receiptOf('RI'), 'yellow'],
    ['SE', receiptOf('SE'), 'magenta'],
    ['a code that nobody knows', receiptOf('Q'), 'magenta'],
    ['a void', publishedVoid, 'yellow'],
    [
      'an approved transaction of another payment',
      'transactionStatus=C&transactionID=A1&primaryTransactionID=B2',
      'magenta',
    ],
    ['a declined one', 'transactionStatus=D&transactionID=A1&primaryTransactionID=B2', 'magenta'],
    ['an approval in part', 'transactionStatus=C&responseCode=010', 'yellow'],
  ])('for %s in its own colour alone, in wait, receipt and decode alike', async (_name, nvp, color) => {
    expect(await colors(wait, [used, receipt(nvp)])).toEqual([color]);
    expect(await colors(['receipt', token], [receipt(nvp)])).toEqual([color]);
    const { stdout } = await run(['decode', '-'], { tty: true, columns: 200, colorLevel: 1, stdin: nvp });
    expect(stdout.split('\n')[0]).toMatch(
      { green: /\[[34]2m/, red: /\[[34]1m/, yellow: /\[[34]3m/, magenta: /\[45m/ }[color] as RegExp,
    );
  });

  test('yellow for a part that is accepted: it is not the whole', async () => {
    expect(
      await colors([...wait, '--accept-partial'], [used, receipt('transactionStatus=C&responseCode=010')]),
    ).toEqual(['yellow']);
  });

  test.each([
    ['an answer of status', ['status', token], [status('USED')], []],
    ['an expected NEW', ['status', token, '--expect', 'NEW'], [status('NEW')], []],
    ['USED without a receipt', [...wait, '--no-receipt'], [status('USED')], ['yellow']],
    ['EXPIRED', wait, [status('EXPIRED'), status('EXPIRED')], ['yellow']],
    ['a status that is not the expected one', ['status', token, '--expect', 'NEW'], [status('USED')], ['yellow']],
    ['NEW, judged', ['status', token, '--exit-status'], [status('NEW')], ['yellow']],
  ])('for %s never green', async (_name, argv, steps, expected) => {
    expect(await colors(argv, steps)).toEqual(expected);
  });
});

test('without colour there is no escape sequence, and with colour the words are the same', async () => {
  const show = async (colorLevel: 0 | 1 | 2 | 3) => {
    const steps = [used, receipt(publishedReceipt)];
    return (await run([...wait, '-q'], { tty: true, columns: 80, colorLevel, steps })).stdout;
  };
  const plain = await show(0);
  expect(plain.match(escapes)).toBeNull();
  for (const level of [1, 2, 3] as const) {
    const colored = await show(level);
    expect(colored.match(escapes)?.length).toBeGreaterThan(1);
    expect(colored.replace(escapes, '')).toBe(plain);
    // What follows the headline is never coloured, and no colour is left on.
    expect(colored.slice(colored.indexOf('┌')).match(escapes)).toBeNull();
  }
});

test.each([[['--json']], [['-o', 'ndjson']], [['--field', 'summary']]])(
  '%j has no colour on stdout, even on a terminal',
  async (flags) => {
    const { stdout } = await run([...wait, ...flags], {
      tty: true,
      colorLevel: 3,
      steps: [used, receipt(receiptOf('D'))],
    });
    expect(stdout).not.toMatch(escapes);
  },
);

test('into a pipe there are no colours and no borders, whatever stderr is', async () => {
  const { stdout } = await run(wait, { tty: ['stderr'], colorLevel: 3, steps: [used, receipt(receiptOf('C'))] });
  expect(stdout).not.toMatch(escapes);
  expect(stdout).toContain('outcome\tapproved\n');
});
