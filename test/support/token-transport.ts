import { InstaMedError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/poll/clock.ts';
import { timeoutError } from '../../src/remote/failures.ts';
import type { HttpReply, HttpRequest, Transport } from '../../src/remote/http.ts';
import type { Step } from './scripted-transport.ts';

/** What the two services answer for one token, ask by ask; the last answer stays. */
export interface TokenStory {
  readonly status: readonly Step[];
  readonly receipt?: readonly Step[];
}

/** One request, in milliseconds of the clock. */
export interface TokenRequest {
  readonly what: 'status' | 'receipt';
  readonly token: string;
  readonly at: number;
}

/** A network that knows for whom it is asked, so that the order of the asks does not matter. Each answer takes its time. */
export class TokenTransport implements Transport {
  readonly requests: TokenRequest[] = [];
  /** Resolves at the first request. */
  readonly asked: Promise<void>;
  /** Resolves when nothing more is going to be asked. */
  readonly closed: Promise<void>;
  #onAsked = () => {};
  #onClosed = () => {};
  readonly #clock: Clock;
  readonly #stories: Readonly<Record<string, TokenStory>>;
  readonly #tookMs: number;

  constructor(clock: Clock, stories: Readonly<Record<string, TokenStory>>, tookMs = 100) {
    this.#clock = clock;
    this.#stories = stories;
    this.#tookMs = tookMs;
    this.asked = new Promise((resolve) => {
      this.#onAsked = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  async post(request: HttpRequest): Promise<HttpReply> {
    this.#onAsked();
    const { what, token } = readRequest(request);
    const before = this.requests.filter((one) => one.what === what && one.token === token).length;
    this.requests.push({ what, token, at: this.#clock.now() });
    const steps = this.#stories[token]?.[what] ?? [];
    const step = steps[Math.min(before, steps.length - 1)];
    if (!step) throw new TypeError(`An unexpected request for the ${what} of ${token}.`);
    await this.#clock.sleep(Math.min(this.#tookMs, request.timeoutMs), request.signal);
    if (request.signal.aborted) throw new InstaMedError('aborted', 'ABORTED', `Stopped ${request.purpose}.`);
    if (this.#tookMs > request.timeoutMs) throw timeoutError(request, 'waiting');
    const { answer } = step;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(request) : answer;
  }

  async close(): Promise<void> {
    this.#onClosed();
  }
}

const xmlCharacters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

function readRequest({ body }: HttpRequest): { what: TokenRequest['what']; token: string } {
  const inXml = /<tokenID>(.*)<\/tokenID>/s.exec(body)?.[1];
  if (inXml === undefined) return { what: 'receipt', token: new URLSearchParams(body).get('singleSignOnToken') ?? '' };
  return { what: 'status', token: inXml.replace(/&(amp|lt|gt);/g, (_all, name: string) => xmlCharacters[name] ?? '') };
}
