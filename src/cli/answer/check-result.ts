export type CheckState = 'ok' | 'warning' | 'failed' | 'skipped';

/** A check of the doctor as it ended; what the document holds. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly state: CheckState;
  readonly detail: string;
  /** How to fix it; null where there is nothing to fix. */
  readonly remedy: string | null;
  readonly ms: number;
}
