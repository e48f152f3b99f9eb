import { expect, test } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/answer/exit-codes.ts';
import { type Money, moneyStates } from '../../src/domain/money.ts';
import { type Outcome, outcomes } from '../../src/domain/outcome.ts';
import { readDocument, readEvents } from '../support/check-document.ts';
import { type EndingRow, endingRows } from '../support/ending-rows.ts';
import { byName } from '../support/replies.ts';
import { type Run, run } from '../support/run-cli.ts';

/** Runs a row's command line without progress; whatever the network was to answer has been asked for, and it is closed. */
async function runRow({ argv, world }: EndingRow, flags: readonly string[], more = {}): Promise<Run> {
  const progress = argv[0] === 'decode' ? [] : ['--progress', 'none'];
  const result = await run([...argv, ...progress, ...flags], { ...world(), ...more });
  expect(result.transport.leftovers).toEqual([]);
  if (result.opened.length > 0) expect(result.opened).toHaveLength(1);
  if (result.transport.requests.length > 0) expect(result.transport.isClosed).toBe(true);
  return result;
}

/** A good ending leaves stderr alone; any other says on it what happened, first thing. */
function expectSentence(stderr: string, { code, says }: EndingRow): void {
  const [first = ''] = stderr.split('\n');
  if (code === 0) expect(stderr).toBe('');
  else expect(first.replace(/^instamed-poll: /, '')).toMatch(says);
  expect(first.startsWith('instamed-poll: ')).toBe(code !== 0);
}

/** What only a programmer would say is said in other words, and money that may have moved comes first. */
const deskWords = /^(?:Money may have moved\. |Stopped after |The status service answered with something else, )/;

function expectBanner(shown: string, { says }: EndingRow): void {
  const [first = ''] = shown.split('\n');
  if (!deskWords.test(first)) expect(first).toMatch(says);
  expect(first).not.toMatch(/^instamed-poll/);
}

/** What kind of error each ending without an answer has: a host that stops answering is trouble with the service. */
const categories: Partial<Record<Outcome, unknown>> = {
  'internal-error': 'internal',
  'usage-error': 'usage',
  'credentials-rejected': 'credentials-rejected',
  'service-error': expect.stringMatching(/^(?:service|unreachable)$/),
  unreachable: 'unreachable',
  'receipt-unread': expect.stringMatching(/^(?:service|credentials-rejected)$/),
  'timed-out': 'timed-out',
  interrupted: 'interrupted',
};

/** What a clerk reads first, and what a script reads in its place. Any other sentence says nothing of the money. */
const sentences: readonly (readonly [begins: RegExp, money: Money])[] = [
  [/^Approved\. The payment was taken\./, 'taken'],
  [/^Partially approved: /, 'part-taken'],
  [/^Authorized, not captured yet\./, 'reserved'],
  [/^Card stored\./, 'none'],
  [/^(?:Declined|Cancelled)\. The payment was not taken\./, 'not-taken'],
  [/^EXPIRED: the session ran out before a payment was completed\./, 'not-taken'],
  [/^(?:Voided|Charged back|Returned)\./, 'reversed'],
];

const moneyIn = (summary: string): Money => sentences.find(([begins]) => begins.test(summary))?.[1] ?? 'unknown';

/** Outcomes after which the same command could answer something else. */
const open = [
  ...['internal-error', 'usage-error', 'credentials-rejected', 'service-error', 'unreachable'],
  ...['pending', 'receipt-unread', 'timed-out', 'interrupted'],
];

test.each(byName(endingRows))('%s, with --json: sentence, money and finality agree', async (_name, row) => {
  const { code, stdout, stderr } = await runRow(row, ['--json']);
  const document = readDocument({ stdout });
  expect(code).toBe(row.code);
  expect(document).toMatchObject({ schemaVersion: 1, command: row.argv[0], outcome: row.outcome, exitCode: code });
  expect(document.summary).toMatch(row.says);
  // An answer has no error; anything else has one, of the kind that its outcome is.
  expect(document.error?.category ?? null).toEqual(row.answers ? null : categories[row.outcome]);
  expectSentence(stderr, row);
  const { command, status, summary, money, final } = document;
  expect({ summary, money }).toEqual({ summary, money: moneyIn(summary) });
  const isOpen = command === 'status' ? !['USED', 'EXPIRED'].includes(String(status)) : open.includes(row.outcome);
  expect(final).toBe(!isOpen);
});

test('the rows show every answer about the money', async () => {
  const shown = new Set<unknown>();
  for (const row of endingRows) shown.add(readDocument(await runRow(row, ['--json'])).money);
  expect([...shown].sort()).toEqual([...moneyStates].sort());
});

