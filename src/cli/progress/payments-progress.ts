import type { WaitEvent } from '../../poll/events.ts';
import type { RunStarted } from '../answer/event-record.ts';
import type { PaymentRow } from '../answer/payments-document.ts';

/** Shows on stderr how the waiting for many tokens goes. */
export interface PaymentsProgress {
  onEvent(index: number, event: WaitEvent): void;
  onResult(index: number, row: PaymentRow): void;
  /** Writes to stdout, which may be the same terminal. */
  print(write: () => void): void;
  /** Takes everything that moves off the screen and leaves static lines. The asks that ended a wait had no event. */
  stop(checks: number): void;
}

export interface PaymentsShow {
  readonly tokens: readonly string[];
  readonly started: RunStarted;
  /** The interval that was asked for, in milliseconds. */
  readonly wishedIntervalMs: number;
  /** Whether the results appear on stdout, on a terminal. */
  readonly showsResults: boolean;
}
