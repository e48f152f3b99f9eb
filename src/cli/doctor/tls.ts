import { rootCertificates } from 'node:tls';
import { InstaMedError } from '../../domain/errors.ts';
import type { Redact } from '../../redact/redactor.ts';
import { explainFailure } from '../../remote/failures.ts';
import type { Certificate, Handshake } from '../runtime/probe.ts';
import { splitPem } from '../settings/ca-file.ts';
import type { Check, Finding } from './check.ts';
import type { Side, Subject } from './subject.ts';

const dayMs = 86_400_000;

/** Whoever runs the host should have renewed its certificate by now. */
const soonDays = 14;

export function tlsCheck(side: Side, subject: Subject): Check {
  const run = () => checkTls(side, subject);
  return { id: `${side}-tls`, title: `TLS of the ${side} host`, needs: [`${side}-proxy`], run };
}

async function checkTls(side: Side, subject: Subject): Promise<Finding> {
  const route = await subject.route(side);
  const { url } = route;
  if (url.protocol === 'http:') return { detail: 'none: plain HTTP, which is for this machine alone' };
  const asked = { url, purpose: 'while shaking hands over TLS' };
  const limits = await subject.connectLimits();
  const handshake = await subject.probe.handshake(route, limits).catch((error: unknown) => {
    throw explainFailure(error, asked, 'connecting');
  });
  const now = subject.session.host.clock.date();
  const { redactor } = subject.session;
  const shown = `${handshake.protocol}: ${handshake.chain.map((one) => describe(one, now, redactor.redact)).join(' ← ')}`;
  if (handshake.distrust !== null) throw distrustError(handshake.distrust, shown, asked);
  const detail = `${shown}; trusted by ${await findStore(handshake, subject)}`;
  const leastDays = Math.min(...handshake.chain.map(({ validTo }) => daysLeft(validTo, now) ?? soonDays));
  if (leastDays >= soonDays) return { detail };
  return { detail, remedy: `Tell whoever runs ${url.host} that a certificate ends soon.` };
}

/** The same sentence and remedy as a request would end with, and what the host showed. */
function distrustError(code: string, shown: string, asked: { url: URL; purpose: string }): InstaMedError {
  const error = explainFailure(Object.assign(new Error(code), { code }), asked, 'connecting');
  return new InstaMedError(error.category, error.code, `${error.message} It showed ${shown}.`, error);
}

/** Null where the certificate names no date that Node can read. */
function daysLeft(end: Date, now: Date): number | null {
  const days = Math.floor((end.getTime() - now.getTime()) / dayMs);
  return Number.isNaN(days) ? null : days;
}

/** The names are what the host says of itself. */
function describe({ subject, issuer, validTo }: Certificate, now: Date, redact: Redact): string {
  const days = daysLeft(validTo, now);
  const by = issuer === subject ? 'signed by itself' : `signed by ${redact(issuer)}`;
  if (days === null) return `${redact(subject)} (${by}, end date unknown)`;
  const left = days < 0 ? 'over' : days === 1 ? '1 day left' : `${days} days left`;
  return `${redact(subject)} (${by}, until ${validTo.toISOString().slice(0, 10)}, ${left})`;
}

/** Which store the trust comes from: the one that holds the certificate nearest to the root. */
async function findStore({ chain }: Handshake, subject: Subject): Promise<string> {
  const { caFile } = await subject.settings();
  const stores: readonly (readonly [name: string, certificates: readonly string[]])[] = [
    ['the CA file', caFile.source === 'NODE_EXTRA_CA_CERTS' ? [] : await readStore(caFile.value, subject)],
    ['NODE_EXTRA_CA_CERTS', await readStore(subject.session.host.env['NODE_EXTRA_CA_CERTS'], subject)],
    ["Node's own store", splitPem(rootCertificates.join('\n'))],
  ];
  for (const { base64 } of chain.toReversed()) {
    const store = stores.find(([, certificates]) => certificates.includes(base64));
    if (store) return store[0];
  }
  // Node can be told to use the store of the system as well.
  return 'the store of this system';
}

/** Node goes on without a bad file of its own variable, and so do we. */
async function readStore(file: string | null | undefined, subject: Subject): Promise<string[]> {
  if (!file) return [];
  try {
    return splitPem(await subject.certificates(file, 'CA file'));
  } catch (error) {
    if (error instanceof InstaMedError) return [];
    throw error;
  }
}
