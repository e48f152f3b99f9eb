import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type buildConnector, type Dispatcher, Pool } from 'undici';
import { InstaMedError, serviceError } from '../domain/errors.ts';
import { createConnector } from './connector.ts';
import { explainFailure, isLostSocket, timeoutError } from './failures.ts';
import type { HttpReply, HttpRequest, Phase, Transport } from './http.ts';
import { type ProxySettings, proxyFor } from './proxy-for.ts';
import { largestReplyBytes, type RawReply, send, tooLarge, type Watch } from './send.ts';
import { TimeLimit } from './time-limit.ts';
import type { OnTrace } from './trace.ts';
import type { OpenPool } from './traced-pool.ts';
import type { Tunnels } from './tunnel.ts';
import { type WatchedReplies, type WatchOptions, watchConnections } from './watch-replies.ts';

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

/** The way to one host. */
interface Way {
  /** Keeps its connections. */
  readonly shared: Dispatcher;
  /** A dispatcher for one request, with a connection of its own. */
  openOwn(onHead: () => void, onWatch: (replies: WatchedReplies) => void): Dispatcher;
}

/** Longer than the longest interval, so that a poll finds its connection open. */
const keepAliveMs = 330_000;

/** The transport over undici: no redirect is followed, nothing is retried but a kept connection that had gone stale. */
export function createTransport(options: TransportOptions = {}): Transport {
  const connection = trackConnections(options.ca);
  const ways = new Map<string, Promise<Way>>();
  const tunnelled: Tunnels[] = [];
  /** The dispatchers of requests that are in flight on connections of their own. */
  const owned = new Set<Dispatcher>();

  const proxyOf = (url: URL) => (options.proxy ? proxyFor(url, options.proxy) : null);

  function wayTo(url: URL): Promise<Way> {
    const way = ways.get(url.origin) ?? openWay(url);
    ways.set(url.origin, way);
    return way;
  }

  async function connectorTo(url: URL): Promise<buildConnector.connector> {
    const proxy = proxyOf(url);
    if (!proxy) return connection.connect;
    const { openTunnels } = await import('./tunnel.ts');
    const tunnels = openTunnels(proxy, connection.connector, () => {
      connection.tunnels += 1;
    });
    tunnelled.push(tunnels);
    return connection.track(tunnels.connect);
  }

  let pools: Promise<OpenPool> | null = null;
  /** Made once, so that connections to all hosts are counted together. */
  function tracedPools(onTrace: OnTrace): Promise<OpenPool> {
    pools ??= import('./traced-pool.ts').then((module) => module.createTracedPools(onTrace));
    return pools;
  }

  async function openWay(url: URL): Promise<Way> {
    const connect = await connectorTo(url);
    const openPool = options.onTrace && (await tracedPools(options.onTrace));
    const open = (connections: number, watch: WatchOptions, onWatch?: (replies: WatchedReplies) => void) => {
      const settings = {
        connect: watchConnections(connect, watch, onWatch),
        connections,
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: keepAliveMs,
        // The request has one limit of its own.
        headersTimeout: 0,
        bodyTimeout: 0,
      };
      return openPool ? openPool(url.origin, settings, proxyOf(url) !== null) : new Pool(url.origin, settings);
    };
    return {
      shared: open(options.connections ?? 16, { isWhole: false }),
      openOwn: (onHead, onWatch) => open(1, { isWhole: true, onHead }, onWatch),
    };
  }

  /** On a connection that nothing was sent on before, and nothing will be sent on again. */
  async function exchangeAlone(request: HttpRequest, way: Way, limit: TimeLimit, watch: Watch): Promise<HttpReply> {
    let replies: WatchedReplies | null = null;
    const dispatcher = way.openOwn(watch.onHeaders, (watched) => {
      replies = watched;
    });
    owned.add(dispatcher);
    try {
      const sending = send(dispatcher, request, watch);
      limit.calls(sending);
      const reply = await toReply(await sending.reply);
      const { isWhole } = reply;
      return { ...reply, isWhole: isWhole && (replies as WatchedReplies | null)?.endsWhereItSays() === true };
    } finally {
      owned.delete(dispatcher);
      dispatcher.destroy().catch(() => {});
    }
  }

  async function exchange(request: HttpRequest, limit: TimeLimit, onHeaders: () => void): Promise<HttpReply> {
    const way = await wayTo(request.url);
    if (request.ownConnection) return exchangeAlone(request, way, limit, { onHeaders, onTrace: options.onTrace });
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
      const sending = send(way.shared, request, watch);
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
      const opened = await Promise.all(ways.values());
      await Promise.all([
        ...[...opened.map(({ shared }) => shared), ...owned].map((dispatcher) => dispatcher.destroy()),
        ...tunnelled.map((tunnels) => tunnels.close()),
      ]);
    },
  };
}

/** Connects as undici does, counts the connections that were made and knows the errors of those that were not. */
function trackConnections(ca: readonly string[] | undefined) {
  const connector = createConnector(ca);
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
    isWhole: 'content-length' in headers || /\bchunked\b/i.test(headers['transfer-encoding'] ?? ''),
  };
}

type Zlib = typeof import('node:zlib');

/** Given the module, which is loaded for a compressed reply alone. */
const decoders = {
  gzip: ({ gunzip }: Zlib) => gunzip,
  'x-gzip': ({ gunzip }: Zlib) => gunzip,
  deflate: ({ inflate }: Zlib) => inflate,
  br: ({ brotliDecompress }: Zlib) => brotliDecompress,
};

/** What zlib answers where it is given `info`, which its types do not know. */
interface Unpacked {
  readonly buffer: Uint8Array;
  /** Its `bytesWritten` are those that it took. */
  readonly engine: { readonly bytesWritten: number };
}

type Unpack = (
  body: Uint8Array,
  options: { readonly maxOutputLength: number; readonly info: true },
  done: (error: Error | null, result: Unpacked) => void,
) => void;

const damaged = () => serviceError('CUT_REPLY', 'The compressed reply is damaged or cut short.', { retryable: true });

/** We ask for no compression, but some middle boxes compress all the same. */
async function decompress(body: Uint8Array, encoding = 'identity'): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (!Object.hasOwn(decoders, name)) {
    throw serviceError('BAD_ENCODING', 'The reply is compressed in a way that we did not ask for and do not know.');
  }
  const unpack = promisify(decoders[name as keyof typeof decoders](await import('node:zlib')) as unknown as Unpack);
  let unpacked: Unpacked;
  try {
    unpacked = await unpack(body, { maxOutputLength: largestReplyBytes, info: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw damaged();
  }
  // zlib ignores what stands behind the end of the compressed text.
  if (unpacked.engine.bytesWritten !== body.length) throw damaged();
  return unpacked.buffer;
}
