import { formatDuration } from '../../domain/duration.ts';
import type { InstaMedError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../poll/clock.ts';
import type { PaymentEvent } from '../../poll/events.ts';
import { planChecks } from '../../poll/plan.ts';
import { shorten, visible } from '../../redact/visible.ts';
import type { ListStarted } from '../answer/event-record.ts';
import { badness } from '../answer/payments-tally.ts';
import { countOf, formatFailure } from '../output/plain-words.ts';
import type { Board } from './board.ts';
import { composeLine, failureLines, type Part } from './compose-line.ts';
import { checksPart, timePart } from './text.ts';

/** A list of tokens, as its board needs it. */
export interface ListShow {
  readonly tokens: readonly string[];
  readonly started: ListStarted;
  /** The interval that was asked for, in milliseconds. */
  readonly wishedIntervalMs: number;
  /** Whether the results appear on stdout, on a terminal. */
  readonly showsResults: boolean;
  readonly shortenToken: (token: string) => string;
}

/** Where a token stands: what is still to come of it, or its outcome. */
type State = (typeof openStates)[number] | Outcome;

const openStates = ['not checked yet', 'NEW', 'unknown status', 'failing', 'reading the receipt'] as const;

const isOpen = (state: State) => openStates.some((open) => open === state);

/** So many of those that ended last. */
const mostLast = 3;

/** A host that is down would otherwise be reported for each token. */
const failureEveryMs = 60_000;

/** Many tokens: how many stand where, failures, and which ended last. */
export class ListBoard implements Board {
  readonly intro: Board['intro'];
  readonly #show: ListShow;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #begin: number;
  readonly #states = new Map<string, State>();
  readonly #counts = new Map<State, number>();
  #checks = 0;
  /** The last check of a token has no event where it failed for good, but the results count it. */
  #checksOfResults = 0;
  #ended = 0;
  #last: string[] = [];
  #failure: { readonly token: string; readonly what: 'status' | 'receipt'; readonly error: InstaMedError } | null =
    null;
  #loggedFailureAt = Number.NEGATIVE_INFINITY;

  constructor(show: ListShow, clock: Pick<Clock, 'now'>) {
    const plan = summarizePlan(show);
    this.intro = { plain: plan, live: plan };
    this.#show = show;
    this.#clock = clock;
    this.#begin = clock.now();
    this.#counts.set('not checked yet', show.tokens.length);
  }

  onEvent(event: PaymentEvent, token: string): string {
    switch (event.type) {
      case 'started':
        return '';
      case 'checked':
        this.#checks += 1;
        this.#move(token, event.status.state === 'NEW' ? 'NEW' : 'unknown status');
        return '';
      case 'completed':
        this.#checks += 1;
        if (event.status.state === 'USED') this.#move(token, 'reading the receipt');
        return '';
      case 'retrying':
        return this.#onFailure(event, token);
      case 'result':
        return this.#onResult(event, token);
      default:
        return event satisfies never;
    }
  }

  #onFailure({ what, error }: Extract<PaymentEvent, { type: 'retrying' }>, token: string): string {
    this.#failure = { token, what, error };
    if (what === 'status') {
      this.#checks += 1;
      this.#move(token, 'failing');
    }
    const now = this.#clock.now();
    if (now - this.#loggedFailureAt < failureEveryMs) return '';
    this.#loggedFailureAt = now;
    return this.#lastFailure();
  }

  /** The end of a token, or the correction of one. */
  #onResult({ result }: Extract<PaymentEvent, { type: 'result' }>, token: string): string {
    const { outcome, money, corrected } = result;
    if (isOpen(this.#stateOf(token))) {
      this.#ended += 1;
      this.#checksOfResults += result.checks;
    }
    this.#move(token, outcome);
    const line = `${this.#format(token)} ${outcome}, money: ${money}${corrected ? ' (corrected)' : ''}`;
    this.#last = [...this.#last, line].slice(-mostLast);
    // What was stopped comes all at once, and the last line counts it.
    if (outcome === 'interrupted' || outcome === 'pending') return '';
    return `${line} (${this.#ended} of ${this.#show.tokens.length})`;
  }

  beat(): string {
    const { length } = this.#show.tokens;
    return `still ${this.#countOpen()}, ${this.#ended} of ${length} ended, ${countOf(this.#allChecks(), 'check')}`;
  }

  end(): string {
    return `ended: ${this.#countEnded()}, ${countOf(this.#allChecks(), 'check')}`;
  }

  #allChecks(): number {
    return Math.max(this.#checks, this.#checksOfResults);
  }

  lines(room: number): string[] {
    const progress = { text: `${this.#ended} of ${this.#show.tokens.length} ended`, weight: 8 };
    const isFailing = (this.#counts.get('failing') ?? 0) > 0;
    const lines = [
      composeLine([this.#time(), progress, checksPart(this.#allChecks())], room),
      this.#countOpen(),
      this.#countEnded(),
      ...(isFailing ? failureLines(this.#lastFailure(), room) : []),
      this.#show.showsResults ? '' : this.#last.join(' · '),
    ];
    return lines.filter((line) => line !== '');
  }

  endParts(): Part[] {
    return [this.#time(), { text: this.#countEnded(), weight: 8 }, checksPart(this.#allChecks())];
  }

  #time(): Part {
    return timePart(this.#clock.now() - this.#begin, this.#show.started.timeoutMs);
  }

  /** A token and how it failed, as a person may see it. */
  #lastFailure(): string {
    if (!this.#failure) return '';
    const { token, what, error } = this.#failure;
    return `${this.#format(token)} ${formatFailure(what, error)}`;
  }

  #format(token: string): string {
    return visible(shorten(this.#show.shortenToken(token), 60));
  }

  /** `150 NEW · 30 not checked yet`; empty where nothing is open any more. */
  #countOpen(): string {
    return this.#countStates(openStates);
  }

  /** `2 not-approved · 10 approved`, the worst first: a narrow terminal cuts the end off. */
  #countEnded(): string {
    const outcomes = [...this.#counts.keys()].filter((state): state is Outcome => !isOpen(state));
    return this.#countStates(outcomes.sort((a, b) => badness(b) - badness(a)));
  }

  #countStates(states: readonly State[]): string {
    const counted = states.map((state) => [this.#counts.get(state) ?? 0, state] as const);
    const there = counted.filter(([count]) => count > 0);
    return there.map(([count, state]) => `${count} ${state}`).join(' · ');
  }

  #stateOf(token: string): State {
    return this.#states.get(token) ?? 'not checked yet';
  }

  #move(token: string, to: State): void {
    const from = this.#stateOf(token);
    this.#states.set(token, to);
    this.#counts.set(from, (this.#counts.get(from) ?? 0) - 1);
    this.#counts.set(to, (this.#counts.get(to) ?? 0) + 1);
  }
}

/** What is shown at the start: how many tokens, how often each is checked, and which lines were left out. */
export function summarizePlan({ tokens: list, started, wishedIntervalMs }: ListShow): string {
  const { tokens, blank, duplicates, intervalMs, timeoutMs, maxRate } = started;
  const about = (ms: number) =>
    formatDuration(ms < 60_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1_000) * 1_000);
  const left = [
    ...(blank > 0 ? [`${countOf(blank, 'blank line')} skipped`] : []),
    ...(duplicates > 0 ? [`${countOf(duplicates, 'duplicate')} checked once`] : []),
  ];
  const remarks = left.length > 0 ? ` (${left.join(', ')})` : '';
  const [kept, wished] = [about(intervalMs), about(wishedIntervalMs)];
  const why = kept !== wished ? `, not every ${wished}: ${maxRate} requests a second serve no more` : '';
  const lastFromMs = planChecks(tokens, { intervalMs: wishedIntervalMs, timeoutMs, maxRate }).lastCheckMs(0);
  // Many last checks take their time: some tokens are given up long before the deadline.
  const lastFrom = lastFromMs < 0.9 * timeoutMs ? ` The last checks begin after ${about(lastFromMs)}.` : '';
  return `Waiting for ${countOf(tokens, 'token')}${remarks}: checking each every ${kept}, for up to ${formatDuration(timeoutMs)}${why}.${lastFrom}${isSplit(list) ? splitRemark : ''}`;
}

const splitRemark =
  ' Two of them together have the length of one token. Was it split by a blank or a line break? If so, stop (Ctrl-C) and paste it as one word.';

/** A token is the Base64 of a GUID, as far as has been seen: that has 48 characters. */
const wholeToken = /^[A-Za-z0-9+/=_-]{48}$/;

/** Whether two that follow one another look like the halves of one. */
function isSplit(tokens: readonly string[]): boolean {
  return tokens.some((token, i) => i > 0 && wholeToken.test(`${tokens[i - 1]}${token}`));
}
