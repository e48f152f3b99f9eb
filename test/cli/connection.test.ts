import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, type Run, run, token, type World } from '../support/run-cli.ts';

/** A whole wait: both requests, and so every setting, count. */
async function waitWith(flags: readonly string[], world: World = {}): Promise<Run> {
  const result = await run(['wait', token, ...flags], { steps: [status('USED'), receipt(receiptOf('C'))], ...world });
  expect(result.code).toBe(0);
  return result;
}

/** What of a setting can be seen on the wire. */
const seen: Readonly<Record<string, (result: Run) => unknown>> = {
  accountId: ({ transport }) => /<accountID>(.*)<\/accountID>/.exec(transport.requests[0]?.body ?? '')?.[1],
  alias: ({ transport }) => /<alias>(.*)<\/alias>/.exec(transport.requests[0]?.body ?? '')?.[1],
  securityKey: ({ transport }) => /<password>(.*)<\/password>/.exec(transport.requests[0]?.body ?? '')?.[1],
  merchantId: ({ transport }) => new URLSearchParams(transport.requests[1]?.body).get('merchantID'),
  storeId: ({ transport }) => new URLSearchParams(transport.requests[1]?.body).get('storeID'),
  terminalId: ({ transport }) => new URLSearchParams(transport.requests[1]?.body).get('terminalID'),
  nvpUser: ({ transport }) => basic(transport.requests[1]?.headers['authorization'])[0],
  nvpPassword: ({ transport }) => basic(transport.requests[1]?.headers['authorization'])[1],
  statusUrl: ({ transport }) => transport.requests[0]?.url.href,
  receiptUrl: ({ transport }) => transport.requests[1]?.url.href,
  soapVersion: ({ transport }) =>
    transport.requests[0]?.headers['content-type']?.startsWith('application/soap+xml') ? '1.2' : '1.1',
  requestTimeout: ({ transport }) => `${(transport.requests[0]?.timeoutMs ?? 0) / 1_000}s`,
};

const basic = (header = '') => atob(header.replace('Basic ', '')).split(':');

const simulatorStatus = 'http://127.0.0.1:8791/providers/Forms/WebServices/SSOService.asmx';

/** For each setting: flag, variable, a value for each of these two, the profile's value and the default. */
const rows: readonly (readonly [
  key: string,
  flag: string | null,
  env: string,
  string,
  string,
  string,
  string | null,
])[] = [
  ['accountId', '--account-id', 'INSTAMED_ACCOUNT_ID', 'f@x.net', 'e@x.net', 'demo@instamed.net', null],
  ['alias', '--alias', 'INSTAMED_ALIAS', 'f', 'e', 'DEMO-CLINIC', null],
  ['securityKey', null, 'INSTAMED_SECURITY_KEY', '', 'e-key', 'Demo+Key/NotReal', null],
  ['merchantId', '--merchant-id', 'INSTAMED_MERCHANT_ID', '001', '0002', '0001234567890', null],
  ['storeId', '--store-id', 'INSTAMED_STORE_ID', '01', '02', '001', null],
  ['terminalId', '--terminal-id', 'INSTAMED_TERMINAL_ID', '03', '04', '002', null],
  ['nvpUser', '--nvp-user', 'INSTAMED_NVP_USER', 'f-user', 'e-user', 'demo', null],
  ['nvpPassword', null, 'INSTAMED_NVP_PASSWORD', '', 'e-pass', 'Demo-Password-NotReal', null],
  [
    'statusUrl',
    '--status-url',
    'INSTAMED_STATUS_URL',
    'https://f.example/s',
    'https://e.example/s',
    simulatorStatus,
    null,
  ],
  [
    'receiptUrl',
    '--receipt-url',
    'INSTAMED_RECEIPT_URL',
    'https://f.example/r',
    'https://e.example/r',
    'http://127.0.0.1:8791/payment/NVP.aspx',
    null,
  ],
  ['soapVersion', '--soap-version', 'INSTAMED_SOAP_VERSION', '1.1', '1.2', '1.1', '1.1'],
  ['requestTimeout', '--request-timeout', 'INSTAMED_REQUEST_TIMEOUT', '7s', '8s', '30s', '30s'],
];

