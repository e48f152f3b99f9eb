import type { PaymentRow } from './document.ts';

/**
 * The rows of a long list until its document is printed: as bytes, which take a fraction of the memory that objects take, and
 * none of it from the heap.
 */
export class RowSpool implements Iterable<PaymentRow> {
  readonly #rows: Buffer[] = [];

  /** Keeps a row, or puts it in the place of the one that was there. */
  set(place: number, row: PaymentRow): void {
    this.#rows[place] = Buffer.from(JSON.stringify(row));
  }

  get(place: number): PaymentRow | undefined {
    const bytes = this.#rows[place];
    return bytes && (JSON.parse(bytes.toString()) as PaymentRow);
  }

  *[Symbol.iterator](): Iterator<PaymentRow> {
    for (const place of this.#rows.keys()) yield this.get(place) as PaymentRow;
  }
}
