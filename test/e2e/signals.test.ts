import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StopSignal } from '../../src/domain/outcome.ts';
import { type Answer, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { makeFolder } from '../support/clean-up.ts';
import { token } from '../support/run-cli.ts';
import { isWindows, openStdin, runCli, soonMs, startCli } from '../support/spawn-cli.ts';

const pending = fixtureReply('soap/soap11-new');
const used = fixtureReply('soap/soap11-used');
const signals = [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

interface Moment {
  readonly says: string;
  readonly status: readonly Answer[];
  readonly receipt?: readonly Answer[];
  /** What stderr shows, or how many requests have come, when the signal is sent. */
  readonly when: RegExp | number;
  readonly lastStatus: 'NEW' | 'USED' | null;
  readonly seen: Readonly<Record<string, number>>;
  readonly next: 'wait' | 'receipt';
}

const moments: readonly Moment[] = [
  {
    says: 'between two asks',
    status: [pending],
    when: /^0:00 NEW$/m,
    lastStatus: 'NEW',
    seen: { NEW: 1 },
    next: 'wait',
  },
  { says: 'in the first ask', status: ['silence'], when: 1, lastStatus: null, seen: {}, next: 'wait' },
  { says: 'in a later ask', status: [pending, 'silence'], when: 2, lastStatus: 'NEW', seen: { NEW: 1 }, next: 'wait' },
  {
    says: 'while the receipt is read',
    status: [used],
    receipt: ['silence'],
    when: 2,
    lastStatus: 'USED',
    seen: { USED: 1 },
    next: 'receipt',
  },
];

const namedMoments = moments.map((moment) => [moment.says, moment] as const);

const flags = ['--interval', '1s', '--soap-version', '1.1'];

/** Runs a wait and stops it at the moment; what it printed, and how long the end took. */
async function stopAt({ status, receipt = [], when }: Moment, signal: StopSignal, ...format: readonly string[]) {
  const server = await startAsmxServer({ status, receipt });
  const interval = typeof when === 'number' ? flags : ['--interval', '1m', ...flags.slice(2)];
  const started = startCli(['wait', token, ...interval, ...format], { env: server.env });
  if (typeof when === 'number') await server.arrived(when);
  else await started.saw('stderr', when);
  const exit = await started.stop(signal);
  return { ...exit, requests: server.requests.length };
}

describe.skipIf(isWindows).concurrent('a stop signal without a terminal', () => {
  describe.each(signals)('%s', (signal, code) => {
    test.each(namedMoments)(
      '%s ends it soon, with the document and the command to go on with',
      async (_says, moment) => {
        const exit = await stopAt(moment, signal, '--json');
        expect(exit).toMatchObject({ code, signal: null });
        expect(exit.afterMs).toBeLessThan(soonMs);
        const document = readDocument(exit, 'wait');
        expect(document).toMatchObject({
          outcome: 'interrupted',
          exitCode: code,
          status: moment.lastStatus,
          seen: moment.seen,
          receipt: null,
          error: {
            code: 'INTERRUPTED',
            category: 'interrupted',
            next: expect.arrayContaining(['instamed-poll', moment.next, token]),
          },
        });
        expect(exit.stderr).toContain(`instamed-poll: Stopped by ${signal} after `);
      },
    );
  });

  test('leaves stdout empty in text, and says on stderr what is known and how to go on', async () => {
    const [asleep, reading] = [moments[0], moments[3]] as const;
    const before = await stopAt(asleep as Moment, 'SIGTERM');
    expect(before).toMatchObject({ code: 143, stdout: '' });
    expect(before.stderr).toMatch(
      /^instamed-poll: Stopped by SIGTERM after .*\. The token was still NEW at the last check\. The payer may still be paying\.$/m,
    );
    expect(before.stderr).toContain(
      'Next: instamed-poll wait - --interval 1m --soap-version 1.1   (then paste the token NTJm…N2Qz)\n',
    );
    expect(before.requests).toBe(1);
    // From here on money may have moved, and an end of ours must not sound like one of the payment's.
    const after = await stopAt(reading as Moment, 'SIGTERM');
    expect(after).toMatchObject({ code: 143, stdout: '' });
    expect(after.stderr).toContain('Money may have moved. Do not charge again.');
    expect(after.stderr).toContain(
      'Next: instamed-poll receipt - --soap-version 1.1   (then paste the token NTJm…N2Qz)\n',
    );
    expect(after.stderr).not.toMatch(/fail|declin|approv/i);
  });

  test('ends -o ndjson with the document as its last line', async () => {
    const { code, stdout } = await stopAt(moments[0] as Moment, 'SIGTERM', '-o', 'ndjson');
    expect(code).toBe(143);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['started', 'checked', 'finished']);
    expect(events.at(-1)).toMatchObject({ outcome: 'interrupted', exitCode: 143 });
  });

  test.each([
    ['status', 'status'],
    ['receipt', 'receipt'],
  ] as const)('ends a %s that is not answered', async (command, endpoint) => {
    const server = await startAsmxServer({ [endpoint]: ['silence'] });
    const started = startCli([command, token, '--json', '-q'], { env: server.env });
    await server.arrived(1);
    const exit = await started.stop('SIGTERM');
    expect(exit).toMatchObject({ code: 143, signal: null });
    expect(exit.afterMs).toBeLessThan(soonMs);
    expect(readDocument(exit, command)).toMatchObject({ outcome: 'interrupted', exitCode: 143, token });
  });

  test.each([
    ['the token', ['wait', '-', '--json']],
    ['the secrets', ['wait', token, '--secrets-from', '-', '--json']],
    ['a saved reply', ['decode', '-', '--json']],
  ] as const)('ends a run that waits for %s on stdin', async (_says, argv) => {
    const started = startCli(argv, { stdin: openStdin, env: { NODE_OPTIONS: saysWhenItReads } });
    await started.saw('stderr', /reads stdin/);
    const exit = await started.stop('SIGTERM');
    expect(exit).toMatchObject({ code: 143, signal: null });
    expect(exit.afterMs).toBeLessThan(soonMs);
    expect(readDocument(exit, argv[0])).toMatchObject({ outcome: 'interrupted', exitCode: 143 });
  });
});

/** A preload that changes nothing: it tells when a thread of Node begins to wait for a file. */
const saysWhenItOpens = `--import=data:text/javascript,${encodeURIComponent(`
  const timer = setInterval(() => {
    if (!process.getActiveResourcesInfo().includes('FSReqCallback')) return;
    console.error('opens a file');
    clearInterval(timer);
  }, 5).unref();`)}`;

describe.skipIf(isWindows)('a named pipe to which nobody writes', () => {
  test('does not keep the program from being stopped', async () => {
    const pipe = join(makeFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const started = startCli(['wait', '--from-file', pipe, '--json'], { env: { NODE_OPTIONS: saysWhenItOpens } });
    await started.saw('stderr', /opens a file/);
    const exit = await started.stop('SIGINT');
    expect(exit).toMatchObject({ code: 130, signal: null });
    expect(exit.afterMs).toBeLessThan(soonMs);
    expect(readDocument(exit, 'wait')).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  });
});

/** A preload that changes nothing: it only tells us when the program begins to read, so that no test has to guess. */
const saysWhenItReads =
  "--import=data:text/javascript,process.stdin.once('newListener',()=>console.error('reads%20stdin'))";

test.skipIf(isWindows)('the command that an interrupted wait gives can be run as it stands', async () => {
  const server = await startAsmxServer({ status: [pending, used] });
  const started = startCli(['wait', token, '--no-receipt', '--interval', '1m', '--json', '-q'], { env: server.env });
  await server.arrived(1);
  const { stdout } = await started.stop('SIGINT');
  const [program, ...argv] = readDocument({ stdout }, 'wait').error?.next ?? [];
  expect(program).toBe('instamed-poll');
  const again = await runCli(argv, { env: server.env });
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(readDocument(again, 'wait')).toMatchObject({ outcome: 'used', token });
});
