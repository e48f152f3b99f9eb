/**
 * The text of these bytes in a character set, by any of its names.
 *
 * @throws TypeError or RangeError: bytes that it does not have, or a name that nobody knows.
 */
export function decodeBytes(bytes: Uint8Array, charset: string): string {
  const decoder = new TextDecoder(charset, { fatal: true });
  // Node 20 takes a short cut here that gives control characters for €, dashes and curly quotes, but not in a stream. With
  // one byte a character a stream leaves nothing behind.
  return decoder.decode(bytes, { stream: decoder.encoding === 'windows-1252' });
}
