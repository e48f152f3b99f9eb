import { usageError } from '../../domain/errors.ts';
import { nearest } from '../input/nearest.ts';
import { readLines } from '../input/read-input.ts';
import { refuseNodeDebug } from '../runtime/node-debug.ts';
import { readHiddenLine, type Session } from '../runtime/session.ts';
import { checkSetting } from './check-setting.ts';
import { changeProfile, readProfileFile, requireProfilePath } from './profile-file.ts';
import { requireOwnName, unknownProfile } from './profiles.ts';
import { learnSecrets } from './secrets.ts';
import { commandKeys, labelOf, profileKeys, type SettingKey, secretKeys } from './settings.ts';

/** Whether the key stands for a secret, or for the command that prints one. */
export const isOfSecret = (key: string): boolean => secretKeys.includes(key) || commandKeys.includes(key);

/**
 * The key of a setting, or of a command that prints one.
 *
 * @throws InstaMedError `usage`
 */
export function requireKey(given: string): string {
  if (profileKeys.includes(given)) return given;
  const guess = nearest(given.replace(/=.*/s, ''), profileKeys);
  const hint = guess ? `Did you mean ${guess}?` : `The settings are: ${profileKeys.join(', ')}.`;
  // Whatever has more than letters may be a secret that somebody wrote behind an equals sign, or in place of the key.
  if (!/^[A-Za-z]{1,30}$/.test(given)) {
    throw usageError('That is no name of a setting.', `${hint} Key and value are two words.`);
  }
  throw usageError(`There is no setting named "${given}".`, hint);
}

/**
 * Keeps a value in a profile, and says so. Of a secret and the command that prints it only one can be there, so each takes
 * the place of the other.
 *
 * @throws InstaMedError `usage`, or `aborted`; then the file is as it was.
 */
export async function changeSetting(
  key: string,
  words: readonly string[],
  profile: string,
  session: Session,
): Promise<string> {
  const { host } = session;
  requireOwnName(profile);
  requireProfilePath(host);
  // Before somebody types a secret in vain.
  const before = (await readProfileFile(host)).profiles[profile] ?? {};
  const value = await readValue(key, words, session);
  const other = otherWay(key);
  const change = (entries: Readonly<Record<string, unknown>>) => {
    const kept = Object.entries(entries).filter(([name]) => name !== other);
    return { ...Object.fromEntries(kept), [key]: value };
  };
  await changeProfile(host, profile, change, session.signal);
  const replaced = other !== null && Object.hasOwn(before, other) ? ` It takes the place of ${other}.` : '';
  return `${key} is kept in the profile "${profile}" now.${replaced}`;
}

/** The command of a secret, the secret of a command, and nothing for anything else. */
function otherWay(key: string): string | null {
  if (secretKeys.includes(key)) return `${key}Command`;
  return commandKeys.includes(key) ? key.replace(/Command$/, '') : null;
}

/**
 * Takes a value out of a profile, and says so; one that we do not know, too.
 *
 * @throws InstaMedError `usage`
 */
export async function removeSetting(key: string, profile: string, { host, signal }: Session): Promise<string> {
  requireOwnName(profile);
  requireProfilePath(host);
  const { profiles } = await readProfileFile(host);
  const entries = Object.hasOwn(profiles, profile) ? (profiles[profile] ?? {}) : null;
  if (!entries && profile !== 'default') throw await unknownProfile(profile, host);
  if (!entries || !Object.hasOwn(entries, key)) {
    return `${requireKey(key)} was not set in the profile "${profile}"; nothing was changed.`;
  }
  await changeProfile(host, profile, ({ [key]: _removed, ...kept }) => kept, signal);
  return `${key} is no longer in the profile "${profile}".`;
}

function readValue(key: string, words: readonly string[], session: Session): Promise<string> | string[] {
  if (secretKeys.includes(key)) return readSecretValue(key as SettingKey, words, session);
  if (commandKeys.includes(key)) {
    if (words.length > 0 && words[0] !== '') return [...words];
    throw usageError(
      `${key} was given no program.`,
      `Write it like: instamed-poll config set ${key} pass show instamed`,
    );
  }
  const [value, ...others] = words;
  if (value === undefined) {
    throw usageError(`${key} was given no value.`, `Write it like: instamed-poll config set ${key} VALUE`);
  }
  if (others.length > 0 || value.startsWith('--')) {
    throw usageError(
      `${key} takes one value, and no unknown option.`,
      'Put quotation marks around a value with blanks in it.',
    );
  }
  return checkSetting(key as SettingKey, value, session);
}

async function readSecretValue(key: SettingKey, words: readonly string[], session: Session): Promise<string> {
  const { host } = session;
  if (words.some((word) => word !== '-')) {
    throw usageError(
      `${key} was given as an argument, so it is in the history of your shell now, and other users may have seen it. It was not kept.`,
      `Take it out of the history, or have it changed. Then run: instamed-poll config set ${key}, and type it when asked, or pipe it in.`,
    );
  }
  refuseNodeDebug(`the value of ${key}`, ['stream'], host.env);
  const value = host.stdinIsTTY ? await readHiddenLine(labelOf(key), session) : ((await readLines(session))[0] ?? '');
  learnSecrets(session, value);
  if (value === '') throw usageError(`No value came for ${key}.`, 'Type it when asked, or pipe it in as one line.');
  return checkSetting(key, value, session);
}
