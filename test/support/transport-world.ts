import { onTestFinished } from 'vitest';
import type { InstaMedError } from '../../src/domain/errors.ts';
import type { HttpReply, HttpRequest, Transport } from '../../src/remote/http.ts';
import { createTransport, type TransportOptions } from '../../src/remote/transport.ts';
import { requestTo, troubleOf } from './account.ts';
import { RawServer, type Script } from './raw-server.ts';

/** A transport that is closed when the test ends. */
export function openTransport(options: TransportOptions = {}): Transport {
  const transport = createTransport(options);
  onTestFinished(() => transport.close());
  return transport;
}

export interface World {
  readonly server: RawServer;
  readonly transport: Transport;
  readonly post: (more?: Partial<HttpRequest>) => Promise<HttpReply>;
}

/** A server that plays these scripts, and a transport to it that has one connection at a time. */
export async function openWorld(...scripts: readonly Script[]): Promise<World> {
  const server = await RawServer.start(scripts);
  const transport = openTransport({ connections: 1 });
  return { server, transport, post: (more) => transport.post(requestTo(server.url, more)) };
}

/** The trouble that one request meets on a server that plays this script. */
export async function troubleWith(script: Script, more: Partial<HttpRequest> = {}): Promise<InstaMedError> {
  const { post, server } = await openWorld(script);
  const error = await troubleOf(post(more));
  // What is no trouble with a kept connection is never asked twice.
  if (server.requests.length !== 1) throw new Error(`${server.requests.length} requests came.`);
  return error;
}

export const textOf = ({ body }: HttpReply): string => Buffer.from(body).toString('utf8');
