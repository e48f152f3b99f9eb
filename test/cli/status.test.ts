import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { noSuchHost, status, stoppedAsking } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { type Step, statusReply } from '../support/scripted-transport.ts';

/** An answer that takes its time. */
const after = (clock: ManualClock, ms: number): Step => ({
  label: `NEW after ${ms} ms`,
  answer: () => {
    clock.advance(ms);
    return statusReply('NEW');
  },
});

test('one ask, one document', async () => {
  const clock = new ManualClock();
  const { code, stdout, stderr, transport } = await run(['status', token, '--json'], {
    clock,
    steps: [after(clock, 120.4)],
  });
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(readDocument({ stdout })).toEqual({
    schemaVersion: 1,
    command: 'status',
    outcome: 'answered',
    exitCode: 0,
    money: 'unknown',
    final: false,
    summary: 'NEW: the payer has not finished.',
    token,
    status: 'NEW',
    statusText: 'NEW',
    startedAt: '2026-11-22T10:00:00.000Z',
    elapsedMs: 120,
    error: null,
  });
  expect(transport.requests).toHaveLength(1);
  expect(transport.requests[0]?.url.href).toBe('https://status.example/SSOService.asmx');
  expect(transport.requests[0]?.timeoutMs).toBe(30_000);
});

test('the text that was sent stands beside its reading', async () => {
  const { stdout } = await run(['status', token, '--json'], { steps: [status('\n complete ')] });
  expect(readDocument({ stdout })).toMatchObject({ status: 'USED', statusText: '\n complete ' });
});

const judged: readonly (readonly [
  text: string,
  exitStatus: number,
  expectNew: number,
  expectUsed: number,
  expectExpired: number,
])[] = [
  ['NEW', 8, 0, 3, 3],
  ['USED', 0, 3, 0, 3],
  ['COMPLETED', 0, 3, 0, 3],
  ['EXPIRED', 6, 3, 3, 0],
  ['HELD', 5, 3, 3, 3],
];

describe.each(judged)('%s', (text, exitStatus, ...expected) => {
  test.each([
    [[], 0],
    [['--exit-status'], exitStatus],
    [['--expect', 'NEW'], expected[0]],
    [['--expect', 'USED'], expected[1]],
    [['--expect=EXPIRED'], expected[2]],
  ])('with %j ends with %d', async (flags, wanted) => {
    const { code, stdout } = await run(['status', token, ...flags, '--json'], { steps: [status(text)] });
    expect(code).toBe(wanted);
    expect(readDocument({ stdout })).toMatchObject({ statusText: text, exitCode: wanted });
  });
});

test('a status that nobody knows, judged, is an error with the text in it', async () => {
  const { stdout } = await run(['status', token, '--exit-status', '--json'], { steps: [status('HELD')] });
  expect(readDocument({ stdout })).toMatchObject({
    status: 'UNKNOWN',
    statusText: 'HELD',
    error: { code: 'UNKNOWN_STATUS', category: 'service', retryable: false, reference: null, next: null },
  });
  expect(readDocument({ stdout }).error?.message).toContain('"HELD"');
});

test('what was expected and what came are both said', async () => {
  const { stderr } = await run(['status', token, '--expect', 'EXPIRED'], { steps: [status('NEW')] });
  expect(stderr).toBe('instamed-poll: Expected EXPIRED, got NEW. NEW: the payer has not finished.\n');
});

test.each([
  [['--expect', 'new'], /Allowed choices are NEW, USED, EXPIRED/],
  [['--expect', 'UNKNOWN'], /Allowed choices are NEW, USED, EXPIRED/],
  [['--expect', 'NEW', '--exit-status'], /'--expect <status>' cannot be used with option '--exit-status'/],
])('%j is a usage error', async (flags, says) => {
  const { code, stderr, transport } = await run(['status', token, ...flags]);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
  expect(transport.requests).toEqual([]);
});

test('the receipt settings need not be known', async () => {
  const { INSTAMED_ACCOUNT_ID = '', INSTAMED_ALIAS = '', INSTAMED_SECURITY_KEY = '' } = accountEnv;
  const env = { INSTAMED_ACCOUNT_ID, INSTAMED_ALIAS, INSTAMED_SECURITY_KEY };
  const { code } = await run(['status', token], { env, steps: [status('NEW')] });
  expect(code).toBe(0);
});

describe('a sign that something goes on', () => {
  const sign = 'Checking the status…\n';

  test.each([
    [299, [], ''],
    [300, [], sign],
    [900, [], sign],
    [900, ['--progress', 'plain'], sign],
    [900, ['--progress', 'none'], ''],
    [900, ['--progress', 'json'], ''],
    [900, ['-q'], ''],
    [900, ['--quiet', '--progress', 'plain'], ''],
  ])('after %d ms with %j stderr holds %j', async (ms, flags, expected) => {
    const clock = new ManualClock();
    const { stderr } = await run(['status', token, ...flags], { clock, steps: [after(clock, ms)] });
    expect(stderr).toBe(expected);
    expect(clock.tickers).toBe(0);
  });

  test('none is left to tick after trouble', async () => {
    const clock = new ManualClock();
    const { code } = await run(['status', token], { clock, steps: [noSuchHost] });
    expect(code).toBe(7);
    expect(clock.tickers).toBe(0);
  });
});

test('trouble has its hint in text and its parts in JSON', async () => {
  const { stdout, stderr } = await run(['status', token, '--json'], { steps: [noSuchHost] });
  expect(stderr).toBe(
    'instamed-poll: No address was found for status.example (ENOTFOUND).\nCheck the host name in the URL.\n',
  );
  expect(readDocument({ stdout })).toMatchObject({
    status: null,
    statusText: null,
    error: {
      code: 'ENOTFOUND',
      category: 'unreachable',
      message: 'No address was found for status.example (ENOTFOUND).',
      hint: 'Check the host name in the URL.',
      retryable: false,
      reference: null,
      next: null,
    },
  });
});

test.each(['status', 'receipt'])('%s, interrupted, gives the command to ask once more', async (command) => {
  const { code, stdout, stderr, transport, handlersLeft } = await run([command, '-', '--json'], {
    ...stoppedAsking('SIGTERM'),
    stdin: token,
  });
  expect(code).toBe(143);
  expect(readDocument({ stdout })).toMatchObject({
    outcome: 'interrupted',
    error: { category: 'interrupted', next: ['instamed-poll', command, token, '--json'] },
  });
  expect(stderr).toContain(`Next: instamed-poll ${command} - --json   (then paste the token NTJm…N2Qz)\n`);
  expect(transport.isClosed).toBe(true);
  expect(handlersLeft).toBe(0);
});
