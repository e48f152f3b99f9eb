import ora, { type Ora } from 'ora';
import { shorten } from '../../domain/text.ts';
import type { Host, Output } from '../host.ts';
import { hasRoom } from './progress-text.ts';

/** One line on a terminal that is redrawn: it fits again after a resize, and the cursor is back while we are suspended. */
export class Spinner {
  readonly #output: Output;
  readonly #ora: Ora;
  readonly #letGo: () => void;
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
    const draw = () => this.show(this.#text);
    const endSuspend = onSuspend(() => this.#ora.stop(), draw);
    stream?.on('resize', draw);
    this.#letGo = () => {
      endSuspend();
      stream?.off('resize', draw);
    };
    draw();
  }

  /** Redraws it with another text, of which it shows what fits on one line. */
  show(text: string): void {
    this.#text = text;
    this.#ora.text = this.#fit(text);
    // A terminal may lose its columns on the way, and ora would then count its lines for ever.
    if (hasRoom(this.#output)) this.#ora.start();
    else if (this.#ora.isSpinning) this.#ora.stop();
  }

  /** Takes it away. */
  stop(): void {
    this.#letGo();
    this.#ora.stop();
  }

  /** Leaves a static line in its place. */
  persist(symbol: string, text: string): void {
    this.#letGo();
    this.#ora.stopAndPersist({ symbol, text: this.#fit(text) });
  }

  /** The symbol and a blank take two columns; a third stays free. Where there is no room a static line had better be whole. */
  #fit(text: string): string {
    return hasRoom(this.#output) ? shorten(text, this.#output.columns - 3) : text;
  }
}
