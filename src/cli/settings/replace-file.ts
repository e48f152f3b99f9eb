import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Creates a folder with those above it, one after the other: with `recursive`, Node never returns for a path under /proc. */
export function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    makeFolders(parent);
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** The file itself, where it is kept elsewhere with a symbolic link in its place. */
export function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    throw error;
  }
}

/**
 * Writes a file of secrets at once: a reader meets the old text or the new one, and never a half. What was there before is
 * still there where it throws. Of the temporary files of earlier writers, which were killed, none stays.
 *
 * @param mayReplace asked last; false leaves the file as it was
 */
export function replaceFile(target: string, text: string, mayReplace: () => boolean): boolean {
  sweep(target);
  // The global one: an import would load node:crypto for every command.
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    writeDurably(temporary, text);
    if (!mayReplace()) return false;
    renameSync(temporary, target);
    return true;
  } finally {
    rmSync(temporary, { force: true });
  }
}

const temporaryEnd = /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Only one writer is at work, so a temporary file that is there already belongs to none. */
function sweep(target: string): void {
  const [folder, name] = [dirname(target), basename(target)];
  for (const file of readdirSync(folder)) {
    if (file.startsWith(name) && temporaryEnd.test(file.slice(name.length)))
      rmSync(join(folder, file), { force: true });
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
