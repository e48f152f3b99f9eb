import { isLoopback } from '../../domain/endpoint.ts';
import { type InstaMedError, usageError } from '../../domain/errors.ts';
import { isExcepted, type ProxySettings } from '../../remote/proxy-for.ts';
import type { Host } from '../runtime/host.ts';
import type { Setting } from './settings.ts';

/** Kinds of proxies whose names may be repeated: they cannot be a part of a password. */
const otherKinds = /^(socks(?:4a?|5h?)?|ftp|quic|pac\+https?|direct):/i;

/**
 * The address of a proxy. `host:port` means http.
 *
 * @throws InstaMedError `usage`, without any part of the value: it may hold a password.
 */
export function parseProxy(value: string, source: string): URL {
  const kind = otherKinds.exec(value)?.[1];
  if (kind) {
    throw badProxy(
      `The proxy (from ${source}) is not an http:// or https:// URL: ${kind.toLowerCase()} is not supported.`,
    );
  }
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(value) ?? [];
  const authority = rest.replace(/\/$/, '');
  // URL would take blanks and line breaks away without a word.
  if (/[\s\p{Cc}]/u.test(value)) throw badProxy(`The proxy (from ${source}) is not an http:// or https:// URL.`);
  if (/[/?#\\]/.test(authority)) {
    throw usageError(
      `The proxy (from ${source}) has a path, a query, a fragment, or a backslash in its URL.`,
      'If the character belongs to the user or the password, encode it: %2F for /, %3F for ?, %23 for #, %5C for \\, %40 for @, %25 for %.',
      'BAD_PROXY',
    );
  }
  const text = `${scheme ?? 'http'}://${authority}`;
  // Without a scheme, only a port tells an address from a word.
  const isAddress = /^https?:/i.test(text) && (scheme || /:\d+$/.test(authority));
  if (isAddress && URL.canParse(text)) return new URL(text);
  throw badProxy(`The proxy (from ${source}) is not an http:// or https:// URL.`);
}

const badProxy = (message: string): InstaMedError =>
  usageError(message, 'Write it like http://proxy.example:8080.', 'BAD_PROXY');

/**
 * The proxies that these addresses are reached through. A value that applies to none of them is not even looked at.
 *
 * @throws InstaMedError `usage`: one that applies is not an address.
 */
export function toProxies(setting: Setting, { env }: Host, urls: readonly URL[]): ProxySettings | undefined {
  if (setting.value === null) return undefined;
  const except = env['NO_PROXY'] || env['no_proxy'] || '';
  const proxyOf = (scheme: 'http' | 'https'): string => {
    const [value, source] = valueFor(scheme, setting, env);
    const targets = urls.filter((url) => url.protocol === `${scheme}:` && !isExcepted(url, except));
    if (!value || targets.length === 0) return '';
    // Plain http is for this machine, so a variable that others made for their own network does not apply.
    if (scheme === 'http' && setting.layer === 'environment' && !isLocalProxy(value)) return '';
    return parseProxy(value, source).href.replace(/\/$/, '');
  };
  const [http, https] = [proxyOf('http'), proxyOf('https')];
  return http || https ? { http, https, except } : undefined;
}

/** A proxy that was named for this program is for both schemes; in the environment each has its own. */
function valueFor(scheme: 'http' | 'https', setting: Setting, env: Host['env']): readonly [string, string] {
  if (setting.layer !== 'environment') return [setting.value ?? '', setting.source];
  const name = [`${scheme.toUpperCase()}_PROXY`, `${scheme}_proxy`].find((known) => env[known]) ?? '';
  return [env[name] ?? '', name];
}

function isLocalProxy(value: string): boolean {
  try {
    return isLoopback(parseProxy(value, '').hostname);
  } catch {
    return false;
  }
}

/** What of a proxy's value must not be shown, in each form in which it may turn up. */
export function secretPartsOf(value: string): { user: string; password: string } | null {
  const at = value.lastIndexOf('@');
  if (at < 0) return null;
  const userinfo = value.slice(0, at).replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const colon = userinfo.indexOf(':');
  return colon < 0
    ? { user: userinfo, password: '' }
    : { user: userinfo.slice(0, colon), password: userinfo.slice(colon + 1) };
}

/** A proxy's address without its password; one that cannot be read and may hold a password is not shown at all. */
export function showProxy(value: string): string {
  if (!value.includes('@')) return value;
  try {
    const { protocol, host, username, password } = parseProxy(value, '');
    // A user alone can be an access token.
    const user = password ? `${username}:***@` : username && '***@';
    return `${protocol}//${user}${host}`;
  } catch {
    return '***';
  }
}
