import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { HttpReply } from '../../src/remote/http.ts';
import { atEndOfFile } from './clean-up.ts';
import { readHttpFile } from './recorded.ts';
import { accountEnv } from './run-cli.ts';
import type { Env } from './spawn-cli.ts';

/** What one ask is answered with; `silence` takes the request and never answers. */
export type Answer = HttpReply | 'silence' | ((request: Received) => HttpReply);

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answers {
  /** In order; the last one stays. */
  readonly status?: readonly Answer[];
  readonly receipt?: readonly Answer[];
}

/** Both endpoints on one loopback port. It knows no rules: each ask meets the next answer. */
export interface AsmxServer {
  /** An account that asks here. */
  readonly env: Env;
  readonly origin: string;
  /** Every request so far, in order. */
  readonly requests: readonly Received[];
  /** Resolves when that many requests have come. */
  arrived(count: number): Promise<void>;
  /** How many connections are open. */
  connections(): Promise<number>;
}

/** A reply out of fixtures/: the folder of its case. */
export function fixtureReply(folder: string): HttpReply {
  return readHttpFile(fileURLToPath(new URL(`../../fixtures/${folder}/reply.http`, import.meta.url)));
}

/** Starts a server that the end of the file closes: tests may run at the same time. */
export async function startAsmxServer(answers: Answers): Promise<AsmxServer> {
  const queues = { '/SSOService.asmx': [...(answers.status ?? [])], '/NVP.aspx': [...(answers.receipt ?? [])] };
  const requests: Received[] = [];
  const waiting = new Set<() => void>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const received = { path, headers: request.headers, body: await readBody(request) };
    requests.push(received);
    for (const look of waiting) look();
    const queue = queues[path as keyof typeof queues] ?? [];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === undefined) response.destroy(new Error(`No answer is left for ${path}.`));
    else if (next !== 'silence') send(response, typeof next === 'function' ? next(received) : next);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEndOfFile(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const origin = originOf(server);
  return {
    env: accountAt(origin),
    origin,
    requests,
    arrived: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (requests.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
  };
}

/** An account whose two endpoints are on this host. */
export function accountAt(origin: string): Env {
  return {
    ...accountEnv,
    INSTAMED_STATUS_URL: `${origin}/SSOService.asmx`,
    INSTAMED_RECEIPT_URL: `${origin}/NVP.aspx`,
  };
}

/** An account on a port where nothing listens. One that was just closed may be the next server's of another test. */
export const accountNowhere = (): Env => accountAt('http://127.0.0.1:1');

function originOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('It does not listen on a port.');
  return `http://127.0.0.1:${address.port}`;
}

/** Status, headers and body as they were kept; Node adds nothing but its own word on the connection. */
function send(response: ServerResponse, { status, headers, body }: HttpReply): void {
  response.sendDate = false;
  response.writeHead(status, { 'content-length': String(body.length), ...headers });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}
