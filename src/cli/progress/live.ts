import type { PaymentEvent } from '../../poll/events.ts';
import type { Stage } from '../output/decoration.ts';
import { foldSentence } from '../output/fold.ts';
import type { Board, Progress } from './board.ts';
import { composeLine } from './compose-line.ts';
import { Spinner } from './spinner.ts';

/** Lines on a terminal that are redrawn once a second. */
export class LiveProgress implements Progress {
  readonly #board: Board;
  readonly #spinner: Spinner;
  readonly #endTick: () => void;

  constructor(board: Board, stage: Stage) {
    this.#board = board;
    const { live } = board.intro;
    if (live !== '') stage.stderr.write(`${foldSentence(live, stage.stderr.columns)}\n`);
    const lines = (room: number) => board.lines(room);
    this.#spinner = new Spinner(stage, lines);
    this.#endTick = stage.clock.every(1_000, () => this.#spinner.show(lines));
  }

  onEvent(event: PaymentEvent, token: string): void {
    this.#board.onEvent(event, token);
  }

  print(write: () => void): void {
    this.#spinner.aside(write);
  }

  stop(): void {
    this.#endTick();
    // No tick or cross: USED says nothing of an approval, and a symbol would.
    this.#spinner.persist('•', (room) => [composeLine(this.#board.endParts(), room)]);
  }
}
