import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

export interface CertificateFacts {
  /** Whom it is for: 127.0.0.1, or a name of another host. */
  readonly host?: string;
  /** The year in which it ends. */
  readonly lastYear?: number;
}

/**
 * A self-signed certificate with its key, in PEM, made on the spot: a kept one would expire one day. Only what TLS needs is
 * in it.
 */
export function makeCertificate({ host = '127.0.0.1', lastYear = 2049 }: CertificateFacts = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from('raw-server')))));
  const validity = sequence(
    der(0x17, Buffer.from('200101000000Z')),
    der(0x17, Buffer.from(`${lastYear % 100}0101000000Z`)),
  );
  const address = host.split('.').map(Number);
  const altName = address.every((part) => part <= 255) ? der(0x87, Buffer.from(address)) : der(0x82, Buffer.from(host));
  const extensions = der(0xa3, sequence(sequence(objectId(0x55, 0x1d, 0x11), der(0x04, sequence(altName)))));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const facts = sequence(version3, serial, ecdsaWithSha256, name, validity, name, publicKey, extensions);
  const signature = sign('sha256', facts, createPrivateKey(privateKey));
  const certificate = sequence(facts, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return { key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n` };
}

/** One element of ASN.1: its tag, the length of what follows, and that. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: readonly Buffer[]) => der(0x30, ...content);
const objectId = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
