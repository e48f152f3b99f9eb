import type { RequestLimits } from '../../remote/sso-client.ts';

/** The way to a host. */
export interface Route {
  readonly url: URL;
  readonly proxy: URL | null;
  /** The certificate authorities to trust, in PEM. Default: Node's own store. */
  readonly ca?: readonly string[];
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: Date;
  /** The whole of it, in Base64 as PEM has it. */
  readonly base64: string;
}

export interface Handshake {
  readonly protocol: string;
  /** Why the certificate is not to be trusted, as a code of Node or OpenSSL; null where it is. */
  readonly distrust: string | null;
  /** From the host's own certificate to the root, as far as they are known. */
  readonly chain: readonly Certificate[];
}

/** The network below HTTP. Each call has a connection of its own; its error is for `explainFailure`. Tests script it. */
export interface Probe {
  readonly runtime: { readonly node: string; readonly platform: string; readonly arch: string };
  /** The addresses of a host. */
  lookUp(url: URL, limits: RequestLimits): Promise<readonly string[]>;
  /** The address to which a TCP connection could be made. */
  connect(url: URL, limits: RequestLimits): Promise<string>;
  /** Has the route's proxy open a tunnel to the host. */
  tunnel(route: Route, limits: RequestLimits): Promise<void>;
  /** Shakes hands over TLS and sends nothing. */
  handshake(route: Route, limits: RequestLimits): Promise<Handshake>;
}
