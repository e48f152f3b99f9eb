import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemHost } from '../../src/cli/runtime/host.ts';
import { simulatorSettings } from '../../src/sim/settings.ts';
import { makeAuthority } from '../support/certificate.ts';
import { readDocument } from '../support/check-document.ts';
import { makeFolder } from '../support/clean-up.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { isWindows } from '../support/spawn-cli.ts';
import { Terminal } from '../support/terminal.ts';

describe('the simulator, named by a flag, beside an environment with real credentials', () => {
  const env = { ...accountEnv, INSTAMED_NVP_USER: 'real-user' };

  test('gets no key, no password and no name of them, and no real service is asked', async () => {
    const steps = [status('USED'), receipt(receiptOf('C'))];
    const { code, transport } = await run(['wait', token, '--profile', 'simulator'], { env, steps });
    expect(code).toBe(0);
    for (const { url, body, headers } of transport.requests) {
      expect(url.host).toBe('127.0.0.1:8791');
      const sent = body + JSON.stringify(headers) + atob((headers['authorization'] ?? '').replace('Basic ', ''));
      for (const real of Object.values(env).filter(({ length }) => length > 4)) expect(sent).not.toContain(real);
      expect(sent).not.toContain(btoa('real-user'));
    }
  });

  test('every setting that it has goes before the environment, and the others do not', async () => {
    const more = { ...env, INSTAMED_SOAP_VERSION: '1.2' };
    const { stdout } = await run(['config', 'list', '--profile', 'simulator', '--json'], { env: more });
    const { settings } = readDocument({ stdout });
    for (const key of [...Object.keys(simulatorSettings), 'statusUrl', 'receiptUrl']) {
      expect(settings?.[key]).toMatchObject({ layer: 'profile', source: 'simulator' });
    }
    expect(settings?.['soapVersion']).toMatchObject({ value: '1.2', layer: 'environment' });
  });

  test('a flag goes before it, and so does what --secrets-from brings', async () => {
    const argv = ['status', token, '--profile', 'simulator', '--alias', 'mine', '--secrets-from', '-'];
    const { transport } = await run(argv, { env, stdin: 'INSTAMED_SECURITY_KEY=piped', steps: [status('NEW')] });
    expect(transport.requests[0]?.body).toContain('<alias>mine</alias><password>piped</password>');
  });

  test('named by the environment, or a profile of the file, it is a profile like any other', async () => {
    const { transport } = await run(['status', token], {
      env: { ...env, INSTAMED_PROFILE: 'simulator' },
      steps: [status('NEW')],
    });
    expect(transport.requests[0]?.url.host).toBe('status.example');
    const home = makeConfigHome({ profiles: { desk: { alias: 'of-the-desk' } } });
    const desk = await run(['status', token, '--profile', 'desk'], {
      env: { ...env, ...home.env },
      steps: [status('NEW')],
    });
    expect(desk.transport.requests[0]?.body).toContain('<alias>alias-1</alias>');
  });
});

describe('a bad value is blamed on the place that it came from', () => {
  test.each([
    ['INSTAMED_STATUS_URL', 'pay.example', 'The status URL (from INSTAMED_STATUS_URL) is not a web address'],
    ['INSTAMED_RECEIPT_URL', 'http://pay.example', 'The receipt URL (from INSTAMED_RECEIPT_URL) would send'],
    ['INSTAMED_SOAP_VERSION', '2', 'Unsupported SOAP version (from INSTAMED_SOAP_VERSION) "2".'],
    [
      'INSTAMED_REQUEST_TIMEOUT',
      '30',
      'INSTAMED_REQUEST_TIMEOUT is not a duration: "30".\nGive it a unit: 30s or 30m.',
    ],
    ['INSTAMED_REQUEST_TIMEOUT', '9h', 'INSTAMED_REQUEST_TIMEOUT is out of range: 9h.'],
    [
      'INSTAMED_CA_FILE',
      '/no/such/file',
      'The CA file (from INSTAMED_CA_FILE) cannot be read: /no/such/file (ENOENT).',
    ],
    ['INSTAMED_NVP_USER', 'a:b', 'The NVP user (from INSTAMED_NVP_USER) contains a colon'],
    ['INSTAMED_ALIAS', 'a\u0007', 'alias (from INSTAMED_ALIAS) holds a control character.'],
  ])('%s=%j', async (name, value, says) => {
    const { code, stderr, opened } = await run(['receipt', token], { env: { ...accountEnv, [name]: value } });
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(stderr).toContain(`instamed-poll: ${says}`);
  });

  test('a profile', async () => {
    const home = makeConfigHome({ profiles: { desk: { requestTimeout: '30', statusUrl: 'x' } } });
    const { INSTAMED_STATUS_URL: _url, ...env } = accountEnv;
    const { stderr } = await run(['status', token, '--profile', 'desk'], { env: { ...env, ...home.env } });
    expect(stderr).toContain('The status URL (from the profile "desk") is not a web address');
  });

  test('stdin', async () => {
    const world = { stdin: 'INSTAMED_STATUS_URL=x', env: accountEnv };
    const { stderr } = await run(['status', token, '--secrets-from', '-'], world);
    expect(stderr).toContain('The status URL (from --secrets-from) is not a web address');
  });
});

