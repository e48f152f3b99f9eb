import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../src/cli/output/plain-words.ts';
import { composeLine, failureLines } from '../../src/cli/progress/compose-line.ts';
import { readDocument } from '../support/check-document.ts';
import { waitMany } from '../support/many-world.ts';
import {
  fault,
  noSuchHost,
  publishedError,
  publishedReceipt,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
  webPage,
} from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';
import type { Step } from '../support/scripted-transport.ts';

const used = status('USED');
const unread = [used, ...times(5, receipt(publishedError))];
const desk = { tty: true, columns: 80, colorLevel: 1 } as const;
const alarm = /^(?:\p{Cc}\[\d+m)*\p{Cc}\[45m(?:\p{Cc}\[\d+m)*Money may have moved\. Do not charge again\./u;
const strip = (text: string) => text.replaceAll(/\p{Cc}\[[\d;]*m/gu, '');

describe('money that may have moved is the first and loudest thing on a terminal', () => {
  test('on stderr, where no receipt could be read', async () => {
    const { code, stdout, stderr } = await run(['wait', token, '-q'], { steps: unread, ...desk });
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
    expect(stderr).toMatch(alarm);
    expect(stderr).not.toContain('instamed-poll:');
    expect(stderr).toContain('Next: instamed-poll receipt');
  });

  test('on stderr, where a stop comes while the token is USED and unread', async () => {
    const { code, stderr } = await run(['wait', token, '-q'], { ...stoppedAsking('SIGTERM', [used]), ...desk });
    expect(code).toBe(143);
    expect(stderr).toMatch(alarm);
  });

  test('on stderr, where stdout has the document', async () => {
    const { code, stdout, stderr } = await run(['wait', token, '-q', '--json'], { steps: unread, ...desk });
    expect(readDocument({ stdout }).exitCode).toBe(code);
    expect(stderr).toMatch(alarm);
  });

  test('in a list, in its row and above the sum, whatever else is in it', async () => {
    const [one, other] = ['first-token-0123456789', 'other-token-0123456789'];
    const told = {
      [one]: { status: [used], receipt: [receipt(receiptOf('C'))] },
      [other]: { status: [used], receipt: times(5, receipt(publishedError)) },
    };
    const { code, stdout } = await waitMany([one, other, '-q'], told, desk);
    expect(code).toBe(9);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => alarm.test(line))).toHaveLength(1);
    expect(lines.some((line) => /^othe…6789 {2}.*\[45m.*receipt-unread/.test(line))).toBe(true);
    expect(strip(stdout)).toContain('receipt-unread  Money may have moved. Do not charge again.');
  });

  test('in a list that was stopped, though the worst outcome is another', async () => {
    const [one, other] = ['first-token-0123456789', 'other-token-0123456789'];
    const told = {
      [one]: { status: [status('NEW')] },
      [other]: { status: [used], receipt: [receipt(publishedError)] },
    };
    const world = { ...desk, stop: { signal: 'SIGINT', afterMs: 8_000 } } as const;
    const { code, stdout } = await waitMany([one, other, '-q'], told, world);
    expect(code).toBe(130);
    expect(stdout.split('\n').some((line) => alarm.test(line))).toBe(true);
  });

  test.each([20, 40, 60, 80])('at %i columns, within them and without a color', async (columns) => {
    const { stderr } = await run(['wait', token, '-q'], { steps: unread, ...desk, columns, colorLevel: 0 });
    const lines = stderr.split('\n').filter((line) => !line.startsWith('Next: '));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/^Money may have moved\. Do not charge again\./);
  });
});

test.each<[string, readonly Step[], string]>([
  ['taken', [used, receipt(receiptOf('C'))], '42'],
  ['not taken', [used, receipt(receiptOf('D'))], '41'],
  ['open', [status('NEW'), status('EXPIRED'), status('EXPIRED')], '43'],
])('a payment that is %s has its color where the ending goes to stderr or stdout', async (_name, steps, background) => {
  const { stdout } = await run(['wait', token, '-q'], { steps, ...desk });
  expect(stdout.split('\n')[0]).toContain(`\u001b[${background}m`);
  const { code, stderr } = await run(['wait', token, '-q', '--json'], { steps, ...desk });
  if (code === 0) expect(stderr).toBe('');
  else expect(stderr.split('\n')[0]).toContain(`\u001b[${background}m`);
});

test('a command line that makes no sense has no verdict, and so no banner', async () => {
  const { code, stderr } = await run(['wait', token, '--interval', '10'], desk);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^instamed-poll: /);
  expect(strip(stderr)).toBe(stderr);
});

describe('nobody at the desk reads the words of programmers', () => {
  const programmers =
    /SIG[A-Z]{3,}|SOAP|NVP|XML|\bDTD\b|document type|\bEOF\b|stdin|argv|JSON|E(?:CONN|TIMED|NOT|AI_)[A-Z]+|HTTP_\d|UND_ERR/;

  test.each<[string, readonly string[], World]>([
    ['a stop', [token], stoppedAsleep('SIGINT', times(3, status('NEW')), 2)],
    ['a stop after USED', [token], stoppedAsking('SIGINT', [used])],
    ['a Fault', [token], { steps: [fault('soap:Client', 'The token is not known.')] }],
    ['a page in place of a reply', [token], { steps: [webPage('<!DOCTYPE html><p>Sign on</p>')] }],
    ['a host that nobody knows', [token], { steps: [noSuchHost] }],
    ['a server that fails again and again', [token], { steps: times(6, webPage('', 503)) }],
    ['a receipt that is a page', [token], { steps: [used, ...times(5, receipt('<html>'))] }],
    ['a receipt with an error', [token], { steps: unread }],
    ['no token', [], { stdin: '\n' }],
  ])('%s', async (_name, words, world) => {
    const { stdout, stderr } = await run(['wait', ...words], { ...desk, ...world });
    expect(stderr).not.toBe('');
    expect(strip(stdout + stderr)).not.toMatch(programmers);
  });

  test('but JSON has them', async () => {
    const stopped = await run(['wait', token, '--json'], {
      ...desk,
      ...stoppedAsleep('SIGINT', times(3, status('NEW')), 2),
    });
    expect(readDocument(stopped).error?.code).toBe('INTERRUPTED');
    const failed = await run(['wait', token, '--json'], { ...desk, steps: [fault('soap:Client', 'Not known.')] });
    expect(readDocument(failed)).toMatchObject({ error: { code: 'SOAP_FAULT' }, seen: { SOAP_FAULT: 1 } });
  });

  test.each([
    ['NEW', 'NEW'],
    ['constructor', 'constructor'],
    ['HTTP_503', 'server error (503)'],
    ['HTTP_404', 'error (404)'],
    ['PROXY_407', 'proxy error (407)'],
    ['ECONNRESET', 'connection lost'],
    ['HELD FOR REVIEW', 'HELD FOR REVIEW'],
  ])('the label %s of the tally is said as %s', (label, words) => {
    expect(wordsOf(label)).toBe(words);
  });
});

test('a log has a line for each change, not for each failure, and a heartbeat a minute', async () => {
  const steps = [status('NEW'), ...times(9, webPage('', 503)), status('NEW'), status('EXPIRED')];
  const { stderr } = await run(['wait', token, '--max-failures', '20'], { steps });
  const progress = stderr.split('\n').filter((line) => /^\d+:\d\d /.test(line));
  expect(progress.map((line) => line.slice(0, 24))).toEqual([
    '0:00 NEW',
    expect.stringMatching(/^0:10 status\.example /),
    '1:00 still server error ',
    '1:40 NEW',
    '1:50 EXPIRED',
    '1:50 ended: EXPIRED, 12 ',
  ]);
});

describe('the same token twice', () => {
  const steps = [used, receipt(publishedReceipt)];

  test('is one token: it has the table, and a remark', async () => {
    const { code, stdout, stderr, transport } = await run(['wait', token, token], { steps, tty: true });
    expect(code).toBe(3);
    expect(stdout).toContain('│ Transaction ');
    expect(stderr).toContain('The token was given 2 times; it is checked as one.\n');
    expect(transport.requests).toHaveLength(2);
  });

  test('is one document, and no remark where none is wanted', async () => {
    const { stdout, stderr } = await run(['wait', token, `https://host.example/?token=${token}`, '--json', '-q'], {
      steps: [used, receipt(receiptOf('C'))],
    });
    expect(readDocument({ stdout }, 'wait')).toMatchObject({ token, outcome: 'approved' });
    expect(stderr).toBe('');
  });

  test('goes on with a command that names it once', async () => {
    const world = stoppedAsleep('SIGINT', times(3, status('NEW')), 2);
    const { stdout } = await run(['wait', token, token, '--json', '--timeout', '5m'], world);
    expect(readDocument({ stdout }).error?.next).toEqual(['instamed-poll', 'wait', token, '--timeout', '5m']);
  });
});

describe('a token that a blank has split', () => {
  const split = (at: number) => [token.slice(0, at), token.slice(at)] as const;
  const remark = /Two of them together have the length of one token\. Was it split by a blank/;

  test.each([1, 20, 47])('after %i characters is remarked on at the start', async (at) => {
    const [one, other] = split(at);
    const told = { [one]: { status: [status('EXPIRED')] }, [other]: { status: [status('EXPIRED')] } };
    const { stderr } = await waitMany([one, other], told);
    expect(stderr).toMatch(remark);
    expect((await waitMany([one, other, '-q'], told)).stderr).not.toMatch(remark);
  });

  test('is not seen in two whole tokens', async () => {
    const other = token.replaceAll('N', 'M');
    const told = { [token]: { status: [status('EXPIRED')] }, [other]: { status: [status('EXPIRED')] } };
    expect((await waitMany([token, other], told)).stderr).not.toMatch(remark);
  });

  test.each(['status', 'receipt'])('is hinted at by %s, which takes one word', async (command) => {
    const { code, stderr } = await run([command, ...split(20)]);
    expect(code).toBe(2);
    expect(stderr).toContain('Was the token split by a blank? Give it as one word.');
  });
});

describe('wait alone', () => {
  test('asks for the token at a terminal, and goes on with a command that has it', async () => {
    const world = stoppedAsleep('SIGINT', times(3, status('NEW')), 2);
    const { code, stdout, stderr } = await run(['wait', '--json'], { ...world, tty: true, stdin: `${token}\n` });
    expect(stderr).toMatch(/^Paste the token, or several, one a line, and press Enter: /);
    expect(readDocument({ stdout })).toMatchObject({ token, exitCode: code });
    expect(readDocument({ stdout }).error?.next).toEqual(['instamed-poll', 'wait', '--json', token]);
  });

  test('takes several that are pasted', async () => {
    const [one, other] = ['first-token-0123456789', 'other-token-0123456789'];
    const told = {
      [one]: { status: [status('EXPIRED')] },
      [other]: { status: [status('EXPIRED')] },
    };
    const { requests } = await waitMany(['-q'], told, { tty: true, stdin: `${one}\n${other}\n` });
    expect(new Set(requests.map(({ token: asked }) => asked))).toEqual(new Set([one, other]));
  });

  test.each<[string, World]>([
    ['off a terminal', { stdin: `${token}\n` }],
    ['where nobody would see the question', { tty: ['stdin'], stdin: `${token}\n` }],
    ['where only the output is a terminal', { tty: ['stdout', 'stderr'], stdin: `${token}\n` }],
  ])('is a usage error %s, and reads nothing', async (_name, world) => {
    const { code, stderr, stdinReads } = await run(['wait'], world);
    expect({ code, stdinReads }).toEqual({ code: 2, stdinReads: 0 });
    expect(stderr).toContain('No token was given.');
  });

  test('is a usage error where the secrets come from stdin', async () => {
    const { code, stderr } = await run(['wait', '--secrets-from', '-'], { tty: true, stdin: `${token}\n` });
    expect(code).toBe(2);
    expect(stderr).toContain('No token was given.');
  });

  test('does not repeat a URL that was pasted', async () => {
    const stdin = `https://host.example/?patient=Jane%20Doe&token=${token}\n`;
    const { code, stdout, stderr } = await run(['wait', '-q'], {
      tty: true,
      stdin,
      steps: [status('EXPIRED'), status('EXPIRED')],
    });
    expect(code).toBe(6);
    expect(stdout + stderr).not.toMatch(/Jane|patient|host\.example/);
  });
});

describe('the line of the spinner', () => {
  const parts = [
    { text: 'NEW', weight: 8 },
    { text: '0:42 / 15:00', short: '0:42', weight: 9 },
    { text: 'check 5', weight: 4 },
    { text: 'next check in 8 s', weight: 5 },
  ];

  test.each([
    [80, 'NEW · 0:42 / 15:00 · check 5 · next check in 8 s'],
    [47, 'NEW · 0:42 / 15:00 · next check in 8 s'],
    [37, 'NEW · 0:42 / 15:00'],
    [17, 'NEW · 0:42'],
    [9, '0:42'],
    [3, '0:…'],
  ])('in %i columns loses the least important first, and the time last', (room, line) => {
    expect(composeLine(parts, room)).toBe(line);
  });

  test('keeps the time beside a status that nobody knows, however long it is', () => {
    const long = { text: `unknown status "${'漢'.repeat(60)}"`, weight: 8 };
    const line = composeLine([long, ...parts.slice(1)], 40);
    expect(line).toMatch(/^unknown status "漢+… · 0:42$/);
  });

  test('has the last failure below it, with its end where there is room', () => {
    expect(failureLines('', 40)).toEqual([]);
    expect(failureLines('The status service reported an error: no such token.', 40)).toEqual([
      'last failure: The status service',
      'reported an error: no such token.',
    ]);
    const long = failureLines('word '.repeat(100), 40);
    expect(long).toHaveLength(3);
    for (const line of long) expect(line.length).toBeLessThanOrEqual(40);
    expect(long.at(-1)).toMatch(/…$/);
  });
});
