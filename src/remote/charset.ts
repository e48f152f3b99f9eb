import { decodeBytes } from '../base/decode-bytes.ts';
import { serviceError } from '../domain/errors.ts';

export interface CharsetOptions {
  /** Whether an XML declaration may name the charset. Default false. */
  readonly isXml?: boolean;
  /**
   * The charset to read as where the bytes are not what they claim to be, or claim an unknown charset. It must have ASCII in
   * it. Default: that is an error.
   */
  readonly fallback?: 'windows-1252';
}

/**
 * Decodes a reply: a byte order mark decides, then the charset of the Content-Type, then an XML declaration, then UTF-8. Where
 * all bytes are ASCII the claim does not matter.
 *
 * @throws InstaMedError `service`, `BAD_CHARSET`: an unknown charset, or bytes that it does not have.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined, options: CharsetOptions = {}): string {
  if (isPlainAscii(body)) return Buffer.from(body).toString('latin1');
  const declared = byteOrderMark(body) ?? charsetOf(contentType) ?? (options.isXml ? xmlEncoding(body) : undefined);
  const text = decode(body, declared ?? 'utf-8') ?? (options.fallback && decode(withoutMark(body), options.fallback));
  if (text === undefined) {
    throw serviceError('BAD_CHARSET', 'The reply is not text in the character set that it claims.', {
      hint: 'Check the URL: another server may be answering there.',
    });
  }
  return text;
}

/** `isAscii` of node:buffer would load that module for this one question. */
const isPlainAscii = (body: Uint8Array): boolean => !body.some((byte) => byte === 0 || byte > 127);

function decode(body: Uint8Array, label: string): string | undefined {
  try {
    // In UTF-16 two bytes that are ASCII make a character as well, and a wrong one; real UTF-16 has zeros between them.
    if (/^utf-?16/i.test(label) && byteOrderMark(body) === undefined && !body.includes(0)) return undefined;
    return decodeBytes(body, label);
  } catch {
    return undefined;
  }
}

/** A mark that is not true is no part of the text: it would become a part of the first name. */
function withoutMark(body: Uint8Array): Uint8Array {
  const mark = byteOrderMark(body);
  return mark === undefined ? body : body.subarray(mark === 'utf-8' ? 3 : 2);
}

function byteOrderMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : undefined;
}

function charsetOf(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1];
}

function xmlEncoding(body: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 200));
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
}
