import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isIP } from 'node:net';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { OpenPool } from './traced-pool.ts';

export interface ProxySettings {
  /** Proxies by the scheme of the target. */
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are reached without one, as NO_PROXY writes them. */
  readonly except?: string;
}

interface ProxyPoolSettings extends Pool.Options {
  readonly ca?: readonly string[];
  /** What opens the pool of a host, in place of undici itself. */
  readonly openPool?: OpenPool;
}

/** A dispatcher that goes through the proxies; a module of its own because it brings half of undici with it. */
export function openProxyDispatcher(
  { http = '', https = '', except = '' }: ProxySettings,
  { ca, openPool, ...settings }: ProxyPoolSettings,
  onConnected: () => void,
): { readonly dispatcher: Dispatcher; readonly close: () => void } {
  // Node's environment could otherwise switch the verification off.
  const trust = { rejectUnauthorized: true, ...(ca && { ca: [...ca] }) };
  // The event is of the whole process; where another transport connects as well, a wait is only more patient by it.
  subscribe('undici:proxy:connected', onConnected);
  const dispatcher = new EnvHttpProxyAgent({
    ...settings,
    ...(openPool && { factory: openPool as NonNullable<EnvHttpProxyAgent.Options['factory']> }),
    httpProxy: http,
    httpsProxy: https,
    noProxy: except,
    clientFactory: (origin, options) => endLostConnects(new Pool(origin, nameNoAddress(options))),
    requestTls: trust,
    proxyTls: trust,
  });
  return { dispatcher, close: () => unsubscribe('undici:proxy:connected', onConnected) };
}

/** undici names the proxy to itself in TLS, by its address, too. Node warns of an address there, and 26 refuses it. */
function nameNoAddress(options: object): Pool.Options {
  const { connect } = options as { readonly connect: buildConnector.connector };
  return {
    ...options,
    connect: ({ servername, ...target }, callback) =>
      connect(servername === undefined || isIP(servername) !== 0 ? target : { ...target, servername }, callback),
  };
}

/**
 * undici takes its own code for a lost socket as a reason to connect again at once. A proxy that hangs up would be asked
 * for as long as the request may take, so the code is made one that ends it.
 */
function endLostConnects(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  pool.connect = (async (options: Dispatcher.ConnectOptions) => {
    try {
      return await connect(options);
    } catch (error) {
      const isLost = error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET';
      throw isLost ? Object.assign(new Error('The proxy hung up.'), { code: 'ECONNRESET' }) : error;
    }
  }) as Pool['connect'];
  return pool;
}
