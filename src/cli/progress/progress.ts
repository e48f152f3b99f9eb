import type { TokenEventRecord } from '../answer/event-record.ts';

/** Shows on stderr how the waiting goes. */
export interface Progress {
  /** Everything in the record is masked already. */
  onEvent(record: TokenEventRecord): void;
  /**
   * Takes everything that moves off the screen and leaves one static line, if anything was shown. The last ask may have been
   * no event, so the count is told; null where a bug kept it from being known.
   */
  stop(checks: number | null): void;
}
