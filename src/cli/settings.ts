import { usageError } from '../domain/errors.ts';

export interface SettingSpec {
  /** The key in a profile. */
  readonly key: string;
  /** The name for people. */
  readonly label: string;
  /** As commander reads it; none for a secret, which is never a flag value. */
  readonly flag?: string;
  /** The first one that is set counts. */
  readonly env: readonly string[];
  readonly fallback?: string;
  /** How the default reads where it is not a value. */
  readonly fallbackNote?: string;
  readonly isSecret?: true;
}

/** Every setting: the resolver, the flags, the help and the README's table are made from this list. */
export const settingSpecs = [
  { key: 'accountId', label: 'SSO account ID', flag: '--account-id <id>', env: ['INSTAMED_ACCOUNT_ID'] },
  { key: 'alias', label: 'SSO alias', flag: '--alias <alias>', env: ['INSTAMED_ALIAS'] },
  {
    key: 'securityKey',
    label: 'SSO security key (the SOAP password)',
    env: ['INSTAMED_SECURITY_KEY'],
    isSecret: true,
  },
  { key: 'merchantId', label: 'merchant ID', flag: '--merchant-id <id>', env: ['INSTAMED_MERCHANT_ID'] },
  { key: 'storeId', label: 'store ID', flag: '--store-id <id>', env: ['INSTAMED_STORE_ID'] },
  { key: 'terminalId', label: 'terminal ID', flag: '--terminal-id <id>', env: ['INSTAMED_TERMINAL_ID'] },
  {
    key: 'nvpUser',
    label: 'NVP user',
    flag: '--nvp-user <user>',
    env: ['INSTAMED_NVP_USER'],
    fallbackNote: 'the account ID',
  },
  {
    key: 'nvpPassword',
    label: 'NVP password',
    env: ['INSTAMED_NVP_PASSWORD'],
    isSecret: true,
    fallbackNote: 'none: no Authorization header is sent',
  },
  {
    key: 'statusUrl',
    label: 'status URL',
    flag: '--status-url <url>',
    env: ['INSTAMED_STATUS_URL'],
    fallback: 'https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx',
  },
  {
    key: 'receiptUrl',
    label: 'receipt URL',
    flag: '--receipt-url <url>',
    env: ['INSTAMED_RECEIPT_URL'],
    fallback: 'https://online.instamed.com/payment/NVP.aspx',
  },
  {
    key: 'soapVersion',
    label: 'SOAP version',
    flag: '--soap-version <1.1|1.2>',
    env: ['INSTAMED_SOAP_VERSION'],
    fallback: '1.1',
  },
  {
    key: 'requestTimeout',
    label: 'request time limit',
    flag: '--request-timeout <duration>',
    env: ['INSTAMED_REQUEST_TIMEOUT'],
    fallback: '30s',
  },
  {
    key: 'caFile',
    label: 'CA file',
    flag: '--ca-file <file>',
    env: ['INSTAMED_CA_FILE', 'NODE_EXTRA_CA_CERTS'],
    fallbackNote: "Node's store",
  },
  {
    key: 'proxy',
    label: 'proxy',
    flag: '--proxy <url>',
    // Which one counts depends on the scheme of the URL; lower case is what other programs also read.
    env: ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'],
    fallbackNote: 'none; NO_PROXY names the hosts that are reached without one',
  },
] as const satisfies readonly SettingSpec[];

export type SettingKey = (typeof settingSpecs)[number]['key'];

export interface Setting {
  readonly value: string | null;
  /** The layer that the value comes from. */
  readonly layer: 'flag' | 'environment' | 'profile' | 'default' | 'unset';
  /** What gave it there: `--alias`, `INSTAMED_ALIAS`, the profile's name. */
  readonly source: string;
}

export type Settings = Readonly<Record<SettingKey, Setting>>;

export interface SettingLayers {
  /** What commander read, by key. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** What `--secrets-from` read, by the environment's names; it stands above the environment. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly profile: { readonly name: string; readonly values: Readonly<Partial<Record<SettingKey, string>>> };
}

/** Every setting with its source: flag before environment before profile before default. */
export function resolveSettings(layers: SettingLayers): Settings {
  const entries = settingSpecs.map((spec): [SettingKey, Setting] => [spec.key, resolveSetting(spec, layers)]);
  return Object.fromEntries(entries) as Record<SettingKey, Setting>;
}

function resolveSetting(spec: SettingSpec & { key: SettingKey }, layers: SettingLayers): Setting {
  const flag = layers.flags[spec.key];
  if (spec.flag && typeof flag === 'string') {
    const name = flagName(spec.flag);
    if (flag === '') throw usageError(`${name} was given an empty value.`, `Give ${name} a value or leave it out.`);
    return { value: flag, layer: 'flag', source: name };
  }
  for (const name of spec.env) {
    const secret = layers.secrets.get(name);
    if (secret) return { value: secret, layer: 'flag', source: '--secrets-from' };
    // An empty variable is as good as none: that is how shells and CI systems clear one.
    const value = layers.env[name];
    if (value) return { value, layer: 'environment', source: name };
  }
  const value = layers.profile.values[spec.key];
  if (value !== undefined) return { value, layer: 'profile', source: layers.profile.name };
  return spec.fallback === undefined
    ? { value: null, layer: 'unset', source: '' }
    : { value: spec.fallback, layer: 'default', source: '' };
}

/** `--alias` of `--alias <alias>`. */
export function flagName(flag: string): string {
  return flag.split(' ')[0] as string;
}

/**
 * Nothing, where each of the keys has a value.
 *
 * @throws InstaMedError `usage`, which names every one that is missing, with the ways to give it.
 */
export function requireSettings(settings: Settings, keys: readonly SettingKey[]): void {
  const missing = settingSpecs.filter(({ key }) => keys.includes(key) && settings[key].value === null);
  if (missing.length === 0) return;
  const ways = missing.map((spec: SettingSpec) => {
    const flag = spec.flag ? flagName(spec.flag) : '--secrets-from -';
    return `  ${spec.label}: ${flag}, or ${spec.env[0]} in the environment`;
  });
  throw usageError(
    `${missing.length === 1 ? 'A setting is' : `${missing.length} settings are`} missing: ${missing.map(({ label }) => label).join(', ')}.`,
    `Give each as below, or all by a profile (--profile simulator fits instamed-poll simulate). Without an account: instamed-poll demo\n${ways.join('\n')}`,
    'MISSING_SETTINGS',
  );
}
