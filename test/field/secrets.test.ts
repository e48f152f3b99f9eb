import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, type Run, run, token, type World } from '../support/run-cli.ts';
import { isWindows, runScript } from '../support/spawn-cli.ts';

const refusal = async (argv: readonly string[], world: World = {}): Promise<string> => {
  const { code, stdout, stderr, opened } = await run(argv, world);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  expect(stderr).not.toContain('canary');
  return stderr;
};

const wait = (stdin: string | Uint8Array, env: Readonly<Record<string, string>> = accountEnv): Promise<Run> =>
  run(['wait', token, '--secrets-from', '-'], { stdin, env, steps: [status('USED'), receipt(receiptOf('C'))] });

const sentKey = ({ transport }: Run) => /<password>(.*)<\/password>/s.exec(transport.requests[0]?.body ?? '')?.[1];
const sentAlias = ({ transport }: Run) => /<alias>(.*)<\/alias>/s.exec(transport.requests[0]?.body ?? '')?.[1];

describe('what stands around a secret from stdin is not sent as a part of it', () => {
  test.each([
    ['double quotes', 'INSTAMED_SECURITY_KEY="k 1"'],
    ['single quotes', "INSTAMED_SECURITY_KEY='k 1'"],
    ['export and quotes', 'export INSTAMED_SECURITY_KEY="k 1"'],
    ['the line end of Windows behind quotes', 'INSTAMED_SECURITY_KEY="k 1"\r\n'],
    ['a byte order mark', '\uFEFFINSTAMED_SECURITY_KEY="k 1"\r\n'],
    ['UTF-16', Buffer.from('\uFEFFINSTAMED_SECURITY_KEY=k 1\r\n', 'utf16le')],
  ])('%s', async (_name, stdin) => {
    expect(sentKey(await wait(stdin))).toBe('k 1');
  });

  test.each([
    ['quotes inside', 'a"b"c', 'a&quot;b&quot;c'],
    ['a quote at one end', '"ab', '&quot;ab'],
    ['two kinds of quotes', `"ab'`, "&quot;ab'"],
    ['one quote', '"', '&quot;'],
  ])('but what is a part of it is: %s', async (_name, value, sent) => {
    expect(sentKey(await wait(`INSTAMED_SECURITY_KEY=${value}`))).toBe(sent);
  });

  test('other settings are taken as well, and the variables of other programs passed by', async () => {
    const result = await wait('PATH=/bin\nexport AWS_SECRET="canary"\nINSTAMED_ALIAS="front"\nMY_INSTAMED_ALIAS=no\n');
    expect([sentAlias(result), result.code]).toEqual(['front', 0]);
    const home = makeConfigHome({ profiles: { desk: { alias: 'of-the-desk' } } });
    const { INSTAMED_ALIAS: _alias, ...env } = accountEnv;
    expect(sentAlias(await wait('INSTAMED_PROFILE=desk', { ...env, ...home.env }))).toBe('of-the-desk');
  });

  test.each(['INSTAMED_SECURTY_KEY', 'instamed_security_key', 'INSTAMED_SECURITYKEY'])(
    'a mistyped name does not send the secret of the environment instead: %s',
    async (name) => {
      const stderr = await refusal(['status', token, '--secrets-from', '-'], { stdin: `\n${name}=canary` });
      expect(stderr).toContain('Line 2 of --secrets-from gives no setting of this program.\nDid you mean INSTAMED_SEC');
    },
  );
});

const latin1 = Buffer.from('INSTAMED_SECURITY_KEY=canary\xe9', 'latin1');

describe('a secret that is not UTF-8 is refused', () => {
  test.each<[string, string[], World]>([
    ['from stdin', ['status', token, '--secrets-from', '-'], { stdin: latin1 }],
    ['kept by config set', ['config', 'set', 'securityKey'], { stdin: latin1, env: makeConfigHome().env }],
    ['in the environment', ['status', token], { env: { ...accountEnv, INSTAMED_SECURITY_KEY: 'canary\uFFFD' } }],
    [
      'typed',
      ['status', token],
      { env: { ...accountEnv, INSTAMED_SECURITY_KEY: '', CI: '' }, tty: true, typed: 'canary\uFFFD' },
    ],
  ])('%s', async (_name, argv, world) => {
    const { code, stdout, stderr, opened } = await run(argv, world);
    expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
    expect(stderr).toContain('is not valid UTF-8 text.');
    expect(stderr).not.toContain('canary');
  });
});

/** A profile whose security key is what Node prints by this script. */
const printing = (script: string) =>
  makeConfigHome({ profiles: { default: { securityKeyCommand: [process.execPath, '-e', script] } } });
const { INSTAMED_SECURITY_KEY: _key, ...withoutKey } = accountEnv;

describe('what a command prints', () => {
  const keyOf = async (script: string) => {
    const env = { ...withoutKey, ...printing(script).env };
    return sentKey(await run(['status', token], { env, steps: [status('NEW')] }));
  };

  test.each([
    ['with a byte order mark', `process.stdout.write('\\uFEFFk 1\\r\\n')`],
    ['in UTF-16, as PowerShell has it', `process.stdout.write(Buffer.from('\\uFEFFk 1\\r\\n', 'utf16le'))`],
  ])('is read %s', async (_name, script) => {
    expect(await keyOf(script)).toBe('k 1');
  });

  test.each([
    ['bytes that are not UTF-8', `process.stdout.write(Buffer.from('canary\\xe9', 'latin1'))`, 'not valid UTF-8'],
    ['a line of a file of variables', `console.log('export INSTAMED_SECURITY_KEY=canary')`, 'NAME=value'],
    ['a line with the name of the setting', `console.log('securityKey=canary')`, 'NAME=value'],
  ])('is refused: %s', async (_name, script, says) => {
    expect(await refusal(['status', token, '-q'], { env: { ...withoutKey, ...printing(script).env } })).toContain(says);
  });
});

