import type { PaymentEvent } from '../../poll/events.ts';
import type { Part } from './compose-line.ts';

/** What is shown of the waiting: it hears of each event, and gives texts of what stands where. One token and a list have one each. */
export interface Board {
  /** What a log, and a terminal, show at the start; empty where that is nothing. */
  readonly intro: { readonly plain: string; readonly live: string };
  /** Takes note of an event. Returns a line for a log, or nothing. */
  onEvent(event: PaymentEvent, token: string): string;
  /** What a log shows now and then where nothing changes. */
  beat(): string;
  /** What a log shows at the end. */
  end(): string;
  /** The lines of a terminal that are redrawn, for `room` columns. */
  lines(room: number): readonly string[];
  /** What stays of them, in one line. */
  endParts(): readonly Part[];
}

/** Shows on stderr how the waiting goes. */
export interface Progress {
  onEvent(event: PaymentEvent, token: string): void;
  /** Writes to stdout, which may be the same terminal. */
  print(write: () => void): void;
  /** Takes everything that moves off the screen and leaves static lines. */
  stop(): void;
}
