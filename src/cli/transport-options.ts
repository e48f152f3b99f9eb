import { readFileSync } from 'node:fs';
import { usageError } from '../domain/errors.ts';
import type { TransportOptions } from '../remote/transport.ts';
import type { Host } from './host.ts';
import type { Setting, Settings } from './settings.ts';

/**
 * Whom to trust and which way to go.
 *
 * @throws InstaMedError `usage`: a CA file that cannot be read, a proxy that is no URL.
 */
export async function toTransportOptions(settings: Settings, host: Host): Promise<TransportOptions> {
  const { caFile, proxy } = settings;
  // What NODE_EXTRA_CA_CERTS names is in Node's own store already.
  const isExtra = caFile.value === null || caFile.source === 'NODE_EXTRA_CA_CERTS';
  const proxies = toProxies(proxy, host);
  return {
    ...(!isExtra && { ca: await readCertificates(caFile.value as string, host) }),
    ...(proxies && { proxy: proxies }),
  };
}

/** Node's authorities, those of NODE_EXTRA_CA_CERTS, and the file's: a list of our own would replace the first two. */
async function readCertificates(file: string, host: Host): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  const extra = host.env['NODE_EXTRA_CA_CERTS'];
  return [...rootCertificates, ...[file, ...(extra ? [extra] : [])].map(readCertificateFile)];
}

/** @throws InstaMedError `usage`: it cannot be read, or is no PEM. */
export function readCertificateFile(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(
      `The CA file cannot be read: ${file} (${(error as NodeJS.ErrnoException).code}).`,
      'Give the path of a PEM file (--ca-file, or caFile in a profile).',
    );
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw usageError(
      `The CA file holds no certificate: ${file}.`,
      'It must be PEM: -----BEGIN CERTIFICATE----- and so on.',
    );
  }
  return pem;
}

/** @throws InstaMedError `usage`: one is no URL. */
export function toProxies({ value, layer, source }: Setting, { env }: Host): TransportOptions['proxy'] {
  if (value === null) return undefined;
  const except = env['NO_PROXY'] || env['no_proxy'] || '';
  if (layer !== 'environment') {
    checkProxy(value, source);
    return { http: value, https: value, except };
  }
  const http = env['HTTP_PROXY'] || env['http_proxy'] || '';
  const https = env['HTTPS_PROXY'] || env['https_proxy'] || '';
  if (http) checkProxy(http, 'HTTP_PROXY');
  if (https) checkProxy(https, 'HTTPS_PROXY');
  return { http, https, except };
}

/** The value is not quoted: it may hold a password. */
export function checkProxy(value: string, source: string): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return;
  throw usageError(
    `The proxy (from ${source}) is not an http:// or https:// URL.`,
    'Write it like http://proxy.example:8080.',
  );
}
