import type { Outcome, StopSignal } from '../../domain/outcome.ts';

export interface ExitCode {
  readonly code: number;
  readonly outcomes: readonly Outcome[];
  /** For help and README. */
  readonly when: string;
}

/** One code per ending, the same in every format. Nothing else in the program contains a code. */
export const exitCodes: readonly ExitCode[] = [
  {
    code: 0,
    outcomes: ['approved', 'authorized', 'card-stored', 'used', 'answered', 'receipt-read', 'decoded'],
    when: 'Done. `wait`: approved, authorized (not captured yet) or card stored; with `--no-receipt`, used.',
  },
  { code: 1, outcomes: ['internal-error'], when: 'A bug in this program.' },
  {
    code: 2,
    outcomes: ['usage-error'],
    when: 'Unknown flag, bad value, missing setting, bad config file, unreadable input.',
  },
  {
    code: 3,
    outcomes: ['not-approved', 'unclear', 'not-expected'],
    when: 'The receipt was read. `not-approved`: declined, cancelled, voided, returned, charged back, or approved in part without `--accept-partial`. `unclear`: it does not show whether this payment was taken. `not-expected`: `--expect` was not met.',
  },
  { code: 4, outcomes: ['credentials-rejected'], when: 'The service rejected the credentials.' },
  {
    code: 5,
    outcomes: ['service-error'],
    when: 'The service reported an error, redirected us, or answered with something else than was asked for.',
  },
  { code: 6, outcomes: ['expired'], when: 'The token is EXPIRED.' },
  { code: 7, outcomes: ['unreachable'], when: 'DNS, connection, proxy or TLS: nothing ever answered.' },
  {
    code: 8,
    outcomes: ['pending'],
    when: '`status --exit-status`: the token is still NEW. Also in the row of a token that `wait --any` or `--fail-fast` gave up.',
  },
  {
    code: 9,
    outcomes: ['receipt-unread'],
    when: 'The token is USED but no receipt could be read: **money may have moved**. Do not charge again; read the receipt.',
  },
  {
    code: 124,
    outcomes: ['timed-out'],
    when: 'Our own deadline passed with the token still NEW (or unknown).',
  },
  { code: 129, outcomes: ['interrupted'], when: 'Stopped by SIGHUP.' },
  { code: 130, outcomes: ['interrupted'], when: 'Stopped by SIGINT (Ctrl-C).' },
  { code: 143, outcomes: ['interrupted'], when: 'Stopped by SIGTERM.' },
];

/**
 * The endings of tokens that were waited for together, the worst first: it is the ending of the whole. Of the good ones the
 * least comes first, so that the whole is `approved` only where every payment was. A token that was given up decides nothing.
 */
export const worstFirst = [
  'interrupted',
  'internal-error',
  'usage-error',
  'receipt-unread',
  'credentials-rejected',
  'unreachable',
  'service-error',
  'unclear',
  'not-approved',
  'expired',
  'timed-out',
  'used',
  'card-stored',
  'authorized',
  'approved',
  'pending',
] as const satisfies readonly Outcome[];

const signalCodes: Readonly<Record<StopSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The exit code of an ending. An interrupt's depends on the signal. */
export function exitCodeOf(outcome: Outcome, signal: StopSignal | null = null): number {
  if (outcome === 'interrupted') return signalCodes[signal ?? 'SIGINT'];
  const row = exitCodes.find(({ outcomes }) => outcomes.includes(outcome));
  if (!row) throw new TypeError(`There is no exit code for ${outcome}.`);
  return row.code;
}

/** The codes by which the worst of several tokens is found, the worst first. */
export const codesWorstFirst: readonly number[] = [
  ...new Set(
    worstFirst.filter((outcome) => outcome !== 'interrupted' && outcome !== 'pending').map((o) => exitCodeOf(o)),
  ),
];

/** How a command ends: with an outcome, or, where it just prints something, done. */
export type CommandEnding = Outcome | 'done';

/** The exit codes of these endings, each with the endings that have it. */
export function codesOfEndings(
  endings: readonly CommandEnding[],
): readonly (readonly [code: number, endings: string])[] {
  return exitCodes.flatMap(({ code, outcomes }) => {
    const own = endings.filter((ending) => (ending === 'done' ? code === 0 : outcomes.includes(ending)));
    return own.length === 0 ? [] : [[code, own.join(', ')] as const];
  });
}
