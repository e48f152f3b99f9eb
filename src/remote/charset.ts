import { decodeBytes } from '../base/decode-bytes.ts';
import { serviceError } from '../domain/errors.ts';

export interface CharsetOptions {
  /** Whether an XML declaration may name the charset. Default false. */
  readonly isXml?: boolean;
  /** The charset to read as where bytes are not UTF-8 and nothing said what they are. Default: that is an error. */
  readonly fallback?: string;
}

/**
 * Decodes a reply: a byte order mark decides, then the charset of the Content-Type, then an XML declaration, then UTF-8.
 *
 * @throws InstaMedError `service`, `BAD_CHARSET`: a charset that nobody knows, or bytes that it does not have.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined, options: CharsetOptions = {}): string {
  const declared = byteOrderMark(body) ?? charsetOf(contentType) ?? (options.isXml ? xmlEncoding(body) : undefined);
  const fallback = declared ? undefined : options.fallback;
  const text = decode(body, declared ?? 'utf-8') ?? (fallback && decode(body, fallback));
  if (text === undefined) {
    throw serviceError('BAD_CHARSET', 'The reply is not text in the character set that it claims.', {
      hint: 'Check the URL; something else than the service may answer there.',
    });
  }
  return text;
}

function decode(body: Uint8Array, label: string): string | undefined {
  try {
    return decodeBytes(body, label);
  } catch {
    return undefined;
  }
}

function byteOrderMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : undefined;
}

function charsetOf(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";,]+)/i.exec(contentType)?.[1];
}

function xmlEncoding(body: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 200));
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
}
