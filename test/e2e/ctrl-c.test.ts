import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answers, type AsmxServer, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { RawServer } from '../support/raw-server.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { isWindows, runScript, scratch, soonMs } from '../support/spawn-cli.ts';
import { ctrlC, Terminal } from '../support/terminal.ts';

const pending = fixtureReply('soap/soap11-new');
const used = fixtureReply('soap/soap11-used');

/** Types and gives the end with the time that it took, after which nothing may be left. */
async function stop(terminal: Terminal, server: AsmxServer, keys = ctrlC) {
  const typedAt = terminal.type(keys);
  const { code, endedAt } = await terminal.exited;
  expect(() => process.kill(terminal.pid, 0)).toThrow('ESRCH');
  expect(await server.connections()).toBe(0);
  return { code, afterMs: endedAt - typedAt, screen: terminal.screen };
}

interface Moment {
  readonly says: string;
  readonly argv: readonly string[];
  readonly answers: Answers;
  /** What is on the screen, or how many requests have come, when Ctrl-C is typed. */
  readonly when: RegExp | number;
  readonly known: RegExp;
  readonly next: string;
}

const wait = ['wait', token, '--interval', '1m'];
const waitAgain = 'instamed-poll wait - --interval 1m';

const moments: readonly Moment[] = [
  {
    says: 'asleep',
    argv: wait,
    answers: { status: [pending] },
    when: /next check in/,
    known: /The token was still NEW at the last\s+check\./,
    next: waitAgain,
  },
  {
    says: 'in a request',
    argv: wait,
    answers: { status: ['silence'] },
    when: 1,
    known: /The service never returned a\s+status\./,
    next: waitAgain,
  },
  {
    says: 'in a later request',
    argv: ['wait', token, '--interval', '1s'],
    answers: { status: [pending, 'silence'] },
    when: 2,
    known: /The token was still NEW at the last\s+check\./,
    next: 'instamed-poll wait - --interval 1s',
  },
  {
    says: 'while the receipt is read',
    argv: wait,
    answers: { status: [used], receipt: ['silence'] },
    when: 2,
    known: /Money may have moved\. Do\s+not\s+charge\s+again\./,
    next: 'instamed-poll receipt -',
  },
  {
    says: 'in a status',
    argv: ['status', token],
    answers: { status: ['silence'] },
    when: /Checking the status/,
    known: /Stopped while checking the token status/,
    next: 'instamed-poll status -',
  },
];

const namedMoments = moments.map((moment) => [moment.says, moment] as const);

async function typeAt({ argv, answers, when }: Moment, keys: string) {
  const server = await startAsmxServer(answers);
  const terminal = new Terminal(argv, { env: server.env });
  if (typeof when === 'number') await server.arrived(when);
  else await terminal.shows(when);
  return stop(terminal, server, keys);
}

describe.skipIf(isWindows)('Ctrl-C', () => {
  test.each(namedMoments)(
    '%s ends it soon, with the cursor, what is known and the command to go on with',
    async (_says, moment) => {
      const { code, afterMs, screen } = await typeAt(moment, ctrlC);
      expect(code).toBe(130);
      expect(afterMs).toBeLessThan(soonMs);
      expect(screen.isCursorShown).toBe(true);
      expect(screen.text).toMatch(moment.known);
      // The command stands on one line, so that it can be copied.
      expect(screen.text).toContain(`\nNext: ${moment.next}   (then paste the token NTJm…N2Qz)\n`.slice(0, 80));
    },
  );

  test('while connecting to a host that answers no handshake ends it soon', async () => {
    const host = await RawServer.start([]);
    const env = { ...accountEnv, INSTAMED_STATUS_URL: host.url.replace('http:', 'https:') };
    const terminal = new Terminal(wait, { env });
    await host.until(({ connections }) => connections > 0);
    await terminal.shows(/checking/);
    const typedAt = terminal.type(ctrlC);
    const { code, endedAt } = await terminal.exited;
    expect(code).toBe(130);
    expect(endedAt - typedAt).toBeLessThan(soonMs);
    expect(terminal.screen.text).toMatch(/The service never returned a\s+status\./);
    expect(terminal.screen.isCursorShown).toBe(true);
  });

  test.each([
    ['once', ctrlC],
    ['twice', ctrlC + ctrlC],
  ])('%s is taken while the token is to be pasted', async (_says, keys) => {
    const server = await startAsmxServer({});
    const terminal = new Terminal(['wait', '-'], { env: server.env });
    await terminal.shows(/Paste the token/);
    const typedAt = terminal.type(keys);
    // Without an end after a second somebody types it again; then it must not be the second one that counted.
    const timer = setTimeout(() => terminal.type(ctrlC), 1_000);
    const { code, endedAt } = await terminal.exited;
    clearTimeout(timer);
    expect(code).toBe(130);
    expect(endedAt - typedAt).toBeLessThan(soonMs);
    expect(terminal.screen.lines.slice(1)).toEqual(['instamed-poll: Stopped before a token was given.', '']);
  });
});

