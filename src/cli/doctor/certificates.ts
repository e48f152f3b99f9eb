import { X509Certificate } from 'node:crypto';
import { usageError } from '../../domain/errors.ts';

const pemPattern = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The fingerprints of the certificates in a PEM text.
 *
 * @throws InstaMedError `usage`: one of them is damaged.
 */
export function readCertificates(pem: string, file: string): string[] {
  const found = pem.match(pemPattern) ?? [];
  try {
    if (found.length > 0) return found.map((one) => new X509Certificate(one).fingerprint256);
  } catch {
    // Told below.
  }
  throw usageError(
    `The CA file holds a damaged certificate: ${file}.`,
    'Get it once more from whoever gave it to you.',
  );
}
