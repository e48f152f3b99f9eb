import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { hostOf, portOf } from '../../domain/endpoint.ts';
import { InstaMedError } from '../../domain/errors.ts';
import { createConnector } from '../../remote/connector.ts';
import type { RequestLimits } from '../../remote/sso-client.ts';
import { attemptTimeoutMs, tlsOptions } from '../../remote/tls-options.ts';
import { openTunnels } from '../../remote/tunnel.ts';
import type { Certificate, Handshake, Probe, Route } from './probe.ts';

/** The real network. */
export const systemProbe: Probe = {
  runtime: { node: process.versions.node, platform: process.platform, arch: process.arch },

  lookUp(url, limits) {
    // A silent name server has the code that Node has for it when it gives up by itself.
    return within(limits, 'EAI_AGAIN', async () => {
      const found = await lookup(hostOf(url), { all: true });
      return found.map(({ address }) => address);
    });
  },

  connect(url, limits) {
    return within(limits, 'ETIMEDOUT', async (keep) => (await openTcp(url, keep)).remoteAddress ?? '');
  },

  tunnel(route, limits) {
    return within(limits, 'ETIMEDOUT', async (keep) => {
      await openTunnel(route, keep);
    });
  },

  handshake(route, limits) {
    return within(limits, 'ETIMEDOUT', async (keep) => {
      const { url, proxy } = route;
      const socket = proxy ? await openTunnel(route, keep) : await openTcp(url, keep);
      return readHandshake(await openTls(socket, url, route.ca, keep));
    });
  },
};

/** Takes note of what is open, so that it is closed at the end whatever happens. */
type Keep = <S extends { destroy(): unknown }>(open: S) => S;

const failure = (code: string) => Object.assign(new Error(code), { code });

/** The work's result, if it comes before the time limit and the caller's abort; all that was opened is closed in any case. */
async function within<T>(
  { timeoutMs, signal }: RequestLimits,
  lateCode: string,
  work: (keep: Keep) => Promise<T>,
): Promise<T> {
  const opened: { destroy(): unknown }[] = [];
  const keep: Keep = (open) => {
    opened.push(open);
    return open;
  };
  let abort = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    abort = () => reject(new InstaMedError('aborted', 'ABORTED', 'Stopped.'));
    timer = setTimeout(() => reject(failure(lateCode)), timeoutMs);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work(keep), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // Node 20 crashes where the socket under TLS is destroyed before the one above it, just after the handshake.
    for (const open of opened.toReversed()) open.destroy();
  }
}

function openTcp(url: URL, keep: Keep): Promise<Socket> {
  const socket = keep(
    connectTcp({ host: hostOf(url), port: portOf(url), autoSelectFamilyAttemptTimeout: attemptTimeoutMs }),
  );
  return ready(socket, 'connect');
}

function openTls(socket: Socket, url: URL, ca: readonly string[] | undefined, keep: Keep): Promise<TLSSocket> {
  const host = hostOf(url);
  // An address is no server name in TLS.
  const servername = isIP(host) ? '' : host;
  const options = { socket, host, servername, ...tlsOptions(), rejectUnauthorized: false };
  const secured = keep(connectTls({ ...options, ...(ca && { ca: [...ca] }) }));
  return ready(secured, 'secureConnect');
}

function ready<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    socket.on('error', reject);
    socket.once('close', () => reject(failure('ECONNRESET')));
  });
}

/** Opens a tunnel as the transport does. */
async function openTunnel({ url, proxy, ca }: Route, keep: Keep): Promise<Socket> {
  if (!proxy) throw new TypeError('There is no proxy to open a tunnel through.');
  const tunnels = openTunnels(proxy, createConnector(ca));
  keep({ destroy: () => tunnels.close() });
  const socket = await tunnels.open(url);
  return keep(socket.on('error', () => {}));
}

/**
 * The certificate is judged by Node as ever; only, the verdict does not end the connection, so that what it is about can be
 * shown. Nothing is ever sent over it.
 */
function readHandshake(socket: TLSSocket): Handshake {
  const { authorizationError } = socket;
  return {
    protocol: socket.getProtocol() ?? '',
    distrust: authorizationError ? String(authorizationError) : null,
    chain: readChain(socket.getPeerCertificate(true)),
  };
}

function readChain(leaf: DetailedPeerCertificate): Certificate[] {
  const chain = new Map<string, Certificate>();
  // A root is its own issuer. Where a certificate is missing, so is the rest of the chain.
  for (let one = leaf; one?.fingerprint256 && !chain.has(one.fingerprint256); one = one.issuerCertificate) {
    chain.set(one.fingerprint256, {
      subject: nameOf(one.subject),
      issuer: nameOf(one.issuer),
      validTo: new Date(one.valid_to),
      base64: one.raw.toString('base64'),
    });
  }
  return [...chain.values()];
}

function nameOf(names: DetailedPeerCertificate['subject'] | undefined): string {
  return [names?.CN ?? names?.O ?? 'nameless'].flat().join(', ');
}
