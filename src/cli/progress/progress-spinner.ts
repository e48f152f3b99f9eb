import type { TokenEventRecord } from '../answer/event-record.ts';
import type { Stage } from '../output/decoration.ts';
import { composeLine, failureLines, type Part } from './compose-line.ts';
import type { Progress } from './progress.ts';
import { countOf, inSeconds, sayError, sayStatus, timePart } from './progress-text.ts';
import { Spinner } from './spinner.ts';

/** A line that is redrawn once a second: status, time, check, next check; and below it the last failure, in its own words. */
export class SpinnerProgress implements Progress {
  readonly #stage: Stage;
  readonly #spinner: Spinner;
  readonly #begin: number;
  readonly #timeoutMs: number;
  readonly #endTick: () => void;
  /** Null as long as there was none. */
  #status: string | null = null;
  #checks = 0;
  #nextAt: number | null = null;
  #lastAnswerAt: number | null = null;
  #failures = 0;
  #receiptTry = 0;
  /** The last failure, as long as no good answer came after it. */
  #failure = '';

  constructor(stage: Stage, timeoutMs: number) {
    this.#stage = stage;
    this.#timeoutMs = timeoutMs;
    this.#begin = stage.clock.now();
    const lines = (room: number) => this.#lines(room);
    this.#spinner = new Spinner(stage, lines);
    this.#endTick = stage.clock.every(1_000, () => this.#spinner.show(lines));
  }

  onEvent(record: TokenEventRecord): void {
    const now = this.#stage.clock.now();
    switch (record.event) {
      case 'started':
        break;
      case 'checked':
        this.#noteAnswer(record, now);
        this.#nextAt = record.nextInMs === null ? null : now + record.nextInMs;
        break;
      case 'completed':
        this.#noteAnswer(record, now);
        this.#nextAt = null;
        if (record.status === 'USED') this.#receiptTry = 1;
        break;
      case 'retrying':
        this.#noteFailure(record);
        this.#nextAt = now + record.nextInMs;
        break;
      default:
        record satisfies never;
    }
  }

  #noteAnswer(record: Extract<TokenEventRecord, { event: 'checked' | 'completed' }>, now: number): void {
    this.#status = sayStatus(record);
    this.#checks = record.check;
    this.#failures = 0;
    this.#failure = '';
    this.#lastAnswerAt = now;
  }

  #noteFailure(record: Extract<TokenEventRecord, { event: 'retrying' }>): void {
    this.#failure = sayError(record);
    if (record.what === 'receipt') this.#receiptTry = record.check + 1;
    else {
      this.#checks = record.check;
      this.#failures = record.failuresInARow;
    }
  }

  stop(checks: number | null): void {
    this.#endTick();
    this.#checks = checks ?? this.#checks;
    // No tick or cross: USED says nothing of an approval, and a symbol would.
    this.#spinner.persist('•', (room) => [composeLine(this.#parts(countOf(this.#checks, 'check')), room)]);
  }

  #lines(room: number): string[] {
    const parts = [...this.#parts(`check ${Math.max(1, this.#checks)}`), ...this.#running()];
    return [composeLine(parts, room), ...failureLines(this.#failure, room)];
  }

  #parts(check: string): Part[] {
    const elapsed = this.#stage.clock.now() - this.#begin;
    return [
      { text: this.#status ?? 'no status yet', weight: 8 },
      { ...timePart(elapsed, this.#timeoutMs), weight: 9 },
      { text: check, weight: 4 },
    ];
  }

  /** What is still to come, and what went wrong. */
  #running(): Part[] {
    const now = this.#stage.clock.now();
    const left = this.#nextAt === null ? 0 : this.#nextAt - now;
    const what = this.#receiptTry > 0 ? 'try' : 'check';
    const next = left > 0 ? `next ${what} in ${inSeconds(left)}` : this.#receiptTry > 0 ? '' : 'checking';
    const tries = this.#receiptTry > 0 ? `reading the receipt, try ${this.#receiptTry}` : '';
    const failures = this.#failures > 0 ? `${countOf(this.#failures, 'failure')} in a row` : '';
    const isStale = this.#failures > 0 && this.#lastAnswerAt !== null;
    const answer = isStale ? `last good answer ${inSeconds(now - (this.#lastAnswerAt ?? now))} ago` : '';
    return [
      { text: tries, weight: 7 },
      { text: next, weight: 5 },
      { text: failures, weight: 6 },
      { text: answer, weight: 3 },
    ];
  }
}
