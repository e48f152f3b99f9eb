import type { Money } from '../../domain/money.ts';
import { isFinal, type Outcome } from '../../domain/outcome.ts';
import type { PaymentResult } from '../../poll/payment-result.ts';
import { worstFirst } from './exit-codes.ts';

/** A service that makes up a status each time must not fill the memory. */
const mostLabels = 1_000;

/** The results of many payments, added up. */
export class PaymentsTally {
  /** How many tokens had each outcome. */
  readonly counts = new Map<Outcome, number>();
  /** How many tokens had each answer about the money. */
  readonly moneyCounts = new Map<Money, number>();
  /** How often each status text, or the code of each failure, came. */
  readonly seen = new Map<string, number>();
  checks = 0;
  /** Tokens that are USED, and nobody has read what became of the money. */
  unread = 0;

  add({ outcome, money, checks, seen, status, receipt }: PaymentResult): void {
    addTo(this.counts, outcome, 1);
    addTo(this.moneyCounts, money, 1);
    this.checks += checks;
    for (const [label, times] of Object.entries(seen)) this.#count(label, times);
    if (status?.state === 'USED' && !receipt && outcome !== 'used') this.unread += 1;
  }

  /** Counts a corrected result in the place of the one that was told. */
  correct(told: Pick<PaymentResult, 'outcome' | 'money'>, { outcome, money }: PaymentResult): void {
    addTo(this.counts, told.outcome, -1);
    addTo(this.moneyCounts, told.money, -1);
    addTo(this.counts, outcome, 1);
    addTo(this.moneyCounts, money, 1);
  }

  #count(label: string, times: number): void {
    addTo(this.seen, this.seen.has(label) || this.seen.size < mostLabels ? label : 'other texts', times);
  }

  /** What is true of the money of every token; `unknown` where they differ. */
  get money(): Money {
    const [only = 'unknown', ...others] = this.moneyCounts.keys();
    return others.length === 0 ? only : 'unknown';
  }

  /** Whether asking again could change nothing for any token. */
  get final(): boolean {
    return [...this.counts.keys()].every(isFinal);
  }

  /** The outcomes that there were, with their counts, the worst first. */
  ranked(): (readonly [outcome: Outcome, count: number])[] {
    return [...this.counts].sort(([a], [b]) => badness(b) - badness(a));
  }
}

function addTo<Name>(counts: Map<Name, number>, name: Name, times: number): void {
  const sum = (counts.get(name) ?? 0) + times;
  if (sum === 0) counts.delete(name);
  else counts.set(name, sum);
}

/** The higher, the worse. */
export const badness = (outcome: Outcome): number => -(worstFirst as readonly Outcome[]).indexOf(outcome);
