import type { Certificate, Handshake, Probe } from '../../src/cli/runtime/probe.ts';

/** A certificate of the scripted world, in which it is November 2026. */
export function certificate(facts: Partial<Certificate> = {}): Certificate {
  return {
    subject: 'status.example',
    issuer: 'Example Root',
    validTo: new Date('2027-03-01T00:00:00Z'),
    base64: 'AAAA',
    ...facts,
  };
}

export const goodHandshake: Handshake = { protocol: 'TLSv1.3', distrust: null, chain: [certificate()] };

/** A network on which all is well but for what a test changes. */
export function scriptedProbe(changes: Partial<Probe> = {}): Probe {
  return {
    runtime: { node: '20.18.1', platform: 'linux', arch: 'x64' },
    lookUp: async () => ['203.0.113.5'],
    connect: async () => '203.0.113.5',
    tunnel: async () => {},
    handshake: async () => goodHandshake,
    ...changes,
  };
}

/** Fails as Node's network functions do, with a code. */
export const failsWith = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(code), { code });
};
