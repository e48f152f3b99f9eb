import type { WaitEvent } from '../../poll/events.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { Host } from '../host.ts';
import type { PaymentRow } from '../payments-document.ts';
import { foldSentence } from './fold.ts';
import { PaymentsBoard } from './payments-board.ts';
import type { PaymentsProgress, PaymentsShow } from './payments-progress.ts';
import { sayPlan, sayResult, sayTrouble } from './payments-text.ts';
import { clockTime, countOf } from './progress-text.ts';
import { Spinner } from './spinner.ts';

/** So many of those that ended last. */
const mostLast = 3;

/** A few lines that are redrawn once a second: counts by state, failures, and who ended last. */
export class PaymentsSpinner implements PaymentsProgress {
  readonly #show: PaymentsShow;
  readonly #host: Host;
  readonly #vault: Redactor;
  readonly #board: PaymentsBoard;
  readonly #begin: number;
  readonly #spinner: Spinner;
  readonly #endTick: () => void;
  #last: string[] = [];

  constructor(show: PaymentsShow, host: Host, vault: Redactor) {
    this.#show = show;
    this.#host = host;
    this.#vault = vault;
    this.#board = new PaymentsBoard(show.tokens.length);
    this.#begin = host.clock.now();
    host.stderr.write(`${foldSentence(sayPlan(show), host.stderr.columns)}\n`);
    this.#spinner = new Spinner(host, this.#text());
    this.#endTick = host.clock.every(1_000, () => this.#spinner.show(this.#text()));
  }

  onEvent(index: number, event: WaitEvent): void {
    this.#board.onEvent(index, event);
  }

  onResult(index: number, row: PaymentRow): void {
    this.#board.onResult(index, row.outcome);
    this.#last = [...this.#last, sayResult(row, this.#vault)].slice(-mostLast);
  }

  print(write: () => void): void {
    this.#spinner.aside(write);
  }

  stop(checks: number): void {
    this.#endTick();
    // No tick or cross: a symbol would be a verdict.
    this.#spinner.persist('•', `${this.#time()} · ${this.#board.sayEnded()} · ${countOf(checks, 'check')}`);
  }

  #text(): string {
    const { ended, tokens, checks, failing } = this.#board;
    const lines = [
      `${this.#time()} · ${ended} of ${tokens} ended · ${countOf(checks, 'check')}`,
      this.#board.sayOpen(),
      this.#board.sayEnded(),
      failing > 0 ? `last failure: ${sayTrouble(this.#board, this.#show, this.#vault)}` : '',
      this.#show.showsResults ? '' : this.#last.join(' · '),
    ];
    return lines.filter((line) => line !== '').join('\n');
  }

  #time(): string {
    const elapsed = this.#host.clock.now() - this.#begin;
    return `${clockTime(elapsed)} / ${clockTime(this.#show.started.timeoutMs)}`;
  }
}
