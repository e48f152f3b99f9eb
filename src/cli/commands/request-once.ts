import { InstaMedError } from '../../domain/errors.ts';
import type { RequestLimits } from '../../remote/sso-client.ts';
import { startBusySign } from '../progress/busy.ts';
import { type Connection, type ConnectionOptions, connect } from '../settings/connection.ts';
import type { CommandSession } from './session.ts';

export interface RequestedOnce<T> {
  /** The answer, or the error that was expected. */
  readonly answer: T | InstaMedError;
  readonly startedAt: string;
  readonly elapsedMs: number;
}

/** Makes one request, with a sign that something is going on, and leaves nothing open. */
export async function requestOnce<T>(
  options: ConnectionOptions,
  request: (connection: Connection, limits: RequestLimits) => Promise<T>,
  doing: string,
  session: CommandSession,
): Promise<RequestedOnce<T>> {
  const { host, signal } = session;
  const startedAt = host.clock.date().toISOString();
  const begin = host.clock.now();
  const removeSign = startBusySign(session.progress, doing, host);
  const connection = await openConnection(options, session);
  try {
    const limits = { timeoutMs: options.requestTimeoutMs, signal };
    const answer = await request(connection, limits).catch(keepExpected);
    return { answer, startedAt, elapsedMs: Math.round(host.clock.now() - begin) };
  } finally {
    removeSign();
    connection.close().catch(() => {});
  }
}

/** Shows the settings in the trace, and opens the connection. */
export async function openConnection(options: ConnectionOptions, session: CommandSession): Promise<Connection> {
  const { gathered } = options;
  if (gathered) session.trace?.onSettings(gathered.settings, gathered.profile);
  return connect(options, session);
}

function keepExpected(error: unknown): InstaMedError {
  if (error instanceof InstaMedError) return error;
  throw error;
}
