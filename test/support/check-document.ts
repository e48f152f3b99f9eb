import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Document as Answered, PaymentRow } from '../../src/cli/answer/document.ts';
import { documentSchema, type JsonSchema, publishedSchemas } from '../../src/cli/answer/schema.ts';

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/ },
});
const validators = new Map<string, ValidateFunction>();

/** The schema with every object closed: a member that it does not describe is a mistake of ours, too. */
export function closed(schema: JsonSchema): JsonSchema {
  const { properties, items, oneOf } = schema;
  return {
    ...schema,
    ...(oneOf && { oneOf: oneOf.map(closed) }),
    ...(items && { items: closed(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, closed(member)])),
      additionalProperties: false,
    }),
  } as JsonSchema;
}

/** What the shipped schema of this name has against a value, in words; nothing where it fits. */
export function schemaErrors(value: unknown, name: string): string[] {
  const shipped = publishedSchemas.find((published) => published.name === name)?.schema;
  const validate = validators.get(name) ?? ajv.compile(closed(shipped ?? documentSchema(name)));
  validators.set(name, validate);
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** A document as it was printed. */
type Document = Omit<Answered, 'results'> & { readonly results?: readonly PaymentRow[] };

/** The one JSON document on stdout, checked against the schema of its command. */
export function readDocument({ stdout }: { readonly stdout: string }, command = commandOf(stdout)): Document {
  const document: Document = JSON.parse(stdout);
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(schemaErrors(document, command)).toEqual([]);
  return document;
}

const commandOf = (stdout: string): string => (JSON.parse(stdout) as Document).command ?? '';

/** The lines of `-o ndjson`: the events, and the document that the last line holds beside its event name. */
export function readEvents({ stdout }: { readonly stdout: string }): {
  readonly events: Record<string, unknown>[];
  readonly document: Document;
} {
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.flatMap((each) => schemaErrors(each, 'events'))).toEqual([]);
  expect(events[0]).toHaveProperty('schemaVersion', 1);
  const { event, ...document } = events.pop() ?? {};
  expect(event).toBe('finished');
  expect(schemaErrors(document, String(document['command'] ?? ''))).toEqual([]);
  return { events, document: document as unknown as Document };
}
