import { describe, expect, test } from 'vitest';
import { renderLines } from '../../../src/cli/output/lines.ts';
import { capturedReceipt, publishedReceipt, receipt, receiptOf, status } from '../../support/replies.ts';
import { run, token } from '../../support/run-cli.ts';

const steps = [status('NEW'), status('HELD'), status('USED'), receipt(publishedReceipt)];

test('the lines of a wait have these names, in this order', async () => {
  const { stdout } = await run(['wait', token, '-q'], { steps });
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
    ...[
      'schemaVersion',
      'command',
      'outcome',
      'exitCode',
      'money',
      'final',
      'summary',
      'token',
      'status',
      'statusText',
      'startedAt',
    ],
    ...['elapsedMs', 'checks', 'seen.NEW', 'seen.HELD', 'seen.USED', 'receipt.result', 'receipt.approved'],
    ...[
      'receipt.partial',
      'receipt.doubt',
      'receipt.transactionStatus',
      'receipt.transactionStatusMeaning',
      'receipt.transactionId',
    ],
    ...['receipt.primaryTransactionId', 'receipt.primaryTransactionStatus', 'receipt.transactionDate'],
    ...['receipt.card.brand', 'receipt.card.type', 'receipt.card.bin', 'receipt.card.lastFour', 'receipt.card.masked'],
    ...['receipt.card.expiration', 'receipt.card.holderName', 'receipt.card.entryMode', 'receipt.authorizationNumber'],
    ...['receipt.responseCode', 'receipt.responseMessage', 'receipt.partialApprovalAmount', 'receipt.amount'],
    ...['receipt.authorizationText', 'receipt.paymentPlanId', 'receipt.saveOnFileTransactionId'],
    ...['receipt.emv.isEmvTransaction', 'receipt.emv.verifiedByPin'],
    ...publishedReceipt.split('&').map((pair) => `receipt.fields.${pair.split('=')[0]}`),
    'error',
    '',
  ]);
});

test.each([
  ['wait', ['wait', token], steps, ''],
  ['status', ['status', token], [status(' complete ')], ''],
  ['receipt', ['receipt', token], [receipt(capturedReceipt)], ''],
  ['decode', ['decode', '-'], [], 'transactionStatus=C&holder=JOE%20MONTANA&note=a%26b'],
])('each name of %s is a path for --field, which prints the same value', async (_name, argv, answers, stdin) => {
  const { stdout } = await run(argv, { steps: answers, stdin });
  const lines = stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split('\t') as [string, string]);
  expect(lines.length).toBeGreaterThan(8);
  for (const [path, value] of lines) {
    const field = await run([...argv, '--field', path], { steps: answers, stdin });
    // The token alone is whole for a program, and shortened for a reader.
    expect([path, field.stdout]).toEqual([path, `${path === 'token' ? token : value}\n`]);
  }
});

describe('a value', () => {
  const linesOf = (document: object) => renderLines(document);

  test('of null is empty, and one of a list goes by its place', () => {
    expect(linesOf({ a: null, b: true, c: 0, d: ['x', 'y'], e: { f: '' } })).toBe(
      'a\t\nb\ttrue\nc\t0\nd.0\tx\nd.1\ty\ne.f\t\n',
    );
  });

  test('of a pair goes by its name, decoded where it was encoded', () => {
    const fields = [
      { name: 'n', value: 'a%20b', decoded: 'a b' },
      { name: 'n', value: 'c' },
    ];
    expect(linesOf({ fields })).toBe('fields.n\ta b\nfields.n\tc\n');
  });

  test('that holds a tab or a line break stays on its line, and so does a name', () => {
    expect(linesOf({ 'a\tb\n': 'c\td\n' })).toBe('a\\tb\\n\tc\\td\\n\n');
  });

  test('is no pair without a name or without a value', () => {
    expect(linesOf({ x: { name: 'n' }, y: { value: 'v' } })).toBe('x.name\tn\ny.value\tv\n');
  });
});

describe('--field', () => {
  const field = async (path: string, nvp: string) =>
    (await run(['receipt', token, '--field', path], { steps: [receipt(nvp)] })).stdout;

  test.each([
    ['a string, bare', 'receipt.transactionStatus', 'C\n'],
    ['null, as an empty line', 'receipt.amount', '\n'],
    ['a member of null, too', 'error.code', '\n'],
    ['a number', 'exitCode', '0\n'],
    ['a boolean', 'receipt.approved', 'true\n'],
    ['an object, as JSON on one line', 'receipt.emv', '{"isEmvTransaction":null,"verifiedByPin":null}\n'],
    ['a pair by its name', 'receipt.fields.note', 'a&b\n'],
    ['the first of two pairs with one name', 'receipt.fields.twice', '1\n'],
    ['a pair by its place', 'receipt.fields.0.name', 'transactionStatus\n'],
    ['a pair, whole', 'receipt.fields.1', '{"name":"note","value":"a%26b","decoded":"a&b"}\n'],
    ['a pair that is not there', 'receipt.fields.nothing', '\n'],
    ['the token whole, for a program', 'token', `${token}\n`],
  ])('prints %s', async (_name, path, expected) => {
    expect(await field(path, 'transactionStatus=C&note=a%26b&twice=1&twice=2')).toBe(expected);
  });

  test('looks for no member that an object only inherits', async () => {
    const seen = await run(['wait', token, '--field', 'seen.toString'], {
      steps: [status('EXPIRED'), status('EXPIRED')],
    });
    expect(seen.stdout).toBe('\n');
  });

  test('counts in the tally by its label', async () => {
    const world = { steps: [status('HELD'), status('HELD'), status('EXPIRED'), status('EXPIRED')] };
    expect((await run(['wait', token, '--field', 'seen.HELD'], world)).stdout).toBe('2\n');
  });

  test('goes before the formats: one value, and nothing else on stdout', async () => {
    for (const format of [['--json'], ['-o', 'json'], ['-o', 'ndjson'], ['-o', 'text']]) {
      const world = { steps: [status('USED'), receipt(receiptOf('C'))] };
      expect((await run(['wait', token, ...format, '--field', 'outcome'], world)).stdout).toBe('approved\n');
    }
  });

  test('prints the command to run next with the token whole', async () => {
    const world = { steps: [status('NEW'), status('NEW')] };
    const { stdout } = await run(['wait', token, '--timeout', '10s', '--field', 'error.next.2'], world);
    expect(stdout).toBe(`${token}\n`);
  });
});
