import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';
import { InstaMedError, usageError } from '../../domain/errors.ts';
import { decodeInput } from '../input/decode-input.ts';
import type { Host } from '../runtime/host.ts';
import { lockFile } from './file-lock.ts';
import type { ProfileEntries } from './parse-profiles.ts';
import { quotePath, requireTrusted, requireTrustedFolder } from './profile-trust.ts';
import { followLinks, makeFolders, replaceFile } from './replace-file.ts';
import { secretKeys } from './settings.ts';

export interface ProfileFile {
  /** Null where there can be none. */
  readonly path: string | null;
  readonly exists: boolean;
  /** Its permission bits; null where there is no file. */
  readonly mode: number | null;
  readonly profiles: Readonly<Record<string, ProfileEntries>>;
}

/** Where profiles are kept, whether or not there is such a file; null where the environment names no folder for it. */
export function profileFilePath({ platform, env, home }: Pick<Host, 'platform' | 'env' | 'home'>): string | null {
  const [path, given] = platform === 'win32' ? [win32, env['APPDATA']] : [posix, env['XDG_CONFIG_HOME']];
  const usual = platform === 'win32' ? ['AppData', 'Roaming'] : ['.config'];
  // The XDG specification has a relative path ignored.
  const folder = given && path.isAbsolute(given) ? given : home && path.join(home, ...usual);
  return folder ? path.join(folder, 'instamed-poll', 'config.json') : null;
}

/**
 * The same where the file is required.
 *
 * @throws InstaMedError `usage`
 */
export function requireProfilePath(host: Pick<Host, 'platform' | 'env' | 'home'>): string {
  const path = profileFilePath(host);
  if (path !== null) return path;
  const names = host.platform === 'win32' ? 'USERPROFILE or APPDATA' : 'HOME or XDG_CONFIG_HOME';
  throw usageError(
    'There is no folder for the profile file, because the environment names no home folder.',
    `Set ${names} to an absolute path.`,
    'NO_PROFILE_FOLDER',
  );
}

/**
 * Reads the profile file; one that is not there is as good as one without profiles.
 *
 * @throws InstaMedError `usage`: it cannot be read, is not what we write, or others can read the secrets in it.
 */
export async function readProfileFile(host: Host): Promise<ProfileFile> {
  return (await readChecked(host)).file;
}

/** Far more than profiles need. */
const mostBytes = 1_048_576;

type Change = (entries: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * Changes one profile in the file and leaves everything else in it as it is. One writer at a time reads the file and replaces
 * it, so that no change is lost, and a reader never meets half a file.
 *
 * @throws InstaMedError `usage`, or `aborted`; the file is as it was before.
 */
export async function changeProfile(host: Host, name: string, change: Change, signal: AbortSignal): Promise<void> {
  const path = requireProfilePath(host);
  try {
    makeFolders(dirname(path));
    requireTrustedFolder(dirname(path), host);
    const target = followLinks(path);
    for (let isDone = false; !isDone; ) {
      const lock = await lockFile(`${target}.lock`, host.clock, signal);
      if (!lock) throw usageError('Other runs are changing the profile file.', `Try again. The lock: ${target}.lock`);
      try {
        isDone = replaceFile(target, await changedText(host, name, change), lock.isHeld);
      } finally {
        lock.release();
      }
    }
  } catch (error) {
    if (error instanceof InstaMedError) throw error;
    throw usageError(
      `The profile file cannot be written: ${path} (${(error as NodeJS.ErrnoException).code}).`,
      'Check who may write to its folder, and whether there is room; what was there before is still there.',
    );
  }
}

async function changedText(host: Host, name: string, change: Change): Promise<string> {
  const { text } = await readChecked(host);
  const root: { readonly profiles?: Readonly<Record<string, object>> } = JSON.parse(text ?? '{}');
  const { [name]: before = {}, ...others } = root.profiles ?? {};
  const after = change({ ...before });
  // In its old place where it had one; a profile of nothing is none.
  const profiles = Object.keys(after).length === 0 ? others : { ...root.profiles, [name]: after };
  return `${JSON.stringify({ ...root, profiles }, null, 2)}\n`;
}

async function readChecked(host: Host): Promise<{ readonly file: ProfileFile; readonly text: string | null }> {
  const path = profileFilePath(host);
  const found = path === null ? null : readFileAt(path);
  if (path === null || !found) return { file: { path, exists: false, mode: null, profiles: {} }, text: null };
  const { text, mode } = found;
  // A run without a file does not load the parser.
  const { parseProfiles } = await import('./parse-profiles.ts');
  const profiles = parseProfiles(text, path);
  if (host.platform !== 'win32' && (mode & 0o077) !== 0 && holdsSecret(profiles)) {
    throw usageError(
      `Other users of this machine can read the secrets in the profile file: ${path}.`,
      `Run: chmod 600 ${quotePath(path)}`,
      'PROFILE_FILE_MODE',
    );
  }
  // For a file with secrets, the line above says what to run for this as well.
  requireTrusted(path, host);
  return { file: { path, exists: true, mode, profiles }, text };
}

function readFileAt(path: string): { readonly text: string; readonly mode: number } | null {
  try {
    if (isMissing(path)) return null;
    // A named pipe, opened without this, would block until something is written to it.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) throw new Error('not a file');
      if (stats.size > mostBytes) throw new Error('larger than 1 MiB');
      return { text: decodeInput(readFileSync(file), `the profile file ${path}`), mode: stats.mode & 0o777 };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof InstaMedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(
      `The profile file cannot be read: ${path} (${code ?? message}).`,
      'Check what it is, and who may read it and its folders.',
    );
  }
}

/**
 * Whether nothing is there.
 *
 * @throws InstaMedError `usage`: a link is there that leads nowhere. The profiles are kept elsewhere, and a run without
 * them could call another address.
 */
function isMissing(path: string): boolean {
  for (const each of [dirname(path), path]) {
    try {
      if (!lstatSync(each).isSymbolicLink()) continue;
      followable(each);
    } catch (error) {
      // The home of a service account can be /dev/null.
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return true;
      throw error;
    }
  }
  return false;
}

function followable(link: string): void {
  if (statSync(link, { throwIfNoEntry: false })) return;
  throw usageError(
    `The profile file cannot be read: ${link} is a link to ${readlinkSync(link)}, which does not exist.`,
    'Restore what it leads to, or remove the link.',
    'PROFILE_FILE_LINK',
  );
}

const holdsSecret = (profiles: ProfileFile['profiles']) =>
  Object.values(profiles).some((entries) => secretKeys.some((key) => Object.hasOwn(entries, key)));
