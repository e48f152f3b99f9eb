import { usageError } from './errors.ts';

/**
 * An address that credentials may be sent to: https, or http to this machine itself.
 *
 * @throws InstaMedError `usage`: not a URL, another scheme, plain http to another host, or a user name in it.
 */
export function parseEndpoint(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    // What stands before an @ may be a password.
    const quoted = text.includes('@') ? '' : `: "${text}"`;
    throw usageError(`The ${name} is not a web address${quoted}.`, 'Give one that starts with https://.');
  }
  if (url.username || url.password) {
    throw usageError(
      `The ${name} holds a user name or a password.`,
      'Take it out; credentials have settings of their own.',
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw usageError(
      `The ${name} would send credentials unencrypted to ${url.host}.`,
      `Use https://${url.host}${url.pathname}; plain http is for 127.0.0.1 alone.`,
    );
  }
  return url;
}

/** `hostname` as URL writes it: addresses in full, IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** As a name server and a socket want it: IPv6 without its brackets. */
export const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

export const portOf = ({ port, protocol }: URL) => Number(port) || (protocol === 'https:' ? 443 : 80);
