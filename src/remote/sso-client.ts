import { credentialsRejectedError, InstaMedError, safeReference, serviceError, withDetails } from '../domain/errors.ts';
import { pageSpeaksOfCredentials, reportsProgress, speaksOfCredentials } from '../domain/refusal.ts';
import { isErrorMessage, readTokenStatus, type TokenStatus } from '../domain/token-status.ts';
import { type Redact, redactNumbers } from '../redact/redactor.ts';
import type { Secret } from '../redact/secret.ts';
import { decodeText } from './charset.ts';
import type { HttpReply, HttpRequest, Transport } from './http.ts';
import { errorOfStatus, isRedirect, isRejection, transientDetails } from './http-status.ts';
import { retryAfterMs } from './retry-after.ts';
import { readStatusReply, type SoapReply, type SoapVersion, soapHeaders, writeStatusRequest } from './soap-envelope.ts';

export interface SsoSettings {
  readonly statusUrl: URL;
  readonly soapVersion: SoapVersion;
  readonly accountId: string;
  readonly alias: string;
  /** What the SOAP operation calls `password`; not the NVP password. */
  readonly securityKey: Secret;
}

/** Limits of one request. */
export interface RequestLimits {
  /** One limit for connecting, headers and body together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether the request has a connection of its own, on which nothing stale can arrive. Default false. */
  readonly ownConnection?: boolean;
}

/**
 * Asks GetSSOTokenStatus once.
 *
 * @throws InstaMedError whatever kept an answer from coming, or made it one that cannot be trusted.
 */
export async function askTokenStatus(
  transport: Transport,
  settings: SsoSettings,
  token: string,
  limits: RequestLimits,
  redact: Redact = redactNumbers,
  readReply = readStatusReply,
): Promise<TokenStatus> {
  const inputs = {
    tokenID: token,
    accountID: settings.accountId,
    alias: settings.alias,
    password: settings.securityKey.reveal(),
  };
  const request: HttpRequest = {
    url: settings.statusUrl,
    headers: soapHeaders(settings.soapVersion),
    body: writeStatusRequest(inputs, settings.soapVersion),
    purpose: 'while checking the token status',
    ...limits,
  };
  const reply = await transport.post(request);
  try {
    return readAnswer(reply, request, redact, readReply);
  } catch (error) {
    throw error instanceof InstaMedError ? withPause(error, retryAfterMs(reply.headers)) : error;
  }
}

function readAnswer(
  reply: HttpReply,
  request: HttpRequest,
  redact: Redact,
  readReply: (xml: string) => SoapReply,
): TokenStatus {
  if (isRedirect(reply.status) || isRejection(reply)) throw errorOfStatus(reply, request, redact);
  const read = readSoap(reply, readReply);
  if (!(read instanceof InstaMedError) && read.kind === 'fault') throw errorOfFault(read, reply, redact);
  if (reply.status !== 200) throw errorOfPage(reply, request, redact);
  if (read instanceof InstaMedError) throw read;
  return acceptResult(read.text, redact);
}

/** A pause may be asked for with any error that is not about the credentials: a maintenance page comes in HTTP 200, too. */
function withPause(error: InstaMedError, ms: number | null): InstaMedError {
  if (ms === null) return error;
  if (error.category !== 'credentials-rejected') return withDetails(error, { retryAfterMs: ms });
  return error.otherwise ? withDetails(error, { otherwise: withPause(error.otherwise, ms) }) : error;
}

