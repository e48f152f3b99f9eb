import { usageError } from '../../domain/errors.ts';
import type { Host } from './host.ts';

/** What Node prints with these sections: the environment of a program that it starts, and the bytes that a stream reads. */
type Section = 'child_process' | 'stream';

/**
 * Nothing, where Node's own debugging does not print the secret that is about to be read.
 *
 * @throws InstaMedError `usage`
 */
export function refuseNodeDebug(reading: string, sections: readonly Section[], env: Host['env']): void {
  const shown = sections.find((section) => isDebugged(section, env['NODE_DEBUG'] ?? ''));
  if (!shown) return;
  throw usageError(
    `NODE_DEBUG has Node print what is read (${shown}), and ${reading} is a secret.`,
    'Unset NODE_DEBUG. --debug traces this program without its secrets.',
    'NODE_DEBUG',
  );
}

/** As Node reads the variable: names between commas, in any case, a star for any text. */
function isDebugged(section: string, value: string): boolean {
  return value.split(',').some((name) => {
    const pattern = name.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${pattern}$`, 'i').test(section);
  });
}
