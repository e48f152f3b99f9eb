import { formatDuration } from '../../domain/duration.ts';
import type { Clock } from '../../poll/clock.ts';
import type { PaymentEvent } from '../../poll/events.ts';
import type { PaymentOptions } from '../../poll/options.ts';
import { countOf, formatFailure, wordsOf } from '../output/plain-words.ts';
import type { Board } from './board.ts';
import { composeLine, failureLines, type Part } from './compose-line.ts';
import { checksPart, formatStatus, inSeconds, timePart } from './text.ts';

type Checked = Extract<PaymentEvent, { type: 'checked' | 'completed' }>;
type Retrying = Extract<PaymentEvent, { type: 'retrying' }>;

/** One token: status, time, check, next check, and the last failure in its own words. */
export class TokenBoard implements Board {
  readonly intro: Board['intro'];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #begin: number;
  readonly #timeoutMs: number;
  /** Null as long as there was none. */
  #status: string | null = null;
  #checks = 0;
  #nextAt: number | null = null;
  #lastStatusAt: number | null = null;
  #failuresInARow = 0;
  #receiptTry = 0;
  /** The last failure, as long as no status came after it: the same failure again is no change. */
  #failure = '';
  /** What a log calls the state. */
  #logged = 'no answer yet';

  /** `token` as it may be shown. */
  constructor(token: string, { intervalMs, timeoutMs }: PaymentOptions, clock: Pick<Clock, 'now'>) {
    const [interval, timeout] = [formatDuration(intervalMs), formatDuration(timeoutMs)];
    this.intro = { plain: `Waiting for ${token}: checking every ${interval}, for up to ${timeout}.`, live: '' };
    this.#clock = clock;
    this.#begin = clock.now();
    this.#timeoutMs = timeoutMs;
  }

  onEvent(event: PaymentEvent): string {
    switch (event.type) {
      case 'started':
        return '';
      case 'checked':
      case 'completed':
        return this.#onStatus(event);
      case 'retrying':
        return this.#onFailure(event);
      case 'result':
        this.#checks = event.result.checks;
        return '';
      default:
        return event satisfies never;
    }
  }

  #onStatus(event: Checked): string {
    const now = this.#clock.now();
    const isNext = event.type === 'checked' && event.nextInMs !== null;
    this.#nextAt = isNext ? now + (event.nextInMs ?? 0) : null;
    if (event.type === 'completed' && event.status.state === 'USED') this.#receiptTry = 1;
    this.#status = formatStatus(event.status);
    this.#checks = event.check;
    this.#failuresInARow = 0;
    this.#failure = '';
    this.#lastStatusAt = now;
    const isChange = this.#status !== this.#logged;
    this.#logged = this.#status;
    return isChange ? this.#status : '';
  }

  #onFailure({ what, check, error, failuresInARow, nextInMs }: Retrying): string {
    this.#nextAt = this.#clock.now() + nextInMs;
    if (what === 'receipt') this.#receiptTry = check + 1;
    else {
      this.#checks = check;
      this.#failuresInARow = failuresInARow;
      this.#logged = wordsOf(error.code);
    }
    const failure = formatFailure(what, error);
    if (failure === this.#failure) return '';
    this.#failure = failure;
    const count =
      what === 'status' ? `${countOf(failuresInARow, 'failure')} in a row` : `try ${failuresInARow} of the receipt`;
    return `${failure} Trying again in ${inSeconds(nextInMs)} (${count}).`;
  }

  beat(): string {
    return `still ${this.#logged}, ${countOf(this.#checks, 'check')}`;
  }

  end(): string {
    return `ended: ${this.#logged}, ${countOf(this.#checks, 'check')}`;
  }

  lines(room: number): string[] {
    const check = { text: `check ${Math.max(1, this.#checks)}`, weight: 4 };
    const parts = [...this.#parts(), check, ...this.#running()];
    return [composeLine(parts, room), ...failureLines(this.#failure, room)];
  }

  endParts(): Part[] {
    return [...this.#parts(), checksPart(this.#checks)];
  }

  #parts(): Part[] {
    const status = { text: this.#status ?? 'no status yet', weight: 8 };
    return [status, timePart(this.#clock.now() - this.#begin, this.#timeoutMs)];
  }

  /** What is still to come, and what went wrong. */
  #running(): Part[] {
    const now = this.#clock.now();
    const left = this.#nextAt === null ? 0 : this.#nextAt - now;
    const what = this.#receiptTry > 0 ? 'try' : 'check';
    const next = left > 0 ? `next ${what} in ${inSeconds(left)}` : this.#receiptTry > 0 ? '' : 'checking';
    const tries = this.#receiptTry > 0 ? `reading the receipt, try ${this.#receiptTry}` : '';
    const failures = this.#failuresInARow > 0 ? `${countOf(this.#failuresInARow, 'failure')} in a row` : '';
    const isStale = this.#failuresInARow > 0 && this.#lastStatusAt !== null;
    const status = isStale ? `last status ${inSeconds(now - (this.#lastStatusAt ?? now))} ago` : '';
    return [
      { text: tries, weight: 7 },
      { text: next, weight: 5 },
      { text: failures, weight: 6 },
      { text: status, weight: 3 },
    ];
  }
}
