import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/cli/runtime/session.ts';
import { readSecretFrom } from '../../src/cli/settings/secret-command.ts';
import { Redactor } from '../../src/redact/redactor.ts';
import { readDocument } from '../support/check-document.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, run, token, type World } from '../support/run-cli.ts';

const isWindows = process.platform === 'win32';

/** The words that run this script in a program of its own. */
const node = (script: string, ...words: readonly string[]) => [process.execPath, '-e', script, ...words];
const prints = (text: string) => node(`process.stdout.write(${JSON.stringify(text)})`);

const { INSTAMED_SECURITY_KEY: _key, INSTAMED_NVP_PASSWORD: _password, ...account } = accountEnv;

/** An account whose secrets stand in this profile alone. */
const worldOf = (profile: object, more: World = {}): World => ({
  ...more,
  env: { ...account, ...makeConfigHome({ profiles: { default: profile } }).env, ...more.env },
});

/** A program that leaves a file behind, so that one can see whether it ran. */
function tracked(): { readonly argv: string[]; ran(): boolean } {
  const file = join(makeConfigHome().folder, 'ran');
  return {
    argv: node(`require('fs').writeFileSync(process.argv[1], ''); console.log('command-canary')`, file),
    ran: () => existsSync(file),
  };
}

describe('a secret that a command prints', () => {
  test.each([
    ['its only line', 'canary-1\n', 'canary-1'],
    ['a line without an end', 'canary-1', 'canary-1'],
    ['the first of its lines, as pass shows them', 'canary-1\nuser: jo\n', 'canary-1'],
    ['a line of Windows', 'canary-1\r\nmore\r\n', 'canary-1'],
    ['with its blanks and quotes', ' "can ary" \n', ' "can ary" '],
    ['beyond ASCII', 'cänäry-€\n', 'cänäry-€'],
  ])('is %s', async (_says, text, key) => {
    const world = worldOf({ securityKeyCommand: prints(text) }, { steps: [status('NEW')] });
    const { code, stderr, transport } = await run(['status', token], world);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(transport.requests[0]?.body).toContain(`<password>${key.replaceAll('"', '&quot;')}</password>`);
  });

  test('is masked wherever the service echoes it, the Basic credentials with it', async () => {
    const basic = btoa('clinic@instamed.net:nvp-canary');
    const world = worldOf(
      { nvpPasswordCommand: prints('nvp-canary\n') },
      { steps: [receipt(`errorCode=1&errorMessage=no nvp-canary or ${basic} here`)] },
    );
    const { stdout, stderr } = await run(['receipt', token, '--json'], world);
    expect(readDocument({ stdout }).error?.message).toContain('no *** or *** here');
    expect(stdout + stderr).not.toMatch(/canary/);
    expect(stdout + stderr).not.toContain(basic);
  });

  test('may hold a shell character: no shell reads the words', async () => {
    const argv = node('console.log(process.argv[1])', '$(echo no) `id` ; "x" *');
    const world = worldOf({ securityKeyCommand: argv }, { steps: [status('NEW')] });
    const { transport } = await run(['status', token], world);
    expect(transport.requests[0]?.body).toContain('<password>$(echo no) `id` ; &quot;x&quot; *</password>');
  });

  test('comes from a program that gets our environment and no stdin', async () => {
    const argv = node(
      `process.stdin.on('data', () => {}).on('end', () => console.log(process.env.INSTAMED_ALIAS + '-key'))`,
    );
    const world = worldOf({ securityKeyCommand: argv }, { steps: [status('NEW')] });
    expect((await run(['status', token], world)).transport.requests[0]?.body).toContain('<password>alias-1-key<');
  });
});

describe('a command is run only if its secret is needed and not given above', () => {
  test.each<[string, readonly string[], World, boolean]>([
    ['status needs the key', ['status', token], { steps: [status('NEW')] }, true],
    ['receipt does not', ['receipt', token], { steps: [receipt(receiptOf('C'))] }, false],
    [
      'the environment gives it',
      ['status', token],
      { steps: [status('NEW')], env: { INSTAMED_SECURITY_KEY: 'k' } },
      false,
    ],
    [
      'stdin gives it',
      ['status', token, '--secrets-from', '-'],
      { steps: [status('NEW')], stdin: 'INSTAMED_SECURITY_KEY=k' },
      false,
    ],
    ['another setting is missing', ['status', token], { env: { INSTAMED_ALIAS: '' } }, false],
    ['the token is no token', ['status', 'a b'], {}, false],
    ['config list only lists', ['config', 'list'], {}, false],
    ['decode needs no settings', ['decode', '-'], { stdin: 'transactionStatus=C' }, false],
  ])('%s', async (_says, argv, world, runs) => {
    const { argv: command, ran } = tracked();
    const { stdout, stderr } = await run(argv, worldOf({ securityKeyCommand: command }, world));
    expect(ran()).toBe(runs);
    expect(stdout + stderr).not.toContain('command-canary');
  });
});

