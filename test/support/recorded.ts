import { readFileSync } from 'node:fs';
import type { HttpReply } from '../../src/remote/http.ts';

/** Reads an HTTP reply that was kept as bytes: status line, headers, empty line, body. */
export function readHttpFile(path: string): HttpReply {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = new Uint8Array(bytes.subarray(end + 4));
  return { status: Number(statusLine.split(' ')[1]), headers, body, isWhole: 'content-length' in headers };
}
