import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type JsonSchema, publishedSchemas } from '../../src/cli/answer/schema.ts';

/** With ACCEPT=1 in the environment what is new is recorded; what is gone or changed is never forgotten. */
const isAccepting = process.env['ACCEPT'] === '1';

const snapshot = new URL('../../fixtures/schema/version-1.json', import.meta.url);

/** What is promised of one name: its type, or the values that it can have, and whether it is always there. */
interface Promised {
  readonly type?: string;
  readonly values?: readonly unknown[];
  readonly required?: true;
}
type Names = Readonly<Record<string, Promised>>;

/** Every name of a schema with its path: `receipt.card.brand`, `receipt.fields[].name`, `started/token`. */
function namesOf(schema: JsonSchema, path = '', isRequired = false): Names {
  const { type, enum: choices, const: value, properties = {}, required = [], items, oneOf = [] } = schema;
  const values = choices ?? (value === undefined ? undefined : [value]);
  const own: Promised = {
    ...(values ? { values } : { type: [type ?? []].flat().join('|') }),
    ...(isRequired && { required: true as const }),
  };
  const below = Object.entries(properties).map(([name, member]) =>
    namesOf(member, /(?:^|\/)$/.test(path) ? `${path}${name}` : `${path}.${name}`, required.includes(name)),
  );
  const each = [
    ...(items ? [namesOf(items, `${path}[]`)] : []),
    ...(schema.additionalProperties ? [namesOf(schema.additionalProperties, `${path}.*`)] : []),
    ...oneOf.map((branch) => namesOf(branch, `${branch.properties?.['event']?.const}/`)),
  ];
  return Object.assign(/(?:^|\/)$/.test(path) ? {} : { [path]: own }, ...below, ...each);
}

/** What a reader of version 1 would miss, in words; nothing where there are additions alone. */
function broken(promised: Names, current: Names): string[] {
  return Object.entries(promised).flatMap(([name, was]) => {
    const is = current[name];
    if (!is) return [`${name} is gone`];
    const missing = (was.values ?? []).filter((value) => !is.values?.includes(value));
    return [
      ...(is.type === was.type ? [] : [`${name} was ${was.type} and is ${is.type}`]),
      ...(missing.length === 0 ? [] : [`${name} is never ${missing.map(String).join(', ')} any more`]),
      ...(was.required && !is.required ? [`${name} is not always there any more`] : []),
    ];
  });
}

const current = Object.fromEntries(publishedSchemas.map(({ name, schema }) => [name, namesOf(schema)]));
const readSnapshot = (): Record<string, Names> => JSON.parse(readFileSync(snapshot, 'utf8'));

/** What holds now, but for a promise that it breaks; one line a name, so that a diff can be read. */
function recordAdditions(promised: Record<string, Names>): void {
  const documents = Object.entries({ ...promised, ...current }).map(([document]) => {
    const was = promised[document] ?? {};
    const is = current[document] ?? {};
    const names = Object.keys({ ...was, ...is }).map((name) => {
      const kept = was[name] && broken({ [name]: was[name] }, is).length > 0 ? was[name] : is[name];
      return `    ${JSON.stringify(name)}: ${JSON.stringify(kept)}`;
    });
    return `  ${JSON.stringify(document)}: {\n${names.join(',\n')}\n  }`;
  });
  writeFileSync(snapshot, `{\n${documents.join(',\n')}\n}\n`);
}

describe('within schemaVersion 1', () => {
  if (isAccepting) recordAdditions(readSnapshot());
  const promised = readSnapshot();

  test.each(Object.keys(promised))('%s loses no name, and none changes its type', (document) => {
    expect(Object.keys(promised[document] ?? {}).length).toBeGreaterThan(5);
    expect(broken(promised[document] ?? {}, current[document] ?? {})).toEqual([]);
  });

  test('every published schema is recorded; `npm run fixtures:accept` records a new one', () => {
    expect(Object.keys(promised).sort()).toEqual(publishedSchemas.map(({ name }) => name).sort());
  });
});

describe('the comparison', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'string' }, list: { type: 'array', items: { enum: ['x', 'y', null] } } },
  };
  const compare = (changed: JsonSchema) => broken(namesOf(schema), namesOf(changed));

  test('passes what is the same, and additions', () => {
    expect(compare(schema)).toEqual([]);
    const more = {
      ...schema.properties,
      b: { type: 'string' },
      list: { type: 'array', items: { enum: ['x', 'y', null, 'z'] } },
    };
    expect(compare({ ...schema, properties: more, required: ['a', 'list'] })).toEqual([]);
  });

  test.each<[string, JsonSchema]>([
    ['list is gone', { ...schema, properties: { a: { type: 'string' } } }],
    [
      'a was string and is string|null',
      { ...schema, properties: { ...schema.properties, a: { type: ['string', 'null'] } } },
    ],
    ['a was string and is undefined', { ...schema, properties: { ...schema.properties, a: { enum: ['x'] } } }],
    ['a is not always there any more', { ...schema, required: [] }],
    [
      'list[] is never y any more',
      { ...schema, properties: { ...schema.properties, list: { type: 'array', items: { enum: ['x', null] } } } },
    ],
  ])('fails where %s', (says, changed) => {
    expect(compare(changed)).toContain(says);
  });
});