describe('config set', () => {
  test.each([
    ['securityKey', [], 'INSTAMED_SECURITY_KEY=canary\n'],
    ['securityKey', [], 'export INSTAMED_SECURITY_KEY="canary"\n'],
    ['nvpPassword', [], 'nvpPassword=canary'],
    ['alias', ['INSTAMED_ALIAS=canary'], ''],
    ['alias', ['alias=canary'], ''],
  ])('takes no NAME=value for a value: %s %j %j', async (key, words, stdin) => {
    const home = makeConfigHome();
    const stderr = await refusal(['config', 'set', key, ...words], { stdin, env: home.env });
    expect(stderr).toContain(' was given a line of NAME=value.');
  });

  test('takes the equals signs of a value', async () => {
    const home = makeConfigHome();
    expect((await run(['config', 'set', 'securityKey'], { stdin: 'a=b==', env: home.env })).code).toBe(0);
    expect(JSON.parse(home.read()).profiles.default.securityKey).toBe('a=b==');
  });
});

describe('a secret that begins or ends with a quotation mark or a blank', () => {
  const odd = ['"key canary"', 'key canary ', ' key canary', "key canary'", '“key canary”'];
  const rejected = receipt('', 401);
  const says = 'begins or ends with a quotation mark or a blank, which is sent as a part of it.';

  test.each(odd)('is sent as it is, and told beside a rejection: %j', async (key) => {
    const env = { ...accountEnv, INSTAMED_SECURITY_KEY: key };
    const { code, stdout, stderr, transport } = await run(['status', token, '--json'], { env, steps: [rejected] });
    expect(code).toBe(4);
    expect(transport.requests).toHaveLength(1);
    const hint = readDocument({ stdout }).error?.hint;
    expect(hint).toContain('Check SSO security key (from INSTAMED_SECURITY_KEY). It');
    expect(hint).toContain(says);
    expect(stderr).toContain('quotation mark or a blank');
    expect(stdout + stderr).not.toContain('canary');
  });

  test('from a profile, in the receipt', async () => {
    const home = makeConfigHome({ profiles: { default: { nvpPassword: '"canary"' } } });
    const { INSTAMED_NVP_PASSWORD: _password, ...env } = accountEnv;
    const world = { env: { ...env, ...home.env }, steps: [rejected] };
    const { stdout } = await run(['receipt', token, '--json'], world);
    expect(readDocument({ stdout }).error?.hint).toContain('Check NVP password (from the profile "default"). It');
  });

  test('is no matter of a good answer, nor of another trouble', async () => {
    const env = { ...accountEnv, INSTAMED_SECURITY_KEY: '"k"' };
    const { stderr } = await run(['status', token], { env, steps: [status('NEW')] });
    expect(stderr).toBe('');
    const failed = await run(['status', token], { env, steps: [receipt('', 404)] });
    expect(failed.stderr).not.toContain(says);
  });

  test('is a warning of doctor', async () => {
    const env = { ...accountEnv, INSTAMED_SECURITY_KEY: '"k"', INSTAMED_NVP_PASSWORD: 'p ' };
    const { stdout } = await run(['doctor', '--json', '--status-url', 'x', '--receipt-url', 'x'], { env });
    const { checks } = readDocument({ stdout });
    const warnings = Array.isArray(checks) ? checks.filter(({ state }) => state === 'warning') : [];
    expect(warnings.map(({ id }) => id)).toEqual(['account', 'outlet']);
    for (const { remedy } of warnings) expect(remedy).toContain(says);
  });
});

describe('NODE_DEBUG that would print a secret', () => {
  const stdin = 'INSTAMED_SECURITY_KEY=canary\n';

  test.each(['stream', 'STREAM', 'net,stream', '*', 'str*', 'tls,*eam'])(
    'is refused where one is read: %s',
    async (value) => {
      const env = { ...accountEnv, NODE_DEBUG: value };
      for (const argv of [
        ['status', token, '--secrets-from', '-'],
        ['config', 'set', 'securityKey'],
      ]) {
        expect(await refusal(argv, { stdin, env })).toContain('NODE_DEBUG has Node print what is read (stream)');
      }
      const typing = { env: { ...env, INSTAMED_SECURITY_KEY: '', CI: '' }, tty: true, typed: 'canary' };
      expect(await refusal(['status', token], typing)).toContain('Unset NODE_DEBUG.');
    },
  );

  test.each(['child_process', 'stream', '*', 'CHILD*'])('is refused where a command prints one: %s', async (value) => {
    const { env } = printing(`console.log('canary')`);
    expect(await refusal(['status', token, '-q'], { env: { ...withoutKey, ...env, NODE_DEBUG: value } })).toContain(
      'securityKeyCommand prints is a secret',
    );
  });

  test.each(['net', 'stream', '*', 'streams', 'a.stream'])('is let through where none is read: %s', async (value) => {
    const env = { ...accountEnv, NODE_DEBUG: value };
    expect((await run(['status', token], { env, steps: [status('NEW')] })).code).toBe(0);
  });

  test.skipIf(isWindows)('and Node itself, asked to print everything, prints none of it', async () => {
    const pipe = `printf 'INSTAMED_SECURITY_KEY=canary\\n' | NODE_DEBUG='*' instamed-poll status t0ken --secrets-from -`;
    const { code, stderr } = await runScript(pipe, { env: accountEnv });
    expect(code).toBe(2);
    expect(stderr).toContain('Unset NODE_DEBUG.');
    expect(stderr).not.toMatch(/canary|63 61 6e 61 72 79/);
  });
});
