import { receiptDoubts } from '../../domain/judge.ts';
import { moneyStates } from '../../domain/money.ts';
import { outcomes } from '../../domain/outcome.ts';
import { fieldSpecs } from '../../domain/receipt-fields.ts';
import { exitCodes } from './exit-codes.ts';

/** The part of JSON Schema 2020-12 that the documents need. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

const text: JsonSchema = { type: 'string' };
const textOrNull: JsonSchema = { type: ['string', 'null'] };
const flag: JsonSchema = { type: 'boolean' };
const flagOrNull: JsonSchema = { type: ['boolean', 'null'] };
const count: JsonSchema = { type: 'integer', minimum: 0 };

/** An object whose members are all there. */
function object(properties: Readonly<Record<string, JsonSchema>>, details: JsonSchema = {}): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties, ...details };
}

/** The members of a receipt that the table of fields has. */
function memberSchemas(): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const { member, kind } of fieldSpecs) {
    if (member === undefined) continue;
    const [first = '', second] = member.split('.');
    const schema = kind === 'boolean' ? flagOrNull : textOrNull;
    schemas[first] = second === undefined ? schema : object({ ...schemas[first]?.properties, [second]: schema });
  }
  return schemas;
}

const receipt = object(
  {
    result: {
      enum: [
        'approved',
        'authorized',
        'card-stored',
        'declined',
        'cancelled',
        'voided',
        'charged-back',
        'returned',
        'settlement-error',
        'unknown',
      ],
    },
    approved: flag,
    partial: flag,
    doubt: { enum: [...receiptDoubts, null] },
    ...memberSchemas(),
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'value'],
        properties: { name: text, value: text, decoded: text },
      },
    },
  },
  { type: ['object', 'null'] },
);

const error = object(
  {
    code: text,
    category: {
      enum: ['usage', 'credentials-rejected', 'service', 'unreachable', 'timed-out', 'interrupted', 'internal'],
    },
    message: text,
    hint: textOrNull,
    retryable: flag,
    reference: textOrNull,
    next: { type: ['array', 'null'], items: text },
  },
  { type: ['object', 'null'] },
);

const status: Readonly<Record<string, JsonSchema>> = {
  token: text,
  status: { enum: ['NEW', 'USED', 'EXPIRED', 'UNKNOWN', null] },
  statusText: textOrNull,
};
const times: Readonly<Record<string, JsonSchema>> = {
  startedAt: { type: 'string', format: 'date-time' },
  elapsedMs: count,
};
const tally = { checks: count, seen: { type: 'object', additionalProperties: count } } as const;
/** Whether money was taken, and whether asking again could change anything. */
const payment = { money: { enum: moneyStates }, final: flag } as const;
const one = { ...payment, ...status, ...times, ...tally, receipt } as const;

const ending = {
  outcome: { enum: outcomes },
  exitCode: { enum: exitCodes.map(({ code }) => code) },
  summary: text,
} as const;

/** What became of one token of many. */
const row = { ...ending, ...payment, ...status, elapsedMs: count, ...tally, receipt, error } as const;

/** A row that takes the place of an earlier one says so. */
const withCorrected = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  properties: { ...schema.properties, corrected: { const: true } },
});

const wait = {
  ...one,
  intervalMs: count,
  counts: { type: 'object', additionalProperties: count },
  results: { type: 'array', items: withCorrected(object(row)) },
} as const;

const setting = object({
  value: textOrNull,
  layer: { enum: ['flag', 'environment', 'profile', 'default', 'unset'] },
  source: text,
});
const doctor = {
  ...times,
  environment: object({ version: text, node: text, platform: text, arch: text }),
  checks: {
    type: 'array',
    items: object({
      id: text,
      title: text,
      state: { enum: ['ok', 'warning', 'failed', 'skipped'] },
      detail: text,
      remedy: textOrNull,
      ms: count,
    }),
  },
} as const;

/** What each command's document has beside the members that all have. */
const members = {
  status: { ...payment, ...status, ...times },
  wait,
  receipt: { ...payment, token: text, ...times, receipt },
  decode: { ...payment, receipt },
  demo: { scenario: text, ...one },
  doctor,
  config: { profile: text, path: text, settings: { type: 'object', additionalProperties: setting } },
  schema: { documents: { type: 'array', items: text } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema of a command's document. Only the members that all documents have are required: a run that was refused
 * before anything was asked has no others.
 */
export function documentSchema(command: string): JsonSchema {
  const own: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = members;
  return {
    $schema: dialect,
    title: `instamed-poll ${command}`,
    type: 'object',
    required: [
      ...['schemaVersion', 'command', 'outcome', 'exitCode', 'summary', 'error'],
      ...Object.keys(own[command] ?? {}).filter((name) => name in payment),
    ],
    properties: {
      schemaVersion: { const: 1 },
      command: textOrNull,
      ...ending,
      ...own[command],
      error,
    },
  };
}

/** An event of a wait. */
function event(name: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return object({ event: { const: name }, ...properties }, { title: name });
}

/** An event that may be the first of all, which has the version. `finished` has it in any case. */
function firstEvent(name: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const own = event(name, properties);
  return { ...own, properties: { schemaVersion: { const: 1 }, ...own.properties } };
}

const answered = {
  elapsedMs: count,
  check: count,
  status: { enum: ['NEW', 'USED', 'EXPIRED', 'UNKNOWN'] },
  statusText: text,
} as const;

const plan = { intervalMs: count, timeoutMs: count } as const;

const events: readonly JsonSchema[] = [
  firstEvent('started', { token: text, ...plan }),
  // Of a wait for several tokens, which has no token of its own.
  firstEvent('started', {
    tokens: count,
    blank: count,
    duplicates: count,
    ...plan,
    maxRate: count,
    concurrency: count,
  }),
  event('checked', { token: text, ...answered, nextInMs: { type: ['integer', 'null'], minimum: 0 } }),
  event('retrying', {
    token: text,
    what: { enum: ['status', 'receipt'] },
    elapsedMs: count,
    check: count,
    nextInMs: count,
    failuresInARow: count,
    error: object({ code: text, message: text }),
  }),
  event('completed', { token: text, ...answered }),
  // The first of all with `--stream`.
  withCorrected(firstEvent('result', row)),
  finishedEvent(),
];

/** The document of `wait` or `demo`, with the name of an event. */
function finishedEvent(): JsonSchema {
  const { required = [], properties } = documentSchema('demo');
  const { intervalMs, counts } = wait;
  return {
    title: 'finished',
    type: 'object',
    required: ['event', ...required],
    properties: { event: { const: 'finished' }, ...properties, intervalMs, counts },
  };
}

/** The JSON Schema of one line of `-o ndjson`. */
function eventsSchema(): JsonSchema {
  return { $schema: dialect, title: 'instamed-poll events', type: 'object', required: ['event'], oneOf: events };
}

export interface PublishedSchema {
  readonly name: string;
  readonly describes: string;
  readonly schema: JsonSchema;
}

/** Every schema that the program prints and the package holds. */
export const publishedSchemas: readonly PublishedSchema[] = [
  ...Object.keys(members).map((name) => ({
    name,
    describes: `the document of instamed-poll ${name} --json`,
    schema: documentSchema(name),
  })),
  { name: 'events', describes: 'one line of instamed-poll wait -o ndjson', schema: eventsSchema() },
];
