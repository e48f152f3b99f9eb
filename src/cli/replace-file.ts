import { closeSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { usageError } from '../domain/errors.ts';

/**
 * Writes a file of secrets at once: a reader, or a second writer, meets the old text or the new one, and never a half.
 *
 * @throws InstaMedError `usage`; what was there before is still there.
 */
export function replaceFile(path: string, text: string): void {
  let temporary: string | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = followLinks(path);
    // The global one: an import would load node:crypto for every command.
    temporary = `${target}.${crypto.randomUUID()}.tmp`;
    writeDurably(temporary, text);
    renameSync(temporary, target);
  } catch (error) {
    if (temporary) rmSync(temporary, { force: true });
    throw usageError(
      `The profile file cannot be written: ${path} (${(error as NodeJS.ErrnoException).code}).`,
      'Check who may write to its folder, and whether there is room; what was there before is still there.',
    );
  }
}

/** Somebody may keep the file elsewhere, with a symbolic link in its place. */
function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    throw error;
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
