import { describe, expect, test } from 'vitest';
import { countOf } from '../../../src/cli/output/plain-words.ts';
import { canSpin } from '../../../src/cli/progress/busy.ts';
import { clockTime, inSeconds } from '../../../src/cli/progress/text.ts';
import type { Host } from '../../../src/cli/runtime/host.ts';
import { serviceError } from '../../../src/domain/errors.ts';
import { readDocument } from '../../support/check-document.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import {
  fault,
  noSuchHost,
  publishedError,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
  webPage,
  wrongPassword,
} from '../../support/replies.ts';
import { run, token, type World } from '../../support/run-cli.ts';
import type { Step } from '../../support/scripted-transport.ts';

/** What stderr shows of a wait up to the line that is the last of the progress. */
async function transcript(flags: readonly string[], world: World | readonly Step[]): Promise<string[]> {
  const clock = new ManualClock();
  const given = 'length' in world ? { steps: world as readonly Step[] } : (world as World);
  const { stderr } = await run(['wait', token, '--progress', 'plain', ...flags], { clock, ...given });
  expect((given.clock ?? clock) as ManualClock).toHaveProperty('tickers', 0);
  const lines = stderr.split('\n');
  return lines.slice(0, lines.findIndex((line) => line.includes(' ended: ')) + 1);
}

const start = 'Waiting for NTJm…N2Qz: checking every 10s, for up to 15m.';
const trouble = 'status.example returned 503 (server error) while checking the token status.';

describe('plain progress has a line at the start, for each change, each minute, and at the end', () => {
  test('for a payment that takes two minutes', async () => {
    const steps = [...times(13, status('NEW')), status('USED'), receipt(receiptOf('C'))];
    expect(await transcript([], steps)).toEqual([
      start,
      '0:00 NEW',
      '1:00 still NEW, 6 checks',
      '2:00 still NEW, 12 checks',
      '2:10 USED',
      '2:10 ended: USED, 14 checks',
    ]);
  });

  test('for a payment that is there at once', async () => {
    expect(await transcript([], [status('complete'), receipt(receiptOf('C'))])).toEqual([
      start,
      '0:00 USED',
      '0:00 ended: USED, 1 check',
    ]);
  });

  test('for statuses that nobody knows, each change of them', async () => {
    const texts = ['HELD', 'HELD', ' held ', 'NEW', 'EXPIRED'];
    expect(await transcript([], texts.map(status))).toEqual([
      start,
      '0:00 unknown status "HELD"',
      '0:20 unknown status "held"',
      '0:30 NEW',
      '0:40 EXPIRED',
      '0:40 ended: EXPIRED, 5 checks',
    ]);
  });

  test('for trouble that passes, which counts anew after each answer', async () => {
    const steps = [status('NEW'), ...times(2, webPage('', 503)), status('NEW'), webPage('', 503), status('EXPIRED')];
    expect(await transcript([], steps)).toEqual([
      start,
      '0:00 NEW',
      `0:10 ${trouble} Trying again in 10 s (1 failure in a row).`,
      '0:30 NEW',
      `0:40 ${trouble} Trying again in 10 s (1 failure in a row).`,
      '0:50 EXPIRED',
      '0:50 ended: EXPIRED, 6 checks',
    ]);
  });

  test('for a pause that the service asked for', async () => {
    const busy = serviceError('HTTP_429', 'Too many.', { retryable: true, retryAfterMs: 90_400 });
    expect(await transcript([], [{ label: 'busy', answer: busy }, status('EXPIRED')])).toEqual([
      start,
      '0:00 Too many. Trying again in 90 s (1 failure in a row).',
      '1:00 still error (429), 1 check',
      '1:30 EXPIRED',
      '1:30 ended: EXPIRED, 2 checks',
    ]);
  });

  test('for a receipt that lags, without a word that sounds like a verdict', async () => {
    const said = 'errorCode=7&errorMessage=The payment was';
    const steps = [status('USED'), receipt(publishedError), receipt(`${said} declined.`), receipt(`${said} Approved.`)];
    expect(await transcript([], [...steps, receipt(`${said} not FAILING.`), receipt(receiptOf('D'))])).toEqual([
      start,
      '0:00 USED',
      '0:00 The receipt service answered with an error (errorCode 400: An unexpected error occurred with Reference Number 02198MGNBZ). Trying again in 1 s (try 1 of the receipt).',
      '0:01 The receipt service reported error 7. Trying again in 3 s (try 2 of the receipt).',
      '0:20 ended: USED, 1 check',
    ]);
  });

  test('with the times and limits of the flags, and hours on the clock', async () => {
    const lines = await transcript(['--interval', '5m', '--timeout', '1h1m30s'], times(14, status('NEW')));
    expect(lines).toHaveLength(64);
    expect(lines[0]).toBe('Waiting for NTJm…N2Qz: checking every 5m, for up to 1h1m30s.');
    expect(lines.slice(59)).toEqual([
      '58:00 still NEW, 12 checks',
      '59:00 still NEW, 12 checks',
      '1:00:00 still NEW, 12 checks',
      '1:01:00 still NEW, 13 checks',
      '1:01:30 ended: NEW, 14 checks',
    ]);
  });

  test('for an interrupt', async () => {
    expect(await transcript([], stoppedAsleep('SIGINT', times(7, status('NEW')), 6))).toEqual([
      start,
      '0:00 NEW',
      '1:00 still NEW, 6 checks',
      '1:00 ended: NEW, 7 checks',
    ]);
  });
});

