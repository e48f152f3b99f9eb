import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/cli/runtime/host.ts';
import { profileFilePath, readProfileFile } from '../../src/cli/settings/profile-file.ts';
import { listProfileNames } from '../../src/cli/settings/profiles.ts';
import { readDocument } from '../support/check-document.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { status } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';

const isWindows = process.platform === 'win32';
const hostOf = (env: Readonly<Record<string, string>>) =>
  ({ platform: process.platform, env, home: '/nowhere' }) as unknown as Host;

describe('the profile file is', () => {
  test.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, '/home/jo/.config/instamed-poll/config.json'],
    ['darwin', {}, '/home/jo/.config/instamed-poll/config.json'],
    ['linux', { XDG_CONFIG_HOME: '/etc/jo' }, '/etc/jo/instamed-poll/config.json'],
    ['darwin', { XDG_CONFIG_HOME: '/etc/jo' }, '/etc/jo/instamed-poll/config.json'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/jo/.config/instamed-poll/config.json'],
    // The XDG specification: "If an implementation encounters a relative path … it should … ignore it".
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/jo/.config/instamed-poll/config.json'],
    ['linux', { APPDATA: '/elsewhere' }, '/home/jo/.config/instamed-poll/config.json'],
  ])('on %s with %j: %s', (platform, env, path) => {
    expect(profileFilePath({ platform, env, home: '/home/jo' })).toBe(path);
  });

  test.each<[Record<string, string>, string]>([
    [{ APPDATA: 'D:\\Data' }, 'D:\\Data\\instamed-poll\\config.json'],
    [{}, 'C:\\Users\\jo\\AppData\\Roaming\\instamed-poll\\config.json'],
    [{ XDG_CONFIG_HOME: '/etc/jo' }, 'C:\\Users\\jo\\AppData\\Roaming\\instamed-poll\\config.json'],
  ])('on Windows with %j: %s', (env, path) => {
    expect(profileFilePath({ platform: 'win32', env, home: 'C:\\Users\\jo' })).toBe(path);
  });
});

