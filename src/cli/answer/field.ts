import { usageError } from '../../domain/errors.ts';
import { isField, nameOf } from './paths.ts';
import { documentSchema, type JsonSchema } from './schema.ts';

/**
 * Checks a `--field` path against the document's schema, before anything is asked: a slip must not cost an answer.
 *
 * @throws InstaMedError `usage`.
 */
export function requireKnownField(path: string, command: string): void {
  if (path.split('.').reduce<JsonSchema | null>(stepIntoSchema, documentSchema(command))) return;
  throw usageError(
    `The ${command} document has no field "${path}".`,
    `Its fields are: ${Object.keys(documentSchema(command).properties ?? {}).join(', ')}; go deeper with a dot, as in receipt.transactionId.`,
  );
}

function stepIntoSchema(schema: JsonSchema | null, name: string): JsonSchema | null {
  if (!schema) return null;
  const member = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (member) return member;
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties;
  return schema.items && name !== '' ? schema.items : null;
}

/** The value at a path as bare text: a string as it is, null as nothing, the rest as JSON. */
export function fieldText(document: object, path: string): string {
  const value = path.split('.').reduce<unknown>(stepIntoValue, document);
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function stepIntoValue(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const named = value.find((item) => nameOf(item) === name) ?? null;
    if (named === null) return value[Number(name)];
    return isField(named) ? (named.decoded ?? named.value) : named;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
  return (value as Record<string, unknown>)[name];
}
