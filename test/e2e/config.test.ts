import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { isWindows, runCli, soonMs } from '../support/spawn-cli.ts';
import { ctrlC, Terminal } from '../support/terminal.ts';

const prompt = /, not shown: $/;
const { INSTAMED_SECURITY_KEY: key = '' } = accountEnv;

describe.skipIf(isWindows).concurrent('a hidden prompt', () => {
  test('shows nothing of what is typed, takes corrections, and leaves the terminal as it was', async () => {
    const home = makeConfigHome();
    // The shell goes on after it, on the same terminal.
    const shell = '"$@"; stty -a | grep -o -w -e "-*echo" -e "-*icanon" -e "-*isig"';
    const terminal = new Terminal(['config', 'set', 'securityKey'], {
      env: home.env,
      shell: `sh -c '${shell}' sh "$@"`,
    });
    await terminal.shows(prompt);
    terminal.type('wrong\x15tipe\x7f\x7f\x7fyped-canary\r');
    expect((await terminal.exited).code).toBe(0);
    expect(JSON.parse(readFileSync(home.path, 'utf8'))).toEqual({
      profiles: { default: { securityKey: 'typed-canary' } },
    });
    expect(terminal.raw).not.toMatch(/wrong|tipe|yped|canary/);
    expect(terminal.screen.lines.slice(1)).toEqual([
      'securityKey is kept in the profile "default" now.',
      'isig',
      'icanon',
      'echo',
      '',
    ]);
  });

  test.each([
    ['config set', ['config', 'set', 'nvpPassword'], {}],
    ['wait', ['wait', token], { ...accountEnv, INSTAMED_SECURITY_KEY: '' }],
  ] as const)('ends with Ctrl-C, with 130 and the echo back: %s', async (_says, argv, env) => {
    const home = makeConfigHome();
    const shell = `sh -c '"$@"; code=$?; stty -a | grep -o -w -e "-*echo"; exit $code' sh "$@"`;
    const terminal = new Terminal(argv, { env: { ...env, ...home.env }, shell });
    await terminal.shows(prompt);
    const typedAt = terminal.type(`canary${ctrlC}`);
    const { code, endedAt } = await terminal.exited;
    expect(code).toBe(130);
    expect(endedAt - typedAt).toBeLessThan(soonMs);
    expect(terminal.raw).not.toContain('canary');
    expect(terminal.screen.lines).toContain('echo');
    expect(terminal.screen.text).toContain('Stopped while a secret was being typed.');
    expect(readdirSync(home.folder)).toEqual([]);
  });

  test('gives a wait the key that is missing, and nothing else of it', async () => {
    const server = await startAsmxServer({
      status: [fixtureReply('soap/soap11-used')],
      receipt: [fixtureReply('nvp/recorded-view-receipt')],
    });
    const terminal = new Terminal(['wait', token], { env: { ...server.env, INSTAMED_SECURITY_KEY: '' } });
    await terminal.shows(prompt);
    terminal.type(`${key}\r`);
    expect((await terminal.exited).code).toBe(3);
    expect(server.requests[0]?.body).toContain(`<password>${key}</password>`);
    expect(terminal.raw).not.toContain(key);
    expect(terminal.screen.text).toContain('Declined.');
  });
});

test('of several writers at once one wins, and no reader ever meets half a file', async () => {
  const home = makeConfigHome({ profiles: { default: { alias: 'writer-0' } } });
  const writers = [1, 2, 3].map((i) => runCli(['config', 'set', 'alias', `writer-${i}`], { env: home.env }));
  const all = Promise.all(writers);
  let isDone = false;
  let reads = 0;
  void all.then(() => {
    isDone = true;
  });
  while (!isDone) {
    expect(JSON.parse(home.read()).profiles.default.alias).toMatch(/^writer-[0-3]$/);
    reads += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(reads).toBeGreaterThan(10);
  for (const { code } of await all) expect(code).toBe(0);
  expect(JSON.parse(home.read()).profiles.default.alias).toMatch(/^writer-[1-3]$/);
  expect(readdirSync(dirname(home.path))).toEqual(['config.json']);
});
