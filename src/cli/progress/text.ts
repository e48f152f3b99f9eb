import { trimBlanks } from '../../base/ascii.ts';
import type { TokenStatus } from '../../domain/token-status.ts';
import { shorten, visible } from '../../redact/visible.ts';
import { countOf } from '../output/plain-words.ts';
import type { Output } from '../runtime/host.ts';
import type { Part } from './compose-line.ts';

/** Minutes and seconds as a clock shows them, with hours where there are any: `0:42`, `1:00:00`. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The time is the heaviest part of a line; with little room its limit goes. */
export function timePart(elapsedMs: number, timeoutMs: number): Part {
  const elapsed = clockTime(elapsedMs);
  return { text: `${elapsed} / ${clockTime(timeoutMs)}`, short: elapsed, weight: 9 };
}

export const checksPart = (checks: number): Part => ({ text: countOf(checks, 'check'), weight: 4 });

/** Whole seconds: `10 s`. */
export const inSeconds = (ms: number) => `${Math.max(0, Math.round(ms / 1_000))} s`;

/** The state, or the quoted text of an unknown one. */
export function formatStatus({ state, text }: TokenStatus): string {
  return state === 'UNKNOWN' ? `unknown status "${shorten(visible(trimBlanks(text)), 60)}"` : state;
}

/** Whether a line can be redrawn in the terminal: the spinner, a blank, a character, and a column that stays free. */
export const hasRoom = ({ columns }: Output) => columns >= 4;
