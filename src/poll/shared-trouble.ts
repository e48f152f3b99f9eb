import type { InstaMedError } from '../domain/errors.ts';
import type { Reach } from './reach.ts';
import { RefusalGuard } from './refusal-guard.ts';

/** What may be wrong with one token alone. */
const troubleOfTokens: readonly string[] = ['SOAP_FAULT', 'EMPTY_RESULT', 'ERROR_TEXT'];

/** The account and the host are the same for all tokens of a run, and so is trouble with them. */
export class SharedTrouble {
  readonly statusGuard: RefusalGuard;
  readonly receiptGuard = new RefusalGuard();
  readonly #reach: Reach;

  constructor(reach: Reach) {
    this.#reach = reach;
    this.statusGuard = new RefusalGuard((error) => reach.reread(error));
  }

  /** Whether what ended the wait for one token ends it for all. */
  concernsAll({ category, code, retryable, connecting }: InstaMedError): boolean {
    // A refusal may be about one token: some services do not tell the two apart.
    if (category === 'credentials-rejected') return this.statusGuard.isShut;
    const mayPass = retryable && !connecting;
    return !(this.#reach.hasStatus || mayPass || troubleOfTokens.includes(code));
  }
}
