import { readFileSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { usageError } from '../domain/errors.ts';
import type { Host } from './host.ts';
import { type ProfileEntries, parseProfiles } from './parse-profiles.ts';
import { replaceFile } from './replace-file.ts';
import { secretKeys } from './settings.ts';

export interface ProfileFile {
  readonly path: string;
  readonly exists: boolean;
  /** Its permission bits; null where there is no file. */
  readonly mode: number | null;
  readonly profiles: Readonly<Record<string, ProfileEntries>>;
}

/** Where profiles are kept, whether or not there is such a file. */
export function profileFilePath({ platform, env, home }: Pick<Host, 'platform' | 'env' | 'home'>): string {
  if (platform === 'win32') {
    const folder = env['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
    return win32.join(folder, 'instamed-poll', 'config.json');
  }
  const { XDG_CONFIG_HOME: folder = '' } = env;
  // The XDG specification has a relative path ignored.
  return posix.join(posix.isAbsolute(folder) ? folder : posix.join(home, '.config'), 'instamed-poll', 'config.json');
}

/**
 * Reads the profile file; one that is not there is as good as one without profiles.
 *
 * @throws InstaMedError `usage`: it cannot be read, is not what we write, or others can read the secrets in it.
 */
export function readProfileFile(host: Host): ProfileFile {
  return readChecked(host).file;
}

/**
 * Changes one profile in the file and leaves everything else in it as it is. The new file takes the place of the old one
 * at once, so that a reader, or a second writer, never meets half a file.
 *
 * @throws InstaMedError `usage`
 */
export function changeProfile(
  host: Host,
  name: string,
  change: (entries: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): void {
  const { file, text } = readChecked(host);
  const root: { readonly profiles?: Readonly<Record<string, object>> } = JSON.parse(text ?? '{}');
  const { [name]: before = {}, ...others } = root.profiles ?? {};
  const after = change({ ...before });
  // In its old place where it had one; a profile of nothing is none.
  const profiles = Object.keys(after).length === 0 ? others : { ...root.profiles, [name]: after };
  replaceFile(file.path, `${JSON.stringify({ ...root, profiles }, null, 2)}\n`);
}

function readChecked(host: Host): { readonly file: ProfileFile; readonly text: string | null } {
  const path = profileFilePath(host);
  const found = readFileAt(path);
  if (!found) return { file: { path, exists: false, mode: null, profiles: {} }, text: null };
  const { text, mode } = found;
  const profiles = parseProfiles(text, path);
  if (host.platform !== 'win32' && (mode & 0o077) !== 0 && holdsSecret(profiles)) {
    throw usageError(
      `Other users of this machine can read the secrets in the profile file: ${path}.`,
      `Run: chmod 600 ${/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`,
      'PROFILE_FILE_MODE',
    );
  }
  return { file: { path, exists: true, mode, profiles }, text };
}

function readFileAt(path: string): { readonly text: string; readonly mode: number } | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return null;
    // A named pipe, opened, would hold us for ever.
    if (!stats.isFile()) throw new Error('it is no file');
    return { text: readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), mode: stats.mode & 0o777 };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The home of a service account can be /dev/null.
    if (code === 'ENOTDIR') return null;
    throw usageError(
      `The profile file cannot be read: ${path} (${code ?? message}).`,
      'Check what it is, and who may read it and its folders.',
    );
  }
}

const holdsSecret = (profiles: ProfileFile['profiles']) =>
  Object.values(profiles).some((entries) => secretKeys.some((key) => Object.hasOwn(entries, key)));
