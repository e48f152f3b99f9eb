import { hostOf, isLoopback, portOf } from '../domain/endpoint.ts';

/** Which proxies there are. As with curl, one for http is none for https. */
export interface ProxySettings {
  /** Proxies by the scheme of the target. */
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are reached without one, as NO_PROXY writes them. */
  readonly except?: string;
}

/** The proxy that a request goes through, or null. */
export function proxyFor(url: URL, { http = '', https = '', except = '' }: ProxySettings): URL | null {
  const text = url.protocol === 'https:' ? https : http;
  if (!text || isExcepted(url, except)) return null;
  const proxy = new URL(text);
  // Plain HTTP is for this machine alone: through a proxy on another one the credentials would travel in the clear.
  return url.protocol === 'http:' && !isLoopback(proxy.hostname) ? null : proxy;
}

function isExcepted(url: URL, except: string): boolean {
  if (except === '*') return true;
  const host = hostOf(url);
  return except
    .split(/[,\s]/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      // An IPv6 address has colons of its own, and stands in brackets where a port follows.
      const [, name = entry, port] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      const excepted = name.replace(/^(?:\*?\.|\[)|\]$/g, '').toLowerCase();
      const isHost = host === excepted || host.endsWith(`.${excepted}`);
      return isHost && (!port || Number(port) === portOf(url));
    });
}
