import { lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type InstaMedError, usageError } from '../../domain/errors.ts';
import type { Host } from '../runtime/host.ts';

/**
 * Nothing, where only the user and the administrator can change what the profile file says. It names programs that are run and
 * hosts that credentials are sent to. Looked at are the file and its folder, by the names that they were found by and, behind
 * symbolic links, where they really are.
 *
 * @throws InstaMedError `usage`, with what to run
 */
export function requireTrusted(path: string, { platform, userId }: Pick<Host, 'platform' | 'userId'>): void {
  if (platform === 'win32' || userId === null) return;
  const target = realpathSync(path);
  for (const each of new Set([path, dirname(path), target, dirname(target)])) requireOwn(each, userId);
}

/** The same for the folder alone, before a file is written into it. */
export function requireTrustedFolder(folder: string, { platform, userId }: Pick<Host, 'platform' | 'userId'>): void {
  if (platform === 'win32' || userId === null) return;
  for (const each of new Set([folder, realpathSync(folder)])) requireOwn(each, userId);
}

function requireOwn(path: string, userId: number): void {
  const stats = lstatSync(path);
  const what = stats.isDirectory() ? 'folder of the profile file' : 'profile file';
  if (stats.uid !== userId && stats.uid !== 0) {
    throw untrusted(
      `The ${what} belongs to another user (user ID ${stats.uid}): ${path}.`,
      `If you trust what is in it, run as an administrator: chown ${stats.isSymbolicLink() ? '-h ' : ''}${userId} ${quotePath(path)}`,
    );
  }
  // A symbolic link has no mode of its own.
  if (stats.isSymbolicLink() || (stats.mode & 0o022) === 0) return;
  throw untrusted(
    `Other users of this machine can change the ${what}: ${path} (mode ${modeText(stats.mode)}).`,
    `Check what is in it, then run: chmod go-w ${quotePath(path)}`,
  );
}

const untrusted = (message: string, hint: string): InstaMedError => usageError(message, hint, 'PROFILE_FILE_UNTRUSTED');

/** As `chmod` writes it. */
const modeText = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0');

/** A path that can be pasted into a shell. */
export const quotePath = (path: string) =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
