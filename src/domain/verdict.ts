import type { InstaMedError } from './errors.ts';
import type { TokenStatus } from './token-status.ts';

/** What came of one status ask. */
export type Observation =
  | { readonly kind: 'status'; readonly status: TokenStatus }
  | { readonly kind: 'error'; readonly error: InstaMedError };

export interface Situation {
  /** Whether anything at all has answered in this wait, before this observation. */
  readonly answeredBefore: boolean;
  /** Failures in a row, this one included. */
  readonly failuresInARow: number;
  /** How many failures in a row end the wait. */
  readonly maxFailures: number;
}

export interface Verdict {
  readonly next: 'ask-again' | 'read-receipt' | 'stop';
  /** The rule that decided, as a sentence. */
  readonly because: string;
}

interface Rule extends Verdict {
  readonly when: (seen: Observation, situation: Situation) => boolean;
}

const isState = (seen: Observation, state: TokenStatus['state']) =>
  seen.kind === 'status' && seen.status.state === state;

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
    when: (seen) => isState(seen, 'EXPIRED'),
    next: 'stop',
    because: 'EXPIRED: the session ran out.',
  },
  {
    when: (seen) => isState(seen, 'UNKNOWN'),
    next: 'ask-again',
    because: 'A status that nobody knows is never success; a later one may be known.',
  },
  {
    when: (seen) => seen.kind === 'error' && !seen.error.retryable,
    next: 'stop',
    because: 'The same request would meet the same end.',
  },
  {
    when: (seen, { answeredBefore }) => seen.kind === 'error' && seen.error.connecting && !answeredBefore,
    next: 'stop',
    because: 'Nothing has ever answered there: a wrong host must cost seconds.',
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
