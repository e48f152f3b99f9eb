import { describe, expect, test } from 'vitest';
import { canaryEnv, finds, secrets, spellings } from '../../support/canaries.ts';
import { readDocument } from '../../support/check-document.ts';
import { DoctorTransport, date, examine } from '../../support/doctor-world.ts';
import { escapeXml } from '../../support/echo.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { wrongPassword } from '../../support/replies.ts';
import { accountEnv, run, type World } from '../../support/run-cli.ts';
import { certificate, failsWith, goodHandshake, scriptedProbe } from '../../support/scripted-probe.ts';
import { faultReply, textReply } from '../../support/scripted-transport.ts';

const noHost = scriptedProbe({ lookUp: failsWith('ENOTFOUND') });
const good = (): World => ({ transport: new DoctorTransport() });
const refused = (): World => ({ transport: new DoctorTransport({ soap: faultReply('Server', wrongPassword) }) });

const esc = '\u001b';

describe('on a terminal', () => {
  const terminal = { tty: true, columns: 80 } as const;

  test('the list, the sum and the report stand on stdout, and stderr stays empty', async () => {
    const { code, stdout, stderr } = await run(['doctor', '-q'], { ...refused(), ...terminal });
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
    expect(stdout).toMatch(/^✓ ok {7}Node \(0 ms\): 20\.18\.1\n/);
    expect(stdout).toContain(
      '✗ failed   Status call (SOAP) (0 ms): The status service rejected the\n' +
        '           credentials: Invalid AccountID or Password.\n' +
        '           → Check the account ID, the alias and the security key; the NVP\n' +
        '           password is another one.\n',
    );
    expect(stdout).toContain(
      '\n1 of 23 checks failed (Status call (SOAP)), and 1 was not made.\n\nTo paste into a ticket',
    );
    const report = stdout.slice(stdout.indexOf('instamed-poll 0.0.0-source'));
    expect(report).toMatch(
      /^instamed-poll 0\.0\.0-source doctor, Node 20\.18\.1 on linux x64, 2026-11-22T10:00:00\.000Z\n1 of 23 checks failed \(Status call \(SOAP\)\), and 1 was not made\. Outcome: credentials-rejected, exit code 4\.\nok {7}node {13}20\.18\.1 \(0 ms\)\n/,
    );
    expect(report.split('\n')).toHaveLength(2 + 23 + 1);
    expect(report).toContain(
      '\nfailed   soap             The status service rejected the credentials: Invalid AccountID or Password. (0 ms)\n',
    );
  });

  test('what was skipped says why, without a time', async () => {
    const { stdout } = await run(['doctor', '-q'], { probe: noHost, ...terminal });
    const reason = 'Not made, because this failed: DNS of the status host.';
    expect(stdout).toContain(`\n- skipped  TLS of the status host: ${reason.slice(0, 40)}`);
    expect(stdout).toContain(`\nskipped  status-tls       ${reason}\n`);
  });

  test.each([200, 80, 40, 39, 20])('the list fits %i columns', async (columns) => {
    const { stdout } = await run(['doctor', '-q'], { ...refused(), tty: true, columns });
    const [list = ''] = stdout.split('To paste');
    const longest = Math.max(...list.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(columns);
    expect(list.replace(/\s+/g, '')).toContain('InvalidAccountIDorPassword.');
  });

  test('colours come with the colour level, and mark no more than sign and sum', async () => {
    const strip = (text: string) => text.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '');
    const world = { ...terminal, columns: 300 };
    const coloured = (await run(['doctor', '-q'], { ...refused(), ...world, colorLevel: 1 })).stdout;
    const plain = (await run(['doctor', '-q'], { ...refused(), ...world, colorLevel: 0 })).stdout;
    expect(coloured).toContain(`${esc}[32m✓ ok${esc}[39m       Node`);
    expect(coloured).toContain(`m✗ failed${esc}[`);
    expect(strip(coloured)).toBe(plain);
    expect(plain).not.toContain(esc);
    expect(coloured.slice(coloured.indexOf('To paste'))).not.toContain(esc);
  });

  test('a text of the other side does nothing to the terminal', async () => {
    const subject = 'evil\u001b[2J\nstatus-tls ok\u202e';
    const handshake = async () => ({ ...goodHandshake, chain: [certificate({ subject })] });
    const { stdout } = await run(['doctor', '-q'], { ...good(), ...terminal, probe: scriptedProbe({ handshake }) });
    expect(stdout).toContain('evil\\u001b[2J\\nstatus-tls');
    expect(stdout).not.toContain(esc);
    expect(stdout).not.toContain('\u202e');
  });

  test('a time of a second or more is told in seconds', async () => {
    const clock = new ManualClock();
    const probe = scriptedProbe({
      connect: async () => {
        clock.advance(1_240);
        return '203.0.113.5';
      },
    });
    const { stdout } = await run(['doctor', '-q'], { ...good(), ...terminal, clock, probe });
    expect(stdout).toContain('Connection to the status host (1.2 s): ');
  });
});

