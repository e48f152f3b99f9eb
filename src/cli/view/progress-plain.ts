import { formatDuration } from '../../domain/duration.ts';
import { maskToken } from '../../domain/text.ts';
import type { WaitEvent } from '../../poll/events.ts';
import type { Progress, ProgressDeps } from './progress.ts';
import { clockTime, countOf, inSeconds, sayError, sayStatus } from './progress-text.ts';

const heartbeatMs = 60_000;

/** Lines for logs: one at the start, one for each change, one a minute, one at the end. */
export class PlainProgress implements Progress {
  readonly #deps: ProgressDeps;
  readonly #begin: number;
  #state = 'no answer yet';
  #checks = 0;
  #endHeartbeat = () => {};

  constructor(deps: ProgressDeps) {
    this.#deps = deps;
    this.#begin = deps.host.clock.now();
  }

  onEvent(event: WaitEvent): void {
    switch (event.type) {
      case 'started':
        this.#write(
          `Waiting for ${maskToken(this.#deps.token)}: asking every ${formatDuration(event.intervalMs)}, for up to ${formatDuration(event.timeoutMs)}.`,
        );
        this.#endHeartbeat = this.#deps.host.clock.every(heartbeatMs, () => this.#beat());
        break;
      case 'checked':
        this.#checks = event.check;
        this.#change(sayStatus(event.status));
        break;
      case 'settled':
        this.#checks = event.check;
        this.#change(sayStatus(event.status));
        break;
      case 'retrying':
        this.#retry(event);
        break;
      default:
        event satisfies never;
    }
  }

  stop(): void {
    this.#endHeartbeat();
    this.#line(`ended: ${this.#state}, ${countOf(this.#checks, 'check')}`);
  }

  #change(state: string): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#line(state);
  }

  #retry({ what, check, error, failuresInARow, nextInMs }: Extract<WaitEvent, { type: 'retrying' }>): void {
    const isUsed = what === 'receipt';
    if (!isUsed) {
      this.#checks = check;
      this.#state = error.code;
    }
    const count = isUsed ? `try ${failuresInARow} of the receipt` : `${countOf(failuresInARow, 'failure')} in a row`;
    this.#line(`${sayError(error, isUsed)} Asking again in ${inSeconds(nextInMs)} (${count}).`);
  }

  #beat(): void {
    this.#line(`still ${this.#state}, ${countOf(this.#checks, 'check')}`);
  }

  #line(text: string): void {
    this.#write(`${clockTime(this.#deps.host.clock.now() - this.#begin)} ${text}`);
  }

  #write(text: string): void {
    this.#deps.host.stderr.write(`${this.#deps.vault.maskText(text)}\n`);
  }
}
