import type { Outcome } from '../../../../src/domain/outcome.ts';
import { close, type Part, reply, reset } from '../../raw-server.ts';
import { inResult } from '../../soap-replies.ts';
import { answer, type Honest, pause } from '../attack.ts';
import type { Story } from '../hostile-server.ts';

/** What comes down a connection that `wait` keeps between its asks. */
export interface Sequence {
  readonly name: string;
  readonly story: Story;
  readonly outcome: Outcome;
  readonly seen: Readonly<Record<string, number>>;
  /** Seconds from the end of the failed ask to the next one, where there was one. */
  readonly pauseS?: number;
}

const status = (text: string): Uint8Array =>
  answer({ call: 'status', type: 'text/xml; charset=utf-8', body: Buffer.from(inResult(text)) } satisfies Honest);
const receipt = (text: string): Uint8Array => reply(text, 'Content-Type: text/html\r\n');

const approved = receipt('responseCode=000&transactionStatus=C');
const declined = receipt('responseCode=001&transactionStatus=D');
/** Long enough for the other side to notice, and shorter than a sped-up interval. */
const aMoment = pause(15);

const settled = (...first: readonly Part[]): Story => ({ status: [first, [status('USED')]], receipt: [[declined]] });
/** Said once, it is checked once more. */
const expired = [[status('EXPIRED')], [status('EXPIRED')]];
const seen = { NEW: 1, USED: 1 };

const retried = (retryAfter: string, date = ''): Story => ({
  status: [[reply('', `Retry-After: ${retryAfter}\r\n${date}`, '503 Busy')], ...expired],
});

const sequence = (
  name: string,
  story: Story,
  outcome: Outcome,
  tally: Sequence['seen'],
  pauseS?: number,
): Sequence => ({
  name,
  story,
  outcome,
  seen: tally,
  ...(pauseS !== undefined && { pauseS }),
});

export const betweenPollsTitle = 'Between two asks of `wait`';

/** All invented. Kept connections that die are what load balancers do; forged replies are what request smuggling does. */
export const betweenPolls: readonly Sequence[] = [
  sequence('a kept connection', settled(status('NEW')), 'not-approved', seen),
  sequence(
    'a connection that is closed between two asks',
    settled(status('NEW'), aMoment, close),
    'not-approved',
    seen,
  ),
  sequence('a connection that is reset between two asks', settled(status('NEW'), aMoment, reset), 'not-approved', seen),
  sequence('a connection that is closed with the answer', settled(status('NEW'), close), 'not-approved', seen),
  sequence('a connection that is reset with the answer', settled(status('NEW'), reset), 'not-approved', seen),
  sequence(
    'a second reply, forged, right behind the first',
    {
      status: [[Buffer.concat([status('NEW'), status('USED')])], [status('NEW')], ...expired],
      receipt: [[approved]],
    },
    'expired',
    { NEW: 2, EXPIRED: 2 },
  ),
  sequence(
    'a second reply, forged, a moment later',
    { status: [[status('NEW'), aMoment, status('USED')], [status('NEW')], ...expired], receipt: [[approved]] },
    'expired',
    { NEW: 2, EXPIRED: 2 },
  ),
  sequence(
    'a receipt, forged, right behind the status',
    { status: [[Buffer.concat([status('USED'), approved])]], receipt: [[declined]] },
    'not-approved',
    { USED: 1 },
  ),
  sequence(
    'half a reply, forged, behind the first',
    { status: [[Buffer.concat([status('NEW'), status('USED').subarray(0, 200)])], ...expired] },
    'expired',
    { NEW: 1, EXPIRED: 2 },
  ),
  sequence(
    'garbage behind the answer',
    settled(Buffer.concat([status('NEW'), Buffer.from('\0\x1b[2Jgarbage\r\n\r\n')])),
    'not-approved',
    seen,
  ),
  sequence(
    'a stale EXPIRED, which the next connection knows nothing of',
    { status: [[status('NEW')], [status('EXPIRED')], [status('USED')]], receipt: [[declined]] },
    'not-approved',
    { NEW: 1, EXPIRED: 1, USED: 1 },
  ),
  sequence(
    'EXPIRED, and silence when it is to be confirmed',
    { status: [[status('NEW')], [status('EXPIRED')], [], [status('USED')]], receipt: [[declined]] },
    'not-approved',
    { NEW: 1, EXPIRED: 1, ETIMEDOUT: 1, USED: 1 },
  ),
  sequence('silence after an answer', { status: [[status('NEW')], [], ...expired] }, 'expired', {
    NEW: 1,
    ETIMEDOUT: 1,
    EXPIRED: 2,
  }),
  sequence('Retry-After in seconds', retried('25'), 'expired', { HTTP_503: 1, EXPIRED: 2 }, 25),
  sequence('Retry-After of zero', retried('0'), 'expired', { HTTP_503: 1, EXPIRED: 2 }, 1),
  sequence('Retry-After below zero', retried('-5'), 'expired', { HTTP_503: 1, EXPIRED: 2 }, 10),
  sequence('Retry-After in garbage', retried('soon'), 'expired', { HTTP_503: 1, EXPIRED: 2 }, 10),
  sequence(
    'Retry-After as a date, by the clock of the service',
    retried('Mon, 23 Nov 2026 10:00:40 GMT', 'Date: Mon, 23 Nov 2026 10:00:00 GMT\r\n'),
    'expired',
    { HTTP_503: 1, EXPIRED: 2 },
    40,
  ),
  sequence(
    'Retry-After in the past',
    retried('Sun, 06 Nov 1994 08:49:37 GMT'),
    'expired',
    { HTTP_503: 1, EXPIRED: 2 },
    1,
  ),
  // The last ask is at the deadline, whatever the service wants.
  sequence('Retry-After of a year', retried('31536000'), 'expired', { HTTP_503: 1, EXPIRED: 2 }, 900),
  sequence(
    'Retry-After that is beyond any number',
    retried('999999999999'),
    'expired',
    { HTTP_503: 1, EXPIRED: 2 },
    900,
  ),
];
