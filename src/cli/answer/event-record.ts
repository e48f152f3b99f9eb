import type { TokenState, TokenStatus } from '../../domain/token-status.ts';
import type { PaymentEvent } from '../../poll/events.ts';
import type { PaymentRow } from './document.ts';

interface Checked {
  readonly elapsedMs: number;
  readonly check: number;
  readonly status: TokenState;
  readonly statusText: string;
}

/** An event of a wait as flat data, times in whole milliseconds: what `-o ndjson` and `--progress json` print. */
export type EventRecord = TokenEventRecord | ListStarted | ({ readonly event: 'result' } & PaymentRow);

/** The start of a wait for a list of tokens. */
export interface ListStarted {
  readonly event: 'started';
  readonly tokens: number;
  /** Lines of the list that held nothing, and tokens that came again. */
  readonly blank: number;
  readonly duplicates: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Requests a second, and in flight. */
  readonly maxRate: number;
  readonly concurrency: number;
}

/** What happens to one token. */
export type TokenEventRecord = { readonly token: string } & (
  | { readonly event: 'started'; readonly intervalMs: number; readonly timeoutMs: number }
  | ({ readonly event: 'checked'; readonly nextInMs: number | null } & Checked)
  | ({ readonly event: 'completed' } & Checked)
  | {
      readonly event: 'retrying';
      readonly what: 'status' | 'receipt';
      readonly elapsedMs: number;
      readonly check: number;
      readonly nextInMs: number;
      readonly failuresInARow: number;
      readonly error: { readonly code: string; readonly message: string };
    }
);

/** All events but the result, of which a row is made. */
export type TokenEvent = Exclude<PaymentEvent, { type: 'result' }>;

export function toEventRecord(event: TokenEvent, token: string): TokenEventRecord {
  switch (event.type) {
    case 'started':
      return { event: 'started', token, intervalMs: event.intervalMs, timeoutMs: event.timeoutMs };
    case 'checked': {
      const nextInMs = event.nextInMs === null ? null : Math.round(event.nextInMs);
      return { event: 'checked', token, ...checked(event), nextInMs };
    }
    case 'completed':
      return { event: 'completed', token, ...checked(event) };
    case 'retrying': {
      const { what, check, failuresInARow, error } = event;
      const times = { elapsedMs: Math.round(event.elapsedMs), nextInMs: Math.round(event.nextInMs) };
      const { code, message } = error;
      return { event: 'retrying', token, what, check, ...times, failuresInARow, error: { code, message } };
    }
    default:
      return event satisfies never;
  }
}

function checked({ elapsedMs, check, status }: { elapsedMs: number; check: number; status: TokenStatus }): Checked {
  return { elapsedMs: Math.round(elapsedMs), check, status: status.state, statusText: status.text };
}
