import { InstaMedError } from '../../domain/errors.ts';
import type { RequestLimits } from '../../remote/sso-client.ts';
import type { ProgressMode } from '../program/options.ts';
import { startBusySign } from '../progress/start-progress.ts';
import type { Session } from '../session.ts';
import { type Connection, type ConnectionOptions, connect } from '../settings/connection.ts';

export interface RequestedOnce<T> {
  /** The answer, or the trouble that was expected. */
  readonly answer: T | InstaMedError;
  readonly startedAt: string;
  readonly elapsedMs: number;
}

/** Makes one request, with a sign that something is going on, and leaves nothing open. */
export async function requestOnce<T>(
  options: ConnectionOptions,
  request: (connection: Connection, limits: RequestLimits) => Promise<T>,
  sign: { readonly mode: ProgressMode; readonly doing: string },
  session: Session,
): Promise<RequestedOnce<T>> {
  const { host, signal } = session;
  const startedAt = host.clock.date().toISOString();
  const begin = host.clock.now();
  const removeSign = startBusySign(sign.mode, sign.doing, host);
  const connection = await connect(options, session);
  try {
    const limits = { timeoutMs: options.requestTimeoutMs, signal };
    const answer = await request(connection, limits).catch(keepExpected);
    return { answer, startedAt, elapsedMs: Math.round(host.clock.now() - begin) };
  } finally {
    removeSign();
    connection.close().catch(() => {});
  }
}

function keepExpected(error: unknown): InstaMedError {
  if (error instanceof InstaMedError) return error;
  throw error;
}
