import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { connectTimeoutMs } from './time-limit.ts';
import { attemptTimeoutMs, tlsOptions } from './tls-options.ts';

/** The error of a connection that was not made in time, as undici would have it. */
const tooSlow = () =>
  Object.assign(new Error('The connection was not made in time.'), { code: 'UND_ERR_CONNECT_TIMEOUT' });

/** Connects as undici does, over TLS with these certificate authorities. Each address gets its time. */
export function createConnector(ca: readonly string[] | undefined): buildConnector.connector {
  // Ours begins again with each address.
  const options = { timeout: 0, autoSelectFamilyAttemptTimeout: attemptTimeoutMs };
  const plain = buildConnector(options);
  // Node loads its cryptography for it.
  let secure: buildConnector.connector | null = null;
  return (target, callback) => {
    if (target.protocol === 'https:')
      secure ??= buildConnector({ ...options, ...tlsOptions(), ...(ca && { ca: [...ca] }) });
    const connect = target.protocol === 'https:' ? (secure as buildConnector.connector) : plain;
    // Its type does not tell that it returns the socket.
    const socket = connect(target, (...result: Parameters<buildConnector.Callback>) => {
      clearTimeout(timer);
      callback(...result);
    }) as unknown as Socket;
    const timer = setTimeout(() => socket.destroy(tooSlow()), connectTimeoutMs);
    socket.on('connectionAttempt', () => timer.refresh());
    socket.once('close', () => clearTimeout(timer));
  };
}
