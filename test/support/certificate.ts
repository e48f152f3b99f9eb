import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

export interface CertificateFacts {
  /** Whom it is for: 127.0.0.1, or a name of another host. */
  readonly host?: string;
  /** The years in which it begins and ends. */
  readonly firstYear?: number;
  readonly lastYear?: number;
  /** Whoever signs it. Default: it signs itself. */
  readonly signedBy?: Authority;
  /** Whether it may sign others. Default false. */
  readonly isAuthority?: boolean;
}

/** A certificate, with its key, that signs others. */
export interface Authority {
  readonly key: string;
  readonly cert: string;
}

/** Its name stands in what it has signed. */
const authorityName = 'raw-authority';

export const makeAuthority = (): Authority => makeCertificate({ isAuthority: true });

/**
 * A certificate with its key, in PEM, made on the spot: a kept one would expire one day. Only what TLS needs is in it.
 */
export function makeCertificate(facts: CertificateFacts = {}): Authority {
  const { host = '127.0.0.1', firstYear = 2020, lastYear = 2049, signedBy, isAuthority = false } = facts;
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const subject = nameOf(isAuthority ? authorityName : 'raw-server');
  const issuer = signedBy ? nameOf(authorityName) : subject;
  const validity = sequence(startOf(firstYear), startOf(lastYear));
  const address = host.split('.').map(Number);
  const altName = address.every((part) => part <= 255) ? der(0x87, Buffer.from(address)) : der(0x82, Buffer.from(host));
  const yes = der(0x01, Buffer.from([255]));
  const basicConstraints = sequence(objectId(0x55, 0x1d, 0x13), yes, der(0x04, sequence(yes)));
  const alternatives = sequence(objectId(0x55, 0x1d, 0x11), der(0x04, sequence(altName)));
  const extensions = der(0xa3, sequence(isAuthority ? basicConstraints : alternatives));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const signed = sequence(version3, serial, ecdsaWithSha256, issuer, validity, subject, publicKey, extensions);
  const signature = sign('sha256', signed, createPrivateKey(signedBy?.key ?? privateKey));
  const certificate = sequence(signed, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return { key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n` };
}

/** One element of ASN.1: its tag, the length of what follows, and that. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const nameOf = (name: string) =>
  sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
const startOf = (year: number) => der(0x17, Buffer.from(`${year % 100}0101000000Z`));
const sequence = (...content: readonly Buffer[]) => der(0x30, ...content);
const objectId = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
