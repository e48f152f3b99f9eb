import type { Outcome } from '../domain/outcome.ts';
import type { PaymentResult } from '../poll/settle-payment.ts';
import { worstFirst } from './exit-codes.ts';

/** A service that makes up a status each time must not fill the memory. */
const mostLabels = 1_000;

/** What became of many payments, added up. */
export class PaymentsTally {
  /** How many tokens had each outcome. */
  readonly counts = new Map<Outcome, number>();
  /** How often each status text, or the code of each failure, came. */
  readonly seen = new Map<string, number>();
  checks = 0;
  /** Tokens that are USED, and nobody has read what became of the money. */
  unread = 0;

  add({ outcome, checks, seen, status, receipt }: PaymentResult): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
    this.checks += checks;
    for (const [label, times] of seen) this.#count(label, times);
    if (status?.state === 'USED' && !receipt && outcome !== 'used') this.unread += 1;
  }

  #count(label: string, times: number): void {
    const name = this.seen.has(label) || this.seen.size < mostLabels ? label : 'other texts';
    this.seen.set(name, (this.seen.get(name) ?? 0) + times);
  }

  /** The outcomes that there were, with their counts, the best first. */
  ranked(): (readonly [outcome: Outcome, count: number])[] {
    return [...this.counts].sort(([a], [b]) => badness(a) - badness(b));
  }
}

/** The higher, the worse. */
export const badness = (outcome: Outcome): number => -(worstFirst as readonly Outcome[]).indexOf(outcome);
