import type { WaitEvent } from '../../poll/events.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { PaymentRow } from '../answer/payments-document.ts';
import type { Stage } from '../output/decoration.ts';
import { foldSentence } from '../output/fold.ts';
import { composeLine, failureLines, type Part } from './compose-line.ts';
import { PaymentsBoard } from './payments-board.ts';
import type { PaymentsProgress, PaymentsShow } from './payments-progress.ts';
import { sayPlan, sayResult, sayTrouble } from './payments-text.ts';
import { countOf, timePart } from './progress-text.ts';
import { Spinner } from './spinner.ts';

/** So many of those that ended last. */
const mostLast = 3;

/** A few lines that are redrawn once a second: counts by state, failures, and who ended last. */
export class PaymentsSpinner implements PaymentsProgress {
  readonly #show: PaymentsShow;
  readonly #host: Stage;
  readonly #vault: Redactor;
  readonly #board: PaymentsBoard;
  readonly #begin: number;
  readonly #spinner: Spinner;
  readonly #endTick: () => void;
  #last: string[] = [];

  constructor(show: PaymentsShow, host: Stage, vault: Redactor) {
    this.#show = show;
    this.#host = host;
    this.#vault = vault;
    this.#board = new PaymentsBoard(show.tokens.length);
    this.#begin = host.clock.now();
    host.stderr.write(`${foldSentence(sayPlan(show), host.stderr.columns)}\n`);
    const lines = (room: number) => this.#lines(room);
    this.#spinner = new Spinner(host, lines);
    this.#endTick = host.clock.every(1_000, () => this.#spinner.show(lines));
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
    const ended = { text: this.#board.sayEnded(), weight: 8 };
    this.#spinner.persist('•', (room) => [composeLine([this.#time(), ended, checksPart(checks)], room)]);
  }

  #lines(room: number): string[] {
    const { ended, tokens, checks, failing } = this.#board;
    const progress = { text: `${ended} of ${tokens} ended`, weight: 8 };
    const lines = [
      composeLine([this.#time(), progress, checksPart(checks)], room),
      this.#board.sayOpen(),
      this.#board.sayEnded(),
      ...(failing > 0 ? failureLines(sayTrouble(this.#board, this.#show, this.#vault), room) : []),
      this.#show.showsResults ? '' : this.#last.join(' · '),
    ];
    return lines.filter((line) => line !== '');
  }

  #time(): Part {
    const elapsed = this.#host.clock.now() - this.#begin;
    return { ...timePart(elapsed, this.#show.started.timeoutMs), weight: 9 };
  }
}

const checksPart = (checks: number): Part => ({ text: countOf(checks, 'check'), weight: 4 });
