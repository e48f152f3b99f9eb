import ora, { type Ora } from 'ora';
import { shorten } from '../../domain/text.ts';
import type { WaitEvent } from '../../poll/events.ts';
import type { Host } from '../host.ts';
import type { Progress, ProgressDeps } from './progress.ts';
import { clockTime, countOf, inSeconds, sayStatus } from './progress-text.ts';

/** A spinner on stderr that leaves Ctrl-C alone, which ora by default swallows. */
export function spin({ stderr }: Host, text: string): Ora {
  return ora({
    ...(stderr.stream && { stream: stderr.stream }),
    isEnabled: true,
    discardStdin: false,
    ...(stderr.colorLevel === 0 && { color: false as const }),
    text,
  }).start();
}

/** One line that is redrawn once a second: status, time, check, next ask, and trouble where there is some. */
export class SpinnerProgress implements Progress {
  readonly #deps: ProgressDeps;
  readonly #spinner: Ora;
  readonly #begin: number;
  readonly #endTick: () => void;
  #timeoutMs = 0;
  #status = 'asking';
  #checks = 0;
  #nextAt: number | null = null;
  #lastAnswerAt: number | null = null;
  #failures = 0;
  #receiptTry = 0;

  constructor(deps: ProgressDeps) {
    this.#deps = deps;
    this.#begin = deps.host.clock.now();
    this.#spinner = spin(deps.host, this.#text());
    this.#endTick = deps.host.clock.every(1_000, () => this.#draw());
  }

  onEvent(event: WaitEvent): void {
    const now = this.#deps.host.clock.now();
    switch (event.type) {
      case 'started':
        this.#timeoutMs = event.timeoutMs;
        this.#draw();
        break;
      case 'checked':
      case 'settled':
        this.#status = sayStatus(event.status);
        this.#checks = event.check;
        this.#failures = 0;
        this.#lastAnswerAt = now;
        this.#nextAt = event.type === 'checked' && event.nextInMs !== null ? now + event.nextInMs : null;
        if (event.type === 'settled' && event.status.state === 'USED') this.#receiptTry = 1;
        break;
      case 'retrying':
        if (event.what === 'status') this.#checks = event.check;
        else this.#receiptTry = event.check + 1;
        this.#failures = event.what === 'status' ? event.failuresInARow : 0;
        this.#nextAt = now + event.nextInMs;
        break;
      default:
        event satisfies never;
    }
  }

  stop(): void {
    this.#endTick();
    // No tick or cross: USED says nothing of an approval, and a symbol would.
    this.#spinner.stopAndPersist({ symbol: '•', text: this.#fit(this.#parts(false)) });
  }

  #draw(): void {
    this.#spinner.text = this.#text();
  }

  #text(): string {
    return this.#fit(this.#parts(true));
  }

  #parts(isRunning: boolean): string[] {
    const now = this.#deps.host.clock.now();
    const parts = [
      this.#status,
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
    return [answer, `${countOf(this.#failures, 'failure')} in a row`];
  }

  /** One line, whatever the width: the spinner and a blank take two columns. */
  #fit(parts: readonly string[]): string {
    const { stderr } = this.#deps.host;
    return shorten(this.#deps.vault.maskText(parts.join(' · ')), Math.max(1, stderr.columns - 3));
  }
}
