import { InstaMedError } from '../domain/errors.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { Clock } from './clock.ts';
import type { OnEvent } from './events.ts';
import { type CheckLimits, shortestPauseMs } from './token-watch.ts';

/** Reads the receipt once. Throws an InstaMedError for every expected error, and must keep to its limits. */
export type ViewReceipt = (limits: CheckLimits) => Promise<Receipt>;

export interface ReceiptDeps {
  /** The token, whole. */
  readonly token: string;
  readonly clock: Clock;
  readonly viewReceipt: ViewReceipt;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  /** Since when `elapsedMs` of the events counts, on `clock`. */
  readonly begin: number;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Makes a request when it is its turn: all share a budget. */
  readonly inTurn: InTurn;
}

export type InTurn = <T>(request: () => Promise<T>) => Promise<T>;

/** The pauses between the five tries: a receipt can lag a little behind the status. */
const pausesMs = [1_000, 3_000, 6_000, 10_000];

/** All tries together take no longer than this, */
const windowMs = 30_000;

/** and none starts later than this, so that the last one has time to be answered. */
const lastStartMs = 25_000;

/** Sent again, rejected credentials could lock the account; and a receipt that contradicts itself was read, after all. */
const isFinal = ({ category, code }: InstaMedError) =>
  ['credentials-rejected', 'aborted', 'usage'].includes(category) || code === 'AMBIGUOUS_RECEIPT';

/**
 * Reads the receipt of a used token, up to five times within thirty seconds, whatever keeps it from being read: money may
 * have moved.
 *
 * @throws InstaMedError the last error, where no receipt came; category `aborted` where the signal ended it.
 */
export async function readReceiptPatiently(deps: ReceiptDeps): Promise<Receipt> {
  const { clock, viewReceipt, onEvent, signal, inTurn } = deps;
  // The time until its first turn is not the receipt's.
  let windowStart = clock.now();
  for (let check = 1; ; check++) {
    try {
      return await inTurn(() => {
        if (check === 1) windowStart = clock.now();
        // A program that was suspended during a pause wakes up late, and its last try has its time all the same.
        const leftMs = Math.max(windowMs - lastStartMs, windowStart + windowMs - clock.now());
        return viewReceipt({ timeoutMs: Math.floor(Math.min(deps.requestTimeoutMs, leftMs)), signal });
      });
    } catch (error) {
      const pauseMs = pausesMs[check - 1];
      if (!(error instanceof InstaMedError) || isFinal(error) || pauseMs === undefined) throw error;
      const now = clock.now();
      const left = windowStart + lastStartMs - now;
      if (left < shortestPauseMs) throw error;
      const nextInMs = Math.min(Math.max(error.retryAfterMs ?? pauseMs, shortestPauseMs), left);
      onEvent(
        {
          type: 'retrying',
          what: 'receipt',
          elapsedMs: now - deps.begin,
          check,
          error,
          failuresInARow: check,
          nextInMs,
        },
        deps.token,
      );
      await clock.sleep(nextInMs, signal);
      if (signal.aborted) throw receiptStopped();
    }
  }
}

export const receiptStopped = () =>
  new InstaMedError('aborted', 'ABORTED', 'The receipt was not read: we were stopped.');
