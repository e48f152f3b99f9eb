import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { ReplyEnd } from './reply-end.ts';

/** Longer than any honest head; the parser refuses one that goes on. */
const longestHead = 65_536;

/** Interim replies before one reply, in bytes. More of them are no reply that is to come. */
const mostInterim = 65_536;

/** A reply that is larger is refused by the one who reads it. */
const mostHeld = 2 ** 21;

/** A server that was asked to close the connection, and does not, gets this long to send what it had to send. */
const closeWithinMs = 1_000;

export interface WatchOptions {
  /** Whether the connection is for one request, whose reply is held back until its end. */
  readonly isWhole: boolean;
  /** Called when the head of a reply that is held back has come. */
  readonly onHead?: () => void;
}

export interface WatchedReplies {
  /** Whether the connection's one reply ended where it said, with nothing behind. */
  endsWhereItSays(): boolean;
}

/**
 * Puts itself between a socket and undici's parser, which takes what it reads by `socket.read()`:
 *
 * - Interim replies (100 to 199) are taken out. They are legal whether or not they were asked for, and IIS is documented to
 *   send `100 Continue` unasked, for which undici would end the connection.
 * - With `isWhole`, the connection is for one request, and its reply is held back until the server has ended it, so that
 *   bytes behind the announced end are seen: a length that counts characters in place of bytes turns `CB` into `C`.
 */
export function watchReplies(socket: Socket, { isWhole, onHead = () => {} }: WatchOptions): WatchedReplies {
  const readBytes = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const destroy = socket.destroy.bind(socket);
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  /** Null: the head is through. */
  let head: Buffer | null = Buffer.alloc(0);
  let interim = 0;
  let end: ReplyEnd | null = null;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  /** Bytes that may be handed on, or null while there are none. */
  function take(bytes: Buffer): Buffer | null {
    if (head === null) return hold(bytes);
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    for (
      let stop = endOfHead(head);
      stop !== null && isInterim(head) && interim < mostInterim;
      stop = endOfHead(head)
    ) {
      interim += stop;
      head = head.subarray(stop);
    }
    const isOpen = endOfHead(head) === null && head.length < longestHead;
    if (isOpen && (isWhole || isInterim(head) || mayBeInterim(head))) return null;
    const all = head;
    head = null;
    return isWhole ? begin(all) : all;
  }

  function begin(all: Buffer): Buffer | null {
    if (!isInterim(all)) onHead();
    const stop = endOfHead(all) ?? all.length;
    end = new ReplyEnd(all.toString('latin1', 0, stop));
    end.push(all.subarray(stop));
    held.push(all);
    return settle();
  }

  function hold(bytes: Buffer): Buffer | null {
    if (!end || isOver) return bytes;
    end.push(bytes);
    held.push(bytes);
    heldBytes += bytes.length;
    return settle();
  }

  /** A reply whose end is not announced is not trusted in any case, and need not be held. */
  function settle(): Buffer | null {
    if (end?.framing === 'none' || end?.isPassed || heldBytes > mostHeld) isOver = true;
    if (end?.isReached && !isOver) timer ??= setTimeout(finish, closeWithinMs).unref();
    return isOver ? release() : null;
  }

  function release(): Buffer | null {
    clearTimeout(timer);
    const parts = head === null ? held : [...held, head];
    held = [];
    head = null;
    const bytes = Buffer.concat(parts);
    return bytes.length > 0 ? bytes : null;
  }

  /** There is nothing to come any more: whatever is held goes to the parser. */
  function finish(): void {
    if (isOver && held.length === 0 && !head?.length) return;
    isOver = true;
    socket.emit('readable');
  }

  socket.read = (size?: number) => {
    // Node asks for nothing to have more fetched.
    if (size === 0) return readBytes(0);
    for (let bytes = readBytes(); bytes !== null; bytes = readBytes()) {
      const ready = take(bytes);
      if (ready !== null) return ready;
    }
    return isOver ? release() : null;
  };
  socket.write = ((...args: unknown[]) => {
    const [text] = args;
    // A request begins, and so does the reply to it.
    if (typeof text === 'string' && /^(?:POST|CONNECT) /.test(text)) {
      head = Buffer.alloc(0);
      interim = 0;
      isOver = false;
    }
    return write(...args);
  }) as Socket['write'];
  // A server that resets the connection behind a whole reply has sent it all the same.
  socket.destroy = (error?: Error) => {
    if (error && end?.isReached) finish();
    return destroy(error);
  };
  // Before the parser hears of it.
  socket.prependListener('end', finish);
  socket.prependListener('close', () => clearTimeout(timer));
  return { endsWhereItSays: () => end === null || (end.isReached && !end.isPassed) };
}

/** Where the head ends, or null. */
function endOfHead(bytes: Buffer): number | null {
  const crlf = bytes.indexOf('\r\n\r\n');
  return crlf < 0 ? null : crlf + 4;
}

const isInterim = (head: Buffer) => /^[\r\n]*HTTP\/1\.[01] 1\d\d\b/.test(head.toString('latin1', 0, 32));

/** Whether these first bytes of a reply are too few to tell. */
function mayBeInterim(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 32).replace(/^[\r\n]+/, '');
  return text.length < 10 && 'HTTP/1.1 1'.startsWith(text.replace('HTTP/1.0', 'HTTP/1.1'));
}

/** Connects, and has the replies of each connection watched. */
export function watchConnections(
  connect: buildConnector.connector,
  watch: WatchOptions,
  onWatch: (replies: WatchedReplies) => void = () => {},
): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result: Parameters<buildConnector.Callback>) => {
      if (result[1]) onWatch(watchReplies(result[1], watch));
      callback(...result);
    });
  };
}
