import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { InstaMedError, serviceError } from '../domain/errors.ts';
import { explainFailure, isLostSocket, timeoutError } from './failures.ts';
import type { HttpReply, HttpRequest, Phase, Transport } from './http.ts';
import { type ProxySettings, proxyFor } from './proxy-for.ts';
import { largestReplyBytes, type RawReply, send, tooLarge, type Watch } from './send.ts';
import { connectTimeoutMs, TimeLimit } from './time-limit.ts';
import type { OnTrace } from './trace.ts';
import type { OpenPool } from './traced-pool.ts';
import type { Tunnels } from './tunnel.ts';

export interface TransportOptions {
  /** The certificate authorities to trust, in PEM. Default: Node's own store. */
  readonly ca?: readonly string[];
  /** Proxies by the scheme of the target, and the hosts that are reached without one. Default: none. */
  readonly proxy?: ProxySettings;
  /** Most connections to one host. Default 16. */
  readonly connections?: number;
  /** Hears what happens on the wire, and must not throw. Default: nobody does, and nothing is spent on it. */
  readonly onTrace?: OnTrace;
}

/** Longer than the longest interval, so that a poll finds its connection open. */
const keepAliveMs = 330_000;

/** The transport over undici: no redirect is followed, nothing is retried but a kept connection that had gone stale. */
export function createTransport(options: TransportOptions = {}): Transport {
  const connection = trackConnections(options.ca);
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const ways: Tunnels[] = [];

  const proxyOf = (url: URL) => (options.proxy ? proxyFor(url, options.proxy) : null);

  function dispatcherFor(url: URL): Promise<Dispatcher> {
    const known = dispatchers.get(url.origin);
    if (known) return known;
    const dispatcher = openDispatcher(url);
    dispatchers.set(url.origin, dispatcher);
    return dispatcher;
  }

  async function connectorTo(url: URL): Promise<buildConnector.connector> {
    const proxy = proxyOf(url);
    if (!proxy) return connection.connect;
    const { openTunnels } = await import('./tunnel.ts');
    const tunnels = openTunnels(proxy, connection.connector, () => {
      connection.tunnels += 1;
    });
    ways.push(tunnels);
    return connection.track(tunnels.connect);
  }

  let pools: Promise<OpenPool> | null = null;
  /** Made once, so that connections to all hosts are counted together. */
  function tracedPools(onTrace: OnTrace): Promise<OpenPool> {
    pools ??= import('./traced-pool.ts').then((module) => module.createTracedPools(onTrace, connection.connect));
    return pools;
  }

  async function openDispatcher(url: URL): Promise<Dispatcher> {
    const settings = {
      connect: await connectorTo(url),
      connections: options.connections ?? 16,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // The request has one limit of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    const openPool = options.onTrace && (await tracedPools(options.onTrace));
    return openPool ? openPool(url.origin, settings) : new Pool(url.origin, settings);
  }

  async function exchange(request: HttpRequest, limit: TimeLimit, onHeaders: () => void): Promise<HttpReply> {
    const dispatcher = await dispatcherFor(request.url);
    const connectedBefore = connection.count;
    let wasAnswered = false;
    const watch: Watch = {
      onHeaders() {
        wasAnswered = true;
        onHeaders();
      },
      onTrace: options.onTrace,
    };
    const sendOnce = async () => {
      const sending = send(dispatcher, request, watch);
      limit.calls(sending);
      return toReply(await sending.reply);
    };
    try {
      return await sendOnce();
    } catch (error) {
      // A kept connection may have been closed by the server just as we used it. That is no trouble yet.
      const hasTried = connection.count !== connectedBefore || connection.failed(error);
      const wasStale = connectedBefore > 0 && !hasTried && isLostSocket(error);
      if (!wasStale || wasAnswered || limit.isReached) throw error;
      options.onTrace?.({ request, type: 'sending-again' });
      return await sendOnce();
    }
  }

  function explain(error: unknown, request: HttpRequest, limit: TimeLimit, wasAnswered: boolean): InstaMedError {
    if (request.signal.aborted) return new InstaMedError('aborted', 'ABORTED', `Stopped ${request.purpose}.`);
    const wasConnected = !connection.failed(error) && connection.count > 0;
    const phase: Phase = wasAnswered ? 'reading' : wasConnected ? 'waiting' : 'connecting';
    if (!limit.isReached) return explainFailure(error, request, phase);
    const proxy = phase === 'connecting' && connection.tunnels === 0 ? proxyOf(request.url) : null;
    return timeoutError(proxy ? { ...request, url: proxy, isProxy: true } : request, phase);
  }

  return {
    async post(request) {
      const limit = new TimeLimit(request);
      let wasAnswered = false;
      const answer = exchange(request, limit, () => {
        wasAnswered = true;
      });
      try {
        // undici does not give up a connection attempt when its request is called off, so the race is run here.
        const reply = await Promise.race([answer, limit.reached]);
        // undici has a connection free again one turn of the event loop after the end of its reply; a receipt that is read
        // right after the status would open a second one.
        await nextTurn();
        return reply;
      } catch (error) {
        answer.catch(() => {});
        throw explain(error, request, limit, wasAnswered);
      } finally {
        limit.clear();
      }
    },
    async close() {
      const opened = await Promise.all(dispatchers.values());
      await Promise.all([
        ...opened.map((dispatcher) => dispatcher.destroy()),
        ...ways.map((tunnels) => tunnels.close()),
      ]);
    },
  };
}

/** Connects as undici does, counts the connections that were made and knows the errors of those that were not. */
function trackConnections(ca: readonly string[] | undefined) {
  const connector = buildConnector({
    timeout: connectTimeoutMs,
    // Node's environment could otherwise switch the verification off.
    rejectUnauthorized: true,
    ...(ca && { ca: [...ca] }),
  });
  const failures = new WeakSet<Error>();
  const track =
    (connect: buildConnector.connector): buildConnector.connector =>
    (options, callback) => {
      connect(options, (...result: Parameters<buildConnector.Callback>) => {
        if (result[0]) failures.add(result[0]);
        else tracked.count += 1;
        callback(...result);
      });
    };
  const tracked = {
    count: 0,
    /** How many ways a proxy has opened; TLS may still fail on them. */
    tunnels: 0,
    failed: (error: unknown) => error instanceof Error && failures.has(error),
    /** The connector itself, for the way to a proxy. */
    connector,
    track,
    connect: track(connector),
  };
  return tracked;
}

async function toReply({ status, headers, body }: RawReply): Promise<HttpReply> {
  return {
    status,
    headers,
    body: await decompress(body, headers['content-encoding']),
    isFramed: 'content-length' in headers || /\bchunked\b/i.test(headers['transfer-encoding'] ?? ''),
  };
}

type Zlib = typeof import('node:zlib');

/** Given the module, which is loaded for a compressed reply alone. */
const decoders = {
  gzip: ({ gunzip }: Zlib) => promisify(gunzip),
  'x-gzip': ({ gunzip }: Zlib) => promisify(gunzip),
  deflate: ({ inflate }: Zlib) => promisify(inflate),
  br: ({ brotliDecompress }: Zlib) => promisify(brotliDecompress),
};

/** We ask for no compression, but some middle boxes compress all the same. */
async function decompress(body: Uint8Array, encoding = 'identity'): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (!Object.hasOwn(decoders, name)) {
    throw serviceError('BAD_ENCODING', 'The reply is compressed in a way that we did not ask for and do not know.');
  }
  const decode = decoders[name as keyof typeof decoders](await import('node:zlib'));
  try {
    return await decode(body, { maxOutputLength: largestReplyBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw serviceError('CUT_REPLY', 'The compressed reply is damaged or cut short.', { retryable: true });
  }
}
