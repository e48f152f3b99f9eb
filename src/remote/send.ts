import type { Dispatcher } from 'undici';
import { type InstaMedError, serviceError } from '../domain/errors.ts';
import type { HttpRequest } from './http.ts';
import type { OnTrace } from './trace.ts';

/** The largest reply that is read, compressed or not. Real ones have a few hundred bytes. */
export const largestReplyBytes = 1_048_576;

/** A reply as it came over the wire. */
export interface RawReply {
  readonly status: number;
  /** Names in lower case; of several values, all, with commas between them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request that is under way. */
export interface Sending {
  readonly reply: Promise<RawReply>;
  /** Calls it off; once it has ended, that does nothing. */
  abort(reason: Error): void;
}

export interface Watch {
  readonly onHeaders: () => void;
  readonly onTrace: OnTrace | undefined;
}

/**
 * Sends a request once and reads its whole reply. undici's own `request` makes a stream of each body, and with thousands of
 * tokens that costs more than all the rest of it.
 */
export function send(dispatcher: Dispatcher, request: HttpRequest, watch: Watch): Sending {
  const exchange = new Exchange(request, watch);
  const { url, body, headers, ownConnection = false } = request;
  const options = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      ...headers,
      'user-agent': 'instamed-poll',
      'accept-encoding': 'identity',
      ...(ownConnection && { connection: 'close' }),
    },
    body,
    // For the traced pool.
    opaque: request,
  } as const;
  dispatcher.dispatch(options, exchange);
  return exchange;
}

class Exchange implements Sending, Dispatcher.DispatchHandler {
  readonly reply: Promise<RawReply>;
  readonly #request: HttpRequest;
  readonly #watch: Watch;
  #resolve: (reply: RawReply) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #controller: Dispatcher.DispatchController | null = null;
  #reason: Error | null = null;
  #status = 0;
  #headers: Record<string, string> = {};
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(request: HttpRequest, watch: Watch) {
    this.#request = request;
    this.#watch = watch;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason) controller.abort(this.#reason);
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    // An interim answer has its own after it.
    if (status < 200) return;
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    this.#watch.onHeaders();
    this.#watch.onTrace?.({ request: this.#request, type: 'answered', status, headers: this.#headers });
    if (Number(this.#headers['content-length']) > largestReplyBytes) this.abort(tooLarge());
  }

  onResponseData(_controller: unknown, chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#watch.onTrace?.({ request: this.#request, type: 'received', bytes: chunk.length });
    if (this.#size > largestReplyBytes) this.abort(tooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only = new Uint8Array(), ...others] = this.#chunks;
    const body = others.length === 0 ? only : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#reject(error);
  }
}

export function tooLarge(): InstaMedError {
  return serviceError('TOO_LARGE', 'The reply is larger than 1 MiB, which no real one is; it was not read.', {
    hint: 'Check the URL: another server may be answering there.',
  });
}
