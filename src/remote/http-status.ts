import { credentialsRejectedError, type ErrorDetails, type InstaMedError, serviceError } from '../domain/errors.ts';
import { type Redact, redactNumbers } from '../redact/redactor.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import { retryAfterMs } from './retry-after.ts';

/** What a reply that is not a good one means by its HTTP status alone. */
export function errorOfStatus(reply: HttpReply, request: HttpRequest, redact: Redact = redactNumbers): InstaMedError {
  const { status } = reply;
  const { host } = request.url;
  const code = `HTTP_${status}`;
  if (isRedirect(status)) return redirectError(reply, request, redact);
  if (isRejection(reply)) {
    return credentialsRejectedError(code, `${host} rejected the credentials (${status}) ${request.purpose}.`, {
      hint: 'Check the account, the alias, the security key and the NVP password.',
      // 401 is about the credentials even where they were right before.
      otherwise: status === 403 ? blockedError(request) : null,
    });
  }
  if (status === 403) return blockedError(request);
  if (isTransient(status)) {
    const what = status === 429 ? 'too many requests' : status === 408 ? 'timeout' : 'server error';
    return serviceError(code, `${host} returned ${status} (${what}) ${request.purpose}.`, transientDetails(reply));
  }
  return serviceError(code, `${host} returned ${status} ${request.purpose}.`, {
    hint: 'Check the URL: another server may be answering there.',
  });
}

function blockedError({ url, purpose }: HttpRequest): InstaMedError {
  return serviceError('HTTP_403', `${url.host} returned 403; a firewall, or the credentials, ${purpose}.`, {
    hint: 'A firewall may be blocking this machine: ask its administrator to allow it. Otherwise check the credentials.',
  });
}

/** For an error that may pass, with the pause that the service asked for. */
export function transientDetails(reply: HttpReply): ErrorDetails {
  return { retryable: true, retryAfterMs: retryAfterMs(reply.headers), hint: 'Try again later.' };
}

export const isRedirect = (status: number) => status >= 300 && status < 400;

/** 401 is about the credentials; so is 403, unless it comes with a page, as a firewall sends one. */
export function isRejection({ status, body }: Pick<HttpReply, 'status' | 'body'>): boolean {
  return status === 401 || (status === 403 && !isPage(body));
}

function isPage(body: Uint8Array): boolean {
  const start = Buffer.from(body.subarray(0, 4_096)).toString('latin1');
  return /<(?:!doctype\s+html|html|head|title|body|h\d|p|div|script|meta)\b/i.test(start);
}

/** 501 and 505 are about the request, which stays the same. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status < 600 && status !== 501 && status !== 505);
}

function redirectError({ status, headers }: HttpReply, { url, purpose }: HttpRequest, redact: Redact): InstaMedError {
  const location = headers['location'] ?? '';
  const to = URL.canParse(location, url.href) && location !== '' ? ` to ${hostOf(location, url.href, redact)}` : '';
  return serviceError('REDIRECT', `${url.host} redirects${to} (${status}) ${purpose}; redirects are not followed.`, {
    hint: 'Check the URL. A login page answers like this.',
  });
}

/** The host alone: a target may hold credentials or the token. What is encoded in it, the URL may have decoded. */
function hostOf(location: string, base: string, redact: Redact): string {
  const { host, protocol } = new URL(location, base);
  const written = /^[^/?#]*\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(location)?.[1] ?? '';
  return redact(written) === written ? redact(host || protocol) : '***';
}
