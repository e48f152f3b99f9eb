import { InstaMedError, serviceError } from '../domain/errors.ts';
import { encodeNvp } from '../domain/nvp.ts';
import { type Receipt, readReceipt } from '../domain/receipt.ts';
import type { Secret } from '../domain/secret.ts';
import { decodeText } from './charset.ts';
import { basicCredentials } from './credentials.ts';
import type { HttpReply, HttpRequest, Transport } from './http.ts';
import { errorOfStatus, isRedirect, isRejection } from './http-status.ts';
import type { RequestLimits } from './sso-client.ts';

export interface ReceiptSettings {
  readonly receiptUrl: URL;
  /** Strings: their leading zeros count. */
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly nvpUser: string;
  /** Null: no Authorization header is sent. */
  readonly nvpPassword: Secret | null;
  /** Whether to ask for the payment plan and stored card that came with the payment. */
  readonly requestToken: boolean;
  /** Sent as it is; what the service makes of it is not documented. */
  readonly allowPartialPayment: boolean;
}

/**
 * Reads the receipt of a token by ViewReceipt, once.
 *
 * @throws InstaMedError whatever kept a receipt from coming, or made it one that cannot be trusted.
 */
export async function viewReceipt(
  transport: Transport,
  settings: ReceiptSettings,
  token: string,
  limits: RequestLimits,
): Promise<Receipt> {
  const request: HttpRequest = {
    url: settings.receiptUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization(settings) },
    // Names, order and values of the published ViewReceipt request.
    body: encodeNvp([
      ['merchantID', settings.merchantId],
      ['storeID', settings.storeId],
      ['terminalID', settings.terminalId],
      ['transactionAction', 'ViewReceipt'],
      ['requestToken', String(settings.requestToken)],
      ['allowPartialPayment', String(settings.allowPartialPayment)],
      ['singleSignOnToken', token],
    ]),
    purpose: 'while reading the receipt',
    ...limits,
  };
  const reply = await transport.post(request);
  if (isRedirect(reply.status) || isPartOfSomething(reply.status)) throw errorOfStatus(reply, request);
  return judge(reply, request);
}

/** No content, reset content, partial content: never the whole of a receipt. */
const isPartOfSomething = (status: number) => status === 204 || status === 205 || status === 206;

function authorization({ nvpUser, nvpPassword }: ReceiptSettings): Record<string, string> {
  if (!nvpPassword) return {};
  return { authorization: `Basic ${basicCredentials(nvpUser, nvpPassword.reveal())}` };
}

/** The HTTP status that goes with an NVP error is not documented, so the body speaks first and the status fills in. */
function judge(reply: HttpReply, request: HttpRequest): Receipt {
  const read = readBody(reply);
  const isError = read instanceof InstaMedError;
  if (isError && (read.category === 'credentials-rejected' || read.code.startsWith('NVP_'))) throw read;
  if (isRejection(reply)) throw errorOfStatus(reply, request);
  if (isError) throw reply.status >= 400 && unreadable.includes(read.code) ? errorOfStatus(reply, request) : read;
  return read;
}

/** What `readReceipt` and `decodeText` say of a body that is not the service's. */
const unreadable: readonly string[] = ['NOT_NVP', 'EMPTY_REPLY', 'BAD_CHARSET'];

function readBody(reply: HttpReply): Receipt | InstaMedError {
  try {
    const text = decodeText(reply.body, reply.headers['content-type'], { fallback: 'windows-1252' });
    const receipt = readReceipt(text);
    // A code that was cut reads as another: CB, charged back, becomes C, approved.
    if (!reply.isFramed) throw openEnd();
    return receipt;
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
}

function openEnd(): InstaMedError {
  return serviceError('CUT_REPLY', 'The receipt may have been cut short: the reply does not say where it ends.', {
    retryable: true,
    hint: 'Ask for the receipt again in a minute.',
  });
}
