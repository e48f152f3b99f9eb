import { InstaMedError, serviceError, withDetails } from '../domain/errors.ts';
import { encodeNvp } from '../domain/nvp.ts';
import { judgeReply, type Receipt } from '../domain/receipt.ts';
import { redactReceiptInSteps } from '../domain/redact-receipt.ts';
import { type Redact, redactNumbers } from '../redact/redactor.ts';
import type { Secret } from '../redact/secret.ts';
import { decodeText } from './charset.ts';
import { basicCredentials } from './credentials.ts';
import type { HttpReply, HttpRequest, Transport } from './http.ts';
import { errorOfStatus } from './http-status.ts';
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
  redact: Redact = redactNumbers,
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
  const reply = await transport.post({ ...request, ownConnection: true });
  return redactPatiently(judge(reply, request, token, redact), redact);
}

function authorization({ nvpUser, nvpPassword }: ReceiptSettings): Record<string, string> {
  if (!nvpPassword) return {};
  return { authorization: `Basic ${basicCredentials(nvpUser, nvpPassword.reveal())}` };
}

/**
 * The HTTP status that goes with an NVP error is not documented, so an error is read at any status. A receipt counts only in
 * HTTP 200: any other status does not announce a receipt.
 */
function judge(reply: HttpReply, request: HttpRequest, token: string, redact: Redact): Receipt {
  const read = readBody(reply, token, redact);
  const isError = read instanceof InstaMedError;
  if (isError && (read.category === 'credentials-rejected' || isToldByService(read))) throw read;
  if (reply.status !== 200)
    throw isError ? errorOfStatus(reply, request, redact) : receiptInside(reply, request, redact);
  if (isError) throw read;
  return read;
}

/** A receipt in another status than 200 may come again in that one. */
function receiptInside(reply: HttpReply, request: HttpRequest, redact: Redact): InstaMedError {
  const error = errorOfStatus(reply, request, redact);
  if (error.category !== 'service' || error.code === 'REDIRECT') return error;
  return withDetails(error, { retryable: true });
}

/** Whether the service told of an error in its own form. */
const isToldByService = ({ code }: InstaMedError) => code.startsWith('NVP_');

/** So many characters are redacted at once: a stop signal is heard in between. */
const mostAtOnce = 50_000;

async function redactPatiently(receipt: Receipt, redact: Redact): Promise<Receipt> {
  const steps = redactReceiptInSteps(receipt, redact);
  let done = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    done += step.value;
    if (done > mostAtOnce) {
      done = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function readBody(reply: HttpReply, token: string, redact: Redact): Receipt | InstaMedError {
  try {
    const text = decodeText(reply.body, reply.headers['content-type'], { fallback: 'windows-1252' });
    const receipt = judgeReply(text, token, redact);
    // A code that was cut reads as another: CB, charged back, becomes C, approved.
    return reply.isWhole ? receipt : openEnd();
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    // So does the code of an error.
    return error.category === 'credentials-rejected' && !reply.isWhole ? openEnd() : error;
  }
}

function openEnd(): InstaMedError {
  return serviceError('CUT_REPLY', 'The receipt cannot be trusted: the reply does not end where it says.', {
    retryable: true,
    hint: 'Read the receipt again in a minute.',
  });
}
