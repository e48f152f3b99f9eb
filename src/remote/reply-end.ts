/** How the end of a reply is told: by its length, by its last chunk, or by the end of the connection alone. */
type Framing = 'length' | 'chunked' | 'none';

/** Follows the bytes of one reply, behind its head, up to the end that the head announced. Keeps none of them. */
export class ReplyEnd {
  /** Whether the announced end was reached. */
  isReached = false;
  /** Whether bytes came behind it. */
  isPassed = false;
  readonly framing: Framing;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left = 0;
  #part: 'size' | 'data' | 'data-end' | 'trailers' = 'size';
  #line = '';

  constructor(head: string) {
    const length = /^content-length:[ \t]*(\d{1,15})[ \t]*\r?$/im.exec(head)?.[1];
    if (/^transfer-encoding:.*\bchunked\b/im.test(head)) this.framing = 'chunked';
    else this.framing = length === undefined ? 'none' : 'length';
    if (this.framing === 'length') {
      this.#left = Number(length);
      this.isReached = this.#left === 0;
    }
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.framing === 'none') return;
    if (this.isReached) {
      this.isPassed = true;
    } else if (this.framing === 'length') {
      this.isReached = bytes.length >= this.#left;
      this.isPassed = bytes.length > this.#left;
      this.#left -= bytes.length;
    } else this.#pushChunked(bytes);
  }

  #pushChunked(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.isReached) {
      if (this.#part === 'data') {
        const taken = Math.min(this.#left, bytes.length - at);
        this.#left -= taken;
        at += taken;
        if (this.#left === 0) this.#part = 'data-end';
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      const stop = end < 0 ? bytes.length : end;
      // A line that never ends is refused by the parser; here its beginning is enough.
      if (this.#line.length < 100) this.#line += Buffer.from(bytes.subarray(at, stop)).toString('latin1');
      at = stop + 1;
      if (end >= 0) this.#endLine();
    }
    if (this.isReached && at < bytes.length) this.isPassed = true;
  }

  #endLine(): void {
    const line = this.#line.replace(/\r$/, '');
    this.#line = '';
    if (this.#part === 'data-end') this.#part = 'size';
    else if (this.#part === 'trailers') this.isReached = line === '';
    else {
      this.#left = Number.parseInt(line, 16) || 0;
      this.#part = this.#left === 0 ? 'trailers' : 'data';
    }
  }
}
