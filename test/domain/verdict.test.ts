import { describe, expect, test } from 'vitest';
import {
  credentialsRejectedError,
  type ErrorDetails,
  serviceError,
  unreachableError,
  usageError,
} from '../../src/domain/errors.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import { decide, type Observation, type Situation, type Verdict } from '../../src/domain/verdict.ts';

const calm: Situation = {
  hasStatus: true,
  expiredBefore: false,
  sameInARow: 0,
  failuresInARow: 1,
  maxFailures: 6,
};
const first: Situation = { ...calm, hasStatus: false };

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
const neverGood = 'No status has ever been read there, and the same request would meet the same end.';
const wrongHost = 'No status has ever been read there: a wrong host must cost seconds.';
const sameAgain = 'No status has ever been read, and the service reports the same error again and again.';
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
  ['EXPIRED is confirmed', status('EXPIRED'), calm, 'confirm', 'EXPIRED: a stale reply must not end a payment.'],
  [
    'EXPIRED, confirmed, ends',
    status('EXPIRED'),
    { ...calm, expiredBefore: true },
    'stop',
    'EXPIRED, confirmed: the session ran out.',
  ],
  [
    'NEW takes an EXPIRED back',
    status('NEW'),
    { ...calm, expiredBefore: true },
    'ask-again',
    'NEW: the payer has not finished.',
  ],
  [
    'a text that nobody knows goes on',
    status('APPROVED'),
    calm,
    'ask-again',
    'A status that nobody knows is never success; a later one may be known.',
  ],
  ['a host name that does not exist ends', unreachable({ connecting: true, permanent: true }), calm, 'stop', permanent],
  [
    'rejected credentials end',
    { kind: 'error', error: credentialsRejectedError('HTTP_401', 'Rejected.') },
    calm,
    'stop',
    permanent,
  ],
  ['a request that cannot be made ends', { kind: 'error', error: usageError('No.') }, calm, 'stop', permanent],
  ['what would not pass ends before the first status', answered({ retryable: false }), first, 'stop', neverGood],
  ['what would not pass is waited out after one', answered({ retryable: false }), calm, 'ask-again', mayPass],
  [
    'the same error three times in a row ends before the first status',
    answered({ retryable: true }),
    { ...first, sameInARow: 3 },
    'stop',
    sameAgain,
  ],
  ['twice does not', answered({ retryable: true }), { ...first, sameInARow: 2 }, 'ask-again', mayPass],
  ['nor does it after one', answered({ retryable: true }), { ...calm, sameInARow: 3 }, 'ask-again', mayPass],
  [
    'permanent trouble is told as such, however often there was trouble before',
    unreachable({ permanent: true }),
    { ...calm, failuresInARow: 6 },
    'stop',
    permanent,
  ],
  ['no connection at the first ask ends', unreachable({ retryable: true, connecting: true }), first, 'stop', wrongHost],
  [
    'no connection ends while no status was read, and is told as such after many tries',
    unreachable({ retryable: true, connecting: true }),
    { ...first, failuresInARow: 6 },
    'stop',
    wrongHost,
  ],
  [
    'no connection after a status may pass',
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

  test.each(['NEW', 'USED', 'EXPIRED', 'PENDING'])('counts no failures against an answer: %s', (text) => {
    const worst: Situation = { ...first, sameInARow: 99, failuresInARow: 99, maxFailures: 1 };
    expect(decide(status(text), worst)).toEqual(decide(status(text), calm));
  });
});
