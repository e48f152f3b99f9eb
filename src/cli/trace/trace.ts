import { InstaMedError } from '../../domain/errors.ts';
import type { Decision, OnDecision } from '../../poll/events.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { HttpReply, HttpRequest, Transport } from '../../remote/http.ts';
import type { TlsFacts, TraceEvent } from '../../remote/trace.ts';
import type { TransportOptions } from '../../remote/transport.ts';
import type { TokenEvent } from '../answer/event-record.ts';
import { attempt } from '../output/decoration.ts';
import { countOf, formatFailure } from '../output/plain-words.ts';
import type { Host } from '../runtime/host.ts';
import { showProxy } from '../settings/proxy-setting.ts';
import { type Setting, type SettingSpec, type Settings, settingSpecs } from '../settings/settings.ts';
import { clean, describeHeaders, describeReply, describeRequest, isReceiptRequest, sayLength } from './trace-text.ts';

/** A request that is under way. Times are of the host's clock. */
interface Exchange {
  readonly number: number;
  readonly begunAt: number;
  readonly isReceipt: boolean;
  connectingAt: number;
  answeredAt: number | null;
  /** Of the body, as it came over the wire. */
  bytes: number;
}

/** Settings that say who somebody is: their length helps to find a slip, and is all that is shown. */
const personal: readonly string[] = ['accountId', 'alias', 'merchantId', 'nvpUser'];

/** `--debug`: what the program goes by, sends, gets and decides, as lines on stderr. Everything passes the redactor. */
export class Trace {
  readonly #write: (text: string) => void;
  readonly #host: Host;
  readonly #redactor: Redactor;
  readonly #version: string;
  readonly #begin: number;
  #isBegun = false;
  #requests = 0;
  readonly #exchanges = new Map<HttpRequest, Exchange>();

  constructor(write: (text: string) => void, host: Host, redactor: Redactor, version: string) {
    this.#write = write;
    this.#host = host;
    this.#redactor = redactor;
    this.#version = version;
    this.#begin = host.clock.now();
  }

