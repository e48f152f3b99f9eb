export interface HttpRequest {
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the request is for, as it stands in error sentences: "while asking for the status". */
  readonly purpose: string;
  /** One limit for connecting, headers and body together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /**
   * Whether it has a connection of its own, on which nothing stale can arrive, and whose reply is trusted only if it ends where
   * it says. Default false: a kept connection will do.
   */
  readonly ownConnection?: boolean;
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names; a header that comes twice is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  /**
   * Whether the reply ended where it said. One that ends with the connection may have been cut there; on a connection of its
   * own, nothing may follow.
   */
  readonly isWhole: boolean;
}

/** Sends POST requests. Tests bring a scripted one. */
export interface Transport {
  /** @throws InstaMedError `unreachable`, `service` or `aborted`. */
  post(request: HttpRequest): Promise<HttpReply>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** How far a request had come when it failed. */
export type Phase = 'connecting' | 'waiting' | 'reading';
