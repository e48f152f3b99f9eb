import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SettingKey, type SettingSpec, settingSpecs } from '../../src/cli/settings/settings.ts';
import { makeCertificate } from '../support/certificate.ts';
import { readDocument } from '../support/check-document.ts';
import { type ConfigHome, makeConfigHome } from '../support/config-home.ts';
import { status, stoppedTyping } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

const isWindows = process.platform === 'win32';
const specs: readonly (SettingSpec & { key: SettingKey })[] = settingSpecs;

/** Runs what is to go well; gives stdout without its last line end. */
async function config(home: ConfigHome, words: readonly string[], world: World = {}): Promise<string> {
  const { code, stdout, stderr } = await run(['config', ...words], { ...world, env: { ...home.env, ...world.env } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.replace(/\n$/, '');
}

/** Runs what is to be refused, and what may not change the file; gives the lines of stderr. */
async function refused(home: ConfigHome, words: readonly string[], world: World = {}): Promise<string[]> {
  const before = existsSync(home.path) ? home.read() : null;
  const { code, stdout, stderr } = await run(['config', ...words], { ...world, env: { ...home.env, ...world.env } });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(existsSync(home.path) ? home.read() : null).toBe(before);
  return stderr.split('\n');
}

const profilesIn = (home: ConfigHome) => JSON.parse(home.read()).profiles;

describe('every setting has the first of its layers that is there, and list says which', () => {
  const values = Object.fromEntries(specs.map(({ key }) => [key, `profile-${key}`]));
  const profile = { profiles: { clinic: values } };

  test.each(specs.map((spec) => [spec.key, spec] as const))('%s', async (key, spec) => {
    const { env, fallback = null, fallbackNote = '', isSecret } = spec;
    const [variable = ''] = env;
    const shown = (value: string) => (isSecret ? '***' : value);
    const settingIn = async (content: object, world: World) => {
      const stdout = await config(makeConfigHome(content), ['list', '--profile', 'clinic', '--json'], world);
      const { settings } = readDocument({ stdout: `${stdout}\n` });
      expect(Object.keys(settings ?? {})).toEqual(specs.map((each) => each.key));
      return settings?.[key];
    };

    expect(await settingIn(profile, { env: { [variable]: 'environment-value' } })).toEqual({
      value: shown('environment-value'),
      layer: 'environment',
      source: variable,
    });
    expect(await settingIn(profile, { env: { [variable]: '' } })).toEqual({
      value: shown(`profile-${key}`),
      layer: 'profile',
      source: 'clinic',
    });
    expect(await settingIn({ profiles: { clinic: { ...values, [key]: undefined } } }, {})).toEqual(
      fallback === null
        ? { value: null, layer: 'unset', source: fallbackNote }
        : { value: fallback, layer: 'default', source: '' },
    );
  });
});

describe('config list', () => {
  const home = makeConfigHome({
    profiles: {
      default: {
        accountId: 'NAME@instamed.net',
        merchantId: '4111111111111111',
        securityKeyCommand: ['pass', 'show', 'canary'],
        nvpPassword: 'nvp-canary',
        proxy: 'http://jo:proxy-canary@proxy.example:8080',
      },
      other: { alias: 'o' },
    },
  });

  test('gives name, value and source to a pipe', async () => {
    const lines = (await config(home, ['list'], { env: { INSTAMED_ALIAS: 'a\tb\u001b' } })).split('\n');
    expect(lines).toEqual([
      'accountId\tNAME@instamed.net\tprofile default',
      'alias\ta\\tb\\u001b\tenvironment INSTAMED_ALIAS',
      'securityKey\t***\tprofile default (securityKeyCommand)',
      // An ID, though it would pass for a card number.
      'merchantId\t4111111111111111\tprofile default',
      'storeId\t\tnot set',
      'terminalId\t\tnot set',
      'nvpUser\t\tdefault: the account ID',
      'nvpPassword\t***\tprofile default',
      'statusUrl\thttps://online.instamed.com/providers/Forms/WebServices/SSOService.asmx\tdefault',
      'receiptUrl\thttps://online.instamed.com/payment/NVP.aspx\tdefault',
      'soapVersion\t1.1\tdefault',
      'requestTimeout\t30s\tdefault',
      "caFile\t\tdefault: Node's store",
      'proxy\thttp://jo:***@proxy.example:8080\tprofile default',
    ]);
  });

  test.each([40, 79, 80, 100, 200])('fits a terminal of %i columns, and cuts nothing away', async (columns) => {
    const stdout = await config(home, ['list'], { tty: true, columns });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(stdout.includes('┌')).toBe(columns >= 80);
    const text = stdout.replaceAll(/[\s│·]/g, '');
    for (const word of ['NAME@instamed.net', '***', '4111111111111111']) expect(text).toContain(word);
    expect(stdout).not.toContain('canary');
  });

  test('is one JSON document, in which no secret is', async () => {
    const stdout = await config(home, ['list', '--json']);
    const document = readDocument({ stdout: `${stdout}\n` }, 'config');
    expect(document).toMatchObject({
      command: 'config',
      outcome: 'answered',
      exitCode: 0,
      profile: 'default',
      path: home.path,
      error: null,
    });
    expect(document.settings?.['proxy']?.value).toBe('http://jo:***@proxy.example:8080');
    expect(stdout).not.toContain('canary');
  });

  test.each([
    [['--field', 'settings.accountId.value'], 'NAME@instamed.net'],
    [['--field', 'settings.securityKey.value'], '***'],
    [['--field', 'settings.alias.value'], ''],
    [['--field', 'path'], home.path],
  ])('gives one field with %j', async (flags, value) => {
    expect(await config(home, ['list', ...flags])).toBe(value);
  });

  test('takes the profile from the flag before INSTAMED_PROFILE', async () => {
    const env = { INSTAMED_PROFILE: 'other' };
    const words = ['list', '--field', 'settings.alias.value'];
    expect(await config(home, words, { env })).toBe('o');
    expect(await config(home, [...words, '--profile', 'default'], { env })).toBe('');
    expect(await config(home, [...words, '--profile', 'simulator'], { env })).toBe('DEMO-CLINIC');
  });
});

describe('config get', () => {
  const home = makeConfigHome({
    profiles: { default: { alias: 'a b', merchantId: '4111111111111111', nvpPassword: 'get-canary' } },
  });

  test.each([
    ['alias', 'a b'],
    ['merchantId', '4111111111111111'],
    ['soapVersion', '1.1'],
    ['storeId', ''],
    ['nvpUser', ''],
  ])('%s is %j, bare', async (key, value) => {
    expect(await config(home, ['get', key])).toBe(value);
    expect(await config(home, ['get', key], { tty: true })).toBe(value);
  });

  test('gives the value that a run would use', async () => {
    expect(await config(home, ['get', 'alias'], { env: { INSTAMED_ALIAS: 'env' } })).toBe('env');
  });

  test('is a JSON document with that setting alone', async () => {
    const stdout = await config(home, ['get', 'alias', '--json']);
    expect(readDocument({ stdout: `${stdout}\n` }).settings).toEqual({
      alias: { value: 'a b', layer: 'profile', source: 'default' },
    });
  });

  test.each(['securityKey', 'nvpPassword', 'securityKeyCommand', 'nvpPasswordCommand'])(
    'never gives a secret: %s',
    async (key) => {
      expect(await refused(home, ['get', key])).toEqual([
        `instamed-poll: ${key} belongs to a secret and is never printed.`,
        'Where a secret comes from: instamed-poll config list',
        '',
      ]);
    },
  );
});

test('config path prints the path, whatever stands there', async () => {
  for (const home of [makeConfigHome(), makeConfigHome('{ damaged')]) {
    expect(await config(home, ['path'])).toBe(home.path);
    expect(await config(home, ['path'], { tty: true })).toBe(home.path);
    const stdout = await config(home, ['path', '--json']);
    expect(readDocument({ stdout: `${stdout}\n` })).toMatchObject({ path: home.path, profile: 'default' });
  }
});

describe('config set', () => {
  test('makes folder and file, both for the owner alone, and what it keeps is used', async () => {
    const { folder } = makeConfigHome();
    const home = { ...makeConfigHome(), env: { XDG_CONFIG_HOME: join(folder, 'new', 'home') } };
    const path = join(folder, 'new', 'home', 'instamed-poll', 'config.json');
    expect(await config(home, ['set', 'alias', 'from-file'])).toBe('alias is kept in the profile "default" now.');
    if (!isWindows) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    }
    const env = { ...home.env, INSTAMED_ACCOUNT_ID: 'a', INSTAMED_SECURITY_KEY: 'k' };
    const { transport } = await run(['status', token], { env, steps: [status('NEW')] });
    expect(transport.requests[0]?.body).toContain('<alias>from-file</alias>');
  });

  test('keeps everything else: keys, profiles and members that nobody knows, in their order', async () => {
    const content = {
      newer: [1, { deep: true }],
      profiles: { a: { alias: 'x', later: { very: 'new' }, storeId: '1' }, default: { accountId: 'd' } },
      version: 2,
    };
    const home = makeConfigHome(content);
    await config(home, ['set', 'alias', 'y', '--profile', 'a']);
    await config(home, ['set', 'terminalId', '007', '--profile', 'b']);
    expect(home.read()).toBe(
      `${JSON.stringify(
        {
          newer: [1, { deep: true }],
          profiles: {
            a: { alias: 'y', later: { very: 'new' }, storeId: '1' },
            default: { accountId: 'd' },
            b: { terminalId: '007' },
          },
          version: 2,
        },
        null,
        2,
      )}\n`,
    );
    expect(readdirSync(dirname(home.path))).toEqual(['config.json']);
  });

  test.skipIf(isWindows)('takes from others what they may not read any more', async () => {
    const home = makeConfigHome({ profiles: {} }, 0o644);
    await config(home, ['set', 'nvpPassword'], { stdin: 'p\n' });
    expect(statSync(home.path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['statusUrl', 'http://pay.example/x', 'The status URL would send credentials unencrypted to pay.example.'],
    ['receiptUrl', 'pay.example', 'The receipt URL is not a web address: "pay.example".'],
    ['soapVersion', '2', 'Unsupported SOAP version "2".'],
    ['requestTimeout', '30', 'requestTimeout is not a duration: "30".'],
    ['requestTimeout', '10m', 'requestTimeout is out of range: 10m.'],
    ['caFile', '/no/such/file.pem', 'The CA file cannot be read: /no/such/file.pem (ENOENT).'],
    ['proxy', 'proxy.example', 'The proxy (from config set) is not an http:// or https:// URL.'],
    ['alias', 'a\nb', 'alias holds a control character.'],
    ['alias', '', 'alias was given an empty value.'],
  ])('refuses for %s what the program would not take: %j', async (key, value, says) => {
    expect((await refused(makeConfigHome(), ['set', key, value]))[0]).toBe(`instamed-poll: ${says}`);
  });

  test('keeps the whole path of a CA file, so that it is found from elsewhere', async () => {
    const home = makeConfigHome();
    const file = join(home.folder, 'ca.pem');
    writeFileSync(file, makeCertificate().cert);
    await config(home, ['set', 'caFile', `${home.folder}/./ca.pem`]);
    expect(profilesIn(home)).toEqual({ default: { caFile: file } });
  });

  test.each([
    [['set', 'acountId', 'x'], 'There is no setting named "acountId".', 'Did you mean accountId?'],
    [['set', 'colour', 'x'], 'There is no setting named "colour".', /^The settings are: accountId, alias, /],
    [['get', 'acountId'], 'There is no setting named "acountId".', 'Did you mean accountId?'],
    [['unset', 'acountId'], 'There is no setting named "acountId".', 'Did you mean accountId?'],
    [
      ['set', 'securityKey=canary'],
      'That is no name of a setting.',
      'Did you mean securityKey? Key and value are two words.',
    ],
    [['set', 'c4nary'], 'That is no name of a setting.', /Key and value are two words\.$/],
    [['set', 'alias'], 'alias was given no value.', 'Write it like: instamed-poll config set alias VALUE'],
    [['set', 'alias', 'a', 'b'], 'alias takes one value, and no unknown option.', /quotation marks/],
    [['set', 'alias', '--profle=x'], 'alias takes one value, and no unknown option.', /quotation marks/],
    [['set', 'securityKeyCommand'], 'securityKeyCommand was given no program.', /config set securityKeyCommand pass/],
    [
      ['set', 'alias', 'x', '--profile', 'simulator'],
      'The profile "simulator" is built in and cannot be changed.',
      /./,
    ],
    [['unset', 'alias', '--profile', 'simulator'], 'The profile "simulator" is built in and cannot be changed.', /./],
    [['set', 'alias', 'x', '--profile', '__proto__'], 'That is no name for a profile.', /letters, digits/],
    [['set', 'alias', 'x', '--profile', ''], 'That is no name for a profile.', /letters, digits/],
    [['unset', 'alias', '--profile', 'none'], 'There is no profile named "none".', /^The profiles are: default, /],
    [['set', 'alias', 'x', '--field', 'no'], 'The config document has no field "no".', /profile, path, settings/],
  ])('%j is refused', async (words, says, hint) => {
    const lines = await refused(makeConfigHome({ profiles: { default: { accountId: 'x' } } }), words);
    expect(lines[0]).toBe(`instamed-poll: ${says}`);
    expect(lines[1]).toMatch(hint);
    expect(lines.join('\n')).not.toMatch(/canary|c4nary/);
  });

  test('makes a JSON document of a refusal, too', async () => {
    const { stdout } = await run(['config', 'set', 'colour', 'x', '--json'], makeConfigHome());
    expect(readDocument({ stdout })).toMatchObject({ command: 'config', outcome: 'usage-error', exitCode: 2 });
  });
});

describe('config set of a command', () => {
  test.each([
    [
      ['pass', 'show', 'instamed'],
      ['pass', 'show', 'instamed'],
    ],
    [
      ['op', '-x', '--account', 'jo', 'read'],
      ['op', '-x', '--account', 'jo', 'read'],
    ],
    [
      ['--', 'op', '--json', '-o', 'text'],
      ['op', '--json', '-o', 'text'],
    ],
  ])('keeps its words: %j', async (words, kept) => {
    const home = makeConfigHome();
    await config(home, ['set', 'securityKeyCommand', ...words]);
    expect(profilesIn(home)).toEqual({ default: { securityKeyCommand: kept } });
  });

  test('and of its secret take the place of each other', async () => {
    const home = makeConfigHome({ profiles: { default: { securityKey: 'k', alias: 'a' } } });
    expect(await config(home, ['set', 'securityKeyCommand', 'pass', 'x'])).toBe(
      'securityKeyCommand is kept in the profile "default" now. It takes the place of securityKey.',
    );
    expect(profilesIn(home)).toEqual({ default: { alias: 'a', securityKeyCommand: ['pass', 'x'] } });
    expect(await config(home, ['set', 'securityKey', '-'], { stdin: 'k2' })).toContain(
      'the place of securityKeyCommand',
    );
    expect(profilesIn(home)).toEqual({ default: { alias: 'a', securityKey: 'k2' } });
  });
});

describe('config set of a secret', () => {
  const given = ['securityKey', 'nvpPassword'];

  test.each(given)('%s reads one line from stdin', async (key) => {
    for (const stdin of ['set canary"', 'set canary"\n', 'set canary"\r\nmore\n', '\uFEFFset canary"\n']) {
      const home = makeConfigHome();
      const stdout = await config(home, ['set', key], { stdin });
      expect(stdout).toBe(`${key} is kept in the profile "default" now.`);
      expect(profilesIn(home)).toEqual({ default: { [key]: 'set canary"' } });
    }
  });

  test.each(given)('%s is asked for on a terminal, and shown nowhere', async (key) => {
    const home = makeConfigHome();
    const world = { tty: true, typed: 'typed-canary', env: home.env };
    const { code, stdout, stderr, prompts, stdinReads } = await run(['config', 'set', key], world);
    expect({ code, prompts, stdinReads }).toEqual({ code: 0, prompts: 1, stdinReads: 0 });
    expect(stderr).toMatch(/^\S.*, not shown: $/);
    expect(stdout + stderr).not.toContain('canary');
    expect(profilesIn(home)).toEqual({ default: { [key]: 'typed-canary' } });
  });

  test.each([['canary'], ['-canary'], ['--canary=x'], ['can', 'ary'], ['--', '-canary'], ['-', 'canary']])(
    'is refused as an argument, which is not shown: %j',
    async (...words) => {
      for (const more of [[], ['--json']]) {
        const home = makeConfigHome();
        const world = { env: home.env, stdin: 'x' };
        // What comes behind -- is no option of ours.
        const { code, stdout, stderr } = await run(['config', 'set', ...more, 'nvpPassword', ...words], world);
        expect(code).toBe(2);
        expect(stderr).toContain(
          'instamed-poll: nvpPassword was given as an argument, so it is in the history of your',
        );
        expect(stdout + stderr).not.toMatch(/canary|\bcan\b|\bary\b/);
        expect(existsSync(home.path)).toBe(false);
      }
    },
  );

  test('is not shown where it begins like an option of ours', async () => {
    const lines = await refused(makeConfigHome(), ['set', 'securityKey', '-ocanary']);
    expect(lines[0]).toMatch(/argument is invalid\. Allowed choices are text, json\.$/);
    expect(lines.join('\n')).not.toContain('canary');
  });

  test.each([
    ['', 'No value came for securityKey.'],
    ['\nsecond', 'No value came for securityKey.'],
    ['can\u0007ary', 'securityKey holds a control character.'],
  ])('is refused where %j comes from stdin', async (stdin, says) => {
    const lines = await refused(makeConfigHome(), ['set', 'securityKey'], { stdin });
    expect(lines[0]).toBe(`instamed-poll: ${says}`);
    expect(lines.join('\n')).not.toMatch(/can|second/);
  });

  test('is refused where nothing was typed', async () => {
    const lines = await refused(makeConfigHome(), ['set', 'securityKey'], { tty: ['stdin'], typed: '' });
    expect(lines[0]).toContain('No value came for securityKey.');
  });

  test('is not asked for where it could not be kept', async () => {
    const { prompts, code } = await run(['config', 'set', 'securityKey'], { tty: true, ...makeConfigHome('{') });
    expect({ prompts, code }).toEqual({ prompts: 0, code: 2 });
  });

  test('ends with Ctrl-C, and nothing was changed', async () => {
    const home = makeConfigHome({ profiles: { default: { securityKey: 'before' } } });
    const world = { ...stoppedTyping('SIGINT'), env: home.env };
    const { code, handlersLeft } = await run(['config', 'set', 'securityKey'], world);
    expect({ code, handlersLeft }).toEqual({ code: 130, handlersLeft: 0 });
    expect(profilesIn(home)).toEqual({ default: { securityKey: 'before' } });
  });
});

describe('config unset', () => {
  test('takes a value out, a secret too, and leaves the rest', async () => {
    const home = makeConfigHome({ profiles: { default: { alias: 'a', securityKey: 'k' }, b: { alias: 'b' } }, x: 1 });
    expect(await config(home, ['unset', 'securityKey'])).toBe('securityKey is no longer in the profile "default".');
    expect(JSON.parse(home.read())).toEqual({ profiles: { default: { alias: 'a' }, b: { alias: 'b' } }, x: 1 });
  });

  test('of the last value takes the profile with it', async () => {
    const home = makeConfigHome({ profiles: { b: { alias: 'b' } } });
    await config(home, ['unset', 'alias', '--profile', 'b']);
    expect(JSON.parse(home.read())).toEqual({ profiles: {} });
  });

  test('of what is not set changes nothing, and makes no file', async () => {
    const home = makeConfigHome();
    const says = 'alias was not set in the profile "default"; nothing was changed.';
    expect(await config(home, ['unset', 'alias'])).toBe(says);
    expect(existsSync(home.path)).toBe(false);
    const other = makeConfigHome('{ "profiles": { "default": {"accountId" : "x"} } }');
    expect(await config(other, ['unset', 'alias'])).toBe(says);
    expect(other.read()).toBe('{ "profiles": { "default": {"accountId" : "x"} } }');
  });
});

test.skipIf(isWindows || process.getuid?.() === 0)('a folder that cannot be written to is one sentence', async () => {
  const home = makeConfigHome({ profiles: {} });
  chmodSync(dirname(home.path), 0o500);
  const lines = await refused(home, ['set', 'alias', 'x']);
  chmodSync(dirname(home.path), 0o700);
  expect(lines[0]).toBe(`instamed-poll: The profile file cannot be written: ${home.path} (EACCES).`);
  expect(readdirSync(dirname(home.path))).toEqual(['config.json']);
});

describe('config alone', () => {
  test('shows its help on stderr and ends with 2', async () => {
    const { code, stdout, stderr } = await run(['config']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: instamed-poll config /);
    expect(stderr).toContain('instamed-poll: After "config" one more word is needed.\n');
  });

  test('with another word suggests the right one', async () => {
    const { code, stderr } = await run(['config', 'lst']);
    expect(code).toBe(2);
    expect(stderr).toBe("instamed-poll: Unknown command 'lst'.\nDid you mean list? See: instamed-poll config --help\n");
  });

  test.each(['list', 'get', 'set', 'unset', 'path'])('%s has help of its own', async (name) => {
    const { code, stdout, stderr } = await run(['config', name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: instamed-poll config ${name} `));
  });

  test.each(['list', 'get', 'unset', 'path'])('%s takes no unknown option', async (name) => {
    const { code, stderr } = await run(['config', name, 'alias', '--no-such-flag']);
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--no-such-flag'.");
  });
});
