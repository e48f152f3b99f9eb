import { usageError } from '../domain/errors.ts';
import type { RequestLimits } from './sso-client.ts';

const defaultTimeoutMs = 30_000;

/**
 * Limits that a request can have: whole milliseconds, and a signal. A wait whose deadline is over gives no time at all.
 *
 * @throws InstaMedError `usage`: the time limit is no number of milliseconds, or the signal is none.
 */
export function checkLimits(given: Partial<RequestLimits> = {}): RequestLimits {
  const { timeoutMs = defaultTimeoutMs, signal = new AbortController().signal } = given;
  if (!(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
    throw usageError(`timeoutMs is not a number of milliseconds: ${String(timeoutMs)}.`, 'Give a number from 0.');
  }
  if (!(signal instanceof AbortSignal)) throw usageError('signal is not an AbortSignal.', 'Leave it out for none.');
  return { ...given, timeoutMs: Math.ceil(timeoutMs), signal };
}
