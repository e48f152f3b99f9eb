import type { InstaMedError } from './errors.ts';
import type { TokenStatus } from './token-status.ts';

/** What came of one status ask. */
export type Observation =
  | { readonly kind: 'status'; readonly status: TokenStatus }
  | {
      readonly kind: 'error';
      readonly error: InstaMedError;
      /** What it is counted as. Default: its code. */
      readonly label?: string;
    };

export interface Situation {
  /** Whether any status was read in this run: then the host, the account and the credentials are right. */
  readonly hasStatus: boolean;
  /** Whether EXPIRED is the confirmation of an EXPIRED. */
  readonly expiredBefore: boolean;
  /** How often in a row the service reported the same error, this time included; 0 where it reported none. */
  readonly sameInARow: number;
  /** Failures in a row, this one included. */
  readonly failuresInARow: number;
  /** How many failures in a row end the wait. */
  readonly maxFailures: number;
}

export interface Verdict {
  /** `confirm`: to check at once, on a fresh connection. */
  readonly next: 'ask-again' | 'confirm' | 'read-receipt' | 'stop';
  /** The rule that decided, as a sentence. */
  readonly because: string;
}

interface Rule extends Verdict {
  readonly when: (seen: Observation, situation: Situation) => boolean;
}

const isState = (seen: Observation, state: TokenStatus['state']) =>
  seen.kind === 'status' && seen.status.state === state;

/** Rejected credentials, sent again, could lock the account; and a request that cannot be made never can. */
const final: readonly string[] = ['credentials-rejected', 'usage'];

/** So often in a row the same error is no accident: the token may be mistyped. */
export const sameIsEnough = 3;

/** The acceptor table: the first rule that holds decides. */
const rules: readonly Rule[] = [
  {
    when: (seen) => isState(seen, 'NEW'),
    next: 'ask-again',
    because: 'NEW: the payer has not finished.',
  },
  {
    when: (seen) => isState(seen, 'USED'),
    next: 'read-receipt',
    because: 'USED: the receipt says what became of the payment.',
  },
  {
    when: (seen, { expiredBefore }) => isState(seen, 'EXPIRED') && !expiredBefore,
    next: 'confirm',
    because: 'EXPIRED: a stale reply must not end a payment.',
  },
  {
    when: (seen) => isState(seen, 'EXPIRED'),
    next: 'stop',
    because: 'EXPIRED, confirmed: the session ran out.',
  },
  {
    when: (seen) => isState(seen, 'UNKNOWN'),
    next: 'ask-again',
    because: 'A status that nobody knows is never success; a later one may be known.',
  },
  {
    when: (seen) => seen.kind === 'error' && (seen.error.permanent || final.includes(seen.error.category)),
    next: 'stop',
    because: 'The same request would meet the same end.',
  },
  {
    when: (seen, { hasStatus }) => seen.kind === 'error' && !hasStatus && !seen.error.retryable,
    next: 'stop',
    because: 'No status has ever been read there, and the same request would meet the same end.',
  },
  {
    when: (seen, { hasStatus }) => seen.kind === 'error' && !hasStatus && seen.error.connecting,
    next: 'stop',
    because: 'No status has ever been read there: a wrong host must cost seconds.',
  },
  {
    when: (_seen, { hasStatus, sameInARow }) => !hasStatus && sameInARow >= sameIsEnough,
    next: 'stop',
    because: 'No status has ever been read, and the service reports the same error again and again.',
  },
  {
    when: (_seen, { failuresInARow, maxFailures }) => failuresInARow >= maxFailures,
    next: 'stop',
    because: 'Too many failures in a row.',
  },
];

const passing: Verdict = { next: 'ask-again', because: 'The trouble may pass.' };

/** Decides what one observation means for the wait. */
export function decide(seen: Observation, situation: Situation): Verdict {
  const { next, because } = rules.find(({ when }) => when(seen, situation)) ?? passing;
  return { next, because };
}