test.each<[string, string, World]>([
  ['refused at once', '15m', { steps: [fault('Server', wrongPassword)] }],
  ['no host', '15m', { steps: [noSuchHost] }],
  ['lost', '15m', { steps: times(6, webPage('', 503)) }],
  ['out of time, with trouble at the deadline', '10s', { steps: [status('NEW'), webPage('', 503)] }],
  ['stopped before any answer', '15m', stoppedAsking('SIGINT')],
  ['done', '15m', { steps: [status('USED'), receipt(receiptOf('C'))] }],
])('the last line counts every check: %s', async (_name, timeout, world) => {
  const { stdout, stderr } = await run(['wait', token, '--timeout', timeout, '--json', '--progress', 'plain'], world);
  const { checks = -1 } = readDocument({ stdout });
  expect(stderr).toMatch(new RegExp(`^\\d+:\\d\\d ended: .*, ${countOf(Number(checks), 'check')}$`, 'm'));
});

describe('where progress goes', () => {
  const steps = [status('NEW'), status('USED'), receipt(receiptOf('C'))];
  const progressOf = async (flags: readonly string[], world: World = {}) =>
    (await run(['wait', token, ...flags], { steps, ...world })).stderr;

  test.each([[[]], [['--progress', 'auto']], [['--progress=plain']]])('%j is plain off a terminal', async (flags) => {
    expect(await progressOf(flags)).toMatch(
      /^Waiting for NTJm…N2Qz:.*\n0:00 NEW\n0:10 USED\n0:10 ended: USED, 2 checks\n$/,
    );
  });

  test.each([[['--progress', 'none']], [['-q']], [['--quiet']], [['-q', '--progress', 'plain']]])(
    '%j is nothing at all',
    async (flags) => {
      for (const more of [[], ['--json'], ['-o', 'ndjson']]) expect(await progressOf([...flags, ...more])).toBe('');
    },
  );

  test('plain progress has no escape and no return, even on a terminal of CI', async () => {
    const text = await progressOf([], { tty: true, colorLevel: 3 });
    expect(text).toContain('0:10 USED\n');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('json is one event a line, with the token shortened', async () => {
    const lines = (await progressOf(['--progress', 'json'])).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { event: 'started', token: 'NTJm…N2Qz', intervalMs: 10_000, timeoutMs: 900_000 },
      {
        event: 'checked',
        token: 'NTJm…N2Qz',
        elapsedMs: 0,
        check: 1,
        status: 'NEW',
        statusText: 'NEW',
        nextInMs: 10_000,
      },
      { event: 'completed', token: 'NTJm…N2Qz', elapsedMs: 10_000, check: 2, status: 'USED', statusText: 'USED' },
    ]);
  });

  test('json stays JSON, whatever the secrets are', async () => {
    const env = { INSTAMED_NVP_PASSWORD: '10000', INSTAMED_SECURITY_KEY: 'checked' };
    const text = await progressOf(['--progress', 'json', '--profile', 'simulator'], { env });
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['started', 'checked', 'completed']);
    expect(events[0]).toMatchObject({ intervalMs: 10_000 });
  });

  test('the first line is there before the first answer', async () => {
    const { stderr } = await run(['wait', token], stoppedAsking('SIGINT'));
    expect(stderr.startsWith(`${start}\n0:00 ended: no answer yet, `)).toBe(true);
  });
});

const hostOf = (isTTY: boolean, columns: number, env: Record<string, string>) =>
  ({ stderr: { isTTY, columns }, env }) as unknown as Host;

test.each([
  [true, 80, {}, true],
  [true, 4, { TERM: 'xterm', CI: '' }, true],
  [true, 3, {}, false],
  [false, 80, {}, false],
  [true, 0, {}, false],
  [true, 80, { TERM: 'dumb' }, false],
  [true, 80, { CI: 'true' }, false],
  [true, 80, { CI: '1', TERM: 'xterm' }, false],
])('with a terminal (%s) of %d columns and %j something may spin: %s', (isTTY, columns, env, expected) => {
  expect(canSpin(hostOf(isTTY, columns, env))).toBe(expected);
});

test.each([
  [0, '0:00'],
  [999, '0:00'],
  [1_000, '0:01'],
  [59_999, '0:59'],
  [60_000, '1:00'],
  [3_599_999, '59:59'],
  [3_600_000, '1:00:00'],
  [86_399_999, '23:59:59'],
])('%d ms on the clock are %s', (ms, expected) => {
  expect(clockTime(ms)).toBe(expected);
});

test('seconds are whole and never negative; one of a thing is no plural', () => {
  expect([499, 500, 10_499, -3].map(inSeconds)).toEqual(['0 s', '1 s', '10 s', '0 s']);
  expect([0, 1, 2].map((count) => countOf(count, 'check'))).toEqual(['0 checks', '1 check', '2 checks']);
});
