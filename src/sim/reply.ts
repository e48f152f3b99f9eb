import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

export interface WireRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  /** Null: the reply has no Content-Type. */
  readonly contentType: string | null;
  /** What follows Content-Length, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Real milliseconds to wait before the first byte. */
  readonly delayMs?: number;
  /** Bytes to hold back from the end of the body, though Content-Length counts them. */
  readonly withheldBytes?: number;
}

export const aspNetVersion = ['X-AspNet-Version', '4.0.30319'] as const;

// Longer delays make setTimeout fire at once.
const longestTimerMs = 2 ** 31 - 1;

export function makeHtmlPage(title: string, content: string): string {
  return `<!DOCTYPE html>\r\n<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n${content}\r\n</body>\r\n</html>\r\n`;
}

export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  await pauseWhileOpen(response, reply.delayMs ?? 0);
  if (response.destroyed) return;
  const body = Buffer.from(reply.body, 'utf8');
  // A flat list keeps the order in which ASP.NET writes its headers.
  const headers: string[] = reply.contentType === null ? [] : ['Content-Type', reply.contentType];
  headers.push('Content-Length', String(body.length));
  for (const [name, value] of reply.headers) headers.push(name, value);
  response.writeHead(reply.status, headers);
  if (reply.withheldBytes === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, -reply.withheldBytes), () => response.socket?.destroySoon());
}

async function pauseWhileOpen(response: ServerResponse, delayMs: number): Promise<void> {
  if (delayMs <= 0 || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      response.off('close', stop);
      resolve();
    };
    const timer = setTimeout(stop, Math.min(delayMs, longestTimerMs));
    // A client that hangs up, or the simulator's own end, must not leave a timer behind.
    response.once('close', stop);
  });
}
