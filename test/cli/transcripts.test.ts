import { expect, test } from 'vitest';
import {
  capturedReceipt,
  publishedError,
  publishedReceipt,
  receipt,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
  webPage,
} from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';
import { type Step, textReply } from '../support/scripted-transport.ts';

/** A service that is busy and says for how long: the header is HTTP's own, that this service sends it is invented. */
const busyFor = (seconds: number): Step => ({
  label: `busy for ${seconds} s`,
  answer: textReply('', { status: 503, headers: { 'retry-after': String(seconds) } }),
});

const asks = 'Waiting for NTJm…N2Qz: checking every 10s, for up to';
const busy = 'status.example returned 503 (server error) while checking the token status.';
const lags =
  'The receipt service answered with an error (errorCode 400: An unexpected error occurred with Reference Number 02198MGNBZ).';

/** All that a log gets to see of a wait, to the byte. */
const transcripts: readonly (readonly [
  name: string,
  world: World,
  flags: readonly string[],
  code: number,
  log: string,
])[] = [
  [
    'approved',
    { steps: [...times(7, status('NEW')), status('USED'), receipt(capturedReceipt)] },
    [],
    0,
    `${asks} 15m.
0:00 NEW
1:00 still NEW, 6 checks
1:10 USED
1:10 ended: USED, 8 checks
`,
  ],
  [
    'declined',
    { steps: [status('USED'), receipt(publishedReceipt)] },
    [],
    3,
    `${asks} 15m.
0:00 USED
0:00 ended: USED, 1 check
instamed-poll: Declined. The payment was not taken. The status decides; ignore the message "Partially Approved $1.00".
`,
  ],
  [
    'expired, after a status that nobody knows',
    { steps: [status('NEW'), status('HELD'), status('EXPIRED'), status('EXPIRED')] },
    [],
    6,
    `${asks} 15m.
0:00 NEW
0:10 unknown status "HELD"
0:20 EXPIRED
0:20 ended: EXPIRED, 4 checks
instamed-poll: EXPIRED: the session ran out before a payment was completed. Open a new payment page to try again.
`,
  ],
  [
    'timed out, with a heartbeat',
    { steps: times(10, status('NEW')) },
    ['--timeout', '90s'],
    124,
    `${asks} 1m30s.
0:00 NEW
1:00 still NEW, 6 checks
1:30 ended: NEW, 10 checks
instamed-poll: Timed out after 1m30s. The token was still NEW at the last check. The payer may still be paying.
Seen: NEW 10.
Next: instamed-poll wait - --progress plain --timeout 90s   (then paste the token NTJm…N2Qz)
`,
  ],
  [
    'trouble with a Retry-After, and then too much of it',
    { steps: [status('NEW'), busyFor(90), webPage('', 503)] },
    ['--max-failures', '2'],
    5,
    `${asks} 15m.
0:00 NEW
0:10 ${busy} Trying again in 90 s (1 failure in a row).
1:00 still server error (503), 2 checks
1:40 ended: server error (503), 3 checks
instamed-poll: ${busy}
Try again later.
Seen: NEW 1, server error (503) 2.
`,
  ],
  [
    'a receipt that lags until nobody waits for it any more',
    { steps: [status('USED'), ...times(5, receipt(publishedError))] },
    [],
    9,
    `${asks} 15m.
0:00 USED
0:00 ${lags} Trying again in 1 s (try 1 of the receipt).
0:20 ended: USED, 1 check
instamed-poll: Money may have moved. Do not charge again. The token is USED, but its receipt could not be read. Look the payment up in InstaMed Online (Payment, Payment History) or in Payment Quick Search of the provider portal.
Because: ${lags}
Give InstaMed's support the reference number 02198MGNBZ.
Seen: USED 1.
Next: instamed-poll receipt -   (then paste the token NTJm…N2Qz)
`,
  ],
  [
    'interrupted between two asks',
    stoppedAsleep('SIGINT', times(7, status('NEW')), 6),
    [],
    130,
    `${asks} 15m.
0:00 NEW
1:00 still NEW, 6 checks
1:00 ended: NEW, 7 checks
instamed-poll: Stopped by SIGINT after 1m. The token was still NEW at the last check. The payer may still be paying.
Seen: NEW 7.
Next: instamed-poll wait - --progress plain   (then paste the token NTJm…N2Qz)
`,
  ],
  [
    'interrupted while the receipt is read',
    stoppedAsking('SIGINT', [status('USED')]),
    [],
    130,
    `${asks} 15m.
0:00 USED
0:00 ended: USED, 1 check
instamed-poll: Stopped by SIGINT after 0s. Money may have moved. Do not charge again. The token is USED, but its receipt was not read. Look the payment up in InstaMed Online (Payment, Payment History) or in Payment Quick Search of the provider portal.
Seen: USED 1.
Next: instamed-poll receipt -   (then paste the token NTJm…N2Qz)
`,
  ],
];

test.each(transcripts)('the log of a wait: %s', async (_name, world, flags, code, log) => {
  const { code: ended, stderr } = await run(['wait', token, '--progress', 'plain', ...flags], world);
  expect(stderr).toBe(log);
  expect(ended).toBe(code);
});

/** A good end of each command that asks for something; the receipt comes second in wait. */
const goodEnds: readonly (readonly [command: string, argv: readonly string[], world: World])[] = [
  ['status', ['status', token, '--progress', 'none'], { steps: [status('USED')] }],
  ['wait', ['wait', token, '--progress', 'none'], { steps: [status('USED'), receipt(capturedReceipt)] }],
  ['receipt', ['receipt', token, '--progress', 'none'], { steps: [receipt(capturedReceipt)] }],
  ['decode', ['decode', '-'], { stdin: capturedReceipt }],
];

test.each(goodEnds)(
  '%s that went well is silent on stderr in every format, on a terminal or not',
  async (_command, argv, world) => {
    const formats = [
      ['-o', 'text'],
      ['-o', 'json'],
      ['--field', 'outcome'],
      ...(argv[0] === 'wait' ? [['-o', 'ndjson']] : []),
    ];
    for (const format of formats) {
      for (const tty of [true, false]) {
        const { code, stdout, stderr } = await run([...argv, ...format], { ...world, tty });
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).not.toBe('');
      }
    }
  },
);
