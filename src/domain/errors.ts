/**
 * What kind of error: `credentials-rejected`, the service rejected the credentials; `service`, it answered, but not with what was asked
 * for; `unreachable`, nothing answered; `usage`, we were asked for something that cannot be; `aborted`, the caller gave up.
 */
export type ErrorCategory = 'usage' | 'credentials-rejected' | 'service' | 'unreachable' | 'aborted';

export interface ErrorDetails {
  /** What to try, as one sentence; null where nothing is known to help. */
  readonly hint?: string | null;
  /** Whether the same request may succeed later. Default false. */
  readonly retryable?: boolean;
  /** Whether no connection was made: DNS, connect, proxy or TLS. Default false. */
  readonly connecting?: boolean;
  /** The service's own reference number, which its support asks for. */
  readonly reference?: string | null;
  /** Milliseconds that the service asked us to wait (Retry-After), counted from its reply. */
  readonly retryAfterMs?: number | null;
  /** Whether it stays even where a status was read before: no such host name, or a bad certificate. Default false. */
  readonly permanent?: boolean;
  /** What it is where the credentials are known to be right, because a status was read with them before. */
  readonly otherwise?: InstaMedError | null;
}

/**
 * Every expected trouble. The message is one sentence, but it may quote the remote side at any length: cut it, then make it
 * visible, before a terminal sees it. What it quotes was redacted, so no secret is in it, and no whole token. No raw cause is
 * kept, because such objects hold reply bytes and headers.
 */
export class InstaMedError extends Error {
  override readonly name = 'InstaMedError';
  /** A label that is safe to log and count: Node's (`ECONNRESET`) or ours (`HTTP_503`, `SOAP_FAULT`). */
  readonly code: string;
  readonly category: ErrorCategory;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly connecting: boolean;
  readonly reference: string | null;
  readonly retryAfterMs: number | null;
  readonly permanent: boolean;
  readonly otherwise: InstaMedError | null;

  constructor(category: ErrorCategory, code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.category = category;
    this.code = code;
    this.hint = details.hint ?? null;
    this.retryable = details.retryable ?? false;
    this.connecting = details.connecting ?? false;
    this.reference = details.reference ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.permanent = details.permanent ?? false;
    this.otherwise = details.otherwise ?? null;
  }

  /** An Error keeps its message out of JSON. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, category, message, hint, retryable, reference, retryAfterMs } = this;
    return { name, code, category, message, hint, retryable, reference, retryAfterMs };
  }
}

/** The same error with other details. */
export function withDetails(error: InstaMedError, details: ErrorDetails): InstaMedError {
  return new InstaMedError(error.category, error.code, error.message, { ...error, ...details });
}

/** The request cannot be made as asked: exit code 2. */
export function usageError(message: string, hint: string | null = null, code = 'USAGE'): InstaMedError {
  return new InstaMedError('usage', code, message, { hint });
}

/** The service rejected the credentials. Never retryable: repeating a wrong password could lock the account. */
export function credentialsRejectedError(code: string, message: string, details: ErrorDetails = {}): InstaMedError {
  return new InstaMedError('credentials-rejected', code, message, { ...details, retryable: false });
}

/** The service answered with something else than what was asked for. */
export function serviceError(code: string, message: string, details: ErrorDetails = {}): InstaMedError {
  return new InstaMedError('service', code, message, details);
}

/** Nothing answered. */
export function unreachableError(code: string, message: string, details: ErrorDetails = {}): InstaMedError {
  return new InstaMedError('unreachable', code, message, details);
}

/** The number that InstaMed's error texts end with, "… with Reference Number 02198MGNBZ", or null. */
export function referenceNumber(text: string): string | null {
  return /\breference (?:number\b|no\b\.?|#)[ :#]*([A-Za-z0-9-]{4,40})/i.exec(text)?.[1] ?? null;
}

/** The same, unless it is a part of what must not be shown: half of a secret is no longer recognized. */
export function safeReference(text: string, redact: (text: string) => string): string | null {
  const reference = referenceNumber(text);
  return reference === referenceNumber(redact(text)) ? reference : null;
}
