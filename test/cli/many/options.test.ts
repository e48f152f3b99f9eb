import { describe, expect, test } from 'vitest';
import { readDocument, readEvents } from '../../support/check-document.ts';
import { paid, story, tokensOf, waitMany } from '../../support/many-world.ts';
import { fault, publishedError, receipt } from '../../support/replies.ts';

const [first, second, third] = tokensOf(3) as [string, string, string];
const tokens = [first, second, third];
const slow = story(0, 'NEW');

describe('options that exclude one another are refused, with nothing asked', () => {
  test.each([
    [['--all', '--any'], "Option '--all' cannot be used with option '--any'."],
    [['--any', '--all'], "Option '--all' cannot be used with option '--any'."],
    [['--all', '--fail-fast'], "Option '--all' cannot be used with option '--fail-fast'."],
    [['--any', '--fail-fast'], "Option '--any' cannot be used with option '--fail-fast'."],
    [['--fail-fast', '--any'], "Option '--any' cannot be used with option '--fail-fast'."],
    [['--all', '--any', '--fail-fast'], "Option '--all' cannot be used with option '--any'."],
  ])('%j', async (flags, says) => {
    const { code, stdout, stderr, opened } = await waitMany([...tokens, ...flags], {});
    expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
    expect(stderr).toMatch(new RegExp(`^instamed-poll: ${says}\\n`));
  });

  test.each([
    ['--max-rate', '0'],
    ['--max-rate', '1.5'],
    ['--max-rate', '-1'],
    ['--max-rate', '1000000'],
    ['--concurrency', '0'],
    ['--concurrency', 'many'],
  ])('%s %s is no count', async (flag, value) => {
    const { code, stderr, opened } = await waitMany([...tokens, `${flag}=${value}`], {});
    expect({ code, opened }).toEqual({ code: 2, opened: [] });
    expect(stderr).toBe(`instamed-poll: ${flag} is not a whole number from 1: "${value}".\nWrite it like ${flag} 6.\n`);
  });
});

describe('what ends the run', () => {
  const outcomesOf = async (flags: readonly string[], stories: Parameters<typeof waitMany>[1]) => {
    const run = await waitMany([...tokens, ...flags, '--json', '-q', '--timeout', '60s'], stories);
    const document = readDocument(run);
    return { ...run, document, outcomes: document.results?.map(({ outcome }) => outcome) };
  };

  test('--all is what happens anyway', async () => {
    const stories = { [first]: paid('D'), [second]: slow, [third]: paid('C', 3) };
    for (const flags of [[], ['--all']]) {
      const { code, outcomes } = await outcomesOf(flags, stories);
      expect({ code, outcomes }).toEqual({ code: 3, outcomes: ['not-approved', 'timed-out', 'approved'] });
    }
  });

  test('--any: the first token that has settled, and those that were given up decide nothing', async () => {
    const stories = { [first]: slow, [second]: paid('C', 1), [third]: slow };
    const { code, document, outcomes, elapsedMs } = await outcomesOf(['--any'], stories);
    expect({ code, outcomes }).toEqual({ code: 0, outcomes: ['pending', 'approved', 'pending'] });
    expect(document).toMatchObject({ outcome: 'approved', counts: { approved: 1, pending: 2 }, error: null });
    expect(document.results?.[0]).toMatchObject({ exitCode: 8, status: 'NEW', error: null });
    expect(elapsedMs).toBeLessThan(15_000);
  });

  test.each([
    ['declined', paid('D'), 'not-approved', 3],
    ['expired', story(0, 'EXPIRED'), 'expired', 6],
    ['USED, with a receipt that cannot be read', story(0, 'USED', receipt(publishedError)), 'receipt-unread', 9],
  ])('--any: a token that is %s has settled', async (_name, settled, outcome, code) => {
    const run = await outcomesOf(['--any'], { [first]: settled, [second]: slow, [third]: slow });
    expect({ code: run.code, outcomes: run.outcomes }).toEqual({ code, outcomes: [outcome, 'pending', 'pending'] });
  });

  test('--any: an error of one token settles nothing', async () => {
    const stories = { [first]: story(1, fault('Client', 'No such token')), [second]: paid('C', 3), [third]: slow };
    const { code, outcomes } = await outcomesOf(['--any', '--max-failures', '1'], stories);
    expect({ code, outcomes }).toEqual({ code: 5, outcomes: ['service-error', 'approved', 'pending'] });
  });

  test('--fail-fast: the first bad end', async () => {
    const stories = { [first]: paid('C'), [second]: paid('D', 1), [third]: slow };
    const { code, outcomes } = await outcomesOf(['--fail-fast'], stories);
    expect({ code, outcomes }).toEqual({ code: 3, outcomes: ['approved', 'not-approved', 'pending'] });
  });

  test('--fail-fast: where all go well it is no other than --all', async () => {
    const stories = { [first]: paid('C'), [second]: paid('A', 2), [third]: paid('C', 3) };
    const { code, outcomes } = await outcomesOf(['--fail-fast'], stories);
    expect({ code, outcomes }).toEqual({ code: 0, outcomes: ['approved', 'authorized', 'approved'] });
  });

  test('they are for one token as well', async () => {
    for (const flag of ['--all', '--any', '--fail-fast']) {
      expect((await waitMany([first, flag, '-q'], { [first]: paid('C') })).code).toBe(0);
    }
  });
});

describe('the budget', () => {
  const many = tokensOf(30);
  const stories = Object.fromEntries(many.map((token) => [token, paid('C', 1)]));

  test('of requests a second is kept, receipts included, and the interval stretched to it', async () => {
    const { code, stdout, stderr, requests } = await waitMany([...many, '--max-rate', '2', '-o', 'ndjson'], stories);
    expect(code).toBe(0);
    expect(requests).toHaveLength(90);
    const starts = requests.map(({ at }) => at);
    for (const [i, start] of starts.entries())
      expect(start - (starts[i - 1] ?? -500)).toBeGreaterThanOrEqual(500 - 0.001);
    expect(readEvents({ stdout }).events[0]).toMatchObject({ intervalMs: 15_000, maxRate: 2 });
    expect(stderr).toContain(
      'Waiting for 30 tokens: checking each every 15s, for up to 15m, not every 10s: 2 requests a second serve no more.\n',
    );
  });

  test('of requests under way is kept, and the network opened for no more', async () => {
    const { code, requests, opened } = await waitMany([...many, '--concurrency', '1', '-q'], stories, { tookMs: 450 });
    expect(code).toBe(0);
    expect(opened).toMatchObject([{ connections: 1 }]);
    const starts = requests.map(({ at }) => at);
    for (const [i, start] of starts.entries()) expect(start - (starts[i - 1] ?? -450)).toBeGreaterThanOrEqual(450);
  });

  test('is 20 a second and 16 under way where nothing is said', async () => {
    const { stdout, opened } = await waitMany([...many, '-o', 'ndjson', '-q'], stories);
    expect(readEvents({ stdout }).events[0]).toMatchObject({ maxRate: 20, concurrency: 16 });
    expect(opened).toMatchObject([{ connections: 16 }]);
  });
});
