import { visible } from '../../domain/text.ts';

/** `name<TAB>value` lines for scripts: the names are the paths that `--field` takes. Null is an empty value. */
export function renderLines(document: object): string {
  return [...flatten(document, '')].map(([name, value]) => `${visible(name)}\t${visible(value)}\n`).join('');
}

function* flatten(value: unknown, path: string): Generator<[name: string, value: string]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isField(item)) yield [`${path}.${item.name}`, item.decoded ?? item.value];
      else yield* flatten(item, `${path}.${index}`);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* flatten(member, path ? `${path}.${name}` : name);
  } else {
    yield [path, value === null ? '' : String(value)];
  }
}

/** A pair of the receipt goes by its own name. */
export function isField(value: unknown): value is { name: string; value: string; decoded?: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
}
