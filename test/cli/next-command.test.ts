import { describe, expect, test } from 'vitest';
import type { HttpRequest, Transport } from '../../src/remote/http.ts';
import { readDocument } from '../support/check-document.ts';
import { endingRows } from '../support/ending-rows.ts';
import {
  byName,
  publishedError,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
} from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';

/** A network that keeps the requests, whatever answers them. */
function listening(answering: Transport): Transport & { readonly requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    post(request) {
      requests.push(request);
      return answering.post(request);
    },
    close: () => answering.close(),
  };
}

/** What a request says: where it goes, as whom, and for which token. */
const said = ({ url, headers, body }: HttpRequest) => ({ url: url.href, headers, body });

/** Runs a command line to its end, and then the command that the end tells to run next, with the same stdin. */
async function runBoth([command = '', ...words]: readonly string[], world: World) {
  const quiet = command === 'decode' ? [] : ['--progress', 'none'];
  const network = listening(world.transport ?? new ScriptedTransport(world.steps ?? []));
  // They come first, because behind -- they would be arguments.
  const first = await run([command, '--json', ...quiet, ...words], { ...world, transport: network });
  const next = readDocument(first).error?.next ?? null;
  const steps = next?.[1] === 'receipt' ? [receipt(receiptOf('C'))] : [status('USED'), receipt(receiptOf('C'))];
  const transport = listening(new ScriptedTransport(steps));
  const { stdin = '' } = world;
  const second = next && (await run(next.slice(1), { transport, stdin }));
  return { next, second, asked: network.requests, askedNext: transport.requests };
}

/** The command was taken, and its first request says what the first run said when it asked for that. */
function expectSame({ next, second, asked, askedNext }: Awaited<ReturnType<typeof runBoth>>): void {
  expect(next?.[0]).toBe('instamed-poll');
  expect(second?.code).toBe(0);
  const [request] = askedNext as [HttpRequest];
  expect(request.purpose).toContain(next?.[1] === 'receipt' ? 'receipt' : 'status');
  const [alike] = asked.filter(({ purpose }) => purpose === request.purpose) as [HttpRequest];
  expect(said(request)).toEqual(said(alike));
}

const endingsWithNext = ['receipt-unread', 'timed-out', 'interrupted'];
const isWithNext = ({ outcome }: { readonly outcome: string }) => endingsWithNext.includes(outcome);

describe('the command to run next', () => {
  test.each(byName(endingRows.filter(isWithNext)))(
    'is taken, and asks the same: %s',
    async (_name, { argv, world }) => {
      expectSame(await runBoth(argv, world()));
    },
  );

  test('is none after any other ending', async () => {
    for (const { name, argv, world } of endingRows.filter((row) => !isWithNext(row))) {
      expect([name, (await runBoth(argv, world())).next]).toEqual([name, null]);
    }
  });
});

/** Ways to give a token, with what stdin holds; the connection is always another than the environment's. */
const connection = ['--alias', 'other', '--status-url', 'https://a.example/s', '--receipt-url=https://a.example/r'];
const dashed = `-${token}`;
const ways: readonly (readonly [name: string, words: readonly string[], stdin: string])[] = [
  ['the token itself', [token, ...connection], ''],
  ['behind the options', [...connection, token], ''],
  ['behind --', [...connection, '--', token], ''],
  ['on stdin', ['-', ...connection], `${token}\n`],
  ['on stdin, where another value is - as well', ['--store-id', '-', '-', '--alias', '-'], `${token}\n`],
  ['in a URL', [`https://pay.example/?token=${token}`, ...connection], ''],
  ['on stdin, with a hyphen first', ['-', ...connection], `${dashed}\n`],
  ['in a URL, with a hyphen first', [`https://pay.example/?token=${dashed}`, ...connection], ''],
  ['behind --, with a hyphen first', [...connection, '--', dashed], ''],
  ['on stdin, behind --, with a hyphen first', [...connection, '--', '-'], `${dashed}\n`],
  ['that reads like a card number', ['4111111111111111', ...connection], ''],
  ['that is a word of the command line', ['wait', ...connection], ''],
];

const moments: readonly (readonly [name: string, command: string, world: () => World, goesOnWith: string])[] = [
  ['a wait that was stopped', 'wait', () => stoppedAsleep('SIGINT', [status('NEW')]), 'wait'],
  ['a status call that was stopped', 'status', () => stoppedAsking('SIGTERM'), 'status'],
  ['a receipt call that was stopped', 'receipt', () => stoppedAsking('SIGHUP'), 'receipt'],
  [
    'a receipt that could not be read',
    'wait',
    () => ({ steps: [status('USED'), ...times(5, receipt(publishedError))] }),
    'receipt',
  ],
];

describe.each(moments)('after %s', (_name, command, world, goesOnWith) => {
  test('the token is the same, however it was given', async () => {
    for (const [way, words, stdin] of ways) {
      const both = await runBoth([command, ...words], { ...world(), stdin });
      expect([way, both.next?.[1]]).toEqual([way, goesOnWith]);
      expectSame(both);
      // Nothing is left to be typed again.
      expect(both.second?.stdinReads).toBe(0);
    }
  });
});

describe('what belongs to the request goes along', () => {
  const unread = { steps: [status('USED'), ...times(5, receipt(publishedError))] };

  test.each([[['--request-token']], [['--allow-partial-payment']], [['--request-token', '--allow-partial-payment']]])(
    '%j',
    async (flags) => {
      const both = await runBoth(['wait', token, ...flags], unread);
      expect(both.next).toEqual(['instamed-poll', 'receipt', token, ...flags]);
      expectSame(both);
    },
  );

  test('secrets, from the same place', async () => {
    const both = await runBoth(['wait', token, '--secrets-from', '-'], {
      ...unread,
      stdin: 'INSTAMED_NVP_PASSWORD=other',
    });
    expect(both.next).toEqual(['instamed-poll', 'receipt', token, '--secrets-from', '-']);
    expectSame(both);
  });
});
