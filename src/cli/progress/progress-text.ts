import { trimBlanks } from '../../base/ascii.ts';
import { shorten, visible } from '../../redact/visible.ts';
import type { TokenEventRecord } from '../answer/event-record.ts';
import { sentenceOf } from '../output/plain-words.ts';
import type { Output } from '../runtime/host.ts';

type Answered = Extract<TokenEventRecord, { event: 'checked' | 'completed' }>;
type Retrying = Extract<TokenEventRecord, { event: 'retrying' }>;

/** A log shows this often that the waiting goes on. */
export const heartbeatMs = 60_000;

/** Minutes and seconds as a clock shows them, with hours where there are any: `0:42`, `1:00:00`. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The time as the heaviest part of a line; with little room its limit goes. */
export function timePart(elapsedMs: number, timeoutMs: number): { readonly text: string; readonly short: string } {
  const elapsed = clockTime(elapsedMs);
  return { text: `${elapsed} / ${clockTime(timeoutMs)}`, short: elapsed };
}

/** Whole seconds: `10 s`. */
export const inSeconds = (ms: number) => `${Math.max(0, Math.round(ms / 1_000))} s`;

export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The state, or the quoted text that nobody knows. */
export function sayStatus({ status, statusText }: Answered): string {
  return status === 'UNKNOWN' ? `unknown status "${shorten(visible(trimBlanks(statusText)), 60)}"` : status;
}

/** An error's sentence on one line. After USED no word may sound like a verdict on the payment. */
export function sayError(
  { what, error: { code, message } }: Pick<Retrying, 'what' | 'error'>,
  sentence: (code: string, message: string) => string = sentenceOf,
): string {
  if (what === 'status' || !soundsLikeVerdict(message)) return shorten(visible(sentence(code, message)), 200);
  const [, own] = /^NVP_(.+)$/.exec(code) ?? [];
  return own === undefined || soundsLikeVerdict(own)
    ? 'The receipt service reported an error.'
    : `The receipt service reported error ${own}.`;
}

/** Words in a quoted error that a clerk could take for the end of the payment. */
export function soundsLikeVerdict(text: string): boolean {
  return /fail|declin|approv/i.test(text);
}

/** Whether a line can be redrawn in the terminal: the spinner, a blank, a character, and a column that stays free. */
export const hasRoom = ({ columns }: Output) => columns >= 4;
