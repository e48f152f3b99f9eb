import type { ProxySettings } from '../../remote/proxy.ts';
import { portOf } from './probe.ts';

/** The proxy that a request goes through, or null. It follows undici, which decides this for the real requests. */
export function proxyFor(url: URL, { http = '', https = '', except = '' }: ProxySettings): URL | null {
  // undici takes the proxy for http where there is none for https.
  const proxy = url.protocol === 'https:' ? https || http : http;
  if (!proxy || isExcepted(url, except)) return null;
  return new URL(proxy);
}

function isExcepted(url: URL, except: string): boolean {
  if (except === '*') return true;
  return except
    .split(/[,\s]/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, port] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const excepted = name.replace(/^\*?\./, '').toLowerCase();
      const isHost = url.hostname === excepted || url.hostname.endsWith(`.${excepted}`);
      return isHost && (!port || Number(port) === portOf(url));
    });
}