/** The first row of each kind. */
const firstOfEach = (kindOf: (row: EndingRow) => unknown, rows = endingRows): EndingRow[] => [
  ...new Map([...rows].reverse().map((row) => [kindOf(row), row])).values(),
];

const kinds = firstOfEach(({ argv, outcome }) => `${argv[0]} ${outcome}`);

test.each(byName(kinds))('%s, in a pipe: lines for an answer, else nothing on stdout', async (_name, row) => {
  const { code, stdout, stderr } = await runRow(row, []);
  expect(code).toBe(row.code);
  expectSentence(stderr, row);
  if (row.answers) {
    const lines = new Map(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
    expect(lines.get('outcome')).toBe(row.outcome);
    expect(lines.get('exitCode')).toBe(String(row.code));
    expect(lines.get('summary')).toMatch(row.says);
  } else expect(stdout).toBe('');
});

// What is decided beyond the document: where the sentence stands, and whether there is a table.
test.each(byName(kinds))(
  '%s, on a terminal: the sentence heads the table of an answer, else it is on stderr',
  async (_name, row) => {
    const { code, stdout, stderr } = await runRow(row, [], { tty: true, columns: 300 });
    expect(code).toBe(row.code);
    expect(row.answers ? stderr : stdout).toBe('');
    const isOfPayment = row.argv[0] !== 'decode' && row.outcome !== 'usage-error' && row.outcome !== 'internal-error';
    if (!row.answers && !isOfPayment) expectSentence(stderr, row);
    else expectBanner(row.answers ? stdout : stderr, row);
  },
);

test.each(byName(firstOfEach(({ argv }) => argv[0])))(
  '%s, as the same JSON of -o json, and on a terminal',
  async (_name, row) => {
    const { code, stdout } = await runRow(row, ['--json']);
    expect(await runRow(row, ['-o', 'json'])).toMatchObject({ code, stdout });
    expect(await runRow(row, ['--json'], { tty: true, columns: 80, colorLevel: 3 })).toMatchObject({ code, stdout });
  },
);

const waits = endingRows.filter(({ argv }) => argv[0] === 'wait');

test.each(byName(firstOfEach(({ outcome }) => outcome, waits)))(
  '%s, as the last event of ndjson',
  async (_name, row) => {
    const { code, stdout, stderr } = await runRow(row, ['-o', 'ndjson']);
    const { document } = readEvents({ stdout });
    expect(code).toBe(row.code);
    expect(document).toMatchObject({ outcome: row.outcome, exitCode: row.code });
    expectSentence(stderr, row);
  },
);

const settled = endingRows.filter(({ outcome }) => outcome !== 'usage-error' && outcome !== 'internal-error');

test.each(byName(firstOfEach(({ outcome }) => outcome, settled)))('%s, as one field', async (_name, row) => {
  const { code, stdout, stderr } = await runRow(row, ['--field', 'outcome']);
  expect(code).toBe(row.code);
  expect(stdout).toBe(`${row.outcome}\n`);
  expectSentence(stderr, row);
});

test('the table above holds every outcome and every exit code', () => {
  expect([...new Set(endingRows.map(({ outcome }) => outcome))].sort()).toEqual([...outcomes].sort());
  const codes = exitCodes.map(({ code }) => code);
  expect([...new Set(endingRows.map(({ code }) => code))].sort()).toEqual([...codes].sort());
});

test('each outcome but an interrupt has one code', () => {
  const expected: Record<Exclude<Outcome, 'interrupted'>, number> = {
    approved: 0,
    authorized: 0,
    'card-stored': 0,
    used: 0,
    answered: 0,
    'receipt-read': 0,
    decoded: 0,
    'internal-error': 1,
    'usage-error': 2,
    'not-approved': 3,
    unclear: 3,
    'not-expected': 3,
    'credentials-rejected': 4,
    'service-error': 5,
    expired: 6,
    unreachable: 7,
    pending: 8,
    'receipt-unread': 9,
    'timed-out': 124,
  };
  const known = outcomes.filter((outcome) => outcome !== 'interrupted');
  expect(Object.fromEntries(known.map((outcome) => [outcome, exitCodeOf(outcome)]))).toEqual(expected);
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
  [null, 130],
] as const)('an interrupt by %s has the code %d', (signal, code) => {
  expect(exitCodeOf('interrupted', signal)).toBe(code);
});

test('an outcome that has no code is a bug, not a success', () => {
  expect(() => exitCodeOf('paid' as Outcome)).toThrow(TypeError);
});
