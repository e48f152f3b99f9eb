import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** Bytes to write, or something to do with the connection: `close`, `reset`, or what the test needs. */
export type Part = string | Uint8Array | ((socket: Socket) => unknown);

/** What the server does once a request has arrived in full; with nothing more to do it stays silent. */
export type Script = readonly Part[];

/** One script a request, in order; or a function that chooses. */
export type Scripts = readonly Script[] | ((request: string) => Script);

/** Ends the connection in good order. */
export const close: Part = (socket) => socket.end();

/** Ends the connection at once, as a crashed host or a firewall does. */
export const reset: Part = (socket) => socket.resetAndDestroy();

/** A complete reply with its length; each header ends with a line end. */
export function reply(body: string | Uint8Array, headers = '', status = '200 OK'): Uint8Array {
  const bytes = Buffer.from(body as Uint8Array);
  const head = Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`);
  return Buffer.concat([head, bytes]);
}

/** Joins the connection to another port of this machine, as a proxy does after CONNECT. */
export const tunnelTo =
  (port: number): Part =>
  async (socket) => {
    const far = connect(port, '127.0.0.1');
    far.on('error', () => socket.destroy());
    far.on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
    await once(far, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.removeAllListeners('data');
    socket.pipe(far).pipe(socket);
  };

export interface RawServerOptions {
  /** TLS in place of plain TCP. */
  readonly tls?: TlsOptions;
  /** What to do with each connection as soon as it is there, before any request. */
  readonly greeting?: Script;
}

/**
 * A server on a loopback port of its own that plays bytes: each request that arrives in full, on whatever connection, takes
 * the next script, and where they are used up it gets no answer.
 */
export class RawServer {
  /** Each request as it came, in order. */
  readonly requests: string[] = [];
  /** Every byte that came, whether or not it made a request. */
  received = '';
  /** How many connections were made, and how many of them have ended. */
  connections = 0;
  ended = 0;
  readonly #next: (request: string) => Script;
  readonly #greeting: Script;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  readonly #waiting = new Set<() => void>();

  private constructor(scripts: Scripts, { tls, greeting = [] }: RawServerOptions) {
    this.#next = typeof scripts === 'function' ? scripts : takeInOrder(scripts);
    this.#greeting = greeting;
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server = tls ? createTlsServer(tls, accept) : createServer(accept);
    // A client that does not trust the certificate hangs up in the middle of the handshake.
    this.#server.on('tlsClientError', () => {});
    this.#server.on('connection', (socket) => this.#note(socket));
  }

  /** Starts one that ends with the test. */
  static async start(scripts: Scripts, options: RawServerOptions = {}): Promise<RawServer> {
    const server = await RawServer.listen(scripts, options);
    onTestFinished(() => server.stop());
    return server;
  }

  /** Starts one that somebody has to stop. */
  static async listen(scripts: Scripts, options: RawServerOptions = {}): Promise<RawServer> {
    const server = new RawServer(scripts, options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.#port = (server.#server.address() as AddressInfo).port;
    return server;
  }

  /** Its port, also when nobody listens there any more. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Resolves when what is asked for has come about, and at the next change looks again. */
  async until(isSo: (server: RawServer) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Ends every connection and takes no more; the port then refuses. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #note(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.ended += 1;
      this.#changed();
    });
    this.#changed();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {}); // the client may hang up at any time
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      received = Buffer.concat([received, chunk]);
      const length = requestLength(received);
      if (length === null || received.length < length) return;
      const request = received.subarray(0, length).toString('utf8');
      this.requests.push(request);
      received = received.subarray(length);
      void play(socket, this.#next(request)).then((last) => {
        if (last && /^connection: close\r$/im.test(request)) socket.end();
      });
      this.#changed();
    });
    void play(socket, this.#greeting);
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

function takeInOrder(scripts: readonly Script[]): (request: string) => Script {
  const left = [...scripts];
  return () => left.shift() ?? [];
}

/** How long the request at the beginning of these bytes is; null while its headers have not ended. */
function requestLength(bytes: Buffer): number | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /^content-length: *(\d+)/im.exec(bytes.subarray(0, end).toString('latin1'))?.[1] ?? '0';
  return end + 4 + Number(length);
}

/** Plays it, and tells whether it was bytes alone that have the end they announce: an honest server closes behind them. */
async function play(socket: Socket, script: Script): Promise<boolean> {
  for (const part of script) {
    if (typeof part === 'function') await part(socket);
    else if (!socket.destroyed) await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  return isWhole(script);
}

function isWhole(script: Script): boolean {
  if (script.some((part) => typeof part === 'function')) return false;
  const all = Buffer.concat(script.map((part) => Buffer.from(part as Uint8Array))).toString('latin1');
  const text = all.replace(/^(?:HTTP\/1\.1 1\d\d[\s\S]*?\r\n\r\n)+/, '');
  const end = text.indexOf('\r\n\r\n') + 4;
  const length = /^content-length: *(\d+)\r$/im.exec(text.slice(0, end))?.[1];
  if (length === undefined) return /\r\n0\r\n(?:.*\r\n)*\r\n$/.test(text.slice(-2_000));
  return text.length >= end + Number(length);
}
export const stayOpen: Part = () => {};
