import type { Receipt } from '../domain/receipt.ts';
import { checkToken } from '../domain/token.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { checkLimits } from './check-limits.ts';
import type { Transport } from './http.ts';
import { type ReceiptSettings, viewReceipt } from './receipt-client.ts';
import { readStatusReply } from './soap-envelope.ts';
import { askTokenStatus, type RequestLimits, type SsoSettings } from './sso-client.ts';

/** The two calls for one account. */
export interface Client {
  /** GetSSOTokenStatus, once. Default limits: 30 s, and nothing that calls it off. */
  tokenStatus(token: string, limits?: Partial<RequestLimits>): Promise<TokenStatus>;
  /** ViewReceipt, once. Default limits: 30 s, and nothing that calls it off. */
  viewReceipt(token: string, limits?: Partial<RequestLimits>): Promise<Receipt>;
}

/** Joins the settings of an account with a transport. */
export function createClient(transport: Transport, settings: SsoSettings & ReceiptSettings): Client {
  const readReply = rememberLast(readStatusReply);
  return {
    tokenStatus: async (token, limits) =>
      askTokenStatus(transport, settings, checkToken(token), checkLimits(limits), readReply),
    viewReceipt: async (token, limits) => viewReceipt(transport, settings, checkToken(token), checkLimits(limits)),
  };
}

/** A real reply has some hundred characters. */
const longestRemembered = 10_000;

/** Nearly all replies of many tokens are the same NEW, letter by letter, and reading one is the dearest part of an ask. */
function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly result: T } | null = null;
  return (text) => {
    if (last?.text === text) return last.result;
    const result = read(text);
    if (text.length <= longestRemembered) last = { text, result };
    return result;
  };
}
