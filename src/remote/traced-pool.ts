import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type buildConnector, Client, type Dispatcher, Pool } from 'undici';
import { codeOf } from './failures.ts';
import type { HttpRequest } from './http.ts';
import type { OnTrace, TlsFacts, WireEvent } from './trace.ts';

type Connector = buildConnector.connector;

interface PoolSettings extends Pool.Options {
  readonly connect: Connector;
}

/** Opens the pool of a host. */
export type OpenPool = (origin: string | URL, settings: PoolSettings, isThroughProxy: boolean) => Pool;

/** Makes the pools of a transport that is watched. */
export function createTracedPools(onTrace: OnTrace): OpenPool {
  return (origin, settings, isThroughProxy) =>
    new Pool(origin, {
      ...settings,
      factory: (at, options) => new TracedClient(at, options as PoolSettings, onTrace, isThroughProxy),
    });
}

/**
 * One connection of a pool, which tells what becomes of it. A client has one connection at a time and gets one request at a
 * time, so both are known to belong together. undici's own diagnostics are of the whole process and know no such thing.
 */
class TracedClient extends Client {
  readonly #onTrace: OnTrace;
  readonly #isThroughProxy: boolean;
  #isConnected = false;
  #tell: (event: WireEvent) => void = () => {};

  constructor(origin: URL, { connect, ...settings }: PoolSettings, onTrace: OnTrace, isThroughProxy: boolean) {
    super(origin, {
      ...settings,
      connect: (options, callback) => this.#connect(connect, options, callback),
    } as Client.Options);
    this.#onTrace = onTrace;
    this.#isThroughProxy = isThroughProxy;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { opaque: request } = options as Dispatcher.RequestOptions<HttpRequest>;
    if (request) this.#tell = (event) => this.#onTrace({ request, ...event });
    if (this.#isConnected) this.#tell({ type: 'reusing' });
    return super.dispatch(options, handler);
  }

  #connect(connect: Connector, options: buildConnector.Options, callback: buildConnector.Callback): void {
    const { protocol, hostname, port } = options;
    const to = joinPort(hostname, port || (protocol === 'https:' ? 443 : 80));
    this.#tell({ type: 'connecting', to, isThroughProxy: this.#isThroughProxy });
    connect(options, (...result: Parameters<buildConnector.Callback>) => {
      const [error, socket] = result;
      if (socket) this.#noteConnection(socket);
      else this.#tell({ type: 'not-connected', code: codeOf(error) });
      callback(...result);
    });
  }

  #noteConnection(socket: Socket): void {
    this.#isConnected = true;
    socket.once('close', () => {
      this.#isConnected = false;
    });
    const address = joinPort(socket.remoteAddress ?? '', socket.remotePort ?? 0);
    this.#tell({ type: 'connected', address, tls: tlsFacts(socket) });
  }
}

/** An IPv6 address has colons of its own. */
function joinPort(host: string, port: number | string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

function tlsFacts(socket: Socket | TLSSocket): TlsFacts | null {
  if (!('getPeerCertificate' in socket)) return null;
  const { subject, valid_to } = socket.getPeerCertificate();
  const name = subject?.CN ?? '';
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    issuedTo: Array.isArray(name) ? name.join(', ') : name,
    validTo: valid_to ?? '',
  };
}
