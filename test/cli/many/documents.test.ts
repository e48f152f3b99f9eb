import { describe, expect, test } from 'vitest';
import { readDocument, readEvents } from '../../support/check-document.ts';
import { paid, shown, story, tokensOf, waitMany } from '../../support/many-world.ts';
import { fault, publishedError, publishedReceipt, receipt } from '../../support/replies.ts';
import { run } from '../../support/run-cli.ts';

const tokens = tokensOf(5);
const [approved, declined, unread, expired, lost] = tokens as [string, string, string, string, string];
const stories = {
  [approved]: paid('C', 2),
  [declined]: story(1, 'USED', receipt(publishedReceipt)),
  [unread]: story(1, 'USED', receipt(publishedError)),
  [expired]: story(0, 'EXPIRED'),
  [lost]: story(0, fault('Client', 'No such token')),
};
const outcomes = ['approved', 'not-approved', 'receipt-unread', 'expired', 'service-error'];
/** The first error ends the wait for its token, though others were read. */
const strict = ['--max-failures', '1'];
const counts = { 'receipt-unread': 1, 'service-error': 1, 'not-approved': 1, expired: 1, approved: 1 };

describe('the JSON document', () => {
  test('has a row for each token in the order in which they were given, and the worst of them as its ending', async () => {
    const { code, stdout } = await waitMany([...tokens, '--json', '-q', ...strict], stories);
    const document = readDocument({ stdout });
    expect(document).toMatchObject({ outcome: 'receipt-unread', exitCode: 9, intervalMs: 10_000, counts });
    expect(code).toBe(9);
    expect(document.results?.map(({ token }) => token)).toEqual(tokens);
    expect(document.results?.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(document.results?.map(({ exitCode }) => exitCode)).toEqual([0, 3, 9, 6, 5]);
    expect(document.summary).toBe(
      'Money may have moved. Do not charge again. 1 token is USED, but its receipt could not be read. 5 tokens: 1 receipt-unread, 1 service-error, 1 not-approved, 1 expired, 1 approved.',
    );
  });

  test('adds up the asks and the tallies of its rows', async () => {
    const { stdout, requests } = await waitMany([...tokens, '--json', '-q', ...strict], stories);
    const { results = [], checks, seen } = readDocument({ stdout });
    const asks = requests.filter(({ what }) => what === 'status');
    expect(checks).toBe(asks.length);
    expect(results.map((row) => row.checks)).toEqual([3, 2, 2, 2, 1]);
    expect(seen).toEqual({ NEW: 4, USED: 3, EXPIRED: 2, SOAP_FAULT: 1 });
  });

  test('is one document and nothing else, where nothing was asked as well', async () => {
    const { code, stdout } = await waitMany([...tokens, '--json', '--interval', '10'], stories);
    expect(code).toBe(2);
    expect(readDocument({ stdout }, 'wait')).toMatchObject({ outcome: 'usage-error' });
  });

  test('keeps a token whole that reads like a card number, in its row and in each command', async () => {
    const card = '4111111111111111';
    const { stdout } = await waitMany([card, approved, '--json', '-q', '--timeout', '10s'], {
      ...stories,
      [card]: story(9, 'NEW'),
      [approved]: story(9, 'NEW'),
    });
    const { results, error } = readDocument({ stdout });
    const next = ['instamed-poll', 'wait', card, '--timeout', '10s'];
    expect(results?.[0]).toMatchObject({ token: card, error: { next } });
    expect(error?.next?.slice(0, 4)).toEqual(['instamed-poll', 'wait', card, approved]);
    const events = await waitMany([card, approved, '-o', 'ndjson', '-q', '--timeout', '10s'], {
      [card]: story(9, 'NEW'),
      [approved]: story(9, 'NEW'),
    });
    const row = readEvents(events).events.find(({ event, token }) => event === 'result' && token === card);
    expect(row).toMatchObject({ error: { next } });
  });
});

describe('the command to run next', () => {
  const connection = ['--account-id', 'other@instamed.net', '--store-id', '2', '--request-timeout', '9s'];
  const odd = '--a-token-with-hyphens';

  /** Runs a command of the document as it stands; it must be one that the program understands. */
  async function runNext(next: readonly string[] | null | undefined) {
    const [program, command, ...words] = next ?? [];
    expect(program).toBe('instamed-poll');
    const told = { ...stories, [odd]: paid('C'), [unread]: paid('C') };
    if (command === 'wait') return waitMany(['--json', '-q', ...words], told);
    const answer = receipt('responseCode=000&transactionStatus=C');
    return run([command as string, '--json', ...words], { steps: [answer] });
  }

  test('of each row parses and runs, with the connection and the rules of this run', async () => {
    const slow = { ...stories, [approved]: story(9, 'NEW'), [odd]: story(9, 'NEW') };
    const rules = ['--interval', '9s', '--timeout', '20s', '--max-failures', '1'];
    const words = [...connection, '--json', '-q', ...rules, '--accept-partial', '--', ...tokens, odd];
    const { stdout } = await waitMany(words, slow);
    const { results = [] } = readDocument({ stdout });
    const commands = results.map(({ error }) => error?.next ?? null);
    expect(commands).toEqual([
      ['instamed-poll', 'wait', approved, ...connection, '--accept-partial', ...rules],
      null,
      ['instamed-poll', 'receipt', unread, ...connection, '--accept-partial'],
      null,
      null,
      ['instamed-poll', 'wait', ...connection, '--accept-partial', ...rules, '--', odd],
    ]);
    for (const next of commands) if (next) expect((await runNext(next)).code).toBe(0);
  });

  test('of a row asks for no receipt where this run asks for none', async () => {
    const told = { [approved]: story(9, 'NEW'), [declined]: story(9, 'NEW') };
    const { stdout } = await waitMany([approved, declined, '--no-receipt', '--json', '-q'], told);
    const next = readDocument({ stdout }).results?.[1]?.error?.next;
    expect(next).toEqual(['instamed-poll', 'wait', declined, '--no-receipt']);
    expect(readDocument(await runNext(next)).outcome).toBe('used');
  });

  test('of the whole goes on with the whole', async () => {
    const slow = { ...stories, [approved]: story(9, 'NEW'), [declined]: story(9, 'NEW') };
    const argv = [approved, declined, '--timeout', '10s', '--json'];
    const { stdout } = await waitMany([...argv, '--debug'], slow);
    const { error } = readDocument({ stdout });
    expect(error).toMatchObject({ code: 'TIMED_OUT', next: ['instamed-poll', 'wait', ...argv] });
    expect((await runNext(error?.next)).code).toBe(3);
  });

  test.each([
    [['--timeout', '10s'], 'Next: instamed-poll wait - --timeout 10s -q   (then paste the tokens, one per line)\n'],
    [
      ['--timeout', '10s', '--secrets-from', '-'],
      `Next: instamed-poll wait ${shown(approved)} ${shown(declined)} --timeout 10s --secrets-from - -q\n`,
    ],
  ])('can be run as it is told on stderr, where no token stands: %j', async (flags, says) => {
    const slow = { [approved]: story(9, 'NEW'), [declined]: story(9, 'NEW') };
    const { stderr } = await waitMany([approved, declined, ...flags, '-q'], slow);
    expect(stderr.endsWith(says)).toBe(true);
  });

  test('of a list stays a command for that list', async () => {
    const slow = { [approved]: story(9, 'NEW'), [declined]: story(9, 'NEW') };
    const stdin = `${approved}\n${declined}\n`;
    const { stderr } = await waitMany(['-', '--timeout', '10s', '-q'], slow, { stdin });
    expect(stderr.endsWith('Next: instamed-poll wait - --timeout 10s -q\n')).toBe(true);
  });
});

describe('--field', () => {
  test.each([
    ['outcome', 'receipt-unread'],
    ['results.0.outcome', 'approved'],
    ['results.2.error.next', JSON.stringify(['instamed-poll', 'receipt', unread])],
    ['results.1.receipt.fields.cardBrand', 'VISA'],
    ['results.3.token', expired],
    ['counts.expired', '1'],
    ['counts', JSON.stringify(counts)],
    ['results.9.outcome', ''],
    ['token', ''],
  ])('%s', async (path, value) => {
    const { code, stdout } = await waitMany([...tokens, '--field', path, '-q'], stories);
    expect({ code, stdout }).toEqual({ code: 9, stdout: `${value}\n` });
  });

  test('refuses a path that no row has, with nothing asked', async () => {
    const { code, stdout, requests } = await waitMany([...tokens, '--field', 'results.0.nothing'], stories);
    expect({ code, stdout, requests }).toEqual({ code: 2, stdout: '', requests: [] });
  });
});

describe('text in a pipe', () => {
  test('has names that are the paths of --field, and the rows as they come', async () => {
    const { code, stdout } = await waitMany([...tokens, '-q', ...strict], stories);
    expect(code).toBe(9);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [name: string, value: string]);
    expect(lines.filter(([name]) => /^results\.\d\.outcome$|^outcome$/.test(name))).toEqual([
      ['results.3.outcome', 'expired'],
      ['results.4.outcome', 'service-error'],
      ['results.1.outcome', 'not-approved'],
      ['results.0.outcome', 'approved'],
      ['results.2.outcome', 'receipt-unread'],
      ['outcome', 'receipt-unread'],
    ]);
    expect(new Set(lines.map(([name]) => name)).size).toBe(lines.length);
    for (const [name, value] of lines) {
      if (/^(?:results\.1\.|counts|error|outcome|seen|checks)/.test(name) && !/token|next/.test(name)) {
        const { stdout: bare } = await waitMany([...tokens, '--field', name, '-q', ...strict], stories);
        expect([name, bare]).toEqual([name, `${value}\n`]);
      }
    }
  });

  test('shows tokens shortened', async () => {
    const { stdout, stderr } = await waitMany([...tokens], stories);
    for (const token of tokens) {
      expect(stdout + stderr).not.toContain(token);
      expect(stdout).toContain(`\t${shown(token)}\n`);
    }
  });
});

