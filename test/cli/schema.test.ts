import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/answer/exit-codes.ts';
import { documentSchema, publishedSchemas } from '../../src/cli/answer/schema.ts';
import { outcomes } from '../../src/domain/outcome.ts';
import { readDocument, schemaErrors } from '../support/check-document.ts';
import { capturedReceipt, publishedError, receipt, status, times } from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';

const commands = ['wait', 'status', 'receipt', 'decode', 'demo', 'schema'];

test.each(commands)('the schema of %s is a schema, by its own words', (command) => {
  const schema = documentSchema(command);
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.title).toBe(`instamed-poll ${command}`);
  expect(new Ajv2020({ strict: false }).validateSchema(schema as object)).toBe(true);
});

test.each(commands)('every document of %s has the members that a script may rely on', (command) => {
  const { required = [], properties = {} } = documentSchema(command);
  const isAboutPayment = ['status', 'wait', 'receipt', 'decode', 'demo'].includes(command);
  expect(required).toEqual([
    ...['schemaVersion', 'command', 'outcome', 'exitCode', 'summary', 'error'],
    ...(isAboutPayment ? ['money', 'final'] : []),
  ]);
  for (const name of required) expect(properties).toHaveProperty(name);
  expect(properties['outcome']?.enum).toEqual(outcomes);
  expect(properties['exitCode']?.enum).toEqual(exitCodes.map(({ code }) => code));
});

test.each([
  ['status', ['money', 'final', 'token', 'status', 'statusText', 'startedAt', 'elapsedMs']],
  [
    'wait',
    [
      ...['money', 'final', 'token', 'status', 'statusText', 'startedAt', 'elapsedMs', 'checks', 'seen', 'receipt'],
      ...['intervalMs', 'counts', 'results'],
    ],
  ],
  ['receipt', ['money', 'final', 'token', 'startedAt', 'elapsedMs', 'receipt']],
  ['decode', ['money', 'final', 'receipt']],
  [
    'demo',
    [
      ...['scenario', 'money', 'final', 'token', 'status', 'statusText', 'startedAt', 'elapsedMs', 'checks', 'seen'],
      'receipt',
    ],
  ],
  ['schema', ['documents']],
  ['doctor', ['startedAt', 'elapsedMs', 'environment', 'checks']],
])('the schema of %s describes its own members', (command, names) => {
  const shared = ['schemaVersion', 'command', 'outcome', 'exitCode', 'summary', 'error'];
  const { properties = {} } = documentSchema(command);
  expect(Object.keys(properties).filter((name) => !shared.includes(name))).toEqual(names);
});

describe('the command schema', () => {
  const names = publishedSchemas.map(({ name }) => name);

  test('lists what it can print, a name a line', async () => {
    const { code, stdout, stderr } = await run(['schema']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(names).toEqual([...'status wait receipt decode demo doctor config schema events'.split(' ')]);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([...names, '']);
  });

  test.each([[['--json']], [['-o', 'json']]])('lists them in a document with %j', async (flags) => {
    const { code, stdout, stderr } = await run(['schema', ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readDocument({ stdout }, 'schema')).toMatchObject({ outcome: 'answered', exitCode: 0, documents: names });
  });

  test.each(names)('prints that of %s, the same with and without --json', async (name) => {
    const { code, stdout, stderr } = await run(['schema', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(publishedSchemas.find((each) => each.name === name)?.schema);
    expect(new Ajv2020({ strict: false }).validateSchema(JSON.parse(stdout))).toBe(true);
    expect((await run(['schema', name, '--json'])).stdout).toBe(stdout);
  });

  test('tells a wrong name in JSON where that was asked for', async () => {
    const { code, stdout } = await run(['schema', 'nothing', '--json']);
    expect(code).toBe(2);
    expect(readDocument({ stdout }, 'schema')).toMatchObject({ command: 'schema', outcome: 'usage-error' });
  });
});

describe('the schema of the events', () => {
  const started = { event: 'started', token, intervalMs: 10_000, timeoutMs: 900_000 };

  test('describes what wait -o ndjson prints, line by line', async () => {
    const { stdout } = await run(['wait', token, '-o', 'ndjson', '-q'], {
      steps: [status('NEW'), status('USED'), receipt(publishedError), receipt(capturedReceipt)],
    });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(['started', 'checked', 'completed', 'retrying', 'finished']);
    for (const line of lines) expect(schemaErrors(line, 'events')).toEqual([]);
  });

  test('describes the one line of a usage error', async () => {
    const { stdout } = await run(['wait', token, '-o', 'ndjson', '--bogus']);
    expect(schemaErrors(JSON.parse(stdout), 'events')).toEqual([]);
  });

  test('describes what --progress json prints', async () => {
    const { stderr } = await run(['wait', token, '--progress', 'json'], {
      steps: [status('NEW'), ...times(2, status('EXPIRED'))],
    });
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(schemaErrors(JSON.parse(line), 'events')).toEqual([]);
  });

  test.each<[string, object]>([
    ['an event that is none', { ...started, event: 'begun' }],
    ['no event', { token }],
    ['a member of another event', { ...started, check: 1 }],
    ['a time in words', { ...started, timeoutMs: '15m' }],
    ['another version', { ...started, schemaVersion: 2 }],
    ['an end without a document', { event: 'finished', token }],
  ])('does not take %s', (_name, event) => {
    expect(schemaErrors({ schemaVersion: 1, ...started }, 'events')).toEqual([]);
    expect(schemaErrors(event, 'events')).not.toEqual([]);
  });
});

describe('what does not fit is found', () => {
  const good = async () => {
    const { stdout } = await run(['wait', token, '--json'], { steps: [status('USED'), receipt(capturedReceipt)] });
    return readDocument({ stdout }) as unknown as Record<string, unknown>;
  };
  const receiptWith = (document: Record<string, unknown>, more: object) => ({
    ...document,
    receipt: { ...(document['receipt'] as object), ...more },
  });

  test.each<[string, (document: Record<string, unknown>) => object]>([
    ['another version', (document) => ({ ...document, schemaVersion: 2 })],
    ['an outcome that is none', (document) => ({ ...document, outcome: 'paid' })],
    ['an exit code that is none', (document) => ({ ...document, exitCode: 10 })],
    ['no error member', ({ error: _error, ...rest }) => rest],
    ['no summary', ({ summary: _summary, ...rest }) => rest],
    ['a status that is none', (document) => ({ ...document, status: 'COMPLETE' })],
    ['a time that is none', (document) => ({ ...document, startedAt: 'today' })],
    ['half a check', (document) => ({ ...document, checks: 1.5 })],
    ['less than no time', (document) => ({ ...document, elapsedMs: -1 })],
    ['a tally of texts', (document) => ({ ...document, seen: { NEW: '1' } })],
    ['a member that nobody described', (document) => ({ ...document, extra: 1 })],
    ['a result that is none', (document) => receiptWith(document, { result: 'paid' })],
    ['an approval in words', (document) => receiptWith(document, { approved: 'true' })],
    ['a card without its members', (document) => receiptWith(document, { card: {} })],
    ['a pair without a value', (document) => receiptWith(document, { fields: [{ name: 'a' }] })],
    ['an error in words', (document) => ({ ...document, error: 'no' })],
    ['an error without its members', (document) => ({ ...document, error: { code: 'X' } })],
  ])('%s', async (_name, change) => {
    const document = await good();
    expect(schemaErrors(document, 'wait')).toEqual([]);
    expect(schemaErrors(change(document), 'wait')).not.toEqual([]);
  });
});
