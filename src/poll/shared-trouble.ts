import type { InstaMedError } from '../domain/errors.ts';
import { RefusalGuard } from './refusal-guard.ts';

/** What may be wrong with one token alone. */
const troubleOfTokens: readonly string[] = ['SOAP_FAULT', 'EMPTY_RESULT'];

/** The account and the host are the same for all tokens of a run, and so is trouble with them. */
export class SharedTrouble {
  readonly statusGuard = new RefusalGuard();
  readonly receiptGuard = new RefusalGuard();
  #hasStatus = false;

  /** Some token had a status: the address and the account are right. */
  noteStatus(): void {
    this.#hasStatus = true;
  }

  /** Whether what ended the wait for one token ends it for all. */
  concernsAll({ category, code, retryable, connecting }: InstaMedError): boolean {
    const isRefused = category === 'credentials-rejected';
    if (this.#hasStatus) return isRefused && this.statusGuard.isShut;
    const mayPass = retryable && !connecting;
    return isRefused || !(mayPass || troubleOfTokens.includes(code));
  }
}
