import { formatDuration } from '../../domain/duration.ts';
import type { TokenEventRecord } from '../answer/event-record.ts';
import type { Stage } from '../output/decoration.ts';
import { wordsOf } from '../output/plain-words.ts';
import type { Progress } from './progress.ts';
import { clockTime, countOf, heartbeatMs, inSeconds, sayError, sayStatus } from './progress-text.ts';

/** Lines for logs: one at the start, one for each change, one a minute, one at the end. */
export class PlainProgress implements Progress {
  readonly #host: Stage;
  readonly #begin: number;
  #state = 'no answer yet';
  #checks = 0;
  /** What failed last, as long as nothing else came after it: the same failure again is no change. */
  #failure = '';
  #endHeartbeat = () => {};

  constructor(host: Stage) {
    this.#host = host;
    this.#begin = host.clock.now();
  }

  onEvent(record: TokenEventRecord): void {
    switch (record.event) {
      case 'started': {
        const { token, intervalMs, timeoutMs } = record;
        const [interval, timeout] = [formatDuration(intervalMs), formatDuration(timeoutMs)];
        this.#write(`Waiting for ${token}: asking every ${interval}, for up to ${timeout}.`);
        this.#endHeartbeat = this.#host.clock.every(heartbeatMs, () => this.#beat());
        break;
      }
      case 'checked':
      case 'completed':
        this.#checks = record.check;
        this.#change(sayStatus(record));
        break;
      case 'retrying':
        this.#retry(record);
        break;
      default:
        record satisfies never;
    }
  }

  stop(checks: number | null): void {
    this.#endHeartbeat();
    this.#checks = checks ?? this.#checks;
    this.#line(`ended: ${this.#state}, ${countOf(this.#checks, 'check')}`);
  }

  #change(state: string): void {
    this.#failure = '';
    if (state === this.#state) return;
    this.#state = state;
    this.#line(state);
  }

  #retry(record: Extract<TokenEventRecord, { event: 'retrying' }>): void {
    const { what, check, error, failuresInARow, nextInMs } = record;
    if (what === 'status') {
      this.#checks = check;
      this.#state = wordsOf(error.code);
    }
    const failure = sayError(record);
    if (failure === this.#failure) return;
    this.#failure = failure;
    const count =
      what === 'status' ? `${countOf(failuresInARow, 'failure')} in a row` : `try ${failuresInARow} of the receipt`;
    this.#line(`${failure} Asking again in ${inSeconds(nextInMs)} (${count}).`);
  }

  #beat(): void {
    this.#line(`still ${this.#state}, ${countOf(this.#checks, 'check')}`);
  }

  #line(text: string): void {
    this.#write(`${clockTime(this.#host.clock.now() - this.#begin)} ${text}`);
  }

  #write(text: string): void {
    this.#host.stderr.write(`${text}\n`);
  }
}
