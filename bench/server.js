// A server that is as cheap as Node allows, in a process of its own: it answers every SOAP request after DELAY_MS, with NEW, or
// with USED where the path says so, and notes when each token was asked for. It understands of HTTP what our contenders send.
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { lateAfterPrevious, lateOnSchedule, summarize } from './arithmetic.js';

const delayMs = Number(process.env['DELAY_MS'] ?? '0');

/** @param {string} status */
function makeReply(status) {
  const body =
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `<GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>${status}</GetSSOTokenStatusResult>` +
    '</GetSSOTokenStatusResponse></soap:Body></soap:Envelope>';
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}
const replies = { new: makeReply('NEW'), used: makeReply('USED') };

/** @type {Map<string, number[]>} when each token was asked for */
const arrivals = new Map();

/** @type {{ readonly at: number, readonly socket: import('node:net').Socket, readonly reply: Buffer }[]} */
let due = [];
let isTimed = false;

// All replies wait equally long, so they leave in the order in which they came, and one timer is enough.
function sendDue() {
  isTimed = false;
  const now = performance.now();
  const left = due.findIndex(({ at }) => at > now);
  const ready = left === -1 ? due : due.slice(0, left);
  due = left === -1 ? [] : due.slice(left);
  for (const { socket, reply } of ready) socket.write(reply);
  sendLater();
}

function sendLater() {
  const [first] = due;
  if (!first || isTimed) return;
  isTimed = true;
  setTimeout(sendDue, Math.ceil(first.at - performance.now()));
}

/** @param {import('node:net').Socket} socket @param {string} request */
function answer(socket, request) {
  const now = performance.now();
  const [, token = ''] = /tokenID[^>]*>([^<]*)</.exec(request) ?? [];
  const known = arrivals.get(token);
  if (known) known.push(now);
  else arrivals.set(token, [now]);
  const reply = request.startsWith('POST /used') ? replies.used : replies.new;
  if (delayMs === 0) socket.write(reply);
  else due.push({ at: now + delayMs, socket, reply });
  sendLater();
}

/** The length of the first request, or null while a part of it is still missing. @param {string} text */
function requestLength(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [, length = '0'] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2)) ?? [];
  const total = end + 4 + Number(length);
  return text.length < total ? null : total;
}

const server = createServer((socket) => {
  let text = '';
  // The other side may go away at any time, with a reply on its way.
  socket.on('error', () => {});
  socket.setNoDelay(true);
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    for (let length = requestLength(text); length !== null; length = requestLength(text)) {
      answer(socket, text.slice(0, length));
      text = text.slice(length);
    }
  });
});

const loop = monitorEventLoopDelay({ resolution: 10 });
let cpu = process.cpuUsage();
let countedFrom = performance.now();

/**
 * @typedef {object} ServerReport
 * @property {number} tokens
 * @property {number} asks
 * @property {ReturnType<typeof summarize>} afterPrevious milliseconds
 * @property {ReturnType<typeof summarize>} onSchedule milliseconds
 * @property {number} cpuShare of one core
 * @property {number} loopLateMs how late the server itself was, at the 99th percentile
 */

/** What was seen in so many milliseconds from the first ask on. @param {{ readonly intervalMs: number, readonly forMs: number }} wanted @returns {ServerReport} */
function report({ intervalMs, forMs }) {
  const all = [...arrivals.values()];
  const from = all.reduce((earliest, [first = Infinity]) => Math.min(earliest, first), Infinity);
  const inTime = all.map((times) => times.filter((time) => time < from + forMs));
  const { user, system } = process.cpuUsage(cpu);
  return {
    tokens: all.length,
    asks: inTime.reduce((sum, times) => sum + times.length, 0),
    afterPrevious: summarize(lateAfterPrevious(inTime, intervalMs)),
    onSchedule: summarize(lateOnSchedule(inTime, intervalMs)),
    cpuShare: (user + system) / 1_000 / (performance.now() - countedFrom),
    // Its timer is itself 10 ms apart.
    loopLateMs: Math.max(0, loop.percentile(99) / 1e6 - 10),
  };
}

process.on('message', (/** @type {{ readonly intervalMs: number, readonly forMs: number }} */ wanted) => {
  process.send?.(report(wanted));
});
// Nobody is left to ask for anything.
process.on('disconnect', () => process.exit());

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address();
  loop.enable();
  cpu = process.cpuUsage();
  countedFrom = performance.now();
  process.send?.(typeof address === 'object' ? address?.port : null);
});
