import { trimBlanks } from '../base/ascii.ts';

/** What a status text means: NEW, not finished; USED, the receipt can be read; EXPIRED, the session ran out. */
export type TokenState = 'NEW' | 'USED' | 'EXPIRED' | 'UNKNOWN';

/** An answer of GetSSOTokenStatus. */
export interface TokenStatus {
  readonly state: TokenState;
  /** The text as the service sent it. */
  readonly text: string;
}

// No `u` flag: with it, `i` also folds a long s or a Kelvin sign into plain letters.
const readings: readonly (readonly [RegExp, TokenState])[] = [
  [/^NEW$/i, 'NEW'],
  [/^(?:USED|COMPLETE|COMPLETED)$/i, 'USED'],
  [/^EXPIRED$/i, 'EXPIRED'],
];

/**
 * Reads a status text: blanks around it and the case do not matter. InstaMed's pages print both `USED` and `complete` for
 * the same thing. No live value was ever published, so any other text is UNKNOWN: kept, and never taken for success.
 */
export function readTokenStatus(text: string): TokenStatus {
  const word = trimBlanks(text);
  const reading = readings.find(([pattern]) => pattern.test(word));
  return { state: reading ? reading[1] : 'UNKNOWN', text };
}

/** What stands for a text that was redacted as a whole, which says nothing of its words. */
const redacted = /^\*\*\* \(\d+ characters?\)$/;

/**
 * Whether a text is an error message in the place of a status: it has three words or more. One or two may be a status that is
 * not documented.
 */
export function isErrorMessage({ state, text }: TokenStatus): boolean {
  const words = trimBlanks(text);
  return state === 'UNKNOWN' && words.split(/\s+/, 3).length === 3 && !redacted.test(words);
}
