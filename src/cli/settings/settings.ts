import { usageError } from '../../domain/errors.ts';

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
    // Those for https are for https URLs, those for http for http URLs alone; lower case is what other programs also read.
    env: ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'],
    fallbackNote: 'none; NO_PROXY names the hosts that are reached without one',
  },
] as const satisfies readonly SettingSpec[];

export type SettingKey = (typeof settingSpecs)[number]['key'];

/** The settings that are secrets. */
export const secretKeys: readonly string[] = settingSpecs.filter((spec) => 'isSecret' in spec).map(({ key }) => key);

/** The keys of the commands that print a secret, in the same order. */
export const commandKeys: readonly string[] = secretKeys.map((key) => `${key}Command`);

/** Every key that a profile may have. */
export const profileKeys: readonly string[] = [...settingSpecs.map(({ key }) => key), ...commandKeys];

export const labelOf = (key: SettingKey): string => settingSpecs.find((spec) => spec.key === key)?.label ?? key;

export interface Setting {
  readonly value: string | null;
  /** The program and its arguments that print the value, where a profile has those in its place. */
  readonly command?: readonly string[];
  /** The layer that the value comes from. */
  readonly layer: 'flag' | 'environment' | 'profile' | 'default' | 'unset';
  /** What gave it there: `--alias`, `INSTAMED_ALIAS`, the profile's name. */
  readonly source: string;
}

/** What gave a value, for a sentence: `--alias`, `INSTAMED_ALIAS`, `the profile "desk"`. */
export const sourceOf = ({ layer, source }: Setting): string =>
  layer === 'profile' ? `the profile "${source}"` : source || 'the default';

/** A setting's name for an error, with the place to look for its value, where that was not typed: `status URL (from INSTAMED_STATUS_URL)`. */
export const nameOf = (key: SettingKey, settings: Settings): string =>
  isTyped(settings[key]) ? labelOf(key) : `${labelOf(key).replace(/ \(.*/, '')} (from ${sourceOf(settings[key])})`;

const isTyped = ({ layer, source }: Setting) => layer === 'flag' && source !== '--secrets-from';

/** Settings under a name. */
export interface Profile {
  readonly name: string;
  /** Whether its values go before the environment's: so for a built-in one that a flag names. */
  readonly goesFirst?: boolean;
  readonly values: Readonly<Partial<Record<SettingKey, string>>>;
  /** What prints a secret, by the secret's key. */
  readonly commands?: Readonly<Partial<Record<SettingKey, readonly string[]>>>;
}

export type Settings = Readonly<Record<SettingKey, Setting>>;

export interface SettingLayers {
  /** What commander read, by key. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** What `--secrets-from` read, by the environment's names; it stands above the environment. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly profile: Profile;
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
  const first = builtInFirst(spec, layers);
  if (first) return first;
  for (const name of spec.env) {
    const secret = layers.secrets.get(name);
    if (secret) return { value: secret, layer: 'flag', source: '--secrets-from' };
    // An empty variable is as good as none: that is how shells and CI systems clear one.
    const value = layers.env[name];
    if (value) return { value, layer: 'environment', source: name };
  }
  const value = layers.profile.values[spec.key];
  if (value !== undefined) return { value, layer: 'profile', source: layers.profile.name };
  const command = layers.profile.commands?.[spec.key];
  if (command) return { value: null, command, layer: 'profile', source: layers.profile.name };
  return spec.fallback === undefined
    ? { value: null, layer: 'unset', source: '' }
    : { value: spec.fallback, layer: 'default', source: '' };
}

/** No real key of the environment goes to a stand-in: where a flag names the built-in profile, only a flag goes before it. */
function builtInFirst(spec: SettingSpec & { key: SettingKey }, layers: SettingLayers): Setting | null {
  const { goesFirst, name, values } = layers.profile;
  const value = values[spec.key];
  if (!goesFirst || value === undefined || spec.env.some((variable) => layers.secrets.get(variable))) return null;
  return { value, layer: 'profile', source: name };
}

/** `--alias` of `--alias <alias>`. */
export function flagName(flag: string): string {
  return flag.split(' ')[0] as string;
}

/** Those of the keys that nothing gives, in the order of the table. */
export function missingSettings(settings: Settings, keys: readonly SettingKey[]): readonly SettingKey[] {
  return settingSpecs.map(({ key }) => key).filter((key) => keys.includes(key) && !isGiven(settings[key]));
}

/** Whether it has a value, or a command that prints one. */
export const isGiven = ({ value, command }: Setting): boolean => value !== null || command !== undefined;

/**
 * Nothing, where each of the keys is given.
 *
 * @throws InstaMedError `usage`, which names every one that is missing, with the ways to give it.
 */
export function requireSettings(settings: Settings, keys: readonly SettingKey[], profile = 'default'): void {
  const missing = missingSettings(settings, keys);
  if (missing.length === 0) return;
  const specs = settingSpecs.filter(({ key }) => missing.includes(key));
  const into = profile === 'default' || profile === 'simulator' ? '' : ` --profile ${profile}`;
  const ways = specs.map((spec: SettingSpec) => {
    const flag = spec.flag ? flagName(spec.flag) : '--secrets-from -';
    const value = spec.isSecret ? '(it asks for the value)' : 'VALUE';
    return `  ${spec.label}: instamed-poll config set${into} ${spec.key} ${value}, or ${spec.env[0]} in the environment, or ${flag}`;
  });
  throw usageError(
    `${specs.length === 1 ? 'A setting is' : `${specs.length} settings are`} missing: ${specs.map(({ label }) => label).join(', ')}.`,
    `Give each in one of these ways; config set keeps it for later runs. Without an account: instamed-poll demo, or --profile simulator while instamed-poll simulate runs.\n${ways.join('\n')}`,
    'MISSING_SETTINGS',
  );
}