describe('a command that is slow is shown', () => {
  /** A command that ends when it is let go, in a world whose time stands still until then. */
  async function runSlow(argv: readonly string[], lastSilentMs: number, more: World = {}) {
    const { folder } = makeConfigHome();
    const [started, go] = [join(folder, 'started'), join(folder, 'go')];
    const script = `const fs = require('fs'); fs.writeFileSync(process.argv[1], '');
      const timer = setInterval(() => fs.existsSync(process.argv[2]) && (clearInterval(timer), console.log('canary')), 5)`;
    const clock = new ManualClock();
    let stderr = '';
    const onWrite: World['onWrite'] = (stream, text) => {
      if (stream === 'stderr') stderr += text;
    };
    const steps = [status('NEW')];
    const world = worldOf({ securityKeyCommand: node(script, started, go) }, { clock, onWrite, steps, ...more });
    const running = run(argv, world);
    await expect.poll(() => existsSync(started), { timeout: 8_000 }).toBe(true);
    clock.advance(lastSilentMs);
    const early = stderr;
    clock.advance(1);
    const late = stderr;
    clock.advance(5_000);
    expect(stderr).toBe(late);
    writeFileSync(go, '');
    await running;
    return { early, late };
  }
  const sign = 'Running securityKeyCommand…\n';

  test.each<[string, readonly string[], number, World, string]>([
    ['for one request after 300 ms', ['status', token], 299, {}, sign],
    [
      'by one plain line on a terminal too, which it may use itself',
      ['status', token],
      299,
      { tty: true, env: { CI: '' } },
      sign,
    ],
    ['not by --progress none', ['status', token, '--progress', 'none'], 299, {}, ''],
    ['not by --quiet', ['status', token, '-q'], 299, {}, ''],
    ['not among the events of --progress json', ['status', token, '--progress', 'json'], 299, {}, ''],
    [
      'for wait at once',
      ['wait', token, '--timeout', '1s', '--interval', '1s'],
      49,
      { steps: [status('EXPIRED'), status('EXPIRED')] },
      sign,
    ],
    ['but not for wait -q', ['wait', token, '-q'], 49, { steps: [status('EXPIRED'), status('EXPIRED')] }, ''],
  ])('%s', async (_says, argv, lastSilentMs, more, late) => {
    expect(await runSlow(argv, lastSilentMs, more)).toEqual({ early: '', late });
  });
});

