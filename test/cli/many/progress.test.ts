import { describe, expect, test } from 'vitest';
import { paid, story, tokensOf, waitMany } from '../../support/many-world.ts';
import { fault, lostConnection, publishedError, receipt, status, times } from '../../support/replies.ts';

const [first, second, third] = tokensOf(3) as [string, string, string];
const tokens = [first, second, third];

describe('--progress none', () => {
  const stories = { [first]: paid('C', 8), [second]: paid('A', 1), [third]: paid('O') };

  test.each([
    ['text', []],
    ['JSON', ['--json']],
    ['events', ['-o', 'ndjson']],
    ['a field', ['--field', 'counts.approved']],
  ])('writes not a byte to stderr where all goes well: %s', async (_name, flags) => {
    for (const none of [['--progress', 'none'], ['-q']]) {
      for (const tty of [true, false]) {
        const { code, stderr } = await waitMany([...tokens, ...flags, ...none], stories, { tty });
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      }
    }
  });
});

/** All that a log gets to see, to the byte. */
describe('lines of progress', () => {
  test('one at the start, one for each token that ends, one a minute, one at the end', async () => {
    const stories = { [first]: paid('C', 8), [second]: paid('D', 1), [third]: story(3, 'EXPIRED') };
    const { code, stderr } = await waitMany([...tokens, '--json'], stories);
    expect(code).toBe(3);
    expect(stderr).toBe(`Waiting for 3 tokens: checking each every 10s, for up to 15m.
0:13 MDAx…MDE= not-approved, money: not-taken (1 of 3)
0:36 MDAy…MDI= expired, money: not-taken (2 of 3)
1:00 still 1 NEW, 2 of 3 ended, 13 checks
1:20 MDAw…MDA= approved, money: taken (3 of 3)
1:20 ended: 1 not-approved · 1 expired · 1 approved, 16 checks
instamed-poll: 3 tokens: 1 not-approved, 1 expired, 1 approved.
`);
  });

  test('trouble is told where it begins, and once a minute while it lasts', async () => {
    const busy = times(4, fault('Server', 'Busy.'));
    const stories = {
      [first]: {
        status: [status('NEW'), ...busy, ...times(3, status('NEW')), lostConnection, status('USED')],
        receipt: paid('C').receipt ?? [],
      },
      [second]: { status: [status('NEW'), ...busy, status('HELD'), status('EXPIRED')] },
    };
    const { code, stderr } = await waitMany([first, second, '--json'], stories);
    expect(code).toBe(6);
    expect(stderr).toBe(`Waiting for 2 tokens: checking each every 10s, for up to 15m.
0:10 MDAw…MDA= The status service reported an error: Busy.
1:00 still 1 NEW · 1 unknown status, 0 of 2 ended, 12 checks
1:05 MDAx…MDE= expired, money: not-taken (1 of 2)
1:20 MDAw…MDA= The host ended the connection without an answer.
1:30 MDAw…MDA= approved, money: taken (2 of 2)
1:30 ended: 1 expired · 1 approved, 18 checks
instamed-poll: 2 tokens: 1 expired, 1 approved.
`);
  });

  test('a receipt that lags is no verdict on its payment', async () => {
    const lags = receipt('errorCode=400&errorMessage=The payment was DECLINED: it failed');
    const told = { [first]: story(0, 'USED', lags, ...(paid('C').receipt ?? [])), [second]: paid('C') };
    const { code, stderr } = await waitMany([first, second], told);
    expect(code).toBe(0);
    expect(stderr).toBe(`Waiting for 2 tokens: checking each every 10s, for up to 15m.
0:00 MDAw…MDA= The receipt service reported error 400.
0:01 MDAw…MDA= approved, money: taken (1 of 2)
0:05 MDAx…MDE= approved, money: taken (2 of 2)
0:05 ended: 2 approved, 2 checks
`);
  });

  test('tokens that somebody stopped are counted, not listed', async () => {
    const stories = Object.fromEntries(tokens.map((token) => [token, story(0, 'NEW')]));
    const { stderr } = await waitMany([...tokens, '--json'], stories, { stop: { signal: 'SIGINT', afterMs: 15_000 } });
    expect(stderr).toBe(`Waiting for 3 tokens: checking each every 10s, for up to 15m.
0:15 ended: 3 interrupted, 5 checks
instamed-poll: Stopped by SIGINT after 15s. 3 tokens: 3 interrupted.
Seen: NEW 5.
Next: instamed-poll wait - --json   (then paste the tokens, one per line)
`);
  });
});

describe('--progress json', () => {
  test('has the start and each event on stderr, tokens shortened', async () => {
    const stories = {
      [first]: paid('C', 1),
      [second]: story(0, 'USED', receipt(publishedError), ...(paid('C').receipt ?? [])),
    };
    const { code, stderr } = await waitMany([first, second, '--json', '--progress', 'json'], stories);
    expect(code).toBe(0);
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toEqual({
      event: 'started',
      tokens: 2,
      blank: 0,
      duplicates: 0,
      intervalMs: 10_000,
      timeoutMs: 900_000,
      maxRate: 20,
      concurrency: 16,
    });
    expect(events.slice(1).map(({ event, token }) => `${event} ${token}`)).toEqual([
      'checked MDAw…MDA=',
      'completed MDAx…MDE=',
      'retrying MDAx…MDE=',
      'completed MDAw…MDA=',
    ]);
  });
});

test('the trace of a wait for several names no token in full', async () => {
  const stories = { [first]: paid('C', 1), [second]: paid('C') };
  const { code, stderr } = await waitMany([first, second, '--json', '--debug'], stories);
  expect(code).toBe(0);
  expect(stderr).toContain('NEW: the payer has not finished.');
  for (const token of tokens) expect(stderr).not.toContain(token);
});
