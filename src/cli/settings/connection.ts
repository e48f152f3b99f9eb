import { parseEndpoint } from '../../domain/endpoint.ts';
import { InstaMedError, withDetails } from '../../domain/errors.ts';
import { Secret } from '../../redact/secret.ts';
import type { Client } from '../../remote/client.ts';
import type { ReceiptSettings } from '../../remote/receipt-client.ts';
import type { SsoSettings } from '../../remote/sso-client.ts';
import type { TransportOptions } from '../../remote/transport.ts';
import type { Session } from '../runtime/session.ts';
import { parseNvpUser, parsePlain, parseRequestTimeout, parseSoapVersion } from './check-setting.ts';
import { completeSecrets, gatherSettings, type SettingFlags } from './gather-settings.ts';
import { profileNameOf } from './profiles.ts';
import { doubtsAbout } from './secrets.ts';
import { isGiven, nameOf, type SettingKey, type Settings, sourceOf } from './settings.ts';
import { toTransportOptions } from './transport-options.ts';

/** The settings of the two calls, checked. */
export interface ConnectionOptions {
  readonly account: SsoSettings & ReceiptSettings;
  readonly transport: TransportOptions;
  readonly requestTimeoutMs: number;
  /** What they were made from, for the trace. */
  readonly gathered?: { readonly settings: Settings; readonly profile: string };
  /** What is odd about the security key, and about the NVP password: sentences beside a rejection. */
  readonly doubts?: { readonly status: readonly string[]; readonly receipt: readonly string[] };
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
  session: Session,
): Promise<ConnectionOptions> {
  const accountId = plain(settings, 'accountId');
  const statusUrl = given(settings, 'statusUrl', parseEndpoint);
  const receiptUrl = given(settings, 'receiptUrl', parseEndpoint);
  const hasPassword = settings.nvpPassword.value !== null;
  const userKey = settings.nvpUser.value === null ? 'accountId' : 'nvpUser';
  return {
    account: {
      statusUrl,
      receiptUrl,
      soapVersion: given(settings, 'soapVersion', parseSoapVersion),
      accountId,
      alias: plain(settings, 'alias'),
      securityKey: new Secret(plain(settings, 'securityKey')),
      merchantId: plain(settings, 'merchantId'),
      storeId: plain(settings, 'storeId'),
      terminalId: plain(settings, 'terminalId'),
      // Without a password no user is sent.
      nvpUser: hasPassword ? parseNvpUser(plain(settings, userKey), nameOf(userKey, settings)) : '',
      nvpPassword: hasPassword ? new Secret(plain(settings, 'nvpPassword')) : null,
      requestToken: flags.requestToken ?? false,
      allowPartialPayment: flags.allowPartialPayment ?? false,
    },
    transport: await toTransportOptions(settings, [statusUrl, receiptUrl], session),
    requestTimeoutMs: requestTimeoutOf(settings),
    doubts: { status: doubtsAbout(settings, statusSecrets), receipt: doubtsAbout(settings, receiptSecrets) },
    gathered: { settings, profile: profileNameOf(flags, session.host) },
  };
}

/** Opens the connection; what it needs of the libraries is loaded only now. */
export async function connect(
  { account, transport, doubts }: ConnectionOptions,
  { host, redactor }: Pick<Session, 'host' | 'redactor'>,
): Promise<Connection> {
  const [wire, { createClient }] = await Promise.all([host.openTransport(transport), import('../../remote/client.ts')]);
  const client = createClient(wire, account, redactor);
  const [onStatus, onReceipt] = [withDoubts(doubts?.status), withDoubts(doubts?.receipt)];
  return {
    tokenStatus: (token, limits) => client.tokenStatus(token, limits).catch(onStatus),
    viewReceipt: (token, limits) => client.viewReceipt(token, limits).catch(onReceipt),
    close: () => wire.close(),
  };
}

/** Beside rejected credentials, what was odd about them. */
const withDoubts =
  (doubts: readonly string[] = []) =>
  (error: unknown) => {
    if (doubts.length === 0 || !(error instanceof InstaMedError) || error.category !== 'credentials-rejected')
      throw error;
    const hint = [...doubts, ...(error.hint === null ? [] : [error.hint])].join(' ');
    throw withDetails(error, { hint });
  };

function plain(settings: Settings, key: SettingKey): string {
  const { value } = settings[key];
  return value === null ? '' : parsePlain(value, `${key} (from ${sourceOf(settings[key])})`);
}

/** A value that always has at least a default; what is wrong with it is blamed on the place that it came from. */
export const given = <T>(settings: Settings, key: SettingKey, parse: (text: string, name: string) => T): T =>
  parse(settings[key].value ?? '', nameOf(key, settings));

/** A flag and a variable are names enough. */
export function requestTimeoutOf(settings: Settings): number {
  const { value, layer, source } = settings.requestTimeout;
  const isEnough = layer === 'flag' || layer === 'environment';
  return parseRequestTimeout(value ?? '', isEnough ? source : nameOf('requestTimeout', settings));
}
