import { parseEndpoint } from '../domain/endpoint.ts';
import { Secret } from '../redact/secret.ts';
import type { Client } from '../remote/client.ts';
import type { ReceiptSettings } from '../remote/receipt-client.ts';
import type { SsoSettings } from '../remote/sso-client.ts';
import type { TransportOptions } from '../remote/transport.ts';
import { parsePlain, parseRequestTimeout, parseSoapVersion } from './check-setting.ts';
import { completeSecrets, gatherSettings, type SettingFlags } from './gather-settings.ts';
import { profileNameOf } from './profiles.ts';
import type { Session } from './session.ts';
import { isGiven, type SettingKey, type Settings } from './settings.ts';
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

export interface ConnectionFlags extends SettingFlags {
  readonly requestToken?: boolean;
  readonly allowPartialPayment?: boolean;
}

const statusKeys: readonly SettingKey[] = ['accountId', 'alias', 'securityKey'];
const receiptKeys: readonly SettingKey[] = ['merchantId', 'storeId', 'terminalId'];
const userKeys: readonly SettingKey[] = ['accountId'];
const statusSecrets: readonly SettingKey[] = ['securityKey'];
const receiptSecrets: readonly SettingKey[] = ['nvpPassword'];

interface Needs {
  readonly status: boolean;
  readonly receipt: boolean;
  /** As in `NeededSettings`. */
  readonly signAfterMs?: number;
}

/**
 * Turns flags, environment and profile into checked options. Everything that can be refused is refused here, before
 * anything is sent.
 *
 * @throws InstaMedError `usage`, or `aborted`
 */
export async function toConnectionOptions(
  flags: ConnectionFlags,
  needs: Needs,
  session: Session,
): Promise<ConnectionOptions> {
  const settings = await completeFor(needs, await gatherSettings(flags, session), flags, session);
  return checkSettings(settings, flags, session);
}

/**
 * The settings with the secrets that the calls need, where each has what it needs.
 *
 * @throws InstaMedError `usage`, or `aborted`
 */
export function completeFor(
  needs: Needs,
  settings: Settings,
  flags: ConnectionFlags,
  session: Session,
): Promise<Settings> {
  // Basic authentication has the account ID as its user, unless another one is set.
  const needsUser = needs.receipt && isGiven(settings.nvpPassword) && !isGiven(settings.nvpUser);
  return completeSecrets(
    settings,
    {
      required: [
        ...(needs.status ? statusKeys : []),
        ...(needs.receipt ? receiptKeys : []),
        ...(needsUser ? userKeys : []),
      ],
      secrets: [...(needs.status ? statusSecrets : []), ...(needs.receipt ? receiptSecrets : [])],
      signAfterMs: needs.signAfterMs,
    },
    flags,
    session,
  );
}

/** @throws InstaMedError `usage` */
export async function checkSettings(
  settings: Settings,
  flags: ConnectionFlags,
  { host, trace }: Session,
): Promise<ConnectionOptions> {
  const text = (key: SettingKey) => settings[key].value ?? '';
  const accountId = plain(settings, 'accountId');
  const options = {
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
    requestTimeoutMs: parseRequestTimeout('--request-timeout', text('requestTimeout')),
  };
  trace?.onSettings(settings, profileNameOf(flags, host));
  return options;
}

/** Opens the connection; what it needs of the libraries is loaded only now. */
export async function connect(
  { account, transport }: ConnectionOptions,
  { host, vault }: Pick<Session, 'host' | 'vault'>,
): Promise<Connection> {
  const [wire, { createClient }] = await Promise.all([host.openTransport(transport), import('../remote/client.ts')]);
  return { ...createClient(wire, account, vault), close: () => wire.close() };
}

function plain(settings: Settings, key: SettingKey): string {
  const { value, source } = settings[key];
  return value === null ? '' : parsePlain(value, `${key} (from ${source || 'the default'})`);
}
