import { trimBlanks } from '../base/ascii.ts';
import { type InstaMedError, serviceError } from '../domain/errors.ts';
import { isErrorMessage, type TokenStatus } from '../domain/token-status.ts';
import type { Observation } from '../domain/verdict.ts';

/** What a run knows of the host and the account, which all its tokens share. */
export class Reach {
  #hasAnswer = false;
  #hasStatus = false;

  /** Whether anything ever answered, be it with an error. */
  get answered(): boolean {
    return this.#hasAnswer;
  }

  /** Whether any status was ever read: the address, the account and the credentials are right. */
  get hasStatus(): boolean {
    return this.#hasStatus;
  }

  /** What an answer is: a status, or an error message in its place. */
  read(status: TokenStatus): Observation {
    this.#hasAnswer = true;
    if (isErrorMessage(status)) return { kind: 'error', error: errorOfText(status), label: labelOf(status) };
    this.#hasStatus = true;
    return { kind: 'status', status };
  }

  /** What an error is by now: credentials that were right before are not wrong, whatever the service says. */
  reread(error: InstaMedError): InstaMedError {
    if (error.category !== 'unreachable' && error.category !== 'aborted') this.#hasAnswer = true;
    return this.#hasStatus ? (error.otherwise ?? error) : error;
  }
}

function errorOfText({ text }: TokenStatus): InstaMedError {
  return serviceError('ERROR_TEXT', `The status service answered with an error message: ${trimBlanks(text)}`, {
    retryable: true,
    hint: 'Try again in a while.',
  });
}

/**
 * The state, or the text of an unknown status: two spellings of one state count together. A text that is no label is counted by
 * its length, because a part of it could be a part of a secret, which no mask would find.
 */
export function labelOf({ state, text }: TokenStatus): string {
  if (state !== 'UNKNOWN') return state;
  const label = trimBlanks(text);
  return label.length <= 80 ? label : `a text of ${label.length} characters`;
}
