import type { Receipt } from '../domain/receipt.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Transport } from './http.ts';
import { type ReceiptSettings, viewReceipt } from './receipt-client.ts';
import { askTokenStatus, type RequestLimits, type SsoSettings } from './sso-client.ts';

/** The two calls for one account. */
export interface Client {
  /** GetSSOTokenStatus, once. */
  tokenStatus(token: string, limits: RequestLimits): Promise<TokenStatus>;
  /** ViewReceipt, once. */
  viewReceipt(token: string, limits: RequestLimits): Promise<Receipt>;
}

/** Joins the settings of an account with a transport. */
export function createClient(transport: Transport, settings: SsoSettings & ReceiptSettings): Client {
  return {
    tokenStatus: (token, limits) => askTokenStatus(transport, settings, token, limits),
    viewReceipt: (token, limits) => viewReceipt(transport, settings, token, limits),
  };
}