describe('a command that fails', () => {
  const failing = async (argv: readonly string[], key = 'securityKeyCommand') => {
    const world = worldOf({
      securityKey: 'k',
      ...(key === 'securityKeyCommand' && { securityKey: undefined }),
      [key]: argv,
    });
    const command = key === 'securityKeyCommand' ? 'status' : 'receipt';
    const { code, stdout, stderr, opened } = await run([command, token], world);
    expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
    return stderr.replaceAll(process.execPath, 'node').split('\n');
  };

  test('with a code says it, and what it said', async () => {
    const script = `console.error('gpg: no key\\n\\u001b[31mred'); process.exit(3)`;
    expect(await failing(node(script))).toEqual([
      'instamed-poll: securityKeyCommand (node) ended with code 3.',
      'It said: gpg: no key\\n\\u001b[31mred',
      '',
    ]);
  });

  test('for the NVP password is named by its own key', async () => {
    expect((await failing(node('process.exit(1)'), 'nvpPasswordCommand'))[0]).toBe(
      'instamed-poll: nvpPasswordCommand (node) ended with code 1.',
    );
  });

  test('in silence is to be run by hand', async () => {
    expect((await failing(node('process.exit(1)')))[1]).toBe('Run it by hand to see why: node');
  });

  test.each([
    ['', ''],
    ['an empty first line', '\nsecond'],
  ])('printed nothing: %s', async (_says, text) => {
    expect((await failing(prints(text)))[0]).toBe(
      'instamed-poll: securityKeyCommand (node) printed nothing on its first line.',
    );
  });

  test('is not found', async () => {
    expect(await failing(['no-such-program-here', 'x'])).toEqual([
      'instamed-poll: securityKeyCommand (no-such-program-here) was not found.',
      'Check the PATH, or give the program with its folder.',
      '',
    ]);
  });

  test.skipIf(isWindows)('cannot be run', async () => {
    const file = join(makeConfigHome().folder, 'program');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    expect((await failing([file]))[0]).toBe(`instamed-poll: securityKeyCommand (${file}) could not be run (EACCES).`);
    expect((await failing([`${file}/x`]))[0]).toMatch(/could not be run \(ENOTDIR\)\.$/);
    expect((await failing([`${file}\0`]))[0]).toMatch(/could not be run \(ERR_INVALID_ARG_VALUE\)\.$/);
  });

  test.skipIf(isWindows)('is ended by a signal', async () => {
    expect((await failing(node(`process.kill(process.pid, 'SIGKILL')`)))[0]).toBe(
      'instamed-poll: securityKeyCommand (node) was ended by SIGKILL.',
    );
  });

  test('shows neither the secret that it printed nor one that it told on stderr', async () => {
    const script = `console.log('half-canary'); console.error('wrote half-canary'); process.exit(1)`;
    expect((await failing(node(script)))[1]).toBe('It said: wrote ***');
  });

  test('shows no more than the beginning of a long complaint', async () => {
    const [, hint = ''] = await failing(node(`console.error('x'.repeat(1e4)); process.exit(1)`));
    expect(hint).toMatch(/^It said: x{299}…$/);
    const [, endless = ''] = await failing(node(`console.error('x'.repeat(5e6)); process.exit(1)`));
    expect(endless).toMatch('It said: *** (65536 characters)');
  });

  test('or that prints a file instead of a secret is refused, and nothing of it is shown', async () => {
    expect((await failing(prints('canary'.repeat(5_000))))[0]).toBe(
      'instamed-poll: A secret has more than the 500 characters that one can have.',
    );
  });

  test('and says a secret that holds a control character is none', async () => {
    expect((await failing(prints('can\u0007ary')))[0]).toBe(
      'instamed-poll: securityKey (from the profile "default") holds a control character.',
    );
  });
});

describe('a command that does not end', () => {
  const sessionOf = (signal: AbortSignal) =>
    ({ host: { env: process.env }, redactor: new Redactor(), signal }) as unknown as Session;
  const forever = node('setInterval(() => {}, 1000)');

  test('is ended at its limit', async () => {
    const reading = readSecretFrom(
      { key: 'securityKeyCommand', argv: forever, timeoutMs: 50 },
      sessionOf(new AbortController().signal),
    );
    await expect(reading).rejects.toMatchObject({
      category: 'usage',
      code: 'SECRET_COMMAND',
      message: expect.stringMatching(/^securityKeyCommand \(.*\) did not end within 50ms\.$/),
    });
  });

  test('ends with Ctrl-C, at once, and with the code of that', async () => {
    const home = makeConfigHome();
    const file = join(home.folder, 'started');
    const argv = node(
      `require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1e3)`,
      file,
    );
    let stop = (_signal: 'SIGINT') => {};
    const onStart: World['onStart'] = (given) => {
      stop = given;
    };
    const world = worldOf({ securityKeyCommand: argv }, { onStart });
    const running = run(['wait', token, '--json'], world);
    await expect.poll(() => existsSync(file), { timeout: 4_000 }).toBe(true);
    stop('SIGINT');
    const { code, stdout, opened } = await running;
    expect({ code, opened }).toEqual({ code: 130, opened: [] });
    expect(readDocument({ stdout }, 'wait')).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  });

  test('does not even start after a stop', async () => {
    const { argv, ran } = tracked();
    const reading = readSecretFrom({ key: 'securityKeyCommand', argv }, sessionOf(AbortSignal.abort()));
    await expect(reading).rejects.toMatchObject({ category: 'aborted' });
    expect(ran()).toBe(false);
  });

  test.skipIf(isWindows)('but has ended itself, and left a helper with its output, gives its secret', async () => {
    const argv = ['/bin/sh', '-c', 'sleep 60 & echo "$!"; exit 0'];
    const helper = Number(await readSecretFrom({ key: 'k', argv }, sessionOf(new AbortController().signal)));
    expect(helper).toBeGreaterThan(1);
    // It is still there.
    expect(process.kill(helper)).toBe(true);
  });

  test('of printing is cut off, and its first line counts', async () => {
    const script = `const line = 'x'.repeat(9999) + '\\n'; for (let i = 0; i < 1000; i++) process.stdout.write(i ? line : 'first-canary\\n')`;
    const reading = readSecretFrom({ key: 'k', argv: node(script) }, sessionOf(new AbortController().signal));
    expect(await reading).toBe('first-canary');
  });
});