// Nothing is timed from here on, so that these can run at once.
test.skipIf(isWindows).concurrent.each(namedMoments)(
  'Ctrl-C %s, twice at once, ends it with the same words',
  async (_says, moment) => {
    const { code, screen } = await typeAt(moment, ctrlC + ctrlC);
    expect(code).toBe(130);
    expect(screen.isCursorShown).toBe(true);
    expect(screen.text).toMatch(moment.known);
  },
);

// npm does that: it passes on what we got from the terminal already.
test
  .skipIf(isWindows)
  .concurrent('a Ctrl-C that is passed on a moment later takes nothing from the warning', async () => {
    const server = await startAsmxServer({ status: [used], receipt: ['silence'] });
    const terminal = new Terminal(wait, { env: server.env });
    await server.arrived(2);
    terminal.type(ctrlC);
    await new Promise((resolve) => setTimeout(resolve, 2));
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    expect(terminal.screen.text).toMatch(/Money may have moved\. Do\s+not\s+charge\s+again\./);
  });

test.skipIf(isWindows).concurrent.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s on a terminal brings the cursor back and says what is known', async (signal, code) => {
  const server = await startAsmxServer({ status: [used], receipt: ['silence'] });
  const terminal = new Terminal(wait, { env: server.env });
  await server.arrived(2);
  process.kill(terminal.pid, signal);
  expect(await terminal.exited).toMatchObject({ code, signal: 0 });
  expect(terminal.screen.isCursorShown).toBe(true);
  expect(terminal.screen.text).toMatch(/Money may have moved\. Do\s+not\s+charge\s+again\./);
});

describe.skipIf(isWindows).concurrent('an interrupted wait', () => {
  test('leaves one JSON document, where one was asked for, and nothing else, on stdout', async () => {
    const server = await startAsmxServer({ status: [pending] });
    const file = join(scratch, 'interrupted.json');
    const env = { ...server.env, FILE: file };
    const terminal = new Terminal([...wait, '--json'], { env, shell: '"$@" > "$FILE"' });
    await terminal.shows(/next check in/);
    const { code } = await stop(terminal, server);
    expect(code).toBe(130);
    const document = readDocument({ stdout: readFileSync(file, 'utf8') }, 'wait');
    expect(document).toMatchObject({ outcome: 'interrupted', exitCode: 130, status: 'NEW', seen: { NEW: 1 } });
  });

  test('gives a command that can be pasted into a shell as it is', async () => {
    const server = await startAsmxServer({ status: [pending, used] });
    // Longer than the terminal is wide, and with a word that a shell would take apart.
    const argv = [
      'wait',
      token,
      '--interval',
      '1m',
      '--timeout',
      '10m',
      '--no-receipt',
      '--alias',
      "it's one; alias $HOME",
    ];
    const terminal = new Terminal(argv, { env: server.env });
    await terminal.shows(/next check in/);
    await stop(terminal, server);
    const command = /Next: (.*?) {3}\(then/.exec(terminal.raw)?.[1] ?? '';
    expect(command).toMatch(/^instamed-poll wait - /);
    const again = await runScript(`${command} -q --field outcome`, { env: server.env, stdin: `${token}\n` });
    expect(again).toMatchObject({ code: 0, stdout: 'used\n', stderr: '' });
    expect(server.requests.at(-1)?.body).toContain("<alias>it's one; alias $HOME</alias>");
    expect(server.requests.at(-1)?.body).toContain(`<tokenID>${token}</tokenID>`);
  });

  test.each([
    ['wait', wait],
    ['demo', ['demo', 'never-used', '--speed', '2']],
  ])('by a window that is closed writes its JSON document: %s', async (command, argv) => {
    const server = await startAsmxServer({ status: [pending] });
    const file = join(scratch, `${command}.json`);
    const terminal = new Terminal([...argv, '--json'], { env: { ...server.env, FILE: file }, shell: '"$@" > "$FILE"' });
    await terminal.shows(/next check in/);
    terminal.hangUp();
    // Node's own end, where the terminal is gone, would be an abort with a core dump. The signal is 129, too, to a shell.
    const { code, signal } = await terminal.exited;
    expect(signal === constants.signals.SIGHUP ? 129 : code).toBe(129);
    const document = readDocument({ stdout: readFileSync(file, 'utf8') }, command);
    expect(document).toMatchObject({ outcome: 'interrupted', exitCode: 129, status: 'NEW' });
  });
});
