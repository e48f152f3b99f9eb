import type { InstaMedError } from '../domain/errors.ts';
import type { TokenStatus } from '../domain/token-status.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { PaymentResult, ReportedResult } from './payment-result.ts';

/** What happens to one token while it is watched. Times are milliseconds since its watch began. */
export type PaymentEvent =
  | { readonly type: 'started'; readonly intervalMs: number; readonly timeoutMs: number }
  | {
      /** A status was read. */
      readonly type: 'checked';
      readonly elapsedMs: number;
      readonly check: number;
      readonly status: TokenStatus;
      /** Until the next check starts; null where there is none. */
      readonly nextInMs: number | null;
    }
  | {
      /** A request failed, and there will be another. */
      readonly type: 'retrying';
      readonly what: 'status' | 'receipt';
      readonly elapsedMs: number;
      /** Which request of its kind failed, from 1. */
      readonly check: number;
      readonly error: InstaMedError;
      readonly failuresInARow: number;
      readonly nextInMs: number;
    }
  | {
      /** The token is USED or EXPIRED: its status is not checked again. */
      readonly type: 'completed';
      readonly elapsedMs: number;
      readonly check: number;
      readonly status: TokenStatus;
    }
  | {
      /**
       * The watch of the token has ended. It comes once more, with `corrected`, where a later receipt shows that a result was
       * wrong: two tokens had the same transaction. A corrected result has no receipt.
       */
      readonly type: 'result';
      readonly result: PaymentResult;
      /** The result that this one takes the place of; null the first time. */
      readonly reported: ReportedResult | null;
    };

/** Each event comes with its token, which is not a part of it: an event can be logged, and a token is as good as a key. */
export type OnEvent = (event: PaymentEvent, token: string) => void;

/** What was decided after one status check, and why. */
export interface Decision extends Verdict {
  /** Which check, from 1. */
  readonly check: number;
  /** Until the next check would start, in milliseconds; null where the deadline is reached. */
  readonly nextInMs: number | null;
}

export type OnDecision = (decision: Decision, token: string) => void;
