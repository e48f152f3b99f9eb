import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument, readEvents } from '../../support/check-document.ts';
import { makeFolder } from '../../support/clean-up.ts';
import { type ManyWorld, paid, shown, tokensOf, waitMany } from '../../support/many-world.ts';
import { run } from '../../support/run-cli.ts';
import type { TokenStory } from '../../support/token-transport.ts';

const [first, second, third] = tokensOf(3) as [string, string, string];
const stories: Readonly<Record<string, TokenStory>> = { [first]: paid('C'), [second]: paid('C'), [third]: paid('C') };
const folder = makeFolder();
let files = 0;

/** A file of this text. */
function fileOf(text: string | Uint8Array): string {
  const file = join(folder, `list-${files++}.txt`);
  writeFileSync(file, text);
  return file;
}

/** The tokens that were asked for, in the order of the document, and what was said of the list. */
async function tokensFor(words: readonly string[], world: ManyWorld = {}) {
  const { code, stdout } = await waitMany([...words, '-o', 'ndjson', '-q'], stories, world);
  const { events, document } = readEvents({ stdout });
  expect({ code, outcome: document.outcome }).toEqual({ code: 0, outcome: 'approved' });
  const { tokens, blank, duplicates } = events[0] ?? {};
  const asked = events.filter(({ event }) => event === 'result').map(({ token }) => token);
  return { asked, tokens, blank, duplicates };
}

const all = { asked: [first, second, third], tokens: 3, blank: 0, duplicates: 0 };

describe('tokens are taken', () => {
  test('as arguments', async () => {
    expect(await tokensFor([first, second, third])).toEqual(all);
  });

  test('as URLs that carry them', async () => {
    const urls = [first, second, third].map((token) => `https://pay.example/sso?token=${encodeURIComponent(token)}`);
    expect(await tokensFor(urls)).toEqual(all);
  });

  test.each([
    ['with line ends', `${first}\n${second}\n${third}\n`, {}],
    ['without the last line end', `${first}\n${second}\n${third}`, {}],
    ['with the line ends of Windows', `${first}\r\n${second}\r\n${third}\r\n`, {}],
    ['with a byte order mark', `\uFEFF${first}\n${second}\n${third}\n`, {}],
    ['with blank lines', `\n${first}\n\r\n  \n${second}\n${third}\n\t\n`, { blank: 4 }],
    ['with duplicates', `${first}\n${second}\n${first}\n${third}\n${third}\n${third}\n`, { duplicates: 3 }],
    ['as URLs', `https://pay.example/?token=${first}\n${second}\nhttps://pay.example/?x=1&TOKEN=${third}\n`, {}],
  ])('from a file and from stdin, one a line, %s', async (_name, text, left) => {
    expect(await tokensFor(['--from-file', fileOf(text)])).toEqual({ ...all, ...left });
    expect(await tokensFor(['--from-file', '-'], { stdin: text })).toEqual({ ...all, ...left });
    expect(await tokensFor(['-'], { stdin: text })).toEqual({ ...all, ...left });
  });

  test('from all three places, each token once', async () => {
    const asked = await tokensFor([first, '-', first, '--from-file', fileOf(`${second}\n${third}\n`)], {
      stdin: `${second}\n`,
    });
    expect(asked).toEqual({ ...all, duplicates: 2 });
  });

  test('from one word or one line as a wait for one token', async () => {
    for (const [words, world] of [
      [[first], {}],
      [['-'], { stdin: `${first}\n\n${first}\n` }],
      [[first, first], {}],
    ] as const) {
      const { stdout } = await waitMany([...words, '--json', '-q'], stories, world);
      expect(readDocument({ stdout })).toMatchObject({ token: first, receipt: { result: 'approved' } });
    }
  });

  test('from a list of one as a wait for several', async () => {
    const { stdout } = await waitMany(['--from-file', '-', '--json', '-q'], stories, { stdin: first });
    const document = readDocument({ stdout });
    expect(document).not.toHaveProperty('token');
    expect(document).toMatchObject({ counts: { approved: 1 }, results: [{ token: first }] });
  });
});

test('what became of the list is said at the start', async () => {
  const { stderr } = await waitMany(['-'], stories, { stdin: `${first}\n\n${second}\n${first}\n` });
  const start = 'Waiting for 2 tokens (1 blank line skipped, 1 duplicate checked once): checking each every 10s';
  expect(stderr).toContain(`${start}, for up to 15m.\n`);
});

