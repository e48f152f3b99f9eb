import { InstaMedError } from '../domain/errors.ts';

/** So many rejections in a row, for different tokens, are not about a token. */
const mostRejections = 3;

/** Keeps rejected credentials from being sent over and over, which could lock the account. */
export class AuthBreaker {
  #inARow = 0;
  #inFlight = 0;
  #hasAnswer = false;
  #final: InstaMedError | null = null;
  readonly #parked: (() => void)[] = [];
  readonly #reread: (error: InstaMedError) => InstaMedError;

  /** `reread` tells what an error is by now. Default: what it was. */
  constructor(reread: (error: InstaMedError) => InstaMedError = (error) => error) {
    this.#reread = reread;
  }

  /** Whether the credentials are not sent any more. */
  get isShut(): boolean {
    return this.#final !== null;
  }

  /** Whether a request may be made now. Before the first answer no more are made than may be rejected. */
  get isOpen(): boolean {
    return this.#isDecided || this.#inARow + this.#inFlight < mostRejections;
  }

  /** Calls back when a request may be made, perhaps. */
  park(retry: () => void): void {
    this.#parked.push(retry);
  }

  /** Makes a request, whose answer may be no good one. Throws what it throws; once it is shut, at once. */
  async pass<T>(request: () => Promise<T>, isGood: (answer: T) => boolean = () => true): Promise<T> {
    if (this.#final) throw errorOfAnother(this.#final);
    this.#inFlight += 1;
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
        if (this.#inARow >= mostRejections) this.#final = error;
      }
      throw error;
    } finally {
      this.#inFlight -= 1;
      for (const retry of this.#parked.splice(0, this.#isDecided ? this.#parked.length : 1)) retry();
    }
  }

  get #isDecided(): boolean {
    return this.#hasAnswer || this.isShut;
  }
}

/** What one token met, for those that are not checked any more because of it. */
export function errorOfAnother({ category, code, message, ...details }: InstaMedError): InstaMedError {
  const text = `Skipped: another token failed with: ${message}`;
  return new InstaMedError(category, code, text, { ...details, reference: null });
}
