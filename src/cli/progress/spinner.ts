import ora, { type Ora } from 'ora';
import { longestTimerMs } from '../../domain/duration.ts';
import { attempt, type Stage } from '../output/decoration.ts';
import type { Output } from '../runtime/host.ts';
import { cutToFit } from './compose-line.ts';
import { hasRoom } from './text.ts';

/** The lines to show, none of them wider than `room` columns. */
export type Compose = (room: number) => readonly string[];

/** The terminal echoes a Ctrl-C as `^C` behind the last line: were that broken, we would take away one line too few. */
const echoWidth = 2;

/** Lines on a terminal that are redrawn: they fit again after a resize, and the cursor is back while we are suspended. */
export class Spinner {
  readonly #output: Output;
  readonly #ora: Ora;
  readonly #letGo: () => void;
  readonly #frames: readonly string[];
  #turns = 0;
  #compose: Compose;
  #isBroken = false;

  constructor({ stderr, onSuspend }: Stage, compose: Compose) {
    const { stream, colorLevel } = stderr;
    this.#output = stderr;
    this.#compose = compose;
    this.#ora = ora({
      ...(stream && { stream }),
      isEnabled: true,
      // ora would swallow Ctrl-C.
      discardStdin: false,
      ...(colorLevel === 0 && { color: false as const }),
    });
    this.#frames = this.#ora.spinner.frames;
    const draw = () => this.show(this.#compose);
    const endSuspend = onSuspend(() => this.#draw(() => this.#ora.stop()), draw);
    stream?.on('resize', draw);
    this.#letGo = () => {
      endSuspend();
      stream?.off('resize', draw);
    };
    draw();
  }

  /** Redraws it with other lines. */
  show(compose: Compose): void {
    this.#compose = compose;
    this.#draw(() => {
      this.#ora.text = this.#fit(compose, echoWidth);
      this.#turn();
      // A terminal may lose its columns on the way, and ora would then count its lines for ever.
      if (!hasRoom(this.#output)) this.#ora.stop();
      else if (this.#ora.isSpinning) this.#ora.render();
      else this.#ora.start();
    });
  }

  /** A frame costs a millisecond and more: it comes with each text, not a dozen times a second for fifteen minutes. */
  #turn(): void {
    const frame = this.#frames[this.#turns++ % this.#frames.length] as string;
    this.#ora.spinner = { frames: [frame], interval: longestTimerMs };
  }

  /** Takes it away. */
  stop(): void {
    this.#letGo();
    this.#draw(() => this.#ora.stop());
  }

  /** Lets somebody else write to the terminal, above it. */
  aside(write: () => void): void {
    this.#draw(() => this.#ora.clear());
    write();
    this.#draw(() => {
      if (this.#ora.isSpinning) this.#ora.render();
    });
  }

  /** Leaves static lines in its place. */
  persist(symbol: string, compose: Compose): void {
    this.#letGo();
    this.#draw(() => this.#ora.stopAndPersist({ symbol, text: this.#fit(compose) }));
    if (this.#isBroken) this.#output.write(`${symbol} ${this.#fit(compose)}\n`);
  }

  /** Where a terminal cannot be drawn on, the waiting goes on without, and the cursor is back. */
  #draw(step: () => void): void {
    if (this.#isBroken) return;
    try {
      step();
    } catch {
      this.#isBroken = true;
      attempt(() => this.#ora.stop());
      this.#output.write('\u001b[?25h');
    }
  }

  /**
   * The symbol and a blank take two columns; a third stays free, and in the last line what an echo takes. Where there is no
   * room a static line had better be whole.
   */
  #fit(compose: Compose, echo = 0): string {
    if (!hasRoom(this.#output)) return compose(Number.POSITIVE_INFINITY).join('\n  ');
    const room = Math.max(1, this.#output.columns - 3 - echo);
    return compose(room)
      .map((line) => cutToFit(line, room))
      .join('\n  ');
  }
}
