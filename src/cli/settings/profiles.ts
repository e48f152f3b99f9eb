import { type InstaMedError, usageError } from '../../domain/errors.ts';
import { simulatorPort, simulatorSettings } from '../../sim/settings.ts';
import { nearest } from '../input/nearest.ts';
import type { Host } from '../runtime/host.ts';
import type { ProfileEntries } from './parse-profiles.ts';
import { readProfileFile } from './profile-file.ts';
import { type Profile, profileKeys } from './settings.ts';

const defaultName = 'default';

/** The profile in which `instamed-poll simulate` is reached as it starts by default. */
const simulator: Profile = {
  name: 'simulator',
  values: {
    ...simulatorSettings,
    statusUrl: `http://127.0.0.1:${simulatorPort}/providers/Forms/WebServices/SSOService.asmx`,
    receiptUrl: `http://127.0.0.1:${simulatorPort}/payment/NVP.aspx`,
  },
};

/**
 * The named profile; `default` is empty until somebody fills it.
 *
 * @throws InstaMedError `usage`: no profile has this name, it has a key that is no setting, or the file is no good.
 */
export async function loadProfile(wanted: string, host: Host): Promise<Profile> {
  // Built in, so that no trouble with the file keeps anybody from the simulator.
  if (wanted === simulator.name) return simulator;
  const file = await readProfileFile(host);
  if (Object.hasOwn(file.profiles, wanted)) return toProfile(wanted, file.profiles[wanted] ?? {}, file.path);
  if (wanted === defaultName) return { name: wanted, values: {} };
  throw await unknownProfile(wanted, host);
}

export async function unknownProfile(name: string, host: Host): Promise<InstaMedError> {
  const names = await listProfileNames(host);
  const guess = nearest(name, names);
  return usageError(
    `There is no profile named "${name}".`,
    `${guess ? `Did you mean ${guess}? ` : ''}The profiles are: ${names.join(', ')}.`,
  );
}

/**
 * Nothing, where a profile of the file can have this name.
 *
 * @throws InstaMedError `usage`
 */
export function requireOwnName(name: string): void {
  if (name === simulator.name) {
    throw usageError('The profile "simulator" is built in and cannot be changed.', 'Give another --profile.');
  }
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) {
    throw usageError(
      'That is no name for a profile.',
      'It can have letters, digits, dots, dashes and underscores, 64 of them at most.',
    );
  }
}

/** Whether it is the one whose values this program brings along. */
export const isBuiltIn = ({ name }: Profile): boolean => name === simulator.name;

/** The profiles that need no file. */
export const builtInNames: readonly string[] = [defaultName, simulator.name];

/**
 * Every profile that `--profile` takes.
 *
 * @throws InstaMedError `usage`: the file is no good.
 */
export async function listProfileNames(host: Host): Promise<string[]> {
  const { profiles } = await readProfileFile(host);
  return [...new Set([...builtInNames, ...Object.keys(profiles)])];
}

/** The name of the profile that a run uses. */
export const profileNameOf = (flags: { readonly profile?: string }, { env }: Host): string =>
  flags.profile ?? (env['INSTAMED_PROFILE'] || defaultName);

/** A slip in a key must not go by in silence: the program would then call another address, or leave out a password. */
function toProfile(name: string, entries: ProfileEntries, path: string | null): Profile {
  const values: Record<string, string> = {};
  const commands: Record<string, readonly string[]> = {};
  for (const [key, entry] of Object.entries(entries)) {
    if (!profileKeys.includes(key)) throw unknownKey(name, key, path);
    if (typeof entry === 'string') values[key] = entry;
    else commands[key.replace(/Command$/, '')] = entry;
  }
  return { name, values, commands };
}

function unknownKey(name: string, key: string, path: string | null): InstaMedError {
  const guess = nearest(key, profileKeys);
  return usageError(
    `The profile "${name}" has a key that is no setting: "${key}" (${path}).`,
    `${guess ? `Did you mean ${guess}? ` : ''}Fix the file, or remove the key: instamed-poll config unset ${key}${name === defaultName ? '' : ` --profile ${name}`}`,
    'UNKNOWN_PROFILE_KEY',
  );
}
