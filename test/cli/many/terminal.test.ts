import { describe, expect, test } from 'vitest';
import { type ManyWorld, shown, story, tokensOf, waitMany } from '../../support/many-world.ts';
import {
  capturedReceipt,
  fault,
  lostConnection,
  publishedError,
  publishedReceipt,
  receipt,
  wrongPassword,
} from '../../support/replies.ts';

const [approved, declined, unread, slow] = tokensOf(4) as [string, string, string, string];
const stories = {
  [approved]: story(2, 'USED', receipt(capturedReceipt)),
  [declined]: story(1, 'USED', receipt(publishedReceipt)),
  [unread]: story(1, 'USED', receipt(publishedError)),
  [slow]: story(0, 'NEW'),
};
const settled = [approved, declined, unread];

const onTerminal = async (words: readonly string[], world: ManyWorld = {}) =>
  waitMany([...words, '-q'], stories, { tty: true, ...world });

test('each token has a row as it ends, and the whole is told last', async () => {
  const { code, stdout, stderr } = await onTerminal(settled);
  expect({ code, stderr }).toEqual({ code: 9, stderr: '' });
  expect(stdout).toBe(`MDAx…MDE=  not-approved    Declined. The payment was not taken. The status
  decides; ignore the message "Partially Approved $1.00". Transaction
  0ca7530a86084b468fff132ab7f04491.
MDAw…MDA=  approved        Approved. The payment was taken. Until it settles
  it can be voided; after that it can only be refunded. Transaction
  c5a1a5a099f748c8bf16b890c8b371ec.
MDAy…MDI=  receipt-unread  Money may have moved. Do not charge again. The
  token is USED, but its receipt could not be read. Look the payment up in
  InstaMed Online (Payment, Payment History) or in Payment Quick Search of the
  provider portal.
  Next: instamed-poll receipt -   (then paste the token MDAy…MDI=)
Money may have moved. Do not charge again.
1 token is USED, but its receipt could not be read. 3 tokens: 1
  receipt-unread, 1 not-approved, 1 approved.
┌────────┬───────────┐
│ Checks │ 7 in 37 s │
└────────┴───────────┘
`);
});

test('a row appears when its token ends, not at the end', async () => {
  const written: string[] = [];
  const onWrite: ManyWorld['onWrite'] = (stream, text) => {
    if (stream === 'stdout') written.push(text.slice(0, 30));
  };
  await onTerminal(settled, { onWrite });
  expect(written.map((text) => text.trim().split(/\s+/)[1])).toEqual([
    'not-approved',
    'approved',
    'receipt-unread',
    'may',
  ]);
});

test.each([20, 40, 80])(
  'at %i columns no line is longer but the command, which is to be copied whole',
  async (columns) => {
    const { stdout } = await onTerminal(settled, { columns });
    const lines = stdout.split('\n').filter((line) => !line.includes('Next:'));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    const words = stdout.replace(/\s+/g, ' ');
    for (const whole of ['Declined. The payment was not taken.', 'Money may have moved. Do not charge again.']) {
      expect(words).toContain(whole);
    }
    expect(stdout.replace(/\s+/g, '')).toContain('0ca7530a86084b468fff132ab7f04491');
  },
);

test('green is for what went well alone', async () => {
  const { stdout } = await onTerminal(settled, { colorLevel: 1 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts a colour.
  const greens = [...stdout.matchAll(/\x1b\[32m([\w-]+)/g)].map(([, word]) => word);
  expect(greens).toEqual(['approved']);
});

describe('Ctrl-C', () => {
  const stop = { signal: 'SIGINT', afterMs: 15_000 } as const;

  test('leaves no row of a token that was NEW, and says how to go on', async () => {
    const { code, stdout, stderr, elapsedMs, asleep } = await onTerminal([declined, slow], { stop });
    expect({ code, elapsedMs, asleep }).toEqual({ code: 130, elapsedMs: 15_000, asleep: 0 });
    expect(stdout).toMatch(/^MDAx…MDE= {2}not-approved/);
    expect(stdout).not.toContain(shown(slow));
    expect(stdout).toContain('\nStopped after 15s. 2 tokens: 1 interrupted, 1 not-approved.\n');
    expect(stderr).toBe('Next: instamed-poll wait - -q   (then paste the tokens, one per line)\n');
  });

  test('leaves the row of a token that is USED: money may have moved', async () => {
    const world = { stop: { signal: 'SIGTERM', afterMs: 20_000 } } as const;
    const { code, stdout } = await onTerminal([unread, slow], world);
    expect(code).toBe(143);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /^MDAy…MDI= interrupted Money may have moved\. Do not charge again\. Stopped after 20s\. The token is USED, /,
    );
    expect(stdout).not.toContain(shown(slow));
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Money may have moved. Do not charge again. 1 token is USED, but its receipt could not be read. Stopped by SIGTERM',
    );
  });

  test('into a pipe has rows all the same, which a script can read', async () => {
    const { code, stdout } = await waitMany([declined, slow, '-q'], stories, { stop });
    expect(code).toBe(130);
    expect(stdout).toContain('results.1.outcome\tinterrupted\n');
    expect(stdout).toContain('\noutcome\tinterrupted\n');
  });
});

describe('what to try', () => {
  test('is told once, however many tokens met the trouble', async () => {
    const refused = Object.fromEntries(settled.map((token) => [token, story(0, fault('Server', wrongPassword))]));
    const { code, stderr, requests } = await waitMany([...settled, '-q'], refused, { tty: true, columns: 200 });
    expect({ code, requests: requests.length }).toEqual({ code: 4, requests: 3 });
    expect(stderr).toBe('Check the account ID, the alias and the security key; the NVP password is another one.\n');
  });

  test('is to wait again where the time was over', async () => {
    const { code, stderr } = await onTerminal([slow, approved, '--timeout', '30s']);
    expect(code).toBe(124);
    expect(stderr).toBe('Next: instamed-poll wait - --timeout 30s -q   (then paste the tokens, one per line)\n');
  });
});

test('a token that was given up has no row on a terminal', async () => {
  const { code, stdout } = await onTerminal([declined, slow, '--any']);
  expect(code).toBe(3);
  expect(stdout).not.toContain(shown(slow));
  expect(stdout).toContain('2 tokens: 1 not-approved, 1 pending.\n');
});

test('nothing that a service says is obeyed by the terminal, or forges a row', async () => {
  const forged = receipt(`transactionStatus=D&responseCode=010&responseMessage=a\u001b[2Jb\n${shown(slow)}  approved`);
  const { stdout } = await waitMany(
    [declined, slow, '--any', '-q'],
    { [declined]: story(0, 'USED', forged), [slow]: story(0, lostConnection) },
    { tty: true },
  );
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(stdout.split('\n').filter((line) => line.startsWith(shown(slow)))).toEqual([]);
});
