import { BlockList, isIP } from 'node:net';
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

/** Whether NO_PROXY names the host of this address: by name, domain, address, or a network in CIDR form. */
export function isExcepted(url: URL, except: string): boolean {
  if (except === '*') return true;
  const host = hostOf(url);
  return except
    .split(/[,\s]/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry.includes('/')) return isInNetwork(host, entry);
      // An IPv6 address has colons of its own, and stands in brackets where a port follows.
      const [, name = entry, port] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      const excepted = name.replace(/^(?:\*?\.|\[)|\]$/g, '').toLowerCase();
      const isHost = host === excepted || host.endsWith(`.${excepted}`);
      return isHost && (!port || Number(port) === portOf(url));
    });
}

/** As other programs do it, a name is not looked up to see whether its address is in the network. */
function isInNetwork(host: string, entry: string): boolean {
  const [, network = '', bits = ''] = /^\[?([\da-f:.]+)\]?\/(\d{1,3})$/i.exec(entry) ?? [];
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 6 ? 128 : 32)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