describe('reading', () => {
  test('a file that is not there gives no profiles', async () => {
    const { env, path } = makeConfigHome();
    expect(await readProfileFile(hostOf(env))).toEqual({ path, exists: false, mode: null, profiles: {} });
    expect(await listProfileNames(hostOf(env))).toEqual(['default', 'simulator']);
  });

  test('a file gives its profiles, its mode and keys that nobody knows', async () => {
    const profiles = { clinic: { accountId: 'a', nvpPasswordCommand: ['pass', 'nvp'], later: 'x' }, default: {} };
    const { env, path } = makeConfigHome({ version: 2, profiles }, 0o640);
    expect(await readProfileFile(hostOf(env))).toEqual({
      path,
      exists: true,
      mode: isWindows ? 0o666 : 0o640,
      profiles,
    });
    expect(await listProfileNames(hostOf(env))).toEqual(['default', 'simulator', 'clinic']);
  });

  test('a byte order mark, as Windows editors leave one, is no trouble', async () => {
    const { env } = makeConfigHome('\uFEFF{"profiles": {"default": {"alias": "a"}}}');
    expect((await readProfileFile(hostOf(env))).profiles).toEqual({ default: { alias: 'a' } });
  });

  test.each(['{}', '{"profiles": {}}'])('%s holds no profiles', async (text) => {
    expect((await readProfileFile(hostOf(makeConfigHome(text).env))).profiles).toEqual({});
  });

  test('a profile by the name of a member that every object has is not there', async () => {
    const { env } = makeConfigHome({ profiles: { default: {} } });
    const { code, stderr } = await run(['status', token, '--profile', 'constructor'], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no profile named "constructor".');
  });
});

describe('a damaged file is named with line and column, is never quoted and stays as it was', () => {
  test.each([
    ['nothing at all', '', 'line 1, column 1: a value is expected'],
    ['half a file', '{"profiles": {"default": {"securityKey": "canary', 'line 1, column 42: the text that starts'],
    ['no JSON', 'accountId = canary', 'line 1, column 1: a value, or a name in double quotes, is expected'],
    ['a list', '[]', 'line 1, column 1: an object that holds "profiles" is expected'],
    ['no profiles', '{"profile": {}}', 'line 1, column 1: there is no "profiles" in it'],
    ['settings without a profile', '{\n "alias": "canary"}', 'line 2, column 11: "alias" must stand in a profile'],
    ['a list of profiles', '{"profiles": []}', 'line 1, column 14: "profiles" must be an object of profiles by name'],
    ['a profile that is a text', '{"profiles": {"a": "canary"}}', 'line 1, column 20: a profile must be an object'],
    [
      'a number',
      '{"profiles": {"a":\n{"storeId": 34}}}',
      'line 2, column 13: storeId must be a text that is not empty',
    ],
    [
      'an empty text',
      '{"profiles": {"a": {"alias": ""}}}',
      'line 1, column 30: alias must be a text that is not empty',
    ],
    [
      'a secret that is a list',
      '{"profiles": {"a": {"securityKey": ["canary"]}}}',
      'column 36: securityKey must be a text',
    ],
    [
      'a command that is a text',
      '{"profiles": {"a": {"securityKeyCommand": "canary"}}}',
      'column 43: securityKeyCommand must be a list of texts, the program first: ["pass", "show", "instamed"]',
    ],
    ['a command of nothing', '{"profiles": {"a": {"nvpPasswordCommand": []}}}', 'nvpPasswordCommand must be a list'],
    ['a command of numbers', '{"profiles": {"a": {"nvpPasswordCommand": ["x", 1]}}}', 'must be a list of texts'],
    ['a command with no program', '{"profiles": {"a": {"nvpPasswordCommand": [""]}}}', 'must be a list of texts'],
    [
      'a secret and its command',
      '{"profiles": {"a": {"securityKey": "canary", "securityKeyCommand": ["pass"]}}}',
      'line 1, column 68: securityKey and securityKeyCommand are both there; one of them must go',
    ],
    ['a name twice', '{"profiles": {"a": {"alias": "x", "alias": "y"}}}', 'the name "alias" comes a second time'],
  ])('%s', async (_says, text, says) => {
    const home = makeConfigHome(text);
    for (const argv of [
      ['status', token],
      ['config', 'list'],
      ['config', 'set', 'alias', 'x'],
      ['config', 'unset', 'alias'],
    ]) {
      const { code, stdout, stderr, opened } = await run(argv, { env: { ...accountEnv, ...home.env } });
      expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
      expect(stderr).toContain('instamed-poll: The profile file is wrong at line ');
      expect(stderr).toContain(says);
      expect(stderr).toContain(`(${home.path}).\n`);
      expect(stderr).not.toContain('canary');
    }
    expect(home.read()).toBe(text);
    expect(readdirSync(dirname(home.path))).toEqual(['config.json']);
  });

  test('and is a JSON document where that was asked for', async () => {
    const { stdout } = await run(['config', 'list', '--json'], makeConfigHome('{'));
    expect(readDocument({ stdout })).toMatchObject({ command: 'config', outcome: 'usage-error', exitCode: 2 });
  });

  test('but the simulator can be used all the same', async () => {
    const { env } = makeConfigHome('{');
    expect((await run(['status', token, '--profile', 'simulator'], { env, steps: [status('NEW')] })).code).toBe(0);
  });
});

describe.skipIf(isWindows)('a file that others can read', () => {
  const secret = { profiles: { default: { alias: 'a' }, other: { nvpPassword: 'canary' } } };

  test.each([0o640, 0o604, 0o644, 0o660, 0o620, 0o666])('and that holds a secret is refused: %o', async (mode) => {
    const { env, path } = makeConfigHome(secret, mode);
    const { code, stderr, opened } = await run(['status', token], { env: { ...accountEnv, ...env } });
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(stderr).toBe(
      `instamed-poll: Other users of this machine can read the secrets in the profile file: ${path}.\nRun: chmod 600 ${path}\n`,
    );
  });

  test.each([0o600, 0o400, 0o700])('by its owner alone is taken: %o', async (mode) => {
    const { env } = makeConfigHome(secret, mode);
    const { code } = await run(['status', token], { env: { ...accountEnv, ...env }, steps: [status('NEW')] });
    expect(code).toBe(0);
  });

  test('and that holds no secret is taken', async () => {
    const content = { profiles: { default: { alias: 'a', securityKeyCommand: ['false'] } } };
    const { env } = makeConfigHome(content, 0o644);
    const { code } = await run(['status', token], { env: { ...accountEnv, ...env }, steps: [status('NEW')] });
    expect(code).toBe(0);
  });

  test('is named so that the command can be pasted, whatever its name', async () => {
    const outer = makeConfigHome();
    const folder = join(outer.folder, "it's mine");
    const path = join(folder, 'instamed-poll', 'config.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(secret));
    chmodSync(path, 0o644);
    const { stderr } = await run(['config', 'list'], { env: { XDG_CONFIG_HOME: folder } });
    expect(stderr).toContain(`Run: chmod 600 '${path.replace("'", "'\\''")}'\n`);
  });
});

describe('what cannot be read', () => {
  const refused = async (env: Readonly<Record<string, string>>) => {
    const { code, stdout, stderr } = await run(['config', 'list'], { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr.split('\n')[0];
  };

  test('because a folder stands in its place', async () => {
    const { env, path } = makeConfigHome();
    mkdirSync(path, { recursive: true });
    expect(await refused(env)).toBe(`instamed-poll: The profile file cannot be read: ${path} (not a file).`);
  });

  test.skipIf(isWindows)('because a link goes in a circle', async () => {
    const { env, path } = makeConfigHome();
    mkdirSync(dirname(path));
    symlinkSync(path, path);
    expect(await refused(env)).toBe(`instamed-poll: The profile file cannot be read: ${path} (ELOOP).`);
  });

  test.skipIf(isWindows || process.getuid?.() === 0)('because of its mode', async () => {
    const { env, path } = makeConfigHome({ profiles: {} }, 0o000);
    expect(await refused(env)).toBe(`instamed-poll: The profile file cannot be read: ${path} (EACCES).`);
  });

  test('is as good as not there where a file stands in the place of its folder', async () => {
    const { folder, env } = makeConfigHome();
    writeFileSync(join(folder, 'instamed-poll'), '');
    expect((await run(['config', 'get', 'alias'], { env })).code).toBe(0);
    const { code, stderr } = await run(['config', 'set', 'alias', 'x'], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^instamed-poll: The profile file cannot be written: .* \((?:EEXIST|ENOTDIR)\)\.\n/);
  });
});

describe('a profile', () => {
  const content = {
    profiles: { default: { accountId: 'd@x' }, production: { alias: 'p', securityKey: 'prod-canary' } },
  };

  test.each([
    ['prodution', 'Did you mean production? The profiles are: default, simulator, production.'],
    ['staging', 'The profiles are: default, simulator, production.'],
  ])('that is not there is not %s', async (name, hint) => {
    const { env } = makeConfigHome(content);
    const { code, stderr } = await run(['status', token, '--profile', name], { env });
    expect(code).toBe(2);
    expect(stderr).toBe(`instamed-poll: There is no profile named "${name}".\n${hint}\n`);
  });

  test.each([
    ['acountId', 'Did you mean accountId? Fix the file, or remove the key: instamed-poll config unset acountId'],
    ['colour', 'Fix the file, or remove the key: instamed-poll config unset colour'],
  ])('with the key %s is refused when it is used, and only then', async (key, hint) => {
    const home = makeConfigHome({ profiles: { ...content.profiles, default: { [key]: 7 } } });
    const env = { ...accountEnv, ...home.env };
    const { code, stderr, opened } = await run(['status', token], { env });
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(stderr).toBe(
      `instamed-poll: The profile "default" has a key that is no setting: "${key}" (${home.path}).\n${hint}\n`,
    );
    const other = await run(['status', token, '--profile', 'production'], { env, steps: [status('NEW')] });
    expect(other.code).toBe(0);
    // What the message says helps.
    expect((await run(['config', 'unset', key], { env })).code).toBe(0);
    expect((await run(['status', token], { env, steps: [status('NEW')] })).code).toBe(0);
  });

  test('gives its secret to the redactor before the service can echo it', async () => {
    const { env } = makeConfigHome({
      profiles: { default: { ...content.profiles.default, ...content.profiles.production } },
    });
    const { stdout, transport } = await run(['status', token, '--json'], {
      env,
      steps: [status('held for prod-canary')],
    });
    expect(transport.requests[0]?.body).toContain('<password>prod-canary</password>');
    expect(readDocument({ stdout }).statusText).toBe('held for ***');
  });
});

test.skipIf(isWindows)('a link to a file elsewhere is followed when the file is written', async () => {
  const home = makeConfigHome();
  const real = join(home.folder, 'dotfiles.json');
  writeFileSync(real, '{"profiles": {}}');
  mkdirSync(dirname(home.path));
  symlinkSync(real, home.path);
  expect((await run(['config', 'set', 'alias', 'a'], { env: home.env })).code).toBe(0);
  expect(readdirSync(home.folder).sort()).toEqual(['dotfiles.json', 'instamed-poll']);
  expect((await readProfileFile(hostOf({ XDG_CONFIG_HOME: home.folder }))).profiles).toEqual({
    default: { alias: 'a' },
  });
  expect(statSync(real).isFile() && existsSync(home.path)).toBe(true);
  expect(JSON.parse(home.read())).toEqual({ profiles: { default: { alias: 'a' } } });
});
