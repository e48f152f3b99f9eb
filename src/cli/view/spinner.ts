import ora, { type Ora } from 'ora';
import { longestTimerMs } from '../../domain/duration.ts';
import { shorten } from '../../redact/visible.ts';
import type { Host, Output } from '../host.ts';
import { hasRoom } from './progress-text.ts';

/** The terminal echoes a Ctrl-C as `^C` behind the last line: were that broken, we would take away one line too few. */
const echoWidth = 2;

/** Lines on a terminal that are redrawn: they fit again after a resize, and the cursor is back while we are suspended. */
export class Spinner {
  readonly #output: Output;
  readonly #ora: Ora;
  readonly #letGo: () => void;
  readonly #frames: readonly string[];
  #turns = 0;
  #text: string;

  constructor({ stderr, onSuspend }: Host, text: string) {
    const { stream, colorLevel } = stderr;
    this.#output = stderr;
    this.#text = text;
    this.#ora = ora({
      ...(stream && { stream }),
      isEnabled: true,
      // ora would swallow Ctrl-C.
      discardStdin: false,
      ...(colorLevel === 0 && { color: false as const }),
    });
    this.#frames = this.#ora.spinner.frames;
    const draw = () => this.show(this.#text);
    const endSuspend = onSuspend(() => this.#ora.stop(), draw);
    stream?.on('resize', draw);
    this.#letGo = () => {
      endSuspend();
      stream?.off('resize', draw);
    };
    draw();
  }

  /** Redraws it with another text; of each of its lines it shows what fits on one of the terminal. */
  show(text: string): void {
    this.#text = text;
    this.#ora.text = this.#fit(text, echoWidth);
    this.#turn();
    // A terminal may lose its columns on the way, and ora would then count its lines for ever.
    if (!hasRoom(this.#output)) this.#ora.stop();
    else if (this.#ora.isSpinning) this.#ora.render();
    else this.#ora.start();
  }

  /** A frame costs a millisecond and more: it comes with each text, not a dozen times a second for fifteen minutes. */
  #turn(): void {
    const frame = this.#frames[this.#turns++ % this.#frames.length] as string;
    this.#ora.spinner = { frames: [frame], interval: longestTimerMs };
  }

  /** Takes it away. */
  stop(): void {
    this.#letGo();
    this.#ora.stop();
  }

  /** Lets somebody else write to the terminal, above it. */
  aside(write: () => void): void {
    this.#ora.clear();
    write();
    if (this.#ora.isSpinning) this.#ora.render();
  }

  /** Leaves a static line in its place. */
  persist(symbol: string, text: string): void {
    this.#letGo();
    this.#ora.stopAndPersist({ symbol, text: this.#fit(text) });
  }

  /**
   * The symbol and a blank take two columns; a third stays free, and in the last line what an echo takes. Where there is no
   * room a static line had better be whole.
   */
  #fit(text: string, echo = 0): string {
    if (!hasRoom(this.#output)) return text;
    const room = this.#output.columns - 3;
    const lines = text.split('\n');
    const last = lines.length - 1;
    return lines.map((line, i) => shorten(line, i < last ? room : Math.max(1, room - echo))).join('\n  ');
  }
}
