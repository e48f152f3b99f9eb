import { InstaMedError } from '../domain/errors.ts';

/** So many refusals in a row, for different tokens, are no matter of a token. */
const mostRefusals = 3;

/** Sees to it that refused credentials are not sent over and over, which could lock the account. */
export class RefusalGuard {
  #inARow = 0;
  #underWay = 0;
  #hasAnswer = false;
  #final: InstaMedError | null = null;
  readonly #parked: (() => void)[] = [];
  readonly #reread: (error: InstaMedError) => InstaMedError;

  /** `reread` says what an error is by now. Default: what it was. */
  constructor(reread: (error: InstaMedError) => InstaMedError = (error) => error) {
    this.#reread = reread;
  }

  /** Whether the credentials are not sent any more. */
  get isShut(): boolean {
    return this.#final !== null;
  }

  /** Whether a request may be made now. Before the first answer no more of them are made than may be refused. */
  get isOpen(): boolean {
    return this.#isDecided || this.#inARow + this.#underWay < mostRefusals;
  }

  /** Calls back when a request may be made, perhaps. */
  park(retry: () => void): void {
    this.#parked.push(retry);
  }

  /** Makes a request, whose answer may be no good one. Throws what it throws; once it is shut, at once. */
  async pass<T>(request: () => Promise<T>, isGood: (answer: T) => boolean = () => true): Promise<T> {
    if (this.#final) throw troubleOfAnother(this.#final);
    this.#underWay += 1;
    try {
      const answer = await request();
      if (isGood(answer)) {
        this.#inARow = 0;
        this.#hasAnswer = true;
      }
      return answer;
    } catch (error) {
      if (error instanceof InstaMedError && this.#reread(error).category === 'credentials-rejected') {
        this.#inARow += 1;
        if (this.#inARow >= mostRefusals) this.#final = error;
      }
      throw error;
    } finally {
      this.#underWay -= 1;
      for (const retry of this.#parked.splice(0, this.#isDecided ? this.#parked.length : 1)) retry();
    }
  }

  get #isDecided(): boolean {
    return this.#hasAnswer || this.isShut;
  }
}

/** What one token met, for those of which nothing is asked any more because of it. */
export function troubleOfAnother({ category, code, message, ...details }: InstaMedError): InstaMedError {
  const says = `Not asked any more, because another token met this: ${message}`;
  return new InstaMedError(category, code, says, { ...details, reference: null });
}
