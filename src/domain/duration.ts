/** The longest time that a timer of Node has, in milliseconds: it fires at once for more. */
export const longestTimerMs = 2 ** 31 - 1;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
type Unit = keyof typeof unitMs;

const pattern =
  /^(?:(\d{1,6}(?:\.\d{1,3})?)h)?(?:(\d{1,6}(?:\.\d{1,3})?)m)?(?:(\d{1,6}(?:\.\d{1,3})?)s)?(?:(\d{1,9})ms)?$/;

/**
 * Milliseconds of a duration such as `90s`, `15m`, `1h30m`, `1.5s` or `500ms`; null where the text is none.
 * A bare number is none: nobody can tell seconds from minutes.
 */
export function parseDuration(text: string): number | null {
  const match = pattern.exec(text);
  if (!match || text === '') return null;
  const units: readonly Unit[] = ['h', 'm', 's', 'ms'];
  return Math.round(units.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unitMs[unit], 0));
}

/** The shortest spelling that `parseDuration` reads back: `15m`, `1h30m`, `1.5s`, `500ms`, `0s`. */
export function formatDuration(exactMs: number): string {
  const ms = Math.round(exactMs);
  if (ms > 0 && ms < unitMs.s) return `${ms}ms`;
  const hours = Math.floor(ms / unitMs.h);
  const minutes = Math.floor((ms % unitMs.h) / unitMs.m);
  const seconds = Math.round(ms % unitMs.m) / unitMs.s;
  const text = [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter(Boolean).join('');
  return text || '0s';
}
