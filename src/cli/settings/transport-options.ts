import type { TransportOptions } from '../../remote/transport.ts';
import type { Session } from '../runtime/session.ts';
import { readCertificateFile } from './ca-file.ts';
import { toProxies } from './proxy-setting.ts';
import { nameOf, type Settings } from './settings.ts';

/**
 * Whom to trust, and which way to go to these addresses.
 *
 * @throws InstaMedError `usage`: a CA file that cannot be read, a proxy that is no URL; `aborted`
 */
export async function toTransportOptions(
  settings: Settings,
  urls: readonly URL[],
  session: Session,
  readCertificates = readCertificateFile,
): Promise<TransportOptions> {
  const { caFile, proxy } = settings;
  const proxies = toProxies(proxy, session.host, urls);
  // What NODE_EXTRA_CA_CERTS names is in Node's own store already.
  const isExtra = caFile.value === null || caFile.source === 'NODE_EXTRA_CA_CERTS';
  if (isExtra) return proxies ? { proxy: proxies } : {};
  // Node's authorities, those of NODE_EXTRA_CA_CERTS, and the file's: a list of our own would replace the first two.
  const { rootCertificates } = await import('node:tls');
  const extra = session.host.env['NODE_EXTRA_CA_CERTS'];
  const ca = [...rootCertificates, await readCertificates(caFile.value as string, nameOf('caFile', settings), session)];
  if (extra) ca.push(await readCertificates(extra, 'CA file (from NODE_EXTRA_CA_CERTS)', session));
  return { ca, ...(proxies && { proxy: proxies }) };
}
