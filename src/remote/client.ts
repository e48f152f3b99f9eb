import type { Receipt } from '../domain/receipt.ts';
import { checkToken } from '../domain/token.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import { Redactor } from '../redact/redactor.ts';
import { secretsOf } from './account-secrets.ts';
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

/**
 * Joins the settings of an account with a transport. No result and no error holds a secret of the account, or the token: a
 * redactor takes them out of whatever the service says. Default: one that knows the settings and the token of the call.
 */
export function createClient(
  transport: Transport,
  settings: SsoSettings & ReceiptSettings,
  redactor = new Redactor(secretsOf(settings)),
): Client {
  const readReply = rememberLast(readStatusReply);
  return {
    tokenStatus: async (token, limits) => {
      const redact = redactor.redactWith(checkToken(token));
      return askTokenStatus(transport, settings, token, checkLimits(limits), redact, readReply);
    },
    viewReceipt: async (token, limits) => {
      const redact = redactor.redactWith(checkToken(token));
      return viewReceipt(transport, settings, token, checkLimits(limits), redact);
    },
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
