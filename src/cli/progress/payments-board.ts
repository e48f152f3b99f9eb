import type { InstaMedError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { WaitEvent } from '../../poll/events.ts';
import { badness } from '../answer/payments-tally.ts';

/** Where a token stands: what is still to come of it, or its outcome. */
type State = (typeof openStates)[number] | Outcome;

const openStates = ['not asked yet', 'NEW', 'unknown status', 'failing', 'reading the receipt'] as const;

const isOpen = (state: State) => openStates.some((open) => open === state);

/** What a person sees of many waits: how many tokens stand where. */
export class PaymentsBoard {
  readonly tokens: number;
  checks = 0;
  ended = 0;
  /** The last trouble, and the token that had it. */
  trouble: { readonly index: number; readonly what: 'status' | 'receipt'; readonly error: InstaMedError } | null = null;
  readonly #states: State[];
  readonly #counts = new Map<State, number>();

  constructor(tokens: number) {
    this.tokens = tokens;
    this.#states = Array.from({ length: tokens }, () => 'not asked yet');
    this.#counts.set('not asked yet', tokens);
  }

  onEvent(index: number, event: WaitEvent): void {
    switch (event.type) {
      case 'started':
        break;
      case 'checked':
        this.checks += 1;
        this.#move(index, event.status.state === 'NEW' ? 'NEW' : 'unknown status');
        break;
      case 'completed':
        this.checks += 1;
        if (event.status.state === 'USED') this.#move(index, 'reading the receipt');
        break;
      case 'retrying':
        this.trouble = { index, what: event.what, error: event.error };
        if (event.what === 'receipt') break;
        this.checks += 1;
        this.#move(index, 'failing');
        break;
      default:
        event satisfies never;
    }
  }

  /** The end of a token, or the correction of one. */
  onResult(index: number, outcome: Outcome): void {
    if (isOpen(this.#states[index] as State)) this.ended += 1;
    this.#move(index, outcome);
  }

  /** How many tokens are failing. */
  get failing(): number {
    return this.#counts.get('failing') ?? 0;
  }

  /** `150 NEW · 30 not asked yet`; empty where nothing is open any more. */
  sayOpen(): string {
    return this.#say(openStates);
  }

  /** `2 not-approved · 10 approved`, the worst first: a narrow terminal cuts the end off. */
  sayEnded(): string {
    const outcomes = [...this.#counts.keys()].filter((state): state is Outcome => !isOpen(state));
    return this.#say(outcomes.sort((a, b) => badness(b) - badness(a)));
  }

  #say(states: readonly State[]): string {
    const counted = states.map((state) => [this.#counts.get(state) ?? 0, state] as const);
    const there = counted.filter(([count]) => count > 0);
    return there.map(([count, state]) => `${count} ${state}`).join(' · ');
  }

  #move(index: number, to: State): void {
    const from = this.#states[index] as State;
    this.#states[index] = to;
    this.#counts.set(from, (this.#counts.get(from) ?? 0) - 1);
    this.#counts.set(to, (this.#counts.get(to) ?? 0) + 1);
  }
}
