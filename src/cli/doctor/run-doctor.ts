import { type ErrorCategory, InstaMedError } from '../../domain/errors.ts';
import type { CheckResult } from '../answer/check-result.ts';
import { type Document, type Ending, endingOfError, toDocument } from '../answer/document.ts';
import { version } from '../output/version.ts';
import type { Session } from '../runtime/session.ts';
import type { ConnectionFlags } from '../settings/connection.ts';
import { allChecks } from './checks.ts';
import { type Examination, type Examiner, examine } from './examine.ts';
import { type ShowSettings, Subject } from './subject.ts';

/** How what the doctor does is shown. */
export interface DoctorShow {
  readonly showStart: Examiner['onStart'];
  readonly showResult: Examiner['onResult'];
  readonly showSettings: ShowSettings;
}

/** Makes every check, shows each as soon as it has ended, and gives the document. */
export async function runDoctor(
  flags: ConnectionFlags,
  session: Session,
  { showStart, showResult, showSettings }: DoctorShow,
): Promise<Document> {
  const { host, signal } = session;
  const startedAt = host.clock.date().toISOString();
  const begin = host.clock.now();
  const probe = await host.openProbe();
  const checks = allChecks(new Subject(session, flags, probe, showSettings));
  const examination = await examine(checks, { clock: host.clock, signal, onStart: showStart, onResult: showResult });
  return toDocument('doctor', endingOf(examination, session), {
    startedAt,
    elapsedMs: Math.round(host.clock.now() - begin),
    environment: { version, ...probe.runtime },
    checks: examination.results,
  });
}

/** Which failure the exit code speaks of: first what nothing could be tried without. */
const worstFirst: readonly ErrorCategory[] = ['usage', 'credentials-rejected', 'unreachable', 'service'];

function endingOf({ results, errors }: Examination, session: Session): Ending {
  const signal = session.stoppedBy();
  const count = (state: CheckResult['state']) => results.filter((result) => result.state === state).length;
  const [failed, skipped, all] = [count('failed'), count('skipped'), results.length];
  if (signal) {
    const made = all - skipped;
    const summary = `Stopped by ${signal} after ${made} ${made === 1 ? 'check' : 'checks'}, of which ${failed} failed.`;
    const next = ['instamed-poll', ...session.argv];
    return endingOfError(new InstaMedError('aborted', 'ABORTED', summary), signal, next);
  }
  const [worst] = errors.toSorted((a, b) => rank(a) - rank(b));
  if (!worst) {
    return {
      outcome: 'answered',
      summary: sayDoubts(results),
    };
  }
  const titles = results.filter(({ state }) => state === 'failed').map(({ title }) => title);
  const others = skipped === 0 ? '' : `, and ${skipped} ${skipped === 1 ? 'was' : 'were'} not made`;
  return { ...endingOfError(worst), summary: `${failed} of ${all} checks failed (${titles.join(', ')})${others}.` };
}

const rank = ({ category }: InstaMedError) => worstFirst.indexOf(category);

/** What was not checked is not called fine. */
function sayDoubts(results: readonly CheckResult[]): string {
  const titles = (state: CheckResult['state']) =>
    results.filter((result) => result.state === state).map(({ title }) => title);
  const [warnings, skipped] = [titles('warning'), titles('skipped')];
  const doubts = [
    ...(warnings.length > 0 ? [`with a warning: ${warnings.join(', ')}`] : []),
    ...(skipped.length > 0 ? [`not tried: ${skipped.join(', ')}`] : []),
  ];
  if (doubts.length === 0) return `All ${results.length} checks are fine.`;
  return `None of ${results.length} checks failed; ${doubts.join('; ')}.`;
}
