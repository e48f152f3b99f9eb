import { decodeBytes } from '../../base/decode-bytes.ts';
import { usageError } from '../../domain/errors.ts';

type Charset = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The charset that a byte order mark names; UTF-8 without one. */
export function charsetOfMark([first, second]: Uint8Array): Charset {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Text that was given to the program, without its byte order mark: UTF-8, or UTF-16 where a mark says so. A wrong byte is never
 * replaced, because a secret or a token would then be another one.
 *
 * @throws InstaMedError `usage`, without any of the text
 */
export function decodeInput(bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = decodeBytes(bytes, charsetOfMark(bytes));
  } catch {
    throw notUtf8(name);
  }
  refuseNul(text, name);
  return text;
}

/** The same for text that comes in pieces. */
export async function* decodeChunks(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<string> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let head: Uint8Array = new Uint8Array();
  const decode = (bytes: Uint8Array, isLast: boolean): string => {
    decoder ??= new TextDecoder(charsetOfMark(bytes), { fatal: true });
    try {
      return decoder.decode(bytes, { stream: !isLast });
    } catch {
      throw notUtf8(name);
    }
  };
  for await (const chunk of chunks) {
    // A pipe may bring the mark one byte after the other.
    head = decoder ? chunk : Buffer.concat([head, chunk]);
    if (!decoder && head.length < 2) continue;
    const text = decode(head, false);
    head = new Uint8Array();
    refuseNul(text, name);
    yield text;
  }
  yield decode(head, true);
}

const notUtf8 = (name: string) =>
  usageError(`${capitalize(name)} is not valid UTF-8 text.`, 'Save it as UTF-8 and try again.', 'NOT_UTF8');

/** UTF-16 without a byte order mark is valid UTF-8, with every other character a NUL. */
function refuseNul(text: string, name: string): void {
  if (!text.includes('\0')) return;
  throw usageError(
    `${capitalize(name)} contains NUL characters, as UTF-16 text without a byte order mark does.`,
    'Save it as UTF-8 and try again.',
    'NOT_UTF8',
  );
}

/** For the beginning of a sentence; the name of a file stays as it is. */
export const capitalize = (name: string) =>
  /^(?:stdin|the )/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name;
