import { describe, expect, test } from 'vitest';
import { type ErrorDetails, serviceError, unreachableError } from '../../src/domain/errors.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import { decide, type Observation, type Situation, type Verdict } from '../../src/domain/verdict.ts';

const calm: Situation = { answeredBefore: true, failuresInARow: 1, maxFailures: 6 };
const first: Situation = { answeredBefore: false, failuresInARow: 1, maxFailures: 6 };

const status = (text: string): Observation => ({ kind: 'status', status: readTokenStatus(text) });
const answered = (details: ErrorDetails): Observation => ({
  kind: 'error',
  error: serviceError('HTTP_503', 'Trouble.', details),
});
const unreachable = (details: ErrorDetails): Observation => ({
  kind: 'error',
  error: unreachableError('ECONNREFUSED', 'Trouble.', details),
});

const permanent = 'The same request would meet the same end.';
const wrongHost = 'Nothing has ever answered there: a wrong host must cost seconds.';
const tooMany = 'Too many failures in a row.';
const mayPass = 'The trouble may pass.';

const table: readonly [sentence: string, Observation, Situation, Verdict['next'], because: string][] = [
  ['NEW goes on', status('NEW'), calm, 'ask-again', 'NEW: the payer has not finished.'],
  [
    'USED reads the receipt',
    status('USED'),
    calm,
    'read-receipt',
    'USED: the receipt says what became of the payment.',
  ],
  [
    'complete reads the receipt, too',
    status('complete'),
    first,
    'read-receipt',
    'USED: the receipt says what became of the payment.',
  ],
  ['EXPIRED ends', status('EXPIRED'), calm, 'stop', 'EXPIRED: the session ran out.'],
  [
    'a text that nobody knows goes on',
    status('APPROVED'),
    calm,
    'ask-again',
    'A status that nobody knows is never success; a later one may be known.',
  ],
  ['permanent trouble ends', answered({ retryable: false }), calm, 'stop', permanent],
  ['permanent trouble ends at the first ask, too', unreachable({ connecting: true }), first, 'stop', permanent],
  [
    'permanent trouble is told as such, however often there was trouble before',
    answered({ retryable: false }),
    { ...calm, failuresInARow: 6 },
    'stop',
    permanent,
  ],
  ['no connection at the first ask ends', unreachable({ retryable: true, connecting: true }), first, 'stop', wrongHost],
  [
    'no connection ends while nothing has ever answered, and is told as such after many tries',
    unreachable({ retryable: true, connecting: true }),
    { ...first, failuresInARow: 6 },
    'stop',
    wrongHost,
  ],
  [
    'no connection after something answered may pass',
    unreachable({ retryable: true, connecting: true }),
    calm,
    'ask-again',
    mayPass,
  ],
  [
    'a connection that was lost at the first ask may pass: something was there',
    unreachable({ retryable: true, connecting: false }),
    first,
    'ask-again',
    mayPass,
  ],
  ['HTTP 503 at the first ask may pass', answered({ retryable: true }), first, 'ask-again', mayPass],
  [
    'one failure less than too many may pass',
    answered({ retryable: true }),
    { ...calm, failuresInARow: 5 },
    'ask-again',
    mayPass,
  ],
  [
    'as many failures in a row as allowed end the wait',
    answered({ retryable: true }),
    { ...calm, failuresInARow: 6 },
    'stop',
    tooMany,
  ],
  [
    'more failures in a row than allowed end the wait',
    answered({ retryable: true }),
    { ...calm, failuresInARow: 7 },
    'stop',
    tooMany,
  ],
  [
    'where one failure is too many, the first one ends the wait',
    answered({ retryable: true }),
    { ...calm, maxFailures: 1 },
    'stop',
    tooMany,
  ],
];

describe('the acceptor table', () => {
  test.each(table)('%s', (_sentence, seen, situation, next, because) => {
    expect(decide(seen, situation)).toEqual({ next, because });
  });

  test.each(['NEW', 'USED', 'EXPIRED', 'a text that nobody knows'])(
    'counts no failures against an answer: %s',
    (text) => {
      const worst: Situation = { answeredBefore: false, failuresInARow: 99, maxFailures: 1 };
      expect(decide(status(text), worst)).toEqual(decide(status(text), calm));
    },
  );
});
