import { credentialsRejectedError, type ErrorDetails, type InstaMedError, serviceError } from '../domain/errors.ts';
import { type Redact, redactNumbers } from '../redact/redactor.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import { retryAfterMs } from './retry-after.ts';

/** What a reply that is not a good one means by its HTTP status alone. */
export function errorOfStatus(reply: HttpReply, request: HttpRequest, redact: Redact = redactNumbers): InstaMedError {
  const { status } = reply;
  const code = `HTTP_${status}`;
  const where = `${request.url.host} answered ${status}`;
  if (isRedirect(status)) return redirectError(reply, request, redact);
  if (isRefusal(status)) {
    return credentialsRejectedError(code, `${where}: it refused the credentials, ${request.purpose}.`, {
      hint: 'Check the account, the alias, the security key and the NVP password.',
    });
  }
  if (isTransient(status)) {
    return serviceError(code, `${where}, which is trouble on its side, ${request.purpose}.`, transientDetails(reply));
  }
  return serviceError(code, `${where}, ${request.purpose}.`, {
    hint: 'Check the URL; something else than the service may answer there.',
  });
}

/** For trouble that may pass, with the pause that the service asked for. */
export function transientDetails(reply: HttpReply): ErrorDetails {
  return { retryable: true, retryAfterMs: retryAfterMs(reply.headers), hint: 'Try again in a while.' };
}

export const isRedirect = (status: number) => status >= 300 && status < 400;

export const isRefusal = (status: number) => status === 401 || status === 403;

/** 501 and 505 are about the request, which stays the same. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status < 600 && status !== 501 && status !== 505);
}

function redirectError({ status, headers }: HttpReply, { url, purpose }: HttpRequest, redact: Redact): InstaMedError {
  const location = headers['location'] ?? '';
  const to = URL.canParse(location, url.href) && location !== '' ? hostOf(location, url.href, redact) : 'nowhere';
  return serviceError('REDIRECT', `${url.host} sends us on to ${to} (${status}), ${purpose}; we do not follow.`, {
    hint: 'Check the URL; a login page answers like this.',
  });
}

/** The host alone: a target may hold credentials or the token. What is encoded in it, the URL may have decoded. */
function hostOf(location: string, base: string, redact: Redact): string {
  const { host, protocol } = new URL(location, base);
  const written = /^[^/?#]*\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(location)?.[1] ?? '';
  return redact(written) === written ? redact(host || protocol) : '***';
}
