import type { PaymentEvent } from '../../poll/events.ts';
import type { Stage } from '../output/decoration.ts';
import type { Board, Progress } from './board.ts';
import { clockTime } from './text.ts';

/** A log shows this often that the waiting goes on. */
const heartbeatMs = 60_000;

/** Lines for logs: one at the start, one for each change, one a minute, one at the end. */
export class PlainProgress implements Progress {
  readonly #board: Board;
  readonly #stage: Stage;
  readonly #begin: number;
  readonly #endHeartbeat: () => void;

  constructor(board: Board, stage: Stage) {
    this.#board = board;
    this.#stage = stage;
    this.#begin = stage.clock.now();
    stage.stderr.write(`${board.intro.plain}\n`);
    this.#endHeartbeat = stage.clock.every(heartbeatMs, () => this.#line(board.beat()));
  }

  onEvent(event: PaymentEvent, token: string): void {
    const line = this.#board.onEvent(event, token);
    if (line !== '') this.#line(line);
  }

  print(write: () => void): void {
    write();
  }

  stop(): void {
    this.#endHeartbeat();
    this.#line(this.#board.end());
  }

  #line(text: string): void {
    this.#stage.stderr.write(`${clockTime(this.#stage.clock.now() - this.#begin)} ${text}\n`);
  }
}
