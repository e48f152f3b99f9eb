/** The name that an item of a list goes by: a check's, whose place may change, and a receipt field's own; null for any other. */
export function nameOf(item: unknown): string | null {
  if (isField(item)) return item.name;
  const hasId = typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string';
  return hasId ? (item.id as string) : null;
}

/** A pair of the receipt. */
export function isField(value: unknown): value is { name: string; value: string; decoded?: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
}