describe('-o ndjson', () => {
  test('has a start, each thing as it happens with its token, a result for each, and the end without the rows', async () => {
    const { code, stdout } = await waitMany([...tokens, '-o', 'ndjson', '-q', ...strict], stories);
    const { events, document } = readEvents({ stdout });
    expect(code).toBe(9);
    expect(events[0]).toEqual({
      schemaVersion: 1,
      event: 'started',
      tokens: 5,
      blank: 0,
      duplicates: 0,
      intervalMs: 10_000,
      timeoutMs: 900_000,
      maxRate: 20,
      concurrency: 16,
    });
    const of = (token: string) => events.filter((event) => event['token'] === token).map(({ event }) => event);
    expect(of(approved)).toEqual(['checked', 'checked', 'completed', 'result']);
    expect(of(unread)).toEqual(['checked', 'completed', ...Array(4).fill('retrying'), 'result']);
    expect(of(expired)).toEqual(['checked', 'completed', 'result']);
    expect(of(lost)).toEqual(['result']);
    expect(document).not.toHaveProperty('results');
    expect(document).toMatchObject({ outcome: 'receipt-unread', counts });
  });

  test('has in its results what the rows of the JSON document have', async () => {
    const { stdout } = await waitMany([...tokens, '-o', 'ndjson', '-q', ...strict], stories);
    const { events } = readEvents({ stdout });
    const rows = events.flatMap(({ event, ...row }) => (event === 'result' ? [row] : []));
    const { results } = readDocument(await waitMany([...tokens, '--json', '-q', ...strict], stories));
    const byToken = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    expect(rows.sort(byToken)).toEqual([...(results ?? [])].sort(byToken));
  });
});

test('a row has what a wait for its token alone would tell', async () => {
  const { results } = readDocument(await waitMany([declined, approved, '--json', '-q'], stories));
  const alone = readDocument(await waitMany([declined, '--json', '-q'], stories));
  const { schemaVersion: _version, command: _command, startedAt: _startedAt, ...row } = alone;
  expect(results?.[0]).toEqual(row);
});
