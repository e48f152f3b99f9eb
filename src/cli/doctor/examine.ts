import { InstaMedError } from '../../domain/errors.ts';
import type { Clock } from '../../poll/clock.ts';
import type { CheckResult, CheckState } from '../answer/check-result.ts';
import type { Check } from './check.ts';

export interface Examination {
  /** In order. After a stop signal the last one is what it interrupted. */
  readonly results: readonly CheckResult[];
  /** What the failed checks threw, in order. */
  readonly errors: readonly InstaMedError[];
}

export interface Examiner {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when a check begins; what it returns is called when the check has ended. */
  onStart(check: Check): () => void;
  onResult(result: CheckResult): void;
}

/**
 * Makes every check that can be made, one after the other. One that needs a failed one is skipped and says which one failed
 * in the first place.
 */
export async function examine(checks: readonly Check[], examiner: Examiner): Promise<Examination> {
  const results: CheckResult[] = [];
  const errors: InstaMedError[] = [];
  /** For each check that ended: the title of the failed one that keeps others from being made, or null. */
  const blockers = new Map<string, string | null>();
  for (const check of checks) {
    if (examiner.signal.aborted) break;
    const twin = (await check.twin?.()) ?? null;
    if (twin !== null) {
      blockers.set(check.id, blockers.get(twin) ?? null);
      continue;
    }
    const blocker = check.needs.map((id) => blockers.get(id) ?? null).find((title) => title !== null) ?? null;
    const { result, error } = blocker === null ? await make(check, examiner) : { result: skip(check, blocker) };
    if (error) errors.push(error);
    blockers.set(check.id, error ? check.title : blocker);
    results.push(result);
    examiner.onResult(result);
  }
  return { results, errors };
}

interface Made {
  readonly result: CheckResult;
  readonly error?: InstaMedError;
}

async function make(check: Check, { clock, signal, onStart }: Examiner): Promise<Made> {
  const begin = clock.now();
  const onEnd = onStart(check);
  const end = (state: CheckState, detail: string, remedy: string | null) =>
    toResult(check, state, detail, remedy, Math.round(clock.now() - begin));
  try {
    const { detail, remedy = null, isSkipped = false } = await check.run();
    return { result: end(isSkipped ? 'skipped' : remedy === null ? 'ok' : 'warning', detail, remedy) };
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    if (signal.aborted) return { result: end('skipped', 'Stopped before it had ended.', null) };
    return { result: end('failed', error.message, error.hint), error };
  } finally {
    onEnd();
  }
}

const skip = (check: Check, blocker: string) =>
  toResult(check, 'skipped', `Not made, because this failed: ${blocker}.`, null, 0);

function toResult(
  { id, title }: Check,
  state: CheckState,
  detail: string,
  remedy: string | null,
  ms: number,
): CheckResult {
  return { id, title, state, detail, remedy, ms };
}