describe('a colon in the user of Basic authentication', () => {
  const env = accountEnv;

  test('is refused, in the account ID that stands in for it as well, and by config set', async () => {
    const byFlag = await run(['receipt', token, '--nvp-user', 'jo:x'], {});
    expect(byFlag).toMatchObject({ code: 2, stderr: expect.stringContaining('The NVP user contains a colon') });
    const byAccount = await run(['receipt', token], { env: { ...env, INSTAMED_ACCOUNT_ID: 'a:b@instamed.net' } });
    expect(byAccount.stderr).toContain('The SSO account ID (from INSTAMED_ACCOUNT_ID) contains a colon');
    const kept = await run(['config', 'set', 'nvpUser', 'a:b'], { env: makeConfigHome().env });
    expect(kept).toMatchObject({ code: 2, stderr: expect.stringContaining('The NVP user contains a colon') });
  });

  test('is no matter where no password is sent', async () => {
    const { INSTAMED_NVP_PASSWORD: _password, ...none } = env;
    const world = { env: { ...none, INSTAMED_ACCOUNT_ID: 'a:b' }, steps: [receipt(receiptOf('C'))] };
    expect((await run(['receipt', token], world)).code).toBe(0);
  });
});

describe('a damaged CA file', () => {
  const whole = makeAuthority().cert;
  const [begin, ...rest] = whole.trim().split('\n');
  const folder = makeFolder();
  const fileOf = (text: string | Uint8Array) => {
    const path = join(mkdtempSync(join(folder, 'ca-')), 'ca.pem');
    writeFileSync(path, text);
    return path;
  };

  test.each([
    ['a certificate that was cut', `${whole}${begin}\n${rest[0]}`, 'certificate 2 of 2'],
    ['a certificate without its end', whole.replace(/-----END.*/, ''), 'certificate 1 of 1'],
    ['Base64 of nothing', `${begin}\nAAAA\n-----END CERTIFICATE-----\n${whole}`, 'certificate 1 of 2'],
    ['an empty certificate', `${begin}\n\n-----END CERTIFICATE-----\n`, 'certificate 1 of 1'],
  ])('is refused before anything is sent: %s', async (_name, text, says) => {
    for (const argv of [
      ['status', token, '--ca-file'],
      ['config', 'set', 'caFile'],
    ]) {
      const { code, stderr, opened } = await run([...argv, fileOf(text)], {
        env: { ...accountEnv, ...makeConfigHome().env },
      });
      expect({ code, opened }).toEqual({ code: 2, opened: [] });
      expect(stderr).toContain(`holds a damaged certificate: ${folder}`);
      expect(stderr).toContain(`(${says}).`);
    }
  });

  test.each([
    ['the line ends of Windows', whole.replaceAll('\n', '\r\n')],
    ['a byte order mark and comments', `\uFEFFOur CA, é\n${whole}`],
    ['UTF-16', Buffer.from(`\uFEFF${whole}`, 'utf16le')],
    ['several', whole.repeat(3)],
  ])('a whole one is taken with %s', async (_name, text) => {
    const { code } = await run(['status', token, '--ca-file', fileOf(text)], { steps: [status('NEW')] });
    expect(code).toBe(0);
  });
});

test.skipIf(isWindows)('an empty NO_COLOR, FORCE_COLOR or TZ counts as none', async () => {
  const file = join(makeFolder(), 'reply.txt');
  writeFileSync(file, 'transactionStatus=D&transactionDate=2016-01-15T20:37:21.5238539Z');
  const screenWith = async (env: Readonly<Record<string, string>>) => {
    const terminal = new Terminal(['decode', file], { env });
    expect((await terminal.exited).code).toBe(0);
    return terminal.raw;
  };
  const usual = await screenWith({});
  expect(usual).toContain('\u001b[');
  expect(await screenWith({ NO_COLOR: '', FORCE_COLOR: '' })).toBe(usual);
  expect(await screenWith({ NO_COLOR: '1' })).not.toContain('\u001b[3');
  // Node warns of this pair by itself.
  expect(await screenWith({ NO_COLOR: '1', FORCE_COLOR: '1' })).not.toContain('Warning');
  expect((await screenWith({ TZ: '' })).length).toBeGreaterThan(100);
});

test('the zone of an empty TZ is one that dates can be written in', () => {
  const before = process.env['TZ'];
  process.env['TZ'] = '';
  try {
    const timeZone = systemHost(() => 130).timeZone();
    expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
