import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a process can be told by that it was started with SIGHUP ignored. */
export interface HangupSigns {
  /** `_` of the environment, in which most shells write the program that they start. */
  readonly startedAs: string | undefined;
  /** The signals that the parent ignores, and so its children when they start; null where nobody tells. */
  readonly ignoredByParent: bigint | null;
}

const hangupBit = 1n;

/**
 * Whether SIGHUP was ignored when the program started, as `nohup` has it. Before it runs any script Node gives every signal
 * back its usual effect, so the process itself does not show it any more.
 */
export const wasHangupIgnored = ({ startedAs = '', ignoredByParent }: HangupSigns): boolean =>
  basename(startedAs) === 'nohup' || ((ignoredByParent ?? 0n) & hangupBit) !== 0n;

/** The signs of this process. Of Linux's parents alone it is known what they ignore. */
export function hangupSigns(): HangupSigns {
  return { startedAs: process.env['_'], ignoredByParent: ignoredBy(process.ppid) };
}

function ignoredBy(pid: number): bigint | null {
  if (process.platform !== 'linux') return null;
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return mask === undefined ? null : BigInt(`0x${mask}`);
  } catch {
    // Without /proc, or where the parent is gone, nothing is known.
    return null;
  }
}
