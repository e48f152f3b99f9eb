import type { Socket } from 'node:net';
import { type buildConnector, Pool } from 'undici';
import { portOf } from '../domain/endpoint.ts';
import { basicCredentials, percentDecode } from './credentials.ts';
import { ProxyTrouble, proxyError } from './failures.ts';
import { connectTimeoutMs } from './time-limit.ts';
import { watchConnections } from './watch-replies.ts';

type Connector = buildConnector.connector;

export interface Tunnels {
  /** Opens a tunnel to the host of a URL; nothing is sent through it. */
  open(url: URL): Promise<Socket>;
  /** Connects to a host through the proxy, and then over TLS where the host wants that. */
  readonly connect: Connector;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Opens ways through a proxy by CONNECT, to plain HTTP as well. undici's own ProxyAgent has its errors look like the host's,
 * stumbles over a password with a bare % and sends no user that has no password. A proxy has 10 seconds to answer.
 */
export function openTunnels(
  proxy: URL,
  connector: Connector,
  onTunnel: () => void = () => {},
  answerWithinMs = connectTimeoutMs,
): Tunnels {
  // Without a limit of its own a CONNECT that is never answered would keep its place in the pool after the request is over.
  const pool = new Pool(proxy.origin, {
    connect: watchConnections(connector, { isWhole: false }),
    headersTimeout: answerWithinMs,
  });

  async function open(url: URL) {
    const authority = `${url.hostname}:${portOf(url)}`;
    const credentials = basicCredentials(percentDecode(proxy.username), percentDecode(proxy.password));
    // Of our headers none goes to the proxy.
    const headers = { host: authority, ...(proxy.username && { 'proxy-authorization': `Basic ${credentials}` }) };
    const {
      statusCode,
      headers: answered,
      socket,
    } = await pool.connect({ path: authority, headers }).catch((error: unknown) => {
      throw new ProxyTrouble(proxy, error);
    });
    // undici's type for it is a wider one.
    if (statusCode === 200) return socket as Socket;
    socket.on('error', () => {}).destroy();
    throw proxyError(statusCode, url, [answered['proxy-authenticate'] ?? []].flat().join(', '));
  }

  return {
    open,
    connect(options, callback) {
      const { protocol, host } = options;
      open(new URL(`${protocol}//${host}`)).then(
        (socket) => {
          onTunnel();
          if (protocol === 'https:') connector({ ...options, httpSocket: socket }, callback);
          else callback(null, socket);
        },
        (error) => callback(error, null),
      );
    },
    close: () => pool.destroy(),
  };
}