describe('in a pipe', () => {
  test('every check has a line under its ID, whose name is a path of --field', async () => {
    const { code, stdout, stderr } = await run(['doctor', '-q'], refused());
    const lines = new Map(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^instamed-poll: 1 of 23 checks failed \(Status call \(SOAP\)\), and 1 was not made\.\nBecause: The status/,
    );
    expect(lines.get('checks.soap.state')).toBe('failed');
    expect(lines.get('checks.node.state')).toBe('ok');
    expect(lines.get('outcome')).toBe('credentials-rejected');
    expect(lines.get('exitCode')).toBe('4');
    for (const name of ['checks.soap.state', 'checks.status-tls.state', 'environment.node', 'summary']) {
      const field = await run(['doctor', '-q', '--field', name], refused());
      expect(field.code).toBe(4);
      expect(field.stdout).toBe(`${lines.get(name)}\n`);
      expect(lines.get(name)).not.toBe('');
    }
  });

  test('a check that is none has an empty value, and a member that is none is refused', async () => {
    expect(await run(['doctor', '--field', 'checks.nothing.state'], good())).toMatchObject({ code: 0, stdout: '\n' });
    expect(await run(['doctor', '--field', 'checks.node.colour'], good())).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('while it runs', () => {
  /** A network on which the first look-up takes until the test lets it go, or the program gives it up. */
  function heldLookUp() {
    let release = () => {};
    let reached = () => {};
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const probe = scriptedProbe({
      lookUp: (_url, { signal }) =>
        new Promise((resolve, reject) => {
          release = () => resolve(['203.0.113.5']);
          signal.addEventListener('abort', () => failsWith('ABORT_ERR')().catch(reject));
          reached();
        }),
    });
    return { probe, isReached, release: () => release() };
  }

  test.each([
    ['on a terminal', true, 'Receipt URL (0 ms)', 'DNS of the status'],
    ['in a pipe', false, 'checks.receipt-url.state\tok\thttps://', 'checks.status-dns'],
  ])('each check is shown %s when it has ended', async (_name, tty, shown, awaited) => {
    const { probe, isReached, release } = heldLookUp();
    const stop = { now: () => {} };
    let stdout = '';
    const running = run(['doctor', '-q'], {
      probe,
      tty,
      onWrite: (_stream, text) => {
        stdout += text;
      },
      onStart: (send) => {
        stop.now = () => send('SIGINT');
      },
    });
    await isReached;
    expect(stdout).toContain(shown);
    expect(stdout).not.toContain(awaited);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stdout).toContain(awaited);
    stop.now();
    await running;
  });

  test('what takes longer is named on stderr', async () => {
    const clock = new ManualClock();
    const probe = scriptedProbe({
      connect: async () => {
        clock.advance(300);
        return '203.0.113.5';
      },
    });
    const { stderr } = await run(['doctor'], { ...good(), clock, probe });
    expect(stderr).toBe('Checking: Connection to the status host…\nChecking: Connection to the receipt host…\n');
    expect(clock.tickers).toBe(0);
  });

  test('nothing is drawn over the prompt for a secret, however long somebody takes to type it', async () => {
    const clock = new ManualClock();
    let type = (_key: string) => {};
    const typed = new Promise<string>((resolve) => {
      type = resolve;
    });
    let stderr = '';
    const running = run(['doctor'], {
      ...good(),
      clock,
      typed,
      tty: true,
      // A dumb terminal gets lines in place of a spinner.
      env: { ...accountEnv, INSTAMED_SECURITY_KEY: '', CI: '', TERM: 'dumb' },
      onWrite: (stream, text) => {
        if (stream === 'stderr') stderr += text;
      },
    });
    await expect.poll(() => stderr).toMatch(/not shown: $/);
    clock.advance(60_000);
    expect(stderr).toMatch(/^SSO security key .*, not shown: $/);
    type('key');
    expect((await running).code).toBe(0);
  });

  test.each<[string, readonly string[], World]>([
    ['with a document', ['--json'], {}],
    ['on a terminal', [], { tty: true }],
    ['in a pipe', [], {}],
  ])('a stop ends it with what is known: %s', async (_name, flags, world) => {
    const { probe, isReached } = heldLookUp();
    let stop = () => {};
    const running = run(['doctor', '-q', '--profile', 'simulator', ...flags], {
      ...world,
      probe,
      onStart: (send) => {
        stop = () => send('SIGINT');
      },
    });
    await isReached;
    stop();
    const { code, stdout, stderr, handlersLeft } = await running;
    const summary = `Stopped ${world.tty ? '' : 'by SIGINT '}after 8 checks, of which 0 failed.`;
    expect({ code, handlersLeft }).toEqual({ code: 130, handlersLeft: 0 });
    expect(stdout).toContain(summary);
    if (flags.length > 0) {
      const { checks, error } = readDocument({ stdout }, 'doctor');
      expect(checks).toHaveLength(10);
      expect(Array.isArray(checks) && checks.at(-1)).toMatchObject({
        id: 'status-dns',
        state: 'skipped',
        detail: 'Stopped before it had ended.',
        remedy: null,
      });
      expect(error).toMatchObject({
        category: 'interrupted',
        next: ['instamed-poll', 'doctor', '-q', '--profile', 'simulator', '--json'],
      });
    }
    if (!('tty' in world)) expect(stderr).toContain(`instamed-poll: ${summary}\nNext: instamed-poll doctor -q`);
  });
});

describe('no secret is shown, in whatever spelling the other side echoes it', () => {
  const ways: readonly (readonly [string, readonly string[], World])[] = [
    ['the terminal', [], { tty: true, columns: 300 }],
    ['the pipe', [], {}],
    ['the document', ['--json'], {}],
  ];
  const ownSecrets = Object.entries(secrets).filter(([name]) => name !== 'the token');

  /** Everything that it says where each place that could echo a text does so. */
  async function printed(text: string, [, flags, world]: (typeof ways)[number], env: Record<string, string>) {
    const chain = [certificate({ subject: text, issuer: text })];
    const replies = {
      soap: faultReply('Client', escapeXml(text)),
      receipt: textReply(`errorCode=400 ${text}&errorMessage= `, { headers: { date } }),
    };
    const probe = scriptedProbe({ handshake: async () => ({ ...goodHandshake, chain }) });
    const transport = new DoctorTransport(replies);
    const { stdout, stderr } = await run(['doctor', '-q', ...flags], { ...world, env, probe, transport });
    expect(transport.requests).toHaveLength(3);
    return stdout + stderr;
  }

  describe.each(ways)('%s', (...way) => {
    test.each(ownSecrets)('%s', async (_name, secret) => {
      const leaks: string[] = [];
      for (const [spelling, write] of Object.entries(spellings)) {
        if (finds(await printed(write(secret), way, canaryEnv), secret)) leaks.push(spelling);
      }
      expect(leaks).toEqual([]);
      const { INSTAMED_NVP_PASSWORD: _password, ...others } = canaryEnv;
      const unknown = await printed(secret, way, { ...others, INSTAMED_SECURITY_KEY: 'another' });
      expect(finds(unknown, secret)).toBe(true);
    });
  });

  test('a password that is a word of ours changes nothing but what is quoted', async () => {
    const env = { ...canaryEnv, INSTAMED_SECURITY_KEY: 'ok', INSTAMED_NVP_PASSWORD: 'dns' };
    const { ids, check } = await examine([], { env });
    expect(ids('ok')).toHaveLength(22);
    expect(check('status-dns').title).toBe('DNS of the status host');
  });
});