/** A Fault counts at any HTTP status, so the body is read first and its trouble kept. */
function readSoap(reply: HttpReply, readReply: (xml: string) => SoapReply): SoapReply | InstaMedError {
  try {
    return readReply(decodeText(reply.body, reply.headers['content-type'], { isXml: true }));
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
}

/** Statuses of the service itself, under which a page may be its error page; others come from what stands before it. */
const ownStatuses: readonly number[] = [400, 500];

/** A reply without a Fault. The page that ASP.NET makes of an exception may tell of rejected credentials, too. */
function errorOfPage(reply: HttpReply, request: HttpRequest, redact: Redact): InstaMedError {
  const otherwise = errorOfStatus(reply, request, redact);
  if (!ownStatuses.includes(reply.status)) return otherwise;
  if (!pageSpeaksOfCredentials(Buffer.from(reply.body).toString('latin1'))) return otherwise;
  const says = `${request.url.host} returned ${reply.status} with a page that speaks of rejected credentials ${request.purpose}.`;
  return credentialsRejectedError(otherwise.code, says, { hint: credentialsHint, otherwise });
}

const credentialsHint = 'Check the account ID, the alias and the security key; the NVP password is another one.';

function errorOfFault(
  { code, text, rest }: Extract<SoapReply, { kind: 'fault' }>,
  reply: HttpReply,
  redact: Redact,
): InstaMedError {
  const said = faultSentence(text);
  const shown = redact(said.shown);
  const reference = safeReference(said.all, redact);
  // Client and Sender mean that the request is at fault, and it stays the same. 1.1 allows dotted refinements.
  const isTheirs = /(?:^|:)(?:Server|Receiver)\b/i.test(code);
  const error = serviceError('SOAP_FAULT', `The status service reported an error: ${shown}`, {
    ...(isTheirs ? transientDetails(reply) : { hint: 'Check the token: is it whole, and of this account?' }),
    reference,
  });
  if (![code, said.types, said.all, faultSentence(rest).all].some(speaksOfCredentials)) return error;
  return credentialsRejectedError('SOAP_FAULT', `The status service rejected the credentials: ${shown}`, {
    hint: credentialsHint,
    reference,
    otherwise: error,
  });
}

/**
 * What a .NET fault text says. It wraps the cause in "Server was unable to process request. --->", perhaps several times,
 * and may add exception types and a stack over many lines: the innermost message is the one to show.
 */
function faultSentence(text: string): { shown: string; all: string; types: string } {
  const messages = text.split('--->').map((part) =>
    part
      .split(/[\r\n]+/)
      .map(cleanLine)
      .filter((line) => line !== ''),
  );
  const innermost = messages.findLast((lines) => lines.length > 0);
  const types = text.split(/--->|[\r\n]+/).flatMap((line) => exceptionType.exec(line.trim())?.[1] ?? []);
  return { shown: innermost?.[0] ?? 'no reason given', all: messages.flat().join('\n'), types: types.join('\n') };
}

/** The type before a message, and in it the name that stands behind the last dot. */
const exceptionType = /^(?:\w+\.)*(\w*Exception)(?: \(0x[0-9A-Fa-f]+\))?: /;

/** A line without its exception type; nothing of a line of the stack. */
function cleanLine(line: string): string {
  const text = line.trim();
  if (/^(?:at |--- End of )/.test(text)) return '';
  return text
    .replace(exceptionType, '')
    .replace(/ at [\w.<>`]+\(.*$/, '')
    .trimEnd();
}

/** Nobody knows how bad credentials come back; a result text that speaks of them is one of the ways. */
function acceptResult(text: string, redact: Redact): TokenStatus {
  const status = readTokenStatus(text);
  // Known statuses are words of the protocol, even where one is also a password.
  if (status.state !== 'UNKNOWN') return status;
  if (speaksOfCredentials(text) && (isErrorMessage(status) || !reportsProgress(text))) {
    const said = redact(text.trim());
    throw credentialsRejectedError('CREDENTIALS_REJECTED', `The status service rejected the credentials: ${said}`, {
      hint: credentialsHint,
      otherwise: serviceError('ERROR_TEXT', `The status service answered with an error message: ${said}`, {
        retryable: true,
        hint: 'Try again later.',
      }),
    });
  }
  return { ...status, text: redact(text) };
}
