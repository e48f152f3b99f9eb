import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { makeFolder } from '../support/clean-up.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { status } from '../support/replies.ts';
import { accountEnv, run, token, type World } from '../support/run-cli.ts';
import { isWindows, runCli, runScript } from '../support/spawn-cli.ts';

const account = {
  profiles: { default: { alias: 'from-the-file', statusUrl: 'https://evil.example/', securityKeyCommand: ['false'] } },
};

const refusal = async (argv: readonly string[], world: World): Promise<string> => {
  const { code, stdout, stderr, opened } = await run(argv, world);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  return stderr;
};

const profileCheck = (stdout: string) => {
  const { checks } = readDocument({ stdout });
  return Array.isArray(checks) ? checks.find(({ id }) => id === 'profile-file') : null;
};

describe.skipIf(isWindows)('a profile file that others own or can change is refused, whatever is in it', () => {
  const all = [
    ['status', token],
    ['config', 'list'],
    ['config', 'set', 'alias', 'x'],
    ['config', 'unset', 'alias'],
  ];

  test.each([0o620, 0o602, 0o664, 0o666, 0o722])('its mode is %o', async (mode) => {
    const home = makeConfigHome(account, mode);
    for (const argv of all) {
      const stderr = await refusal(argv, home);
      expect(stderr).toContain(`Other users of this machine can change the profile file: ${home.path} (mode 0`);
      expect(stderr).toContain(`then run: chmod go-w ${home.path}\n`);
    }
    chmodSync(home.path, mode & ~0o022);
    expect((await run(['config', 'get', 'alias'], home)).stdout).toBe('from-the-file\n');
  });

  test.each([0o720, 0o702, 0o777])('its folder has the mode %o', async (mode) => {
    const home = makeConfigHome(account);
    chmodSync(dirname(home.path), mode);
    for (const argv of all) {
      expect(await refusal(argv, home)).toContain(`then run: chmod go-w ${dirname(home.path)}\n`);
    }
  });

  test('its folder can be changed by others, and no file is there yet', async () => {
    const home = makeConfigHome({});
    rmSync(home.path);
    chmodSync(dirname(home.path), 0o777);
    expect(await refusal(['config', 'set', 'alias', 'x'], home)).toContain('chmod go-w');
    expect(readdirSync(dirname(home.path))).toEqual([]);
  });

  test('it is a link to such a file, or into such a folder', async () => {
    for (const [fileMode, folderMode] of [
      [0o666, 0o700],
      [0o600, 0o777],
    ] as const) {
      const real = makeConfigHome(account, fileMode);
      chmodSync(dirname(real.path), folderMode);
      const home = makeConfigHome({});
      rmSync(home.path);
      symlinkSync(real.path, home.path);
      expect(await refusal(['config', 'list'], home)).toContain(real.folder);
    }
  });

  test('somebody else owns it', async () => {
    const home = makeConfigHome(account);
    const owner = process.getuid?.();
    const userId = 64_001;
    // Where the tests are run by root, its files are the administrator's, whom everybody trusts.
    if (owner === 0) for (const path of [home.path, dirname(home.path)]) chownSync(path, 64_000, 64_000);
    const stderr = await refusal(['status', token], { env: { ...accountEnv, ...home.env }, userId });
    expect(stderr).toMatch(/belongs to another user \(user ID \d+\): /);
    expect(stderr).toContain(`chown ${userId} `);
    const { stdout, code } = await run(['doctor', '--json'], { env: { ...accountEnv, ...home.env }, userId });
    expect(code).toBe(2);
    expect(profileCheck(stdout)).toMatchObject({ state: 'failed', remedy: expect.stringContaining('chown ') });
  });

  test.skipIf(process.getuid?.() !== 0)(
    'root itself goes by no file of another user, and by no link of another',
    async () => {
      const owned = makeConfigHome(account);
      chownSync(owned.path, 64_000, 64_000);
      expect(await refusal(['config', 'list'], owned)).toContain('belongs to another user (user ID 64000)');
      const linked = makeConfigHome({});
      rmSync(linked.path);
      symlinkSync(makeConfigHome(account).path, linked.path);
      lchownSync(linked.path, 64_000, 64_000);
      expect(await refusal(['config', 'list'], linked)).toContain('chown -h 0 ');
    },
  );

  test.skipIf(process.getuid?.() !== 0)("the administrator's file is taken by others", async () => {
    const home = makeConfigHome(account, 0o644);
    expect((await run(['config', 'get', 'alias'], { ...home, userId: 64_001 })).stdout).toBe('from-the-file\n');
  });
});

