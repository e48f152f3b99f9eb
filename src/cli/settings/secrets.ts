import { usageError } from '../../domain/errors.ts';
import { basicCredentials, percentDecode } from '../../remote/credentials.ts';
import { nearest } from '../input/nearest.ts';
import { readLines } from '../input/read-input.ts';
import type { Host } from '../runtime/host.ts';
import { refuseNodeDebug } from '../runtime/node-debug.ts';
import type { Session } from '../runtime/session.ts';
import { secretPartsOf } from './proxy-setting.ts';
import { nameOf, type SettingKey, type Settings, settingSpecs } from './settings.ts';

/** The variables of this program that may come by stdin as well. */
const knownNames: readonly string[] = [
  ...settingSpecs.flatMap(({ env }) => env as readonly string[]).filter((name) => name.startsWith('INSTAMED_')),
  'INSTAMED_PROFILE',
];

/**
 * What `--secrets-from -` brings: lines of NAME=value with the environment's names, as a file of variables for a shell has
 * them. Variables of other programs are passed by.
 *
 * @throws InstaMedError `usage`, `aborted`
 */
export async function readSecrets(from: string | undefined, session: Session): Promise<ReadonlyMap<string, string>> {
  if (from === undefined) return new Map();
  if (from !== '-') throw usageError('--secrets-from reads stdin only.', 'Use --secrets-from - and pipe the lines in.');
  refuseNodeDebug('what --secrets-from reads', ['stream'], session.host.env);
  const secrets = new Map<string, string>();
  for (const [index, line] of (await readLines(session)).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? [];
    // The line itself may hold a secret, so only its number is told.
    if (name === undefined) {
      throw usageError(
        `Line ${index + 1} of --secrets-from is not NAME=value.`,
        'The names are INSTAMED_SECURITY_KEY and INSTAMED_NVP_PASSWORD; other settings have their names of the environment.',
      );
    }
    if (knownNames.includes(name)) secrets.set(name, withoutQuotes(value));
    else refuseTypo(name, index + 1);
  }
  return secrets;
}

/** The quotation marks around a whole value are the shell's. */
const withoutQuotes = (value: string) => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;

/** With a secret under a mistyped name, the run would go on with another one. */
function refuseTypo(name: string, line: number): void {
  const guess = /^INSTAMED_/i.test(name) ? nearest(name, knownNames) : null;
  if (guess === null) return;
  throw usageError(`Line ${line} of --secrets-from gives no setting of this program.`, `Did you mean ${guess}?`);
}

/** Every secret that the settings hold, in the forms in which they travel. */
export function secretsIn(settings: Settings, env: Host['env']): string[] {
  const { securityKey, nvpPassword, nvpUser, accountId, proxy } = settings;
  const secrets = [securityKey.value ?? '', nvpPassword.value ?? ''];
  if (nvpPassword.value !== null) {
    secrets.push(basicCredentials(nvpUser.value ?? accountId.value ?? '', nvpPassword.value));
  }
  for (const value of [proxy.value, env['HTTPS_PROXY'], env['https_proxy'], env['HTTP_PROXY'], env['http_proxy']]) {
    const parts = value ? secretPartsOf(value) : null;
    if (!parts) continue;
    const { user, password } = parts;
    // A user alone can be an access token.
    secrets.push(password || user, percentDecode(password || user));
    secrets.push(basicCredentials(percentDecode(user), percentDecode(password)));
  }
  return secrets.filter((secret) => secret !== '');
}

/** A longer one is not a secret, but a file given by mistake. */
const longestSecret = 500;

/**
 * From now on these are taken out of what the service says.
 *
 * @throws InstaMedError `usage`: one is too long to be a secret.
 */
export function learnSecrets({ redactor }: Pick<Session, 'redactor'>, ...secrets: readonly string[]): void {
  if (secrets.some(({ length }) => length > longestSecret)) {
    throw usageError(
      `A secret has more than the ${longestSecret} characters that one can have.`,
      'Check where the security key and the NVP password come from: instamed-poll config list',
    );
  }
  redactor.addSecrets(...secrets);
}

/** Whether the ends of a secret look like a part of something else. */
const hasOddEnds = (secret: string): boolean => /^[\s"'`“”„‘’«»]|[\s"'`“”„‘’«»]$/.test(secret);

const oddEnds = 'It begins or ends with a quotation mark or a blank, which is sent as a part of it.';

/** A sentence for each of the secrets with such ends; they are used as they are. */
export function doubtsAbout(settings: Settings, keys: readonly SettingKey[]): string[] {
  const odd = keys.filter((key) => hasOddEnds(settings[key].value ?? ''));
  return odd.map((key) => `Check ${nameOf(key, settings)}. ${oddEnds}`);
}