test.each(rows)('%s is taken from its flag, else its variable, else the profile, else its default', async (...row) => {
  const [key, flag, variable, flagValue, envValue, profileValue, fallback] = row;
  const valueWith = async (flags: readonly string[], env: Readonly<Record<string, string>>) =>
    seen[key]?.(await waitWith(flags, { env }));
  const all = { ...accountEnv, INSTAMED_PROFILE: 'simulator', [variable]: envValue };

  if (flag) expect(await valueWith([flag, flagValue], all)).toBe(flagValue);
  expect(await valueWith([], all)).toBe(envValue);
  expect(await valueWith(['--profile', 'simulator'], { [variable]: '' })).toBe(profileValue);
  expect(await valueWith([], { [variable]: '', INSTAMED_PROFILE: 'simulator' })).toBe(profileValue);
  if (fallback !== null) expect(await valueWith([], { ...accountEnv, INSTAMED_PROFILE: '' })).toBe(fallback);
});

test('without any address the published ones are called', async () => {
  const { INSTAMED_STATUS_URL, INSTAMED_RECEIPT_URL, ...env } = accountEnv;
  expect([INSTAMED_STATUS_URL, INSTAMED_RECEIPT_URL]).not.toContain(undefined);
  const { transport } = await waitWith([], { env });
  expect(transport.requests.map(({ url }) => url.href)).toEqual([
    'https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx',
    'https://online.instamed.com/payment/NVP.aspx',
  ]);
});

test('--profile goes before INSTAMED_PROFILE', async () => {
  const env = { ...accountEnv, INSTAMED_PROFILE: 'no-such-profile' };
  await waitWith(['--profile', 'default'], { env });
});

describe('the Authorization header of the receipt', () => {
  const header = ({ transport }: Run) => transport.requests[1]?.headers['authorization'];

  test('has the account ID as its user where no other is set', async () => {
    expect(header(await waitWith([]))).toBe(`Basic ${btoa('clinic@instamed.net:nvp-canary-2')}`);
  });

  test('has the user that is set', async () => {
    expect(header(await waitWith(['--nvp-user', 'clinic']))).toBe(`Basic ${btoa('clinic:nvp-canary-2')}`);
  });

  test('is UTF-8 where there is more than ASCII', async () => {
    const env = { ...accountEnv, INSTAMED_NVP_PASSWORD: 'pässwörd' };
    const expected = Buffer.from('clinic@instamed.net:pässwörd', 'utf8').toString('base64');
    expect(header(await waitWith([], { env }))).toBe(`Basic ${expected}`);
  });

  test.each([[{}], [{ INSTAMED_NVP_USER: 'clinic' }]])('is not sent without an NVP password, with %j', async (more) => {
    const env = { ...accountEnv, ...more, INSTAMED_NVP_PASSWORD: '' };
    const { transport } = await waitWith([], { env });
    expect(Object.keys(transport.requests[1]?.headers ?? {})).toEqual(['content-type']);
  });

  test('is never sent to the status service', async () => {
    const { transport } = await waitWith([]);
    expect(Object.keys(transport.requests[0]?.headers ?? {}).sort()).toEqual(['content-type', 'soapaction']);
  });
});

