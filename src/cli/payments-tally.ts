import type { Outcome } from '../domain/outcome.ts';
import type { PaymentResult } from '../poll/settle-payment.ts';
import { worstFirst } from './exit-codes.ts';
import { type Caveat, caveatOf } from './summary.ts';

/** A service that makes up a status each time must not fill the memory. */
const mostLabels = 1_000;

/** What became of many payments, added up. */
export class PaymentsTally {
  /** How many tokens had each outcome. */
  readonly counts = new Map<Outcome, number>();
  /** How often each status text, or the code of each failure, came. */
  readonly seen = new Map<string, number>();
  /** How many receipts say less than the name of their outcome. */
  readonly caveats = new Map<Caveat, number>();
  checks = 0;
  /** Tokens that are USED, and nobody has read what became of the money. */
  unread = 0;

  add({ outcome, checks, seen, status, receipt }: PaymentResult): void {
    addTo(this.counts, outcome, 1);
    this.checks += checks;
    for (const [label, times] of Object.entries(seen)) this.#count(label, times);
    const caveat = caveatOf(receipt);
    if (caveat) addTo(this.caveats, caveat, 1);
    if (status?.state === 'USED' && !receipt && outcome !== 'used') this.unread += 1;
  }

  #count(label: string, times: number): void {
    addTo(this.seen, this.seen.has(label) || this.seen.size < mostLabels ? label : 'other texts', times);
  }

  /** The outcomes that there were, with their counts, the worst first. */
  ranked(): (readonly [outcome: Outcome, count: number])[] {
    return [...this.counts].sort(([a], [b]) => badness(b) - badness(a));
  }
}

function addTo<Name>(counts: Map<Name, number>, name: Name, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

/** The higher, the worse. */
export const badness = (outcome: Outcome): number => -(worstFirst as readonly Outcome[]).indexOf(outcome);
