import { describe, expect, test } from 'vitest';
import { readEvents } from '../../support/check-document.ts';
import { EventClock } from '../../support/event-clock.ts';
import { paid, story, tokenAt, tokensOf } from '../../support/many-world.ts';
import { webPage } from '../../support/replies.ts';
import { run, type World } from '../../support/run-cli.ts';
import { type TokenStory, TokenTransport } from '../../support/token-transport.ts';

const never = new AbortController().signal;

/** Texts that come through stdin, or its failure, each so many milliseconds after the one before. */
type Pieces = readonly (readonly [afterMs: number, text: string | Error])[];

/** Runs `wait --stream` while this comes through stdin. */
async function streamed(
  pieces: Pieces,
  stories: Readonly<Record<string, TokenStory>>,
  flags: readonly string[] = [],
  more: (clock: EventClock) => World = () => ({}),
) {
  const clock = new EventClock();
  const transport = new TokenTransport(clock, stories);
  let begin = () => {};
  const began = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const running = run(['wait', '--stream', ...flags], {
    clock,
    transport,
    async *stdinStream() {
      begin();
      for (const [afterMs, text] of pieces) {
        await clock.sleep(afterMs, never);
        if (text instanceof Error) throw text;
        yield text;
      }
    },
    ...more(clock),
  });
  await Promise.race([began, running]);
  // While the program loads its last parts no time passes.
  await clock.during(Promise.race([running, transport.closed]));
  const exit = await running;
  const start = clock.now() - clock.elapsed;
  const requests = transport.requests.map((request) => ({ ...request, at: request.at - start }));
  return { ...exit, requests, elapsedMs: clock.elapsed };
}

const [first, second] = tokensOf(2) as [string, string];

test('each token is watched from the moment it comes, and printed as it completes', async () => {
  const { code, stdout, stderr, requests } = await streamed(
    [
      [0, `${first}\n`],
      [30_000, `\n${second}`],
      [5_000, '\r\n'],
    ],
    { [first]: paid('C', 5), [second]: paid('C') },
  );
  const { events, document } = readEvents({ stdout });
  expect(events.map(({ event }) => event)).toEqual(['result', 'result']);
  expect(events[0]).toMatchObject({ schemaVersion: 1, token: second, outcome: 'approved', checks: 1 });
  expect(events[1]).toMatchObject({ token: first, outcome: 'approved', checks: 6, money: 'taken' });
  expect(document).toMatchObject({ command: 'wait', outcome: 'approved', exitCode: 0, counts: { approved: 2 } });
  expect([code, stderr]).toEqual([0, '']);
  expect(requests.filter(({ token }) => token === first)[0]?.at).toBe(0);
  expect(requests.filter(({ token }) => token === second)[0]?.at).toBe(35_000);
});

test('each has a deadline of its own', async () => {
  const { code, stdout, elapsedMs } = await streamed(
    [
      [0, `${first}\n`],
      [40_000, `${second}\n`],
    ],
    { [first]: story(99, 'NEW'), [second]: story(99, 'NEW') },
    ['--timeout', '1m'],
  );
  const { events } = readEvents({ stdout });
  expect(events.slice(0, 2)).toMatchObject([
    { token: first, outcome: 'timed-out', checks: 7 },
    { token: second, outcome: 'timed-out', checks: 7 },
  ]);
  expect(elapsedMs).toBeGreaterThan(100_000);
  expect(code).toBe(124);
});

test('a line that holds no token is skipped, told, and shown by the exit code; the others lose nothing', async () => {
  const { code, stdout, stderr } = await streamed([[0, `two words\n${first}\n${first}\n`]], { [first]: paid('C', 1) });
  const { events, document } = readEvents({ stdout });
  expect(events[0]).toMatchObject({ token: first, outcome: 'approved' });
  expect(document).toMatchObject({ outcome: 'usage-error', exitCode: 2, counts: { approved: 1 } });
  expect(document.summary).toBe(
    '1 token: 1 approved. 2 lines of stdin were skipped: no token that can be sent, one that was being watched, or unreadable.',
  );
  expect(stderr).toContain('See line 1 of stdin.');
  expect(stderr).toContain('This token is being watched already.');
  expect(stderr).not.toContain(first);
  expect(code).toBe(2);
});

test('a line without end is the end of stdin: what is watched keeps its result', async () => {
  const { code, stdout, stderr } = await streamed([[0, `${first}\n${'x'.repeat(20_000)}`]], { [first]: paid('C', 1) });
  const { events } = readEvents({ stdout });
  expect(events[0]).toMatchObject({ token: first, outcome: 'approved' });
  expect(stderr).toContain('A line of stdin is longer than any token.');
  expect(code).toBe(2);
});

test('so is an error of stdin', async () => {
  const broken = Object.assign(new Error('read'), { code: 'EIO' });
  const { code, stdout, stderr } = await streamed(
    [
      [0, `${first}\n`],
      [0, broken],
    ],
    { [first]: paid('D') },
  );
  expect(readEvents({ stdout }).events[0]).toMatchObject({ token: first, outcome: 'not-approved' });
  expect(stderr).toContain('The token list cannot be read: stdin (EIO).');
  expect(code).toBe(2);
});

test('that money may have moved is said before any skipped line', async () => {
  const unread = story(0, 'USED', ...Array.from({ length: 5 }, () => webPage('', 503)));
  const { code, stdout, stderr } = await streamed([[0, `${first}\ntwo words\n`]], { [first]: unread });
  const { document } = readEvents({ stdout });
  expect(document.summary).toMatch(/^Money may have moved\. Do not charge again\. .*skipped/);
  expect(stderr).toContain('instamed-poll: Money may have moved. Do not charge again.');
  expect(code).toBe(2);
});

test('a rejected password ends every token, also those that come later', async () => {
  const rejected = story(0, {
    label: 'rejected',
    answer: { status: 401, headers: {}, body: new Uint8Array(), isWhole: true },
  });
  const tokens = tokensOf(5);
  const { code, requests } = await streamed(
    [
      [0, `${tokens.slice(0, 4).join('\n')}\n`],
      [20_000, `${tokens[4]}\n`],
    ],
    Object.fromEntries(tokens.map((token) => [token, rejected])),
  );
  expect(requests).toHaveLength(3);
  expect(code).toBe(4);
});

describe('a stop', () => {
  test('ends all that is watched, though stdin stays open', async () => {
    const { code, stdout } = await streamed(
      [
        [0, `${first}\n`],
        [1e9, ''],
      ],
      { [first]: story(99, 'NEW') },
      [],
      (clock) => ({
        onStart: (send) => void clock.sleep(25_000, never).then(() => send('SIGINT')),
      }),
    );
    const { events, document } = readEvents({ stdout });
    expect(events[0]).toMatchObject({ token: first, outcome: 'interrupted', checks: 3 });
    expect(document).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
    expect(code).toBe(130);
  });
});

test('without a token there is nothing to watch', async () => {
  const { code, stderr } = await streamed([[0, '\n\n']], {});
  expect([code, stderr]).toEqual([2, expect.stringContaining('Stdin held no token.')]);
});

test.each([
  [[tokenAt(0)], 'reads its tokens from stdin alone'],
  [['-o', 'json'], '--stream prints events.'],
  [['--json'], "cannot be used with option '--json'"],
  [['--from-file', 'x'], "cannot be used with option '--from-file"],
  [['--any'], "cannot be used with option '--any'"],
])('%j is refused beside it', async (words, says) => {
  const { code, stderr } = await run(['wait', '--stream', ...words]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});
