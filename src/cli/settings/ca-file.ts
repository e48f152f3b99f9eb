import { decodeBytes } from '../../base/decode-bytes.ts';
import { InstaMedError, usageError } from '../../domain/errors.ts';
import { charsetOfMark } from '../input/decode-input.ts';
import { readBytes } from '../input/read-input.ts';
import type { Session } from '../runtime/session.ts';

const pemPattern = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, each in plain Base64. */
export function splitPem(pem: string): string[] {
  return [...pem.matchAll(pemPattern)].map(([, body = '']) => body.replace(/\s/g, ''));
}

/**
 * The text of a CA file, every certificate of which is whole: the TLS library skips a damaged one, or fails with words of its own.
 *
 * @param name what an error calls it, with what named the file
 * @throws InstaMedError `usage`: it cannot be read, is no PEM, or one of its certificates is damaged; `aborted`
 */
export async function readCertificateFile(file: string, name: string, session: Session): Promise<string> {
  const bytes = await readBytes(file, session).catch((error: NodeJS.ErrnoException | InstaMedError) => {
    if (error instanceof InstaMedError && error.category === 'aborted') throw error;
    const because = error instanceof InstaMedError ? 'more than 1 MiB' : (error.code ?? error.message);
    throw usageError(
      `The ${name} cannot be read: ${file} (${because}).`,
      'Give the path of a PEM file (--ca-file, or caFile in a profile).',
    );
  });
  const charset = charsetOfMark(bytes);
  // Comments between the certificates may be in any charset.
  const pem = decodeBytes(bytes, charset === 'utf-8' ? 'windows-1252' : charset);
  const begun = pem.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (begun === 0) {
    throw usageError(
      `The ${name} holds no certificate: ${file}.`,
      'It must be PEM: -----BEGIN CERTIFICATE----- and so on.',
    );
  }
  const certificates = splitPem(pem);
  const { X509Certificate } = await import('node:crypto');
  const isWhole = (certificate: string): boolean => {
    try {
      return Boolean(new X509Certificate(Buffer.from(certificate, 'base64')));
    } catch {
      return false;
    }
  };
  if (certificates.length === begun && certificates.every(isWhole)) return pem;
  const damaged = certificates.findIndex((certificate) => !isWhole(certificate));
  const number = damaged < 0 ? begun : damaged + 1;
  throw usageError(
    `The ${name} holds a damaged certificate: ${file} (certificate ${number} of ${begun}).`,
    'Get the file again from its source.',
  );
}
