import { parseEndpoint } from '../domain/endpoint.ts';
import { usageError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import type { Client } from '../remote/client.ts';
import type { ReceiptSettings } from '../remote/receipt-client.ts';
import type { SsoSettings } from '../remote/sso-client.ts';
import type { TransportOptions } from '../remote/transport.ts';
import { parseDurationOption } from './duration-option.ts';
import type { Host } from './host.ts';
import { loadProfile } from './profiles.ts';
import { readSecrets, secretsIn } from './secrets.ts';
import type { Session } from './session.ts';
import { requireSettings, resolveSettings, type SettingKey, type Settings } from './settings.ts';
import { toTransportOptions } from './transport-options.ts';

/** The settings of the two calls, checked. */
export interface ConnectionOptions {
  readonly account: SsoSettings & ReceiptSettings;
  readonly transport: TransportOptions;
  readonly requestTimeoutMs: number;
}

export interface Connection extends Client {
  close(): Promise<void>;
}

export interface ConnectionFlags extends Readonly<Record<string, unknown>> {
  readonly profile?: string;
  readonly secretsFrom?: string;
  readonly requestToken?: boolean;
  readonly allowPartialPayment?: boolean;
}

const statusKeys: readonly SettingKey[] = ['accountId', 'alias', 'securityKey'];
const receiptKeys: readonly SettingKey[] = ['merchantId', 'storeId', 'terminalId'];
const userKeys: readonly SettingKey[] = ['accountId'];

interface Needs {
  readonly status: boolean;
  readonly receipt: boolean;
}

/**
 * Turns flags, environment and profile into checked options. Everything that can be refused is refused here, before
 * anything is sent.
 *
 * @throws InstaMedError `usage`.
 */
export async function toConnectionOptions(
  flags: ConnectionFlags,
  needs: Needs,
  session: Session,
): Promise<ConnectionOptions> {
  return checkSettings(await loadSettings(flags, session), flags, needs, session.host);
}

/**
 * The settings as they were given, with their sources; from here on no secret of theirs is shown.
 *
 * @throws InstaMedError `usage`.
 */
export async function loadSettings(flags: ConnectionFlags, session: Session): Promise<Settings> {
  const { host, vault } = session;
  const settings = resolveSettings({
    flags,
    secrets: await readSecrets(flags.secretsFrom, session),
    env: host.env,
    profile: loadProfile(flags.profile ?? (host.env['INSTAMED_PROFILE'] || undefined)),
  });
  vault.addSecrets(...secretsIn(settings, host.env));
  return settings;
}

/**
 * Nothing, where the calls that are needed have their settings.
 *
 * @throws InstaMedError `usage`.
 */
export function requireFor(settings: Settings, needs: Needs): void {
  requireSettings(settings, [
    ...(needs.status ? statusKeys : []),
    ...(needs.receipt ? receiptKeys : []),
    // Basic authentication has the account ID as its user, unless another one is set.
    ...(needs.receipt && settings.nvpPassword.value !== null && settings.nvpUser.value === null ? userKeys : []),
  ]);
}

/** @throws InstaMedError `usage`. */
export async function checkSettings(
  settings: Settings,
  flags: ConnectionFlags,
  needs: Needs,
  host: Host,
): Promise<ConnectionOptions> {
  requireFor(settings, needs);
  const text = (key: SettingKey) => settings[key].value ?? '';
  const accountId = plain(settings, 'accountId');
  return {
    account: {
      statusUrl: parseEndpoint(text('statusUrl'), 'status URL'),
      receiptUrl: parseEndpoint(text('receiptUrl'), 'receipt URL'),
      soapVersion: parseSoapVersion(text('soapVersion')),
      accountId,
      alias: plain(settings, 'alias'),
      securityKey: new Secret(plain(settings, 'securityKey')),
      merchantId: plain(settings, 'merchantId'),
      storeId: plain(settings, 'storeId'),
      terminalId: plain(settings, 'terminalId'),
      nvpUser: plain(settings, 'nvpUser') || accountId,
      nvpPassword: settings.nvpPassword.value === null ? null : new Secret(plain(settings, 'nvpPassword')),
      requestToken: flags.requestToken ?? false,
      allowPartialPayment: flags.allowPartialPayment ?? false,
    },
    transport: await toTransportOptions(settings, host),
    requestTimeoutMs: parseRequestTimeout(settings),
  };
}

/** @throws InstaMedError `usage`. */
export function parseRequestTimeout({ requestTimeout }: Settings): number {
  return parseDurationOption('--request-timeout', requestTimeout.value ?? '', 1_000, 300_000);
}

/** Opens the connection; what it needs of the libraries is loaded only now. */
export async function connect({ account, transport }: ConnectionOptions, host: Host): Promise<Connection> {
  const [wire, { createClient }] = await Promise.all([host.openTransport(transport), import('../remote/client.ts')]);
  return { ...createClient(wire, account), close: () => wire.close() };
}

/** A value without control characters, which neither XML nor a header could carry. */
function plain(settings: Settings, key: SettingKey): string {
  const { value, source } = settings[key];
  if (value !== null && /[\p{Cc}\p{Cs}]/u.test(value)) {
    throw usageError(
      `${key} (from ${source || 'the default'}) holds a control character.`,
      'Enter it again, without line breaks.',
    );
  }
  return value ?? '';
}

function parseSoapVersion(text: string): '1.1' | '1.2' {
  if (text === '1.1' || text === '1.2') return text;
  throw usageError(`There is no SOAP version "${text}" here.`, 'Use --soap-version 1.1 or 1.2.');
}
