/** What a check found where nothing failed. */
export interface Finding {
  readonly detail: string;
  /** Makes it a warning, unless the check was not made. */
  readonly remedy?: string;
  /** There was nothing to check, or nothing that may be checked; the remedy then says how to. */
  readonly isSkipped?: true;
}

export interface Check {
  /** Stable: scripts go by it. */
  readonly id: string;
  readonly title: string;
  /** The checks without which this one cannot be made. */
  readonly needs: readonly string[];
  /** Whether somebody may have to type meanwhile. Nothing of ours is then drawn over that. */
  readonly mayAsk?: true;
  /** @throws InstaMedError what failed; its hint is the remedy. */
  run(): Promise<Finding>;
  /** The check that this one would only repeat, if there is one. It then stands for both. */
  twin?(): Promise<string | null>;
}
