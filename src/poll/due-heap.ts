export interface DueEntry<T> {
  readonly dueAt: number;
  /** Of those that are due at the same time, the first to come is the first to go. */
  readonly order: number;
  readonly item: T;
}

/** A binary heap: what is due first comes first, and no entry is due after the two below it. */
export class DueHeap<T> {
  readonly #entries: DueEntry<T>[] = [];
  #order = 0;

  first(): DueEntry<T> | undefined {
    return this.#entries[0];
  }

  push(dueAt: number, item: T): void {
    const entry = { dueAt, order: this.#order++, item };
    let place = this.#entries.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above] as DueEntry<T>;
      if (!comesBefore(entry, parent)) break;
      this.#entries[place] = parent;
      place = above;
    }
    this.#entries[place] = entry;
  }

  takeFirst(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (!last || entries.length === 0) return;
    let place = 0;
    for (let below = this.#earlierChild(place); below !== null; below = this.#earlierChild(place)) {
      const child = entries[below] as DueEntry<T>;
      if (!comesBefore(child, last)) break;
      entries[place] = child;
      place = below;
    }
    entries[place] = last;
  }

  #earlierChild(place: number): number | null {
    const left = 2 * place + 1;
    const [first, second] = [this.#entries[left], this.#entries[left + 1]];
    if (!first) return null;
    return second && comesBefore(second, first) ? left + 1 : left;
  }
}

function comesBefore(a: DueEntry<unknown>, b: DueEntry<unknown>): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}
