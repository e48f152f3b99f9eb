import { InstaMedError } from '../../src/domain/errors.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import type { TokenStatus } from '../../src/domain/token-status.ts';
import { Secret } from '../../src/redact/secret.ts';
import type { HttpReply, HttpRequest } from '../../src/remote/http.ts';
import { type ReceiptSettings, viewReceipt } from '../../src/remote/receipt-client.ts';
import { askTokenStatus, type SsoSettings } from '../../src/remote/sso-client.ts';
import { ScriptedTransport } from './scripted-transport.ts';

/** An account whose values are all different, so that a mix-up shows, with leading zeros and what must be escaped. */
export const account: SsoSettings & ReceiptSettings = {
  statusUrl: new URL('https://status.example/providers/SSOService.asmx'),
  soapVersion: '1.1',
  accountId: 'clinic@instamed.net',
  alias: 'alias-1',
  securityKey: new Secret('k+y/<&>"=\''),
  receiptUrl: new URL('https://receipt.example/payment/NVP.aspx'),
  merchantId: '6011000551245',
  storeId: '001',
  terminalId: '002',
  nvpUser: 'clinic',
  nvpPassword: null,
  requestToken: false,
  allowPartialPayment: false,
};

/** The token of the published request. */
export const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

export const limits = { timeoutMs: 12_345, signal: new AbortController().signal };

export const requestTo = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url: new URL(url),
  headers: {},
  body: 'the body',
  purpose: 'while testing',
  timeoutMs: 10_000,
  signal: limits.signal,
  ...more,
});

/** Asks for the status once, of a network with this one answer. */
export async function askStatus(answer: HttpReply, settings: Partial<SsoSettings> = {}): Promise<TokenStatus> {
  const transport = new ScriptedTransport([{ label: 'status', answer }]);
  return askTokenStatus(transport, { ...account, ...settings }, token, limits);
}

/** Reads the receipt once, of a network with this one answer. */
export async function readReceiptFrom(answer: HttpReply): Promise<Receipt> {
  return viewReceipt(new ScriptedTransport([{ label: 'receipt', answer }]), account, token, limits);
}

/** The expected trouble of something that must fail; a bug, or no trouble at all, fails the test. */
export async function troubleOf(doing: Promise<unknown> | (() => unknown)): Promise<InstaMedError> {
  let done: unknown;
  try {
    done = await (typeof doing === 'function' ? doing() : doing);
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
  throw new Error(`There was no trouble, but ${JSON.stringify(done)}.`);
}