describe('without a home folder', () => {
  const elsewhere = makeFolder();
  mkdirSync(join(elsewhere, '.config', 'instamed-poll'), { recursive: true });
  const content = { profiles: { default: { alias: 'of-the-current-folder' } } };
  const planted = join(elsewhere, '.config', 'instamed-poll', 'config.json');
  writeFileSync(planted, JSON.stringify(content), { mode: 0o600 });

  test.skipIf(isWindows).each([
    ['an empty HOME', 'HOME= '],
    ['no HOME', 'env -u HOME '],
    ['a relative HOME', 'HOME=. '],
    ['a relative HOME and folder for settings', 'HOME=. XDG_CONFIG_HOME=.config '],
  ])('the program works, and reads nothing of the current folder: %s', async (_name, prefix) => {
    const cli = `${prefix} "$NODE" "$CLI"`;
    const list = await runScript(`cd ${elsewhere} && ${cli} config list -o json`);
    expect(list.code).toBe(0);
    expect(JSON.parse(list.stdout).settings.alias.value).toBeNull();
    const path = await runScript(`cd ${elsewhere} && ${cli} config path`);
    expect(path).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Set HOME or XDG_CONFIG_HOME') });
    const set = await runScript(`cd ${elsewhere} && ${cli} config set alias x`);
    expect(set).toMatchObject({ code: 2, stderr: expect.stringContaining('Set HOME or XDG_CONFIG_HOME') });
    expect(readdirSync(elsewhere)).toEqual(['.config']);
  });

  test.skipIf(isWindows || process.getuid?.() !== 0)('and without an entry in the list of users', async () => {
    // The current folder is root's, and the program itself may stand in another such.
    const script = `cd / && env -u HOME "$NODE" -e 'process.setgid(64001); process.setuid(64001); process.argv = [process.argv[0], "x", "config", "list"]; const { main, systemHost } = require(process.env.MAIN); main(process.argv.slice(2), systemHost()).then((code) => { process.exitCode = code; })'`;
    const { code, stderr } = await runScript(`MAIN="$(dirname "$CLI")/../dist/cli/main.js"; export MAIN; ${script}`);
    // Where others may not read this folder, the program is not even found.
    if (!/EACCES|ERR_INVALID_PACKAGE_CONFIG/.test(stderr)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a profile by name is said not to be there, and a run with an environment needs none', async () => {
    const world = { home: null, env: accountEnv };
    expect((await run(['status', token], { ...world, steps: [status('NEW')] })).code).toBe(0);
    expect(await refusal(['status', token, '--profile', 'desk'], world)).toContain('no profile named "desk"');
    const { stdout } = await run(['doctor', '--json', '--status-url', 'x', '--receipt-url', 'x'], world);
    expect(profileCheck(stdout)?.detail).toBe('none (the environment names no home folder)');
  });
});

test.skipIf(process.platform !== 'linux').each(['HOME', 'XDG_CONFIG_HOME'])(
  'a folder under /proc, which nobody can create, is an error and no endless loop: %s',
  async (name) => {
    const started = performance.now();
    const { code, stderr } = await runCli(['config', 'set', 'alias', 'x'], { env: { [name]: '/proc' } });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/cannot be written: \/proc\/.*ENOENT/) });
    expect(performance.now() - started).toBeLessThan(10_000);
  },
);

describe.skipIf(isWindows)('a link in the place of the profile file that leads nowhere', () => {
  test.each(['the file', 'its folder'])('is told with where it leads, and nothing is written: %s', async (which) => {
    const home = makeConfigHome({});
    const link = which === 'the file' ? home.path : dirname(home.path);
    renameSync(link, join(home.folder, 'moved'));
    symlinkSync(join(home.folder, 'not-mounted'), link);
    for (const argv of [
      ['status', token],
      ['config', 'set', 'alias', 'x'],
    ]) {
      const stderr = await refusal(argv, { env: { ...accountEnv, ...home.env } });
      expect(stderr).toContain(`${link} is a link to ${join(home.folder, 'not-mounted')}, which does not exist.`);
    }
    expect(existsSync(join(home.folder, 'not-mounted'))).toBe(false);
  });
});

test('a profile file larger than any, or in another charset, is refused', async () => {
  expect(await refusal(['config', 'list'], makeConfigHome(' '.repeat(1_048_577)))).toContain('larger than 1 MiB');
  const home = makeConfigHome('');
  writeFileSync(home.path, Buffer.from('{"profiles":{"default":{"nvpPassword":"caf\xe9"}}}', 'latin1'));
  expect(await refusal(['config', 'list'], home)).toContain('is not valid UTF-8 text.');
});

describe('several config set at once', () => {
  test.skipIf(isWindows)(
    'lose nothing',
    async () => {
      const home = makeConfigHome();
      const keys = ['accountId', 'alias', 'merchantId', 'storeId', 'terminalId', 'nvpUser'];
      const script = keys.flatMap((key) => [
        `instamed-poll config set ${key} 1 --profile a & instamed-poll config set ${key} 2 --profile b &`,
      ]);
      const { code, stderr } = await runScript(`${script.join('\n')}\nwait`, { env: home.env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const of = (value: string) => Object.fromEntries(keys.map((key) => [key, value]));
      const { profiles } = JSON.parse(home.read());
      expect(profiles).toEqual({ a: of('1'), b: of('2') });
      expect(readdirSync(dirname(home.path))).toEqual(['config.json']);
    },
    60_000,
  );

  test('and one that was killed holds nobody up for ever, nor leaves its secrets', async () => {
    const home = makeConfigHome({ profiles: { default: { alias: 'a' } } });
    const left = `${home.path}.0f8fad5b-d9cb-469f-a165-70867728950e.tmp`;
    const others = [`${home.path}.backup.tmp`, join(dirname(home.path), 'notes.tmp')];
    for (const path of [left, ...others]) writeFileSync(path, 'secret');
    writeFileSync(`${home.path}.lock`, 'of a process that was killed');
    const { code } = await run(['config', 'set', 'storeId', '1'], home);
    expect(code).toBe(0);
    expect(JSON.parse(home.read()).profiles.default).toEqual({ alias: 'a', storeId: '1' });
    expect(readdirSync(dirname(home.path)).sort()).toEqual(['config.json', 'config.json.backup.tmp', 'notes.tmp']);
  });

  test.skipIf(isWindows)('the file is readable by its owner alone, and so is what was written on the way', async () => {
    const home = makeConfigHome();
    expect((await run(['config', 'set', 'alias', 'x'], home)).code).toBe(0);
    expect(statSync(home.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(home.path)).mode & 0o777).toBe(0o700);
  });
});
