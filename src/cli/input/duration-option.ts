import { formatDuration, parseDuration } from '../../domain/duration.ts';
import { usageError } from '../../domain/errors.ts';

/**
 * Milliseconds of a duration given by the user.
 *
 * @throws InstaMedError `usage`, with the fix where only the unit is missing.
 */
export function parseDurationOption(name: string, text: string, leastMs: number, mostMs: number): number {
  const ms = parseDuration(text);
  if (ms === null) {
    const flag = name.startsWith('--') ? `${name} ` : '';
    const fix = /^\d+$/.test(text)
      ? `Give it a unit: ${flag}${text}s or ${flag}${text}m.`
      : 'Write it like 90s, 15m or 1h30m.';
    throw usageError(`${name} is not a duration: "${text}".`, fix);
  }
  if (ms < leastMs || ms > mostMs) {
    throw usageError(
      `${name} is out of range: ${text}.`,
      `It can be from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}.`,
    );
  }
  return ms;
}