describe('a setting that is missing', () => {
  test('is named with all the others, and the values of none are shown', async () => {
    const env = { INSTAMED_ALIAS: 'alias-canary', INSTAMED_NVP_PASSWORD: 'nvp-canary', INSTAMED_STORE_ID: '0034' };
    const { code, stdout, stderr, opened } = await run(['wait', token, '--json'], { env });
    const { error } = readDocument({ stdout });
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(error).toMatchObject({ code: 'MISSING_SETTINGS', category: 'usage', retryable: false, next: null });
    expect(error?.message).toBe(
      '4 settings are missing: SSO account ID, SSO security key (the SOAP password), merchant ID, terminal ID.',
    );
    expect(stderr.startsWith(`instamed-poll: ${error?.message}\n`)).toBe(true);
    expect(stderr + stdout).not.toMatch(/canary|0034/);
  });

  test.each([
    ['SSO account ID', /config set accountId VALUE, or INSTAMED_ACCOUNT_ID .*, or --account-id$/],
    ['SSO security key (the SOAP password)', /config set securityKey .*INSTAMED_SECURITY_KEY .*, or --secrets-from -$/],
    ['merchant ID', /config set merchantId VALUE, or INSTAMED_MERCHANT_ID .*, or --merchant-id$/],
  ])('%s comes with the three ways to give it', async (label, ways) => {
    const { stderr } = await run(['wait', token], { env: {} });
    const line = stderr.split('\n').find((text) => text.trim().startsWith(`${label}:`));
    expect(line).toMatch(ways);
    expect(stderr).toMatch(/profile|config set/);
  });

  test.each([
    ['status', ['SSO account ID', 'SSO alias', 'SSO security key (the SOAP password)']],
    ['receipt', ['merchant ID', 'store ID', 'terminal ID']],
  ])('%s needs %j alone', async (command, labels) => {
    const { stderr } = await run([command, token], { env: {} });
    expect(stderr).toContain(`instamed-poll: 3 settings are missing: ${labels.join(', ')}.\n`);
  });

  test('the account ID is needed for the receipt where it is the user of the password', async () => {
    const { INSTAMED_ACCOUNT_ID: _without, ...env } = accountEnv;
    const { code, stderr } = await run(['receipt', token], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('instamed-poll: A setting is missing: SSO account ID.\n');
    const withUser = { ...env, INSTAMED_NVP_USER: 'user' };
    expect((await run(['receipt', token], { env: withUser, steps: [receipt(receiptOf('C'))] })).code).toBe(0);
  });
});

test.each([
  ['INSTAMED_SECURITY_KEY', 'canary\n', 'securityKey (from INSTAMED_SECURITY_KEY) holds a control character.'],
  ['INSTAMED_NVP_PASSWORD', 'can\rary', 'nvpPassword (from INSTAMED_NVP_PASSWORD) holds a control character.'],
  ['INSTAMED_ALIAS', 'can\u0000ary', 'alias (from INSTAMED_ALIAS) holds a control character.'],
  ['INSTAMED_ACCOUNT_ID', 'can\u0085ary', 'accountId (from INSTAMED_ACCOUNT_ID) holds a control character.'],
  ['INSTAMED_MERCHANT_ID', '1\t', 'merchantId (from INSTAMED_MERCHANT_ID) holds a control character.'],
  ['INSTAMED_STORE_ID', '1\u001b', 'storeId (from INSTAMED_STORE_ID) holds a control character.'],
  ['INSTAMED_TERMINAL_ID', '1\ud800', 'terminalId (from INSTAMED_TERMINAL_ID) holds a control character.'],
  ['INSTAMED_NVP_USER', 'u\n', 'nvpUser (from INSTAMED_NVP_USER) holds a control character.'],
])(
  'a control character in %s is refused before anything is sent, and the value is not shown',
  async (name, value, says) => {
    const { code, stdout, stderr, opened } = await run(['wait', token], { env: { ...accountEnv, [name]: value } });
    expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
    expect(stderr).toBe(`instamed-poll: ${says}\nEnter it again, without line breaks.\n`);
  },
);

test.each([
  ['--security-key', 'status'],
  ['--securityKey', 'wait'],
  ['--nvp-password', 'receipt'],
  ['--password', 'wait'],
])('a secret is no flag: %s of %s is unknown, and its value is not shown', async (flag, command) => {
  for (const words of [[flag, 'canary-value'], [`${flag}=canary-value`]]) {
    const { code, stdout, stderr, opened } = await run([command, token, ...words, '--json']);
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(readDocument({ stdout }).outcome).toBe('usage-error');
    expect(stderr).toContain(`instamed-poll: Unknown option '${flag}'.\n`);
    expect(stdout + stderr).not.toContain('canary-value');
  }
});
