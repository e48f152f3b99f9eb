import type { TokenEventRecord } from '../event-record.ts';
import type { Host } from '../host.ts';
import type { Progress } from './progress.ts';
import { clockTime, countOf, inSeconds, sayStatus } from './progress-text.ts';
import { Spinner } from './spinner.ts';

/** One line that is redrawn once a second: status, time, check, next ask, and trouble where there is some. */
export class SpinnerProgress implements Progress {
  readonly #host: Host;
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

  constructor(host: Host, timeoutMs: number) {
    this.#host = host;
    this.#timeoutMs = timeoutMs;
    this.#begin = host.clock.now();
    this.#spinner = new Spinner(host, this.#text());
    this.#endTick = host.clock.every(1_000, () => this.#draw());
  }

  onEvent(record: TokenEventRecord): void {
    const now = this.#host.clock.now();
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
        this.#noteTrouble(record);
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
    this.#lastAnswerAt = now;
  }

  #noteTrouble({ what, check, failuresInARow }: Extract<TokenEventRecord, { event: 'retrying' }>): void {
    if (what === 'receipt') this.#receiptTry = check + 1;
    else {
      this.#checks = check;
      this.#failures = failuresInARow;
    }
  }

  stop(checks: number | null): void {
    this.#endTick();
    this.#checks = checks ?? this.#checks;
    // No tick or cross: USED says nothing of an approval, and a symbol would.
    this.#spinner.persist('•', this.#parts(false).join(' · '));
  }

  #draw(): void {
    this.#spinner.show(this.#text());
  }

  #text(): string {
    return this.#parts(true).join(' · ');
  }

  #parts(isRunning: boolean): string[] {
    const now = this.#host.clock.now();
    const parts = [
      this.#status ?? (isRunning ? 'asking' : 'no status'),
      `${clockTime(now - this.#begin)} / ${clockTime(this.#timeoutMs)}`,
      isRunning ? `check ${Math.max(1, this.#checks)}` : countOf(this.#checks, 'check'),
    ];
    if (!isRunning) return parts;
    if (this.#receiptTry > 0) parts.push(`reading the receipt, try ${this.#receiptTry}`);
    if (this.#nextAt !== null)
      parts.push(this.#nextAt > now ? `next ask in ${inSeconds(this.#nextAt - now)}` : 'asking');
    if (this.#failures > 0) parts.push(...this.#trouble(now));
    return parts;
  }

  #trouble(now: number): string[] {
    const answer =
      this.#lastAnswerAt === null ? 'no answer yet' : `last good answer ${inSeconds(now - this.#lastAnswerAt)} ago`;
    return [`${countOf(this.#failures, 'failure')} in a row`, answer];
  }
}
