import { InstaMedError } from '../domain/errors.ts';

/** So many refusals in a row, for different tokens, are no matter of a token. */
const mostRefusals = 3;

/** Sees to it that refused credentials are not sent over and over, which could lock the account. */
export class RefusalGuard {
  #inARow = 0;
  #final: InstaMedError | null = null;

  /** Whether the credentials are not sent any more. */
  get isShut(): boolean {
    return this.#final !== null;
  }

  /** Makes a request. Throws what it throws; once it is shut, the last refusal at once. */
  async pass<T>(request: () => Promise<T>): Promise<T> {
    if (this.#final) throw this.#final;
    try {
      const answer = await request();
      this.#inARow = 0;
      return answer;
    } catch (error) {
      if (error instanceof InstaMedError && error.category === 'refused') {
        this.#inARow += 1;
        if (this.#inARow >= mostRefusals) this.#final = error;
      }
      throw error;
    }
  }
}
