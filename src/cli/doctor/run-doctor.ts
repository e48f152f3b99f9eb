import { type ErrorCategory, InstaMedError } from '../../domain/errors.ts';
import { type Document, type Ending, endingOfError, toDocument } from '../answer/document.ts';
import { decorated } from '../output/decoration.ts';
import { renderCheckLine } from '../output/lines.ts';
import type { Format, ProgressMode } from '../program/options.ts';
import { startBusySign } from '../progress/start-progress.ts';
import type { Session } from '../session.ts';
import type { ConnectionFlags } from '../settings/connection.ts';
import { version } from '../version.ts';
import type { CheckResult } from './check.ts';
import { allChecks } from './checks.ts';
import { type Examination, examine } from './examine.ts';
import { Subject } from './subject.ts';

/** Makes every check, shows each as text as soon as it has ended, and gives the document. */
export async function runDoctor(
  flags: ConnectionFlags,
  format: Format,
  progress: ProgressMode,
  session: Session,
): Promise<Document> {
  const { host, signal } = session;
  const startedAt = host.clock.date().toISOString();
  const begin = host.clock.now();
  const probe = await host.openProbe();
  const checks = allChecks(new Subject(session, flags, probe));
  const show = await startShowing(format, session);
  const examination = await examine(checks, {
    clock: host.clock,
    signal,
    onStart: ({ title, mayAsk }) => startBusySign(mayAsk ? 'none' : progress, `Checking: ${title}…`, host),
    onResult: show,
  });
  return toDocument('doctor', endingOf(examination, session), {
    startedAt,
    elapsedMs: Math.round(host.clock.now() - begin),
    environment: { version, ...probe.runtime },
    checks: examination.results,
  });
}

async function startShowing(format: Format, { host }: Session): Promise<(result: CheckResult) => void> {
  if (format.output !== 'text' || format.field !== null) return () => {};
  const plain = renderCheckLine;
  if (!host.stdout.isTTY) return (result) => host.stdout.write(plain(result));
  const view = await decorated(
    () => import('../output/checks.ts'),
    () => null,
  );
  return (result) => {
    try {
      host.stdout.write(view?.renderCheck(result, host.stdout) ?? plain(result));
    } catch {
      host.stdout.write(plain(result));
    }
  };
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
