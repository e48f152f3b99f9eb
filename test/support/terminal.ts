import { type IPty, spawn } from '@lydell/node-pty';
import { atEndOfFile } from './clean-up.ts';
import { cli, type Env, literalEnv, scratch } from './spawn-cli.ts';

export interface TerminalOptions {
  readonly env?: Env;
  /** Default 80; 0 is a terminal that does not know its width. */
  readonly columns?: number;
  /** A shell command in which `"$@"` starts the program. Default: the program alone. */
  readonly shell?: string;
}

export interface TerminalExit {
  readonly code: number;
  /** The number of the signal that killed it; 0 where none did. */
  readonly signal: number;
  /** When it ended, by `performance.now()`. */
  readonly endedAt: number;
}

const open = new Set<IPty>();

/** The program on a pseudo-terminal, with somebody in front of it. */
export class Terminal {
  readonly exited: Promise<TerminalExit>;
  readonly pid: number;
  /** Everything that was sent to the terminal. */
  raw = '';
  readonly #pty: IPty;
  #columns: number;
  #onOutput = () => {};

  constructor(argv: readonly string[], { env = {}, columns = 80, shell = '"$@"' }: TerminalOptions = {}) {
    // No library opens a terminal of no columns; stty, on the inside, can make it one.
    const script = `${columns === 0 ? 'stty cols 0 && ' : ''}exec ${shell}`;
    const words = ['-c', script, 'sh', process.execPath, cli, ...argv];
    this.#columns = columns || 80;
    const pty = spawn('/bin/sh', words, { cols: this.#columns, rows: 50, cwd: scratch, env: literalEnv(env) });
    this.#pty = pty;
    this.pid = pty.pid;
    open.add(pty);
    atEndOfFile(() => open.has(pty) && pty.kill('SIGKILL'));
    pty.onData((text) => {
      this.raw += text;
      this.#onOutput();
    });
    this.exited = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal = 0 }) => {
        open.delete(pty);
        resolve({ code: exitCode, signal, endedAt: performance.now() });
      });
    });
  }

  /** What somebody in front of it sees. */
  get screen(): Screen {
    return this.screenSince(0);
  }

  /** What they see of what was sent from there on in `raw`, in the columns of now. */
  screenSince(start: number): Screen {
    return new Screen(this.raw.slice(start), this.#columns);
  }

  /** Resolves once the screen has shown this, from `start` on in `raw`. Rejects where the program ends without it. */
  shows(what: RegExp, start = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (what.test(this.raw.slice(start))) resolve();
      };
      this.#onOutput = look;
      look();
      this.exited.then(() => reject(new Error(`It ended without showing ${what}:\n${this.raw}`)));
    });
  }

  /** Types keys; `\x03` is Ctrl-C. Gives the time. */
  type(keys: string): number {
    this.#pty.write(keys);
    return performance.now();
  }

  /** Drags the edge of the window. */
  resize(columns: number): void {
    this.#columns = columns;
    this.#pty.resize(columns, 50);
  }

  /** Closes the window. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }
}

export const ctrlC = '\x03';
export const ctrlZ = '\x1a';

// The whole of what may be sent to a terminal: text, line ends, and these sequences. No alternate screen, no title.
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what it looks for.
const sequence = /\x1b\[(\??)([\d;]*)([A-Za-z])|([\s\S])/gu;

/** A terminal as far as a program that prints tables and redraws one line needs one. Anything else throws. */
export class Screen {
  /** Every line, from the first, without blanks at the end. */
  readonly lines: readonly string[];
  readonly isCursorShown: boolean;
  /** What stood in a line each time that it was erased to be drawn anew. */
  readonly frames: readonly string[];
  /** How often a text ran over the right edge. */
  overflows = 0;
  readonly #columns: number;
  readonly #cells: string[][] = [[]];
  readonly #frames: string[] = [];
  #row = 0;
  #column = 0;
  #isCursorShown = true;

  constructor(raw: string, columns: number) {
    this.#columns = columns;
    for (const [, mark = '', digits = '', name, character] of raw.matchAll(sequence)) {
      if (character !== undefined) this.#put(character);
      else this.#control(mark, Number(digits.split(';')[0]), `${mark}${name}`, digits);
    }
    this.lines = this.#cells.map((cells) => this.#text(cells));
    this.frames = this.#frames;
    this.isCursorShown = this.#isCursorShown;
  }

  get text(): string {
    return this.lines.join('\n');
  }

  #text(cells: readonly string[]): string {
    return Array.from(cells, (cell) => cell ?? ' ')
      .join('')
      .trimEnd();
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#moveTo(this.#row + 1);
    else if (character < ' ' || character === '\x7f') throw new Error(`A raw ${JSON.stringify(character)} was sent.`);
    else {
      if (this.#column === this.#columns) {
        this.overflows += 1;
        this.#moveTo(this.#row + 1);
        this.#column = 0;
      }
      this.#line()[this.#column] = character;
      this.#column += 1;
    }
  }

  #control(mark: string, first: number, name: string, digits: string): void {
    if (name === 'm') return;
    if (name === 'G') this.#column = Math.max(1, first) - 1;
    else if (name === 'K') this.#erase(first);
    else if (name === 'A') this.#moveTo(Math.max(0, this.#row - Math.max(1, first)));
    else if (mark === '?' && first === 25) this.#isCursorShown = name === '?h';
    // The start and end of a redraw that is to be shown at once.
    else if (!(mark === '?' && first === 2026)) throw new Error(`ESC[${mark}${digits}${name.at(-1)} was sent.`);
  }

  #erase(what: number): void {
    const cells = this.#line();
    const text = this.#text(cells);
    if (text !== '') this.#frames.push(text);
    if (what === 0) cells.length = Math.min(cells.length, this.#column);
    else if (what === 2) cells.length = 0;
    else throw new Error(`ESC[${what}K was sent.`);
  }

  #line(): string[] {
    return this.#cells[this.#row] as string[];
  }

  #moveTo(row: number): void {
    this.#row = row;
    this.#cells[row] ??= [];
  }
}
