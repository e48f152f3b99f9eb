import type { Outcome } from '../../../src/domain/outcome.ts';
import { type Part, reply, type Script } from '../raw-server.ts';

/** The two calls of the program. */
export type Call = 'status' | 'receipt';

/** What an honest service would answer: a token that is USED, a receipt that is approved. Whoever is lax believes it. */
export interface Honest {
  readonly call: Call;
  /** The Content-Type. */
  readonly type: string;
  readonly body: Buffer;
}

/** How `status` or `receipt` ends: the outcome, and the code of its error, the token's state or the receipt's result. */
export type Ends = `${Outcome} ${string}`;

/** One way in which a remote side or a network can misbehave. */
export interface Attack {
  readonly name: string;
  /** What comes down the wire in place of the honest answer; with several, the last one stays. */
  readonly play: (honest: Honest) => Script;
  /** How each call must end; a call that is not named is not attacked so. */
  readonly ends: Readonly<Partial<Record<Call, Ends>>>;
}

/** Attacks of one kind, under the name that the README has for them. */
export interface AttackClass {
  readonly title: string;
  readonly attacks: readonly Attack[];
}

/** Both calls end alike, but for the word that each has for a good answer. */
export const both = (ends: Ends): Attack['ends'] => ({ status: ends, receipt: ends });

/** The honest answer, which the attack leaves readable: it counts. */
export const honest: Attack['ends'] = { status: 'answered USED', receipt: 'receipt-read approved' };

export const attack = (name: string, ends: Attack['ends'], play: Attack['play']): Attack => ({ name, ends, play });

/** An attack that is the same bytes for both calls. */
export const bytes = (name: string, ends: Attack['ends'], ...script: readonly Part[]): Attack =>
  attack(name, ends, () => script);

/** The honest reply in full, with more headers or another status line. */
export const answer = ({ type, body }: Honest, headers = '', status = '200 OK'): Uint8Array =>
  reply(body, `Content-Type: ${type}\r\n${headers}`, status);

/** The head of a reply that goes on for `length` bytes, or says of itself how long it is. */
export const head = ({ type }: Honest, framing: string | number, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\n${typeof framing === 'number' ? `Content-Length: ${framing}` : framing}\r\n\r\n`;

/** The bytes of a part, without a copy where they are bytes already: some parts are large. */
export const bytesOf = (part: string | Uint8Array): Buffer =>
  typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.buffer, part.byteOffset, part.byteLength);

/** One chunk of a chunked body. */
export const chunk = (data: Uint8Array | string, extension = ''): Buffer => {
  const body = Buffer.from(data as Uint8Array);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}${extension}\r\n`), body, Buffer.from('\r\n')]);
};

export const lastChunk = '0\r\n\r\n';

/** Writes the same again and again, as fast as the other side takes it, until that hangs up. */
export const repeated =
  (data: string | Uint8Array, times: number): Part =>
  async (socket) => {
    for (let i = 0; i < times && !socket.destroyed; i++) {
      await new Promise<void>((resolve) => socket.write(data, () => setImmediate(resolve)));
    }
  };

export const endless = (data: string | Uint8Array): Part => repeated(data, Number.POSITIVE_INFINITY);

/** Writes one byte after the other, a few a second: slower than any limit. */
export const trickle =
  (data: Uint8Array): Part =>
  async (socket) => {
    for (const byte of data) {
      if (socket.destroyed) return;
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

/** Does nothing for a while. */
export const pause =
  (ms: number): Part =>
  () =>
    new Promise((resolve) => setTimeout(resolve, ms));