/** What a list is refused with: the sentence and the hint, without anything asked. */
async function refusalOf(words: readonly string[], world: ManyWorld = {}): Promise<string> {
  const { code, stdout, stderr, opened, requests } = await waitMany(words, {}, world);
  expect({ code, stdout, opened, requests }).toEqual({ code: 2, stdout: '', opened: [], requests: [] });
  for (const token of [first, second, third]) expect(stderr).not.toContain(token);
  return stderr;
}

describe('a list is refused', () => {
  test.each([
    ['a blank in it', `${second} ${second}`, 'The token contains white space or a control character.'],
    ['a control character', `${second}\x07`, 'The token contains white space or a control character.'],
    ['more characters than one can have', 'a'.repeat(513), 'The token is too long: 513 characters (maximum 512).'],
    ['the shortened form', shown(second), 'The token is the shortened form that this program shows.'],
    ['another column', `${second},49.90`, 'The line is a comment or a row of a table.'],
    ['another column, as Excel saves it in Europe', `${second};49,90`, 'The line is a comment or a row of a table.'],
    ['quoted cells', `"${second}","49.90"`, 'The line is a comment or a row of a table.'],
    ['a comment', '#payments', 'The line is a comment or a row of a table.'],
    ['a URL without a token', 'https://pay.example/?a=b', 'That URL carries no token'],
  ])('for a line with %s, by its number', async (_name, line, says) => {
    const text = `${first}\r\n\r\n${line}\r\n${third}\r\n`;
    const file = fileOf(text);
    const fromFile = await refusalOf(['--from-file', file]);
    expect(fromFile).toContain(`instamed-poll: ${says}`);
    expect(fromFile).toContain(`See line 3 of ${file}.`);
    expect(await refusalOf(['-'], { stdin: text })).toContain('See line 3 of stdin.');
  });

  test('that is UTF-16 without a byte order mark', async () => {
    const bytes = Buffer.from(`${first}\r\n`, 'utf16le');
    expect(await refusalOf(['--from-file', fileOf(bytes)])).toMatch(
      /^instamed-poll: .*list-\d+\.txt contains NUL characters, as UTF-16 text without a byte order mark does\.\nSave it as UTF-8/,
    );
  });

  test.each([
    ['empty', ''],
    ['of blank lines', '\uFEFF\r\n \n\n'],
  ])('that is %s', async (_name, text) => {
    const file = fileOf(text);
    expect(await refusalOf(['--from-file', file])).toMatch(/^instamed-poll: .*list-\d+\.txt held no token\.\n/);
    expect(await refusalOf(['-'], { stdin: text })).toMatch(/^instamed-poll: Stdin held no token\.\n/);
  });

  test('that cannot be read', async () => {
    mkdirSync(join(folder, 'a-folder'));
    const missing = await refusalOf(['--from-file', join(folder, 'missing.txt')]);
    expect(missing).toMatch(/^instamed-poll: The token list cannot be read: .*missing\.txt \(ENOENT\)\.\nGive a file/);
    expect(await refusalOf(['--from-file', join(folder, 'a-folder')])).toContain('(EISDIR)');
    expect(await refusalOf(['--from-file', ''])).toContain('The token list cannot be read');
  });

  test('where a token was given in place of its name', async () => {
    expect(await refusalOf(['--from-file', first])).toContain(`cannot be read: ${shown(first)} (ENOENT)`);
  });

  test('with a line that never ends', async () => {
    const endless = 'x'.repeat(300_000);
    expect(await refusalOf(['--from-file', fileOf(endless)])).toMatch(/A line of .* is longer than any token\./);
    expect(await refusalOf(['-'], { stdin: endless })).toContain('A line of stdin is longer than any token.');
  });

  test('of a million lines, whatever they hold', async () => {
    const file = fileOf('\n'.repeat(1_000_000));
    const says = 'list-\\d+\\.txt has 1,000,000 lines or more, and perhaps no end\\.';
    expect(await refusalOf(['--from-file', file])).toMatch(new RegExp(says));
  });

  test.each([
    [['-', '-'], 'The tokens were to be read from stdin more than once.'],
    [['-', '--from-file', '-'], 'The tokens were to be read from stdin more than once.'],
    [['-', '--secrets-from', '-'], 'Both the token and the secrets were to be read from stdin.'],
    [['--from-file', '-', '--secrets-from', '-'], 'Both the token and the secrets were to be read from stdin.'],
  ])('where stdin has two readers: %j', async (words, says) => {
    const { code, stderr, stdinReads } = await waitMany(words, {}, { stdin: first });
    expect({ code, stdinReads }).toEqual({ code: 2, stdinReads: 0 });
    expect(stderr).toContain(`instamed-poll: ${says}\n`);
  });

  test('where nothing was given', async () => {
    expect(await refusalOf([])).toContain(
      'instamed-poll: No token was given.\nGive one or more tokens, - to read them from stdin, or --from-file.\n',
    );
  });
});