  /** The same host with a network that is watched. */
  watch(host: Host): Host {
    return {
      ...host,
      openTransport: async (options) => {
        attempt(() => this.#sayProxies(options));
        const onTrace = (event: TraceEvent) => attempt(() => this.#onWire(event));
        return this.#watchTransport(await host.openTransport({ ...options, onTrace }));
      },
    };
  }

  onSettings(settings: Settings, profile: string): void {
    this.#line(`settings, with the profile ${this.#clean(profile)}:`);
    for (const spec of settingSpecs as readonly (SettingSpec & { key: keyof Settings })[]) {
      attempt(() => this.#line(`  ${spec.key} ${this.#saySetting(spec, settings[spec.key])}`));
    }
  }

  /** What hears of decisions: with the token, where there are many. */
  decisionsOf(isList: boolean): OnDecision {
    return (decision, token) => this.#onDecision(decision, isList ? token : null);
  }

  #onDecision({ check, because, next, nextInMs }: Decision, token: string | null): void {
    const then = next === 'ask-again' && nextInMs === null ? 'the deadline is reached' : sayNext[next];
    const when = next === 'ask-again' && nextInMs !== null ? ` in ${seconds(nextInMs)}` : '';
    const whose = token === null ? '' : `${this.#redactor.shortenToken(token)}, `;
    this.#line(`${whose}check ${check}: ${because} → ${then}${when}`);
  }

  /** What becomes of a status check is told by its decision. */
  onEvent(event: TokenEvent): void {
    if (event.type !== 'retrying' || event.what !== 'receipt') return;
    const failure = formatFailure('receipt', event.error, (_code, message) => message);
    this.#line(`try ${event.check} of the receipt: ${failure} → ask again in ${seconds(event.nextInMs)}`);
  }

  /** Where a bug of ours came from. What it says is shown with the ending; what it wraps may hold bytes of a reply. */
  onBug(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    const places = stack.split('\n').filter((line) => /^ +at /.test(line));
    this.#line(places.length > 0 ? 'the bug came from:' : 'the bug left no trace of where it came from');
    for (const place of places) this.#line(`  ${this.#clean(place.trim())}`);
  }

  #watchTransport(transport: Transport): Transport {
    return {
      post: async (request) => {
        attempt(() => this.#onRequest(request));
        try {
          const reply = await transport.post(request);
          attempt(() => this.#onReply(request, reply));
          return reply;
        } catch (error) {
          attempt(() => this.#onTrouble(request, error));
          throw error;
        } finally {
          this.#exchanges.delete(request);
        }
      },
      close: () => transport.close(),
    };
  }

  #onRequest(request: HttpRequest): void {
    const now = this.#host.clock.now();
    this.#requests += 1;
    const exchange: Exchange = {
      number: this.#requests,
      begunAt: now,
      isReceipt: isReceiptRequest(request),
      connectingAt: now,
      answeredAt: null,
      bytes: 0,
    };
    this.#exchanges.set(request, exchange);
    const size = countOf(new TextEncoder().encode(request.body).length, 'byte');
    this.#tell(exchange, [
      `→ POST ${this.#sayUrl(request.url)}, ${size}, at most ${seconds(request.timeoutMs)}`,
      ...describeRequest(request, this.#mask).map(indent),
    ]);
  }

  #onWire(event: TraceEvent): void {
    const exchange = this.#exchanges.get(event.request);
    // The time limit may have ended it before the wire knew.
    if (!exchange) return;
    const now = this.#host.clock.now();
    switch (event.type) {
      case 'connecting':
        exchange.connectingAt = now;
        this.#tell(exchange, [`  connecting to ${event.to}${event.isThroughProxy ? ' through the proxy' : ''}`]);
        break;
      case 'connected': {
        const took = milliseconds(now - exchange.connectingAt);
        const tls = event.tls ? `, ${this.#sayTls(event.tls)}` : '';
        this.#tell(exchange, [`  connected to ${event.address} in ${took}${tls}`]);
        break;
      }
      case 'not-connected':
        this.#tell(exchange, [`  no connection: ${event.code} in ${milliseconds(now - exchange.connectingAt)}`]);
        break;
      case 'reusing':
        this.#tell(exchange, ['  reusing a connection']);
        break;
      case 'sending-again':
        this.#tell(exchange, ['  the server had closed the connection; sending once more']);
        break;
      case 'answered':
        this.#onHeaders(exchange, event.status, event.headers);
        break;
      case 'received':
        exchange.bytes += event.bytes;
        break;
      default:
        event satisfies never;
    }
  }

  #onHeaders(exchange: Exchange, status: number, headers: HttpReply['headers']): void {
    const now = this.#host.clock.now();
    exchange.answeredAt = now;
    this.#tell(exchange, [
      `← ${status} after ${milliseconds(now - exchange.begunAt)}`,
      ...describeHeaders(headers, exchange.isReceipt, this.#mask).map(indent),
    ]);
  }

  #onReply(request: HttpRequest, reply: HttpReply): void {
    const exchange = this.#exchanges.get(request) as Exchange;
    // A network that tells nothing of its wire.
    if (exchange.answeredAt === null) this.#onHeaders(exchange, reply.status, reply.headers);
    const took = milliseconds(this.#host.clock.now() - (exchange.answeredAt ?? 0));
    const { length } = reply.body;
    const compressed = exchange.bytes > 0 && exchange.bytes !== length ? ` (${exchange.bytes} on the wire)` : '';
    const open = reply.isWhole ? '' : ', its end not announced';
    this.#tell(exchange, [
      `  body: ${countOf(length, 'byte')}${compressed}, ${took} after the headers${open}`,
      ...describeReply(reply, exchange.isReceipt, this.#mask).map((line) => `    ${line}`),
    ]);
  }

  #onTrouble(request: HttpRequest, error: unknown): void {
    const exchange = this.#exchanges.get(request) as Exchange;
    const took = milliseconds(this.#host.clock.now() - exchange.begunAt);
    const part = exchange.answeredAt === null ? '' : `, ${countOf(exchange.bytes, 'byte')} of the body had come`;
    const says = error instanceof InstaMedError ? `${error.code}: ${error.message}` : 'a bug of this program';
    this.#tell(exchange, [`✗ after ${took}${part}: ${this.#clean(says)}`]);
  }

  #sayProxies({ proxy }: TransportOptions): void {
    if (!proxy) return;
    for (const scheme of ['https', 'http'] as const) {
      const url = proxy[scheme];
      if (url) this.#line(`proxy for ${scheme}: ${this.#sayProxy(url)}`);
    }
    if (proxy.except) this.#line(`no proxy for: ${this.#clean(proxy.except)}`);
  }

  #saySetting({ key, isSecret, fallbackNote }: SettingSpec, { value, layer, source }: Setting): string {
    if (value === null) return `is not set${fallbackNote ? `: ${fallbackNote}` : ''}`;
    const from = layer === 'default' ? 'by default' : `from ${layer === 'profile' ? 'the profile' : source}`;
    return `= ${isSecret ? '***' : this.#sayValue(key, value)}, ${from}`;
  }

  #sayValue(key: string, value: string): string {
    if (personal.includes(key)) return `*** ${sayLength(value)}`;
    if (key === 'proxy') return this.#sayProxy(value);
    return key.endsWith('Url') ? this.#sayUrl(new URL(value)) : this.#clean(value);
  }

  #sayProxy(text: string): string {
    return this.#clean(showProxy(text).replace(/\/\/.*@/, '//***@'));
  }

  #sayUrl({ origin, pathname, search }: URL): string {
    return `${this.#clean(origin + pathname)}${search ? `?… ${sayLength(search)}` : ''}`;
  }

  #sayTls({ version, cipher, issuedTo, validTo }: TlsFacts): string {
    const end = new Date(validTo);
    const until = Number.isNaN(end.getTime()) ? '' : ` until ${end.toISOString().slice(0, 10)}`;
    return `${version} ${cipher}, certificate of ${this.#clean(issuedTo) || 'nobody'}${until}`;
  }

  readonly #mask = (text: string) => this.#redactor.redact(text);

  #clean(text: string): string {
    return clean(text, 300, this.#mask);
  }

  /** Each line with the number of its request, because many may be under way. */
  #tell({ number }: Exchange, lines: readonly string[]): void {
    for (const line of lines) this.#line(`#${number} ${line}`);
  }

  #line(text: string): void {
    if (!this.#isBegun) {
      this.#isBegun = true;
      const { platform, arch, version } = process;
      this.#line(`instamed-poll ${this.#version} on Node ${version}, ${platform} ${arch}`);
    }
    this.#write(`+${((this.#host.clock.now() - this.#begin) / 1_000).toFixed(3)}s ${text}\n`);
  }
}

const sayNext: Readonly<Record<Decision['next'], string>> = {
  'ask-again': 'ask again',
  confirm: 'check once more, on a fresh connection',
  'read-receipt': 'read the receipt',
  stop: 'stop',
};

const indent = (line: string) => `  ${line}`;
const milliseconds = (ms: number) => `${Math.round(ms)} ms`;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
