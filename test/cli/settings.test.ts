import { describe, expect, test } from 'vitest';
import {
  flagName,
  missingSettings,
  requireSettings,
  resolveSettings,
  type SettingKey,
  type SettingLayers,
  type SettingSpec,
  settingSpecs,
} from '../../src/cli/settings/settings.ts';
import { InstaMedError } from '../../src/domain/errors.ts';

const specs: readonly (SettingSpec & { key: SettingKey })[] = settingSpecs;
const none: SettingLayers = { flags: {}, secrets: new Map(), env: {}, profile: { name: 'default', values: {} } };

test('every setting, its flag, its variables and its default are those that users were promised', () => {
  const table = specs.map(({ key, flag, env, fallback = null }) => [
    key,
    flag ? flagName(flag) : null,
    [...env],
    fallback,
  ]);
  expect(table).toEqual([
    ['accountId', '--account-id', ['INSTAMED_ACCOUNT_ID'], null],
    ['alias', '--alias', ['INSTAMED_ALIAS'], null],
    ['securityKey', null, ['INSTAMED_SECURITY_KEY'], null],
    ['merchantId', '--merchant-id', ['INSTAMED_MERCHANT_ID'], null],
    ['storeId', '--store-id', ['INSTAMED_STORE_ID'], null],
    ['terminalId', '--terminal-id', ['INSTAMED_TERMINAL_ID'], null],
    ['nvpUser', '--nvp-user', ['INSTAMED_NVP_USER'], null],
    ['nvpPassword', null, ['INSTAMED_NVP_PASSWORD'], null],
    [
      'statusUrl',
      '--status-url',
      ['INSTAMED_STATUS_URL'],
      'https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx',
    ],
    ['receiptUrl', '--receipt-url', ['INSTAMED_RECEIPT_URL'], 'https://online.instamed.com/payment/NVP.aspx'],
    ['soapVersion', '--soap-version', ['INSTAMED_SOAP_VERSION'], '1.1'],
    ['requestTimeout', '--request-timeout', ['INSTAMED_REQUEST_TIMEOUT'], '30s'],
    ['caFile', '--ca-file', ['INSTAMED_CA_FILE', 'NODE_EXTRA_CA_CERTS'], null],
    ['proxy', '--proxy', ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'], null],
  ]);
  expect(specs.filter(({ isSecret }) => isSecret).map(({ key }) => key)).toEqual(['securityKey', 'nvpPassword']);
});

interface LayerRow {
  readonly layers: SettingLayers;
  readonly setting: { readonly value: string | null; readonly layer: string; readonly source: string };
}

/** For a setting, what counts with all layers there, and then with one after the other taken away from the top. */
function layerRows(spec: SettingSpec & { key: SettingKey }): LayerRow[] {
  const { key, flag, env, fallback, isSecret } = spec;
  const byEnv = env.map((name) => ({
    layer: 'environment',
    source: name,
    value: `value of ${name}`,
    put: (layers: SettingLayers): SettingLayers => ({ ...layers, env: { ...layers.env, [name]: `value of ${name}` } }),
  }));
  const ways = [
    ...(flag
      ? [
          {
            layer: 'flag',
            source: flagName(flag),
            value: 'from the flag',
            put: (layers: SettingLayers): SettingLayers => ({ ...layers, flags: { [key]: 'from the flag' } }),
          },
        ]
      : []),
    ...(isSecret
      ? [
          {
            layer: 'flag',
            source: '--secrets-from',
            value: 'from stdin',
            put: (layers: SettingLayers): SettingLayers => ({
              ...layers,
              secrets: new Map([[env[0] ?? '', 'from stdin']]),
            }),
          },
        ]
      : []),
    ...byEnv,
    {
      layer: 'profile',
      source: 'clinic',
      value: 'from the profile',
      put: (layers: SettingLayers): SettingLayers => ({
        ...layers,
        profile: { name: 'clinic', values: { [key]: 'from the profile' } },
      }),
    },
  ];
  const rows = ways.map(
    ({ layer, source, value }, i): LayerRow => ({
      layers: ways.slice(i).reduce((layers, { put }) => put(layers), none),
      setting: { value, layer, source },
    }),
  );
  const last =
    fallback === undefined
      ? { value: null, layer: 'unset', source: '' }
      : { value: fallback, layer: 'default', source: '' };
  return [...rows, { layers: none, setting: last }];
}

test('the rows below are one for each layer of each setting', () => {
  // Twelve flags, two secrets from stdin, eighteen variables, a profile and a last resort for each of the fourteen.
  expect(specs.flatMap(layerRows)).toHaveLength(12 + 2 + 18 + 14 + 14);
});

test.each(specs.map((spec) => [spec.key, spec] as const))(
  '%s comes from the first of its layers that is there',
  (key, spec) => {
    for (const { layers, setting } of layerRows(spec)) expect(resolveSettings(layers)[key]).toEqual(setting);
    for (const name of spec.env) {
      const empty = resolveSettings({ ...none, env: { [name]: '' } });
      expect([name, empty[key]]).toEqual([name, resolveSettings(none)[key]]);
    }
  },
);

test('an empty variable lets the next one of its setting speak', () => {
  const env = {
    INSTAMED_CA_FILE: '',
    NODE_EXTRA_CA_CERTS: 'extra.pem',
    HTTPS_PROXY: '',
    http_proxy: 'http://p.example',
  };
  const settings = resolveSettings({ ...none, env });
  expect(settings.caFile).toEqual({ value: 'extra.pem', layer: 'environment', source: 'NODE_EXTRA_CA_CERTS' });
  expect(settings.proxy).toEqual({ value: 'http://p.example', layer: 'environment', source: 'http_proxy' });
});

test('an empty secret on stdin leaves the word to the environment', () => {
  const secrets = new Map([['INSTAMED_SECURITY_KEY', '']]);
  const settings = resolveSettings({ ...none, secrets, env: { INSTAMED_SECURITY_KEY: 'key' } });
  expect(settings.securityKey).toEqual({ value: 'key', layer: 'environment', source: 'INSTAMED_SECURITY_KEY' });
});

test.each(specs.filter(({ flag }) => flag).map(({ key, flag = '' }) => [flagName(flag), key] as const))(
  'an empty value for %s is a slip, and never falls through to another layer',
  (flag, key) => {
    const env = { INSTAMED_ALIAS: 'x' };
    expect(() => resolveSettings({ ...none, env, flags: { [key]: '' } })).toThrow(`${flag} was given an empty value.`);
  },
);

test.each(['securityKey', 'nvpPassword'] as const)('%s is not taken from a flag', (key) => {
  expect(resolveSettings({ ...none, flags: { [key]: 'canary' } })[key].value).toBeNull();
});

test('a flag that commander gives as true is no value', () => {
  expect(resolveSettings({ ...none, flags: { alias: true } }).alias.value).toBeNull();
});

describe('a command in the profile', () => {
  const profile = { name: 'clinic', values: {}, commands: { nvpPassword: ['pass', 'nvp'] } };

  test('stands for its secret, which has no value yet but is not missing', () => {
    const settings = resolveSettings({ ...none, profile });
    expect(settings.nvpPassword).toEqual({
      value: null,
      command: ['pass', 'nvp'],
      layer: 'profile',
      source: 'clinic',
    });
    expect(settings.securityKey.layer).toBe('unset');
    expect(missingSettings(settings, ['nvpPassword', 'securityKey'])).toEqual(['securityKey']);
  });

  test.each<[string, Partial<SettingLayers>]>([
    ['--secrets-from', { secrets: new Map([['INSTAMED_NVP_PASSWORD', 'given']]) }],
    ['the environment', { env: { INSTAMED_NVP_PASSWORD: 'given' } }],
  ])('gives way to %s', (_says, above) => {
    const { value, command } = resolveSettings({ ...none, profile, ...above }).nvpPassword;
    expect({ value, command }).toEqual({ value: 'given', command: undefined });
  });
});

describe('what is missing', () => {
  const given = (keys: readonly SettingKey[]) =>
    resolveSettings({ ...none, profile: { name: 'p', values: Object.fromEntries(keys.map((key) => [key, 'x'])) } });
  const thrown = (run: () => void): InstaMedError => {
    try {
      run();
    } catch (error) {
      if (error instanceof InstaMedError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  test('is not told of where it is not needed', () => {
    expect(() => requireSettings(given([]), [])).not.toThrow();
    expect(() => requireSettings(given(['alias']), ['alias'])).not.toThrow();
  });

  test('is one setting', () => {
    const error = thrown(() => requireSettings(given(['alias']), ['alias', 'securityKey']));
    expect(error).toMatchObject({ category: 'usage', code: 'MISSING_SETTINGS' });
    expect(error.message).toBe('A setting is missing: SSO security key (the SOAP password).');
  });

  test('is named all at once, in the order of the table', () => {
    const error = thrown(() => requireSettings(given(['accountId']), ['terminalId', 'accountId', 'alias', 'storeId']));
    expect(error.message).toBe('3 settings are missing: SSO alias, store ID, terminal ID.');
    expect(error.hint).toContain('instamed-poll demo, or --profile simulator while instamed-poll simulate runs.\n');
  });

  test.each([
    ['default', 'config set alias VALUE'],
    ['simulator', 'config set alias VALUE'],
    ['clinic', 'config set --profile clinic alias VALUE'],
  ])('can be kept in the profile %s', (profile, command) => {
    expect(thrown(() => requireSettings(given([]), ['alias'], profile)).hint).toContain(`instamed-poll ${command}`);
  });
});