describe('more tokens than can be asked twice', () => {
  const many = tokensOf(31).join('\n');
  // One ask a second for a minute, and one at its end, are 61 asks.
  const slow = ['--timeout', '60s', '--max-rate', '1'];
  const arithmetic =
    'instamed-poll: 31 tokens need 62 checks, at least two for each, and 1 a second for 1m are 61.\n' +
    'Give a higher --max-rate (2 would do, if the service allows it) or a longer --timeout, or split the tokens into several runs of at most 30.\n';

  test('are refused with the arithmetic, from a file, from stdin or as arguments', async () => {
    expect(await refusalOf(['--from-file', fileOf(many), ...slow])).toBe(arithmetic);
    expect(await refusalOf(['-', ...slow], { stdin: many })).toBe(arithmetic);
    expect(await refusalOf([...tokensOf(31), ...slow])).toBe(arithmetic);
  });

  test('are no more than that: duplicates do not count', async () => {
    const thirty = tokensOf(30);
    const stories = Object.fromEntries(thirty.map((token) => [token, paid('C')]));
    const { code } = await waitMany(['-', ...slow, '-q'], stories, { stdin: [...thirty, ...thirty].join('\n') });
    expect(code).toBe(0);
  });

  test('are refused in the JSON document as well', async () => {
    const { code, stdout } = await waitMany(['-', ...slow, '--json'], {}, { stdin: many });
    expect(code).toBe(2);
    expect(readDocument({ stdout }).error).toMatchObject({ category: 'usage', code: 'TOO_MANY_TOKENS' });
  });

  test('can be as many as the flags that are proposed serve', async () => {
    const stories = Object.fromEntries(tokensOf(31).map((token) => [token, paid('C')]));
    const { code } = await waitMany(['-', '--timeout', '60s', '--max-rate', '2', '-q'], stories, { stdin: many });
    expect(code).toBe(0);
  });
});

describe('Ctrl-C while the tokens are being read', () => {
  test.each([[['-']], [['--from-file', '-']]])('from %j ends it, with nothing asked', async (words) => {
    let stop = () => {};
    const never = new Promise<string>(() => setImmediate(() => stop()));
    const { code, stdout, stderr, opened } = await run(['wait', ...words, '--json'], {
      stdin: never,
      onStart: (send) => {
        stop = () => send('SIGINT');
      },
    });
    expect({ code, opened }).toEqual({ code: 130, opened: [] });
    expect(readDocument({ stdout }).outcome).toBe('interrupted');
    expect(stderr).toBe('instamed-poll: Stopped while the tokens were being read.\n');
  });
});

test('somebody at a terminal may paste several tokens where one is asked for', async () => {
  const world = { tty: ['stdin'] as const, stdin: `${first}\n${second}\n` };
  const { code, stderr, requests } = await waitMany(['-', '-q'], stories, world);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'Paste the token, or several, one a line, and press Enter: ',
  });
  expect(new Set(requests.map(({ token }) => token))).toEqual(new Set([first, second]));
});

test('somebody at a terminal is told how to end a list', async () => {
  const { code, stderr } = await waitMany(['--from-file', '-', '-q'], stories, { tty: ['stdin'], stdin: `${first}\n` });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'Paste the tokens, one a line, and end the list with Ctrl-D:\n',
  });
});

test('a token with the characters of XML and forms is asked for as it is', async () => {
  const odd = ['a<b>&amp;c+/=%41-0123', '--help-me-0123456789'];
  const told = Object.fromEntries(odd.map((token) => [token, paid('C')]));
  const { code, requests } = await waitMany(['-q', '--', ...odd], told);
  expect(code).toBe(0);
  expect(new Set(requests.map(({ token }) => token))).toEqual(new Set(odd));
});
