import { parseEndpoint } from '../../domain/endpoint.ts';
import type { HttpReply } from '../../remote/http.ts';
import { type ProxySettings, proxyFor } from '../../remote/proxy-for.ts';
import type { RequestLimits } from '../../remote/sso-client.ts';
import type { TransportOptions } from '../../remote/transport.ts';
import type { Probe, Route } from '../runtime/probe.ts';
import type { Session } from '../runtime/session.ts';
import { readCertificateFile } from '../settings/ca-file.ts';
import { type ConnectionFlags, completeFor, given, requestTimeoutOf } from '../settings/connection.ts';
import { gatherSettings } from '../settings/gather-settings.ts';
import { toProxies } from '../settings/proxy-setting.ts';
import type { Settings } from '../settings/settings.ts';
import { toTransportOptions } from '../settings/transport-options.ts';

/** A route without its certificates, which a bad CA file may keep from being known. */
export type Way = Omit<Route, 'ca'>;

export type Side = 'status' | 'receipt';

/** No honest host takes longer to accept a connection. */
const connectTimeoutMs = 10_000;

/** Shows the settings that the status call is made with. */
export type ShowSettings = (settings: Settings, profile: string) => void;

/** What is examined. A question that leaves this machine, or that costs a secret, is asked once and its answer kept. */
export class Subject {
  readonly session: Session;
  readonly flags: ConnectionFlags;
  readonly probe: Probe;
  readonly showSettings: ShowSettings;
  #settings: Promise<Settings> | null = null;
  #account: Promise<Settings> | null = null;
  readonly #certificates = new Map<string, Promise<string>>();
  readonly #replies = new Map<Side, Promise<HttpReply>>();

  constructor(session: Session, flags: ConnectionFlags, probe: Probe, showSettings: ShowSettings) {
    this.session = session;
    this.flags = flags;
    this.probe = probe;
    this.showSettings = showSettings;
  }

  settings(): Promise<Settings> {
    this.#settings ??= gatherSettings(this.flags, this.session);
    return this.#settings;
  }

  /** With the security key, which a command may print or somebody may type: once, here as ever. */
  account(): Promise<Settings> {
    this.#account ??= this.complete('status');
    return this.#account;
  }

  /** The settings of one call, with its secret. */
  async complete(side: Side): Promise<Settings> {
    const needs = { status: side === 'status', receipt: side === 'receipt' };
    return completeFor(needs, await this.settings(), this.flags, this.session);
  }

  /** Whether both URLs are of one host. False where the settings were not even looked at. */
  async isOneHost(): Promise<boolean> {
    if (this.#settings === null) return false;
    const urls = await Promise.all([this.url('status'), this.url('receipt')]).catch(() => null);
    return urls !== null && urls[0].origin === urls[1].origin;
  }

  /** The PEM text of a file; read once, because a named pipe has nothing left the second time. */
  certificates(file: string, name: string): Promise<string> {
    const known = this.#certificates.get(file);
    if (known) return known;
    const pem = readCertificateFile(file, name, this.session);
    this.#certificates.set(file, pem);
    return pem;
  }

  async transportOptions(): Promise<TransportOptions> {
    return toTransportOptions(await this.settings(), await this.#goodUrls(), this.session, (file, name) =>
      this.certificates(file, name),
    );
  }

  async url(side: Side): Promise<URL> {
    return given(await this.settings(), side === 'status' ? 'statusUrl' : 'receiptUrl', parseEndpoint);
  }

  /** The proxies for those of the two addresses that are good. */
  async proxies(): Promise<ProxySettings | undefined> {
    const { proxy } = await this.settings();
    return toProxies(proxy, this.session.host, await this.#goodUrls());
  }

  /** A bad one is found by a check of its own. */
  async #goodUrls(): Promise<URL[]> {
    const urls = await Promise.all((['status', 'receipt'] as const).map((side) => this.url(side).catch(() => null)));
    return urls.filter((url) => url !== null);
  }

  async way(side: Side): Promise<Way> {
    const url = await this.url(side);
    return { url, proxy: proxyFor(url, (await this.proxies()) ?? {}) };
  }

  async route(side: Side): Promise<Route> {
    const { ca } = await this.transportOptions();
    return { ...(await this.way(side)), ...(ca && { ca }) };
  }

  /** The limits of everything before the request. */
  async connectLimits(): Promise<RequestLimits> {
    const { timeoutMs, signal } = await this.requestLimits();
    return { timeoutMs: Math.min(timeoutMs, connectTimeoutMs), signal };
  }

  async requestLimits(): Promise<RequestLimits> {
    const timeoutMs = requestTimeoutOf(await this.settings());
    return { timeoutMs, signal: this.session.signal };
  }

  /** What the endpoint answers to an empty request. */
  reply(side: Side): Promise<HttpReply> {
    const known = this.#replies.get(side);
    if (known) return known;
    const reply = this.#ask(side);
    this.#replies.set(side, reply);
    return reply;
  }

  /**
   * A POST, as the real calls are: GET may be answered by a help page or from a cache, and firewalls like to refuse HEAD
   * and OPTIONS. Without a body it names no action, no token and no account, and no credentials go with it, so there is
   * nothing that the service could do or show.
   */
  async #ask(side: Side): Promise<HttpReply> {
    const transport = await this.session.host.openTransport(await this.transportOptions());
    try {
      return await transport.post({
        url: await this.url(side),
        headers: {
          'content-type': side === 'status' ? 'text/xml; charset=utf-8' : 'application/x-www-form-urlencoded',
        },
        body: '',
        purpose: askPurpose,
        ...(await this.requestLimits()),
      });
    } finally {
      transport.close().catch(() => {});
    }
  }
}

export const askPurpose = 'while sending an empty request';
