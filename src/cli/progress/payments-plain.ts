import type { WaitEvent } from '../../poll/events.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { PaymentRow } from '../answer/payments-document.ts';
import type { Stage } from '../output/decoration.ts';
import { PaymentsBoard } from './payments-board.ts';
import type { PaymentsProgress, PaymentsShow } from './payments-progress.ts';
import { sayPlan, sayResult, sayTrouble } from './payments-text.ts';
import { clockTime, countOf, heartbeatMs } from './progress-text.ts';

/** Lines for logs: one at the start, one for each token that ends, one where trouble begins, one a minute, one at the end. */
export class PlainPaymentsProgress implements PaymentsProgress {
  readonly #show: PaymentsShow;
  readonly #host: Stage;
  readonly #vault: Redactor;
  readonly #board: PaymentsBoard;
  readonly #begin: number;
  readonly #endHeartbeat: () => void;
  #troubleSaidAt = Number.NEGATIVE_INFINITY;

  constructor(show: PaymentsShow, host: Stage, vault: Redactor) {
    this.#show = show;
    this.#host = host;
    this.#vault = vault;
    this.#board = new PaymentsBoard(show.tokens.length);
    this.#begin = host.clock.now();
    host.stderr.write(`${sayPlan(show)}\n`);
    this.#endHeartbeat = host.clock.every(heartbeatMs, () => this.#beat());
  }

  onEvent(index: number, event: WaitEvent): void {
    this.#board.onEvent(index, event);
    const now = this.#host.clock.now();
    // A host that is down would otherwise be told of for each token.
    if (event.type !== 'retrying' || now - this.#troubleSaidAt < heartbeatMs) return;
    this.#troubleSaidAt = now;
    this.#line(sayTrouble(this.#board, this.#show, this.#vault));
  }

  onResult(index: number, row: PaymentRow): void {
    const { outcome } = row;
    this.#board.onResult(index, outcome);
    // What somebody stopped comes all at once, and the last line counts it.
    if (outcome === 'interrupted' || outcome === 'pending') return;
    const { ended, tokens } = this.#board;
    this.#line(`${sayResult(row, this.#vault)} (${ended} of ${tokens})`);
  }

  print(write: () => void): void {
    write();
  }

  stop(checks: number): void {
    this.#endHeartbeat();
    this.#line(`ended: ${this.#board.sayEnded()}, ${countOf(checks, 'check')}`);
  }

  #beat(): void {
    const { ended, tokens, checks } = this.#board;
    this.#line(`still ${this.#board.sayOpen()}, ${ended} of ${tokens} ended, ${countOf(checks, 'check')}`);
  }

  #line(text: string): void {
    this.#host.stderr.write(`${clockTime(this.#host.clock.now() - this.#begin)} ${text}\n`);
  }
}
