import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import {
  lostConnection,
  publishedError,
  receipt,
  redirect,
  status,
  stoppedAsking,
  times,
  webPage,
} from '../support/replies.ts';
import { type Run, run, token } from '../support/run-cli.ts';
import type { Step } from '../support/scripted-transport.ts';

const used = status('USED');

/**
 * What a receipt service could answer after USED, all of it invented but the error form: each speaks of a failure or a
 * decline that nobody has stated in a receipt, or of an approval.
 */
const rows: readonly (readonly [name: string, steps: readonly Step[], code: string])[] = [
  [
    'an error text that speaks of a decline',
    [used, ...times(5, receipt('errorCode=400&errorMessage=The payment was DECLINED: transaction failed'))],
    'NVP_400',
  ],
  [
    'an error code that is a verdict',
    [used, ...times(5, receipt('errorCode=DECLINED&errorMessage=no'))],
    'NVP_DECLINED',
  ],
  ['an error code that is another', [used, ...times(5, receipt('errorCode=Auth-Failed'))], 'NVP_Auth-Failed'],
  [
    'words where the reference number should be',
    [used, ...times(5, receipt('errorCode=400&errorMessage=Making a reference number failed'))],
    'NVP_400',
  ],
  [
    'an error without a code',
    [used, ...times(5, receipt('errorMessage=Payment declined by the issuer, or it failed'))],
    'NVP_ERROR',
  ],
  ['a refusal', [used, receipt('errorCode=401&errorMessage=Authentication failed', 401)], 'NVP_401'],
  [
    'two statuses, one of them in words',
    [used, receipt('transactionStatus=Declined&transactionStatus=C')],
    'AMBIGUOUS_RECEIPT',
  ],
  ['a page', [used, ...times(5, webPage('<h1>Payment failed</h1>', 500))], 'HTTP_500'],
  [
    'a redirect to a host with a telling name',
    [used, ...times(5, redirect('https://payment-failed.example/'))],
    'REDIRECT',
  ],
  ['a lost connection', [used, ...times(5, lostConnection)], 'ECONNRESET'],
];

const verdict = /failed|declined/i;

function expectWarning({ stdout, stderr }: Run): void {
  expect(stdout).toBe('');
  expect(stderr).toContain('Money may have moved. Do not charge again.');
  expect(stderr).toMatch(/do not charge again/i);
  expect(stderr).toContain('instamed-poll receipt -   (then paste the token NTJm…N2Qz)');
  expect(stderr).not.toMatch(verdict);
}

describe.each(rows)('USED, and then %s', (_name, steps, errorCode) => {
  test.each([[[]], [['--progress', 'none']], [['--progress', 'plain']]])('text with %j warns', async (flags) => {
    const result = await run(['wait', token, ...flags], { steps });
    expect(result.code).toBe(9);
    expectWarning(result);
    expect(result.transport.leftovers).toEqual([]);
  });

  test('text on a terminal warns', async () => {
    const result = await run(['wait', token], { steps, tty: true, columns: 300 });
    expect(result.code).toBe(9);
    expectWarning(result);
  });

  test('JSON holds the error with its whole text and the command to run', async () => {
    const { code, stdout, stderr } = await run(['wait', token, '--json', '--progress', 'none'], { steps });
    const { error, receipt: read, status: state, seen } = readDocument({ stdout });
    expect(code).toBe(9);
    expect(error?.code).toBe(errorCode);
    expect(error?.next).toEqual(['instamed-poll', 'receipt', token]);
    expect({ read, state, seen }).toEqual({ read: null, state: 'USED', seen: { USED: 1 } });
    expect(stderr).not.toMatch(verdict);
  });
});

test('the error text that the person does not see is whole in the document', async () => {
  const steps = [used, ...times(5, receipt('errorCode=400&errorMessage=The payment was DECLINED'))];
  const { stdout } = await run(['wait', token, '--json'], { steps });
  expect(readDocument({ stdout }).error?.message).toContain('The payment was DECLINED');
});

test('an error text without a verdict is shown, with its reference number', async () => {
  const { stderr } = await run(['wait', token, '--progress', 'none'], {
    steps: [used, ...times(5, receipt(publishedError))],
  });
  expect(stderr).toBe(
    [
      'instamed-poll: Money may have moved. Do not charge again. The token is USED, but its receipt could not be read. Look the payment up in InstaMed Online (Payment, Payment History) or in Payment Quick Search of the provider portal.',
      'Because: The receipt service answered with an error (errorCode 400: An unexpected error occurred with Reference Number 02198MGNBZ).',
      "Give InstaMed's support the reference number 02198MGNBZ.",
      'Seen: USED 1.',
      'Next: instamed-poll receipt -   (then paste the token NTJm…N2Qz)',
      '',
    ].join('\n'),
  );
});

test.each(['DECLINED', 'payment failed'])(
  'the ending keeps the word out that a status before USED had: %s',
  async (text) => {
    const steps = [status(text), used, ...times(5, receipt(publishedError))];
    const result = await run(['wait', token, '--progress', 'none'], { steps });
    expect(result.code).toBe(9);
    expectWarning(result);
  },
);

describe('the command to run next', () => {
  const unread = [used, ...times(5, receipt(publishedError))];

  test('has the connection and the verdict of this one, and nothing that is for waiting', async () => {
    const connection = [
      ...['--account-id', 'other@instamed.net', '--alias', 'other', '--merchant-id', '1', '--store-id', '2'],
      ...['--terminal-id', '3', '--nvp-user', 'user', '--status-url', 'https://a.example/s'],
      ...['--receipt-url', 'https://a.example/r', '--soap-version', '1.2', '--request-timeout', '9s'],
      ...['--proxy', 'http://proxy.example:1', '--profile', 'simulator'],
    ];
    const waiting = ['--interval', '5s', '--timeout', '1m', '--max-failures', '2'];
    const argv = ['wait', token, ...waiting, ...connection, '--accept-partial', '--json'];
    const { stdout } = await run(argv, { steps: unread });
    const next = ['instamed-poll', 'receipt', token, ...connection, '--accept-partial'];
    expect(readDocument({ stdout }).error?.next).toEqual(next);
  });

  test('shows a word with blanks or quotes as the shell needs it', async () => {
    const argv = ['wait', token, '--alias', "O'Hara & Sons", '--store-id', '001', '--progress', 'none'];
    const { stderr } = await run(argv, { steps: unread });
    expect(stderr).toContain("Next: instamed-poll receipt - --alias 'O'\\''Hara & Sons' --store-id 001   (then paste");
  });

  test('does not have two things read from stdin', async () => {
    const { stdout, stderr } = await run(['wait', token, '--secrets-from', '-', '--json', '--progress', 'none'], {
      steps: unread,
    });
    expect(stderr).toContain('Next: instamed-poll receipt NTJm…N2Qz --secrets-from -\n');
    expect(stderr).not.toContain('paste');
    expect(readDocument({ stdout }).error?.next).toEqual(['instamed-poll', 'receipt', token, '--secrets-from', '-']);
  });

  test('reads the receipt where an interrupt came after USED', async () => {
    const { code, stdout, stderr } = await run(
      ['wait', token, '--json', '--progress', 'none'],
      stoppedAsking('SIGINT', [used]),
    );
    const { error, status: state } = readDocument({ stdout });
    expect(code).toBe(130);
    expect({ next: error?.next, state }).toEqual({ next: ['instamed-poll', 'receipt', token], state: 'USED' });
    expect(stderr).toContain('Money may have moved. Do not charge again.');
    expect(stderr).not.toMatch(verdict);
  });
});
