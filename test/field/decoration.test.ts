import { describe, expect, test } from 'vitest';
import { startBusySign } from '../../src/cli/progress/busy.ts';
import { startProgress } from '../../src/cli/progress/start.ts';
import { TokenBoard } from '../../src/cli/progress/token-board.ts';
import type { Host, Output } from '../../src/cli/runtime/host.ts';
import { defaultOptions } from '../../src/poll/options.ts';
import { DoctorTransport } from '../support/doctor-world.ts';
import { EventClock } from '../support/event-clock.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { waitMany } from '../support/many-world.ts';
import { publishedReceipt, receipt, receiptOf, status, wrongPassword } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';
import { faultReply } from '../support/scripted-transport.ts';

/** What the decoration of an answer depends on, and how it can be broken. */
const broken: readonly (readonly [what: string, world: World])[] = [
  ['a time zone that Intl refuses', { timeZone: 'Etc/Unknown' }],
  ['an empty time zone', { timeZone: '' }],
  ['no name for the time zone', { timeZone: () => undefined }],
  [
    'a time zone that cannot be found out',
    {
      timeZone: () => {
        throw new RangeError('Invalid time zone specified');
      },
    },
  ],
  ['no columns', { columns: 0 }],
  ['one column', { columns: 1 }],
  ['a width that is no number', { columns: Number.NaN }],
  ['a negative width', { columns: -1 }],
  ['an endless width', { columns: 10_000_000 }],
  ['a color level that no library knows', { colorLevel: 7 as 3 }],
];

const nonsense = /undefined|NaN|Invalid Date|\[object|A bug in/;

describe('a receipt that was read is shown, with its exit code, on a terminal with', () => {
  test.each(broken)('%s', async (_what, world) => {
    const steps = [status('USED'), receipt(publishedReceipt)];
    const { code, stdout, stderr } = await run(['wait', token, '-q'], { steps, tty: true, ...world });
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const words = stdout.replace(/\s+/g, '');
    expect(words).toContain('Declined.Thepaymentwasnottaken.');
    expect(words).toContain('0ca7530a86084b468fff132ab7f04491');
    expect(stdout).not.toMatch(nonsense);
  });

  test.each(broken)('%s, in a list', async (_what, world) => {
    const [one, other] = ['first-token-0123456789', 'other-token-0123456789'];
    const told = {
      [one]: { status: [status('USED')], receipt: [receipt(receiptOf('C'))] },
      [other]: { status: [status('USED')], receipt: [receipt(receiptOf('D'))] },
    };
    const { code, stdout } = await waitMany([one, other, '-q'], told, { tty: true, ...world });
    expect(code).toBe(3);
    const words = stdout.replace(/\s+/g, '');
    for (const sentence of ['Approved.', 'Thepaymentwastaken.', 'Declined.', 'Thepaymentwasnottaken.']) {
      expect(words).toContain(sentence);
    }
    expect(stdout).not.toMatch(nonsense);
  });

  test.each(broken)('%s, where the ending goes to stderr', async (_what, world) => {
    const { code, stderr } = await run(['wait', token, '-q', '--json'], {
      steps: [status('USED'), receipt(publishedReceipt)],
      tty: true,
      ...world,
    });
    expect(code).toBe(3);
    expect(stderr.replace(/\s+/g, '')).toContain('Declined.Thepaymentwasnottaken.');
    expect(stderr).not.toMatch(nonsense);
  });

  test.each(broken)('%s, in doctor', async (_what, world) => {
    const transport = new DoctorTransport({ soap: faultReply('Server', wrongPassword) });
    const { code, stdout } = await run(['doctor', '-q'], { tty: true, transport, ...world });
    expect(code).toBe(4);
    expect(stdout.replace(/\s+/g, '')).toContain('checksfailed');
    expect(stdout).not.toMatch(nonsense);
  });
});

test.each([
  ['2016-01-15T20:37:21.5238539Z', '2016-01-15 20:37:21 UTC'],
  ['2016-13-45T99:99:99Z', '2016-13-45T99:99:99Z'],
  ['tomorrow', 'tomorrow'],
])('the date %s of a receipt is shown as %s where the time zone is refused', async (date, shown) => {
  const stdin = `transactionStatus=C&transactionDate=${date}`;
  const { code, stdout } = await run(['decode', '-'], { tty: true, timeZone: 'Etc/Unknown', stdin });
  expect(code).toBe(0);
  expect(stdout).toContain(shown);
});

/** A terminal on which nothing can be drawn, as a library may find out at any time. */
function brokenTerminal(clock: Host['clock']) {
  let written = '';
  const refuse = () => {
    throw new TypeError('This terminal cannot do that.');
  };
  const stream = { isTTY: true, columns: 80, on: () => {}, off: () => {}, write: refuse, cursorTo: refuse };
  const stderr: Output = {
    write: (text) => {
      written += text;
    },
    isTTY: true,
    columns: 80,
    colorLevel: 0,
    stream: stream as unknown as NodeJS.WriteStream,
  };
  const host = { stderr, env: {}, clock, onSuspend: () => () => {} } as unknown as Host;
  return { host, written: () => written };
}

test('a spinner that cannot be drawn disturbs no wait, and still leaves its last line and the cursor', async () => {
  const clock = new ManualClock();
  const { host, written } = brokenTerminal(clock);
  const progress = await startProgress(
    'auto',
    {
      makeBoard: async (stage) => new TokenBoard('NTJm…N2Qz', defaultOptions, stage.clock),
      listStarted: null,
      shorten: (record) => record,
    },
    host,
  );
  const isNew = { state: 'NEW', text: 'NEW' } as const;
  progress.onEvent({ type: 'checked', elapsedMs: 0, check: 1, status: isNew, nextInMs: 10_000 }, token);
  clock.advance(3_000);
  progress.stop();
  expect(written()).toContain('\u001b[?25h');
  expect(written()).toContain('• NEW · 0:03 / 15:00 · 1 check\n');
});

test('a sign of being busy that cannot be drawn disturbs no request', async () => {
  const clock = new EventClock();
  const { host } = brokenTerminal(clock);
  const remove = startBusySign('auto', 'Reading the receipt…', host);
  await clock.during(clock.sleep(1_000, new AbortController().signal));
  expect(remove).not.toThrow();
});

test('a tick or a resume that throws is caught where nobody else could', async () => {
  const clock = new ManualClock();
  const { host } = brokenTerminal(clock);
  const bad = {
    ...host,
    stderr: {
      ...host.stderr,
      get columns(): number {
        throw new RangeError('no columns');
      },
    },
  };
  const { stageOf } = await import('../../src/cli/output/decoration.ts');
  const stage = stageOf(bad as unknown as Host);
  let ticks = 0;
  stage.clock.every(1_000, () => {
    ticks += 1;
    void stage.stderr.columns;
  });
  expect(() => clock.advance(3_000)).not.toThrow();
  expect(ticks).toBe(3);
});
