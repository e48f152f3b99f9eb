import { X509Certificate } from 'node:crypto';
import { usageError } from '../../domain/errors.ts';
import { readCertificateFile } from '../transport-options.ts';

const pemPattern = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, each in plain Base64. */
export function splitPem(pem: string): string[] {
  return [...pem.matchAll(pemPattern)].map(([, body = '']) => body.replace(/\s/g, ''));
}

/**
 * How many certificates a file holds.
 *
 * @throws InstaMedError `usage`: it cannot be read, or one of them is damaged.
 */
export function countCertificates(file: string): number {
  const certificates = splitPem(readCertificateFile(file));
  if (certificates.length > 0 && certificates.every(isWhole)) return certificates.length;
  throw usageError(
    `The CA file holds a damaged certificate: ${file}.`,
    'Get it once more from whoever gave it to you.',
  );
}

function isWhole(certificate: string): boolean {
  try {
    return Boolean(new X509Certificate(Buffer.from(certificate, 'base64')));
  } catch {
    return false;
  }
}
