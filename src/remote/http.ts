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
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names; a header that comes twice is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  /** Whether the reply said where it ends. One that ends with the connection may have been cut there. */
  readonly isFramed: boolean;
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
