import type { InstaMedError } from '../domain/errors.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Verdict } from '../domain/verdict.ts';

/** What happens while we wait. Times are milliseconds since the wait began. */
export type WaitEvent =
  | { readonly type: 'started'; readonly intervalMs: number; readonly timeoutMs: number }
  | {
      /** An answer came. */
      readonly type: 'checked';
      readonly elapsedMs: number;
      readonly check: number;
      readonly status: TokenStatus;
      /** Until the next ask starts; null where there is none. */
      readonly nextInMs: number | null;
    }
  | {
      /** An ask failed, and there will be another. */
      readonly type: 'retrying';
      readonly what: 'status' | 'receipt';
      readonly elapsedMs: number;
      /** Which ask of its kind failed, from 1. */
      readonly check: number;
      readonly error: InstaMedError;
      readonly failuresInARow: number;
      readonly nextInMs: number;
    }
  | {
      /** The token is USED or EXPIRED: no further status ask. */
      readonly type: 'completed';
      readonly elapsedMs: number;
      readonly check: number;
      readonly status: TokenStatus;
    };

export type OnEvent = (event: WaitEvent) => void;

/** What was decided after one status ask, for somebody who wants to know why. */
export interface Decision extends Verdict {
  /** Which ask, from 1. */
  readonly check: number;
  /** Until the next ask would start, in milliseconds; null where the deadline is reached. */
  readonly nextInMs: number | null;
}

export type OnDecision = (decision: Decision) => void;
