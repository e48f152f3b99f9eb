import { expect, test } from 'vitest';
import { readDocument, readEvents } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  fault,
  lostConnection,
  noSuchHost,
  publishedError,
  receipt,
  receiptOf,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
} from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';
import { nvpReply, type Step, statusReply } from '../support/scripted-transport.ts';

const wait = ['wait', token, '-o', 'ndjson', '-q'];

test('a payment with trouble on the way is told event by event', async () => {
  const clock = new ManualClock();
  const slowly: Step = {
    label: 'USED after a while',
    answer: () => {
      clock.advance(250.4);
      return statusReply(' used ');
    },
  };
  const steps = [
    status('NEW'),
    fault('Server', 'Busy.'),
    status('HELD'),
    slowly,
    receipt(publishedError),
    receipt(receiptOf('C')),
  ];
  const { code, stdout, stderr } = await run(wait, { clock, steps });
  const { events, document } = readEvents({ stdout });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(events).toEqual([
    { schemaVersion: 1, event: 'started', token, intervalMs: 10_000, timeoutMs: 900_000 },
    { event: 'checked', token, elapsedMs: 0, check: 1, status: 'NEW', statusText: 'NEW', nextInMs: 10_000 },
    {
      event: 'retrying',
      token,
      what: 'status',
      elapsedMs: 10_000,
      check: 2,
      failuresInARow: 1,
      nextInMs: 10_000,
      error: { code: 'SOAP_FAULT', message: 'The status service reported an error: Busy.' },
    },
    { event: 'checked', token, elapsedMs: 20_000, check: 3, status: 'UNKNOWN', statusText: 'HELD', nextInMs: 10_000 },
    { event: 'completed', token, elapsedMs: 30_250, check: 4, status: 'USED', statusText: ' used ' },
    {
      event: 'retrying',
      token,
      what: 'receipt',
      elapsedMs: 30_250,
      check: 1,
      failuresInARow: 1,
      nextInMs: 1_000,
      error: {
        code: 'NVP_400',
        message:
          'The receipt service answered with an error (errorCode 400: An unexpected error occurred with Reference Number 02198MGNBZ).',
      },
    },
  ]);
  expect(document).toMatchObject({ outcome: 'approved', checks: 4, elapsedMs: 31_250 });
});

test('the last check before the deadline has none after it', async () => {
  const { stdout } = await run([...wait, '--timeout', '10s'], { steps: times(2, status('NEW')) });
  const { events, document } = readEvents({ stdout });
  expect(events.map(({ nextInMs }) => nextInMs)).toEqual([undefined, 10_000, null]);
  expect(document.outcome).toBe('timed-out');
});

test.each([
  ['refused at once', () => ({ steps: [fault('Client', 'No.')] }), ['started'], 'service-error'],
  ['no host', () => ({ steps: [noSuchHost] }), ['started'], 'unreachable'],
  ['expired', () => ({ steps: times(2, status('EXPIRED')) }), ['started', 'checked', 'completed'], 'expired'],
  ['lost', () => ({ steps: times(6, lostConnection) }), ['started', ...Array(5).fill('retrying')], 'unreachable'],
  ['stopped asleep', () => stoppedAsleep('SIGINT', [status('NEW')]), ['started', 'checked'], 'interrupted'],
  ['stopped asking', () => stoppedAsking('SIGINT'), ['started'], 'interrupted'],
])('every ending has its last event: %s', async (_name, world, names, outcome) => {
  const { events, document } = readEvents(await run(wait, world()));
  expect(events.map(({ event }) => event)).toEqual(names);
  expect(document.outcome).toBe(outcome);
});

test('the last event is the JSON document, on one line', async () => {
  const world = { steps: [status('USED'), receipt(receiptOf('D'))] };
  const { document } = readEvents(await run(wait, world));
  expect(document).toEqual(readDocument(await run(['wait', token, '--json', '-q'], world)));
});

test('an event is written as it happens, and so is progress', async () => {
  const log: string[] = [];
  const logging = (label: string, answer: Step['answer']): Step => ({
    label,
    answer: (request) => {
      log.push(label);
      return typeof answer === 'function' ? answer(request) : (answer as ReturnType<typeof statusReply>);
    },
  });
  const onWrite = (stream: string, text: string) => {
    const word = stream === 'stdout' ? JSON.parse(text).event : text.split(' ').slice(0, 2).join(' ').trim();
    log.push(`${stream}: ${word}`);
  };
  const steps = [
    logging('ask', statusReply('NEW')),
    logging('ask again', statusReply('USED')),
    logging('read', nvpReply(receiptOf('C'))),
  ];
  const { code } = await run(['wait', token, '-o', 'ndjson'], { steps, onWrite });
  expect(code).toBe(0);
  expect(log).toEqual([
    'stderr: Waiting for',
    'stdout: started',
    'ask',
    'stderr: 0:00 NEW',
    'stdout: checked',
    'ask again',
    'stderr: 0:10 USED',
    'stdout: completed',
    'read',
    'stderr: 0:10 ended:',
    'stdout: finished',
  ]);
});
