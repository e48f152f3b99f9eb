import { describe, expect, test } from 'vitest';
import { type ConfigHome, makeConfigHome } from '../../support/config-home.ts';
import { allIds, examine } from '../../support/doctor-world.ts';
import { accountEnv } from '../../support/run-cli.ts';
import { isWindows } from '../../support/spawn-cli.ts';

const profiles = {
  default: { alias: 'alias-canary', securityKey: 'key-canary' },
  clinic: { securityKeyCommand: ['pass', 'clinic'] },
};

const examineWith = ({ env }: ConfigHome) => examine([], { env: { ...accountEnv, ...env } });

test('no file is no trouble, and is told where it would be', async () => {
  const home = makeConfigHome();
  const { code, check } = await examineWith(home);
  expect(check('profile-file')).toMatchObject({ state: 'ok', detail: `none (${home.path})` });
  expect(code).toBe(0);
});

describe.skipIf(isWindows)('a file', () => {
  test.each([
    ['of its owner alone', 0o600, profiles, 'mode 0600; profiles: default, clinic'],
    ['that others can read, with no secret in it', 0o644, { clinic: profiles.clinic }, 'mode 0644; profiles: clinic'],
    ['without a profile', 0o600, {}, 'mode 0600; profiles: none'],
  ])('%s is told with its mode and the names in it', async (_says, mode, content, told) => {
    const home = makeConfigHome({ profiles: content }, mode);
    const { code, check, ids, stdout } = await examineWith(home);
    expect(check('profile-file')).toMatchObject({ state: 'ok', detail: `${home.path}; ${told}`, remedy: null });
    expect(ids('ok')).toEqual(allIds);
    expect(code).toBe(0);
    expect(stdout).not.toContain('canary');
  });

  test('that others can read, with a secret in it, fails with the chmod to run', async () => {
    const home = makeConfigHome({ profiles }, 0o644);
    const { code, check, ids, stdout, opened } = await examineWith(home);
    expect(check('profile-file')).toMatchObject({
      state: 'failed',
      detail: `Other users of this machine can read the secrets in the profile file: ${home.path}.`,
      remedy: `Run: chmod 600 ${home.path}`,
    });
    expect(ids('failed')).toEqual(['profile-file']);
    expect(ids('ok')).toEqual(['node']);
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(stdout).not.toContain('canary');
  });
});

test('a damaged file fails with line and column, and is neither quoted nor gone beyond', async () => {
  const home = makeConfigHome('{"profiles": {\n  "default": {"securityKey": "key-canary"');
  const { code, check, ids, stdout } = await examineWith(home);
  expect(check('profile-file')).toMatchObject({
    state: 'failed',
    detail: `The profile file is wrong at line 2, column 42: a comma or a closing brace is expected (${home.path}).`,
    remedy: 'Fix it with an editor, or move it away; it was not changed.',
  });
  expect(ids('failed')).toEqual(['profile-file']);
  expect(ids('skipped')).toEqual(allIds.filter((id) => id !== 'node' && id !== 'profile-file'));
  expect(code).toBe(2);
  expect(stdout).not.toContain('canary');
});
