import { readHiddenLine, type Session } from '../runtime/session.ts';
import { isBuiltIn, loadProfile, profileNameOf } from './profiles.ts';
import { readSecretFrom } from './secret-command.ts';
import { learnSecrets, readSecrets, secretsIn } from './secrets.ts';
import {
  labelOf,
  missingSettings,
  requireSettings,
  resolveSettings,
  type SettingKey,
  type Settings,
} from './settings.ts';

export interface SettingFlags extends Readonly<Record<string, unknown>> {
  readonly profile?: string;
  readonly secretsFrom?: string;
}

/**
 * Every setting with its source. Nothing is run or asked for yet: a secret that a command prints has that in place of its
 * value.
 *
 * @throws InstaMedError `usage`
 */
export async function gatherSettings(flags: SettingFlags, session: Session): Promise<Settings> {
  const { host } = session;
  const secrets = await readSecrets(flags.secretsFrom, session);
  const name = flags.profile ?? (secrets.get('INSTAMED_PROFILE') || profileNameOf(flags, host));
  const profile = await loadProfile(name, host);
  const goesFirst = flags.profile !== undefined && isBuiltIn(profile);
  const settings = resolveSettings({ flags, secrets, env: host.env, profile: { ...profile, goesFirst } });
  learnSecrets(session, ...secretsIn(settings, host.env));
  return settings;
}

export interface NeededSettings {
  /** What must be there. */
  readonly required: readonly SettingKey[];
  /** The secrets that will be used, if they are there. */
  readonly secrets: readonly SettingKey[];
  /** After how long a command that prints a secret is shown to be running. Default: as for any single step. */
  readonly signAfterMs?: number | undefined;
}

/**
 * The settings with the secrets that are needed: those of commands are run for, and one that is missing is asked for,
 * where somebody is there to type it and nothing else is missing.
 *
 * @throws InstaMedError `usage`, or `aborted`
 */
export async function completeSecrets(
  settings: Settings,
  { required, secrets, signAfterMs }: NeededSettings,
  flags: SettingFlags,
  session: Session,
): Promise<Settings> {
  const { host } = session;
  const missing = missingSettings(settings, required);
  const isSecret = (key: SettingKey) => secrets.includes(key);
  const toAsk = missing.length > 0 && missing.every(isSecret) && mayAsk(session) ? missing : [];
  if (toAsk.length === 0) requireSettings(settings, required, profileNameOf(flags, host));
  const complete: Record<SettingKey, Settings[SettingKey]> = { ...settings };
  for (const key of secrets) {
    const { command } = settings[key];
    if (command) {
      const endSign = session.showRunning(`Running ${key}Command…`, signAfterMs);
      const value = await readSecretFrom({ key: `${key}Command`, argv: command }, session).finally(endSign);
      complete[key] = { ...settings[key], value };
    } else if (toAsk.includes(key)) {
      const value = await readHiddenLine(labelOf(key), session);
      if (value !== '') complete[key] = { value, layer: 'flag', source: 'the prompt' };
    }
  }
  // With a secret come the Basic credentials that hold it.
  learnSecrets(session, ...secretsIn(complete, host.env));
  requireSettings(complete, required, profileNameOf(flags, host));
  return complete;
}

/** A run that is to be silent, or that takes something else from stdin, asks for nothing; nor does one in CI. */
function mayAsk({ host, argv, isQuiet }: Session): boolean {
  const usesStdin = argv.some((word) => word === '-' || word.endsWith('=-'));
  return host.stdinIsTTY && host.stderr.isTTY && !host.env['CI'] && !usesStdin && !isQuiet;
}
