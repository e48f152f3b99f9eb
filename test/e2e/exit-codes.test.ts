import { describe, expect, test } from 'vitest';
import type { Outcome, StopSignal } from '../../src/domain/outcome.ts';
import { type Answer, type Answers, accountNowhere, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { token } from '../support/run-cli.ts';
import { nvpReply } from '../support/scripted-transport.ts';
import { cli, type Env, type Exit, isWindows, root, Spawned, startCli } from '../support/spawn-cli.ts';

interface Ending {
  readonly says: string;
  readonly code: number;
  readonly outcome: Outcome;
  readonly argv: readonly string[];
  /** What the service answers; without it nothing listens there. */
  readonly service?: Answers;
  readonly env?: Env;
  /** Sent when the first request has come. */
  readonly signal?: StopSignal;
  /** Whether there is an answer for stdout, in text. */
  readonly answers: boolean;
}

const recorded = (name: string): Answer => fixtureReply(`soap/${name}`);
const used = [recorded('soap11-used')];
// The names are those of a captured receipt, the values ours.
const approved = nvpReply('responseCode=000&responseMessage=APPROVAL&transactionStatus=C&transactionID=1');

/**
 * A bug that we make: a preload breaks what every run needs for its time stamps, as a changed library or a change of ours
 * would. It must not be taken for any other ending, least of all for a payment's.
 */
const bug = {
  NODE_OPTIONS: "--import=data:text/javascript,Date.prototype.toISOString=()=>{throw%20RangeError('canary')}",
};

const endings: readonly Ending[] = [
  {
    says: 'an approved payment',
    code: 0,
    outcome: 'approved',
    argv: ['wait', token],
    service: { status: used, receipt: [approved] },
    answers: true,
  },
  {
    says: 'a bug, before anything was asked',
    code: 1,
    outcome: 'internal-error',
    argv: ['status', token],
    service: { status: used },
    env: bug,
    answers: false,
  },
  {
    says: 'a bug, after the receipt was read',
    code: 1,
    outcome: 'internal-error',
    argv: ['wait', token],
    service: { status: used, receipt: [approved] },
    env: bug,
    answers: false,
  },
  { says: 'an unknown flag', code: 2, outcome: 'usage-error', argv: ['wait', token, '--bogus'], answers: false },
  {
    says: 'the published receipt, which is declined',
    code: 3,
    outcome: 'not-approved',
    argv: ['wait', token],
    service: { status: used, receipt: [fixtureReply('nvp/recorded-view-receipt')] },
    answers: true,
  },
  {
    says: 'another status than the expected one',
    code: 3,
    outcome: 'not-expected',
    argv: ['status', token, '--expect', 'NEW'],
    service: { status: used },
    answers: true,
  },
  {
    says: 'refused credentials',
    code: 4,
    outcome: 'credentials-rejected',
    argv: ['wait', token],
    service: { status: [recorded('soap11-fault-wrong-password')] },
    answers: false,
  },
  {
    says: 'a Fault',
    code: 5,
    outcome: 'service-error',
    argv: ['wait', token],
    service: { status: [recorded('soap11-fault-soapfault')] },
    answers: false,
  },
  {
    says: 'an expired token',
    code: 6,
    outcome: 'expired',
    argv: ['wait', token],
    service: { status: [recorded('soap11-expired')] },
    answers: true,
  },
  { says: 'a host where nothing listens', code: 7, outcome: 'unreachable', argv: ['wait', token], answers: false },
  {
    says: 'a token that is judged while NEW',
    code: 8,
    outcome: 'pending',
    argv: ['status', token, '--exit-status'],
    service: { status: [recorded('soap11-new')] },
    answers: true,
  },
  {
    says: 'a receipt that cannot be read',
    code: 9,
    outcome: 'receipt-unread',
    argv: ['wait', token],
    service: { status: used, receipt: [fixtureReply('nvp/recorded-no-auth')] },
    answers: false,
  },
  {
    says: 'a deadline',
    code: 124,
    outcome: 'timed-out',
    argv: ['wait', token, '--interval', '1s', '--timeout', '1s'],
    service: { status: [recorded('soap11-new')] },
    answers: false,
  },
];

const stops: readonly Ending[] = (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((signal, i) => ({
  says: signal,
  code: [129, 130, 143][i] as number,
  outcome: 'interrupted',
  argv: ['wait', token],
  service: { status: ['silence'] },
  signal,
  answers: false,
}));

async function runEnding({ argv, service, env, signal }: Ending, ...flags: readonly string[]): Promise<Exit> {
  const server = service && (await startAsmxServer(service));
  const account = server?.env ?? accountNowhere();
  const started = startCli([...argv, '--progress', 'none', ...flags], { env: { ...account, ...env } });
  if (signal) {
    await server?.arrived(1);
    started.child.kill(signal);
  }
  return started.exited;
}

const rows = [...endings, ...(isWindows ? [] : stops)].map((ending) => [ending.code, ending.says, ending] as const);

describe.concurrent.each(rows)('%i: %s', (_code, _says, ending) => {
  const { code, outcome, answers } = ending;

  test('in text', async () => {
    const exit = await runEnding(ending);
    expect(exit).toMatchObject({ code, signal: null });
    const lines = new Map(exit.stdout.split('\n').map((line) => line.split('\t') as [string, string]));
    expect([lines.get('outcome'), lines.get('exitCode')]).toEqual(
      answers ? [outcome, String(code)] : [undefined, undefined],
    );
    if (!answers) expect(exit.stdout).toBe('');
    if (code === 0) expect(exit.stderr).toBe('');
    else expect(exit.stderr).toMatch(/^instamed-poll: \S.*\n/);
    expect(exit.stderr).not.toMatch(/^\s+at /m);
  });

  test('in JSON', async () => {
    const exit = await runEnding(ending, '--json');
    expect(exit).toMatchObject({ code, signal: null });
    const { summary, ...document } = readDocument(exit, ending.argv[0]);
    expect(document).toMatchObject({ outcome, exitCode: code, command: ending.argv[0] });
    // The same sentence for people, on the other stream.
    const [sentence] = exit.stderr.split('\n');
    expect(sentence).toBe(code === 0 ? '' : `instamed-poll: ${summary}`);
  });
});

test('9 says that money may have moved, gives the command for the receipt, and has no word that sounds like a verdict', async () => {
  const server = await startAsmxServer({ status: used, receipt: [fixtureReply('nvp/recorded-no-auth')] });
  const { code, stderr } = await startCli(['wait', token], { env: server.env }).exited;
  expect(code).toBe(9);
  expect(stderr).toContain('Money may have moved. Do not charge again.');
  expect(stderr).toMatch(/^Next: instamed-poll receipt - {3}\(then paste the token NTJm…N2Qz\)$/m);
  expect(stderr).not.toMatch(/fail|declin|approv/i);
  // A refusal is not repeated: that could lock the account.
  expect(server.requests.map(({ path }) => path)).toEqual(['/SSOService.asmx', '/NVP.aspx']);
});

test('is what the process ends with on a machine that stands still just then, not 0', async () => {
  // The stop comes after the streams are empty, and is longer than the process waits for what cannot be called off.
  const script = `
    const { systemHost } = require(${JSON.stringify(`${root}dist/cli/main.js`)});
    const host = systemHost();
    setImmediate(() => host.leave().then(() => { process.exitCode = 124; }));
    setImmediate(() => { const end = performance.now() + 200; while (performance.now() < end); });`;
  expect((await new Spawned(process.execPath, ['-e', script]).exited).code).toBe(124);
});

test('is that of a bug where the process ends before its ending is known', async () => {
  const script = `require(${JSON.stringify(cli)}); process.exit();`;
  expect((await new Spawned(process.execPath, ['-e', script]).exited).code).toBe(1);
});
