import type { Check } from './check.ts';
import { networkChecks } from './network.ts';
import { httpChecks, nvpCheck, soapCheck } from './service.ts';
import { settingsChecks } from './settings.ts';
import type { Side, Subject } from './subject.ts';
import { tlsCheck } from './tls.ts';

/** Every check, in the order in which they are made. */
export function allChecks(subject: Subject): Check[] {
  return [
    ...settingsChecks(subject),
    ...hostChecks('status', subject),
    soapCheck(subject),
    ...hostChecks('receipt', subject).map((check) => ({ ...check, twin: () => twinOf(check.id, subject) })),
    nvpCheck(subject),
  ];
}

function hostChecks(side: Side, subject: Subject): Check[] {
  return [...networkChecks(side, subject), tlsCheck(side, subject), ...httpChecks(side, subject)];
}

/** Where both URLs are of one host, all that is about the host was checked before. */
async function twinOf(id: string, subject: Subject): Promise<string | null> {
  return id !== 'receipt-http' && (await subject.isOneHost()) ? id.replace('receipt', 'status') : null;
}
