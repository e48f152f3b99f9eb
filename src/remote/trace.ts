import type { HttpRequest } from './http.ts';

/** How a TLS connection is protected, and by whose certificate. Names are texts of the remote side. */
export interface TlsFacts {
  /** As OpenSSL writes it: `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** The common name of the certificate. */
  readonly issuedTo: string;
  /** When the certificate ends, as Node writes it: `Mar  1 00:00:00 2027 GMT`. */
  readonly validTo: string;
}

/** What happens on the wire, when it happens. No event carries a body. */
export type WireEvent =
  | {
      readonly type: 'connecting';
      /** Host and port. */
      readonly to: string;
      /** Whether a proxy is asked to connect. */
      readonly isThroughProxy: boolean;
    }
  | {
      readonly type: 'connected';
      /** Address and port of the other end; the proxy's own where there is one. */
      readonly address: string;
      /** Null: plain TCP. */
      readonly tls: TlsFacts | null;
    }
  | { readonly type: 'not-connected'; readonly code: string }
  | { readonly type: 'reusing' }
  /** The server had closed a kept connection just as it was used, so the request goes out a second time. */
  | { readonly type: 'sending-again' }
  | {
      /** The headers are there, as the server wrote them: it may have echoed a secret in one. */
      readonly type: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** A part of the body came, compressed or not. */
  | { readonly type: 'received'; readonly bytes: number };

/** With the object that was posted, so that requests under way at once can be told apart. */
export type TraceEvent = WireEvent & { readonly request: HttpRequest };

export type OnTrace = (event: TraceEvent) => void;
