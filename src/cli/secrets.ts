import { usageError } from '../domain/errors.ts';
import { basicCredentials, percentDecode } from '../remote/credentials.ts';
import type { Host } from './host.ts';
import { readLines, type Session } from './session.ts';
import type { Settings } from './settings.ts';

/**
 * Secrets that `--secrets-from -` brings: lines of NAME=value with the environment's names; other lines are blank or
 * comments.
 *
 * @throws InstaMedError `usage`.
 */
export async function readSecrets(from: string | undefined, session: Session): Promise<ReadonlyMap<string, string>> {
  if (from === undefined) return new Map();
  if (from !== '-') throw usageError('--secrets-from reads stdin only.', 'Use --secrets-from - and pipe the lines in.');
  const secrets = new Map<string, string>();
  for (const [index, line] of (await readLines(session)).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const match = /^\s*(?:export\s+)?(INSTAMED_SECURITY_KEY|INSTAMED_NVP_PASSWORD)=(.*)$/.exec(line);
    // The line itself may hold a secret, so only its number is told.
    if (!match) {
      throw usageError(
        `Line ${index + 1} of --secrets-from is not NAME=value.`,
        'The names are INSTAMED_SECURITY_KEY and INSTAMED_NVP_PASSWORD; values stand as they are, without quotes.',
      );
    }
    secrets.set(match[1] as string, match[2] as string);
  }
  return secrets;
}

/** Every secret that the settings hold, in the forms in which they travel. */
export function secretsIn(settings: Settings, env: Host['env']): string[] {
  const { securityKey, nvpPassword, nvpUser, accountId, proxy } = settings;
  const secrets = [securityKey.value ?? '', nvpPassword.value ?? ''];
  if (nvpPassword.value !== null) {
    secrets.push(basicCredentials(nvpUser.value ?? accountId.value ?? '', nvpPassword.value));
  }
  for (const url of [proxy.value, env['HTTPS_PROXY'], env['https_proxy'], env['HTTP_PROXY'], env['http_proxy']]) {
    if (!url || !URL.canParse(url)) continue;
    const { username, password } = new URL(url);
    if (username === '' && password === '') continue;
    secrets.push(password, percentDecode(password), basicCredentials(percentDecode(username), percentDecode(password)));
  }
  return secrets.filter((secret) => secret !== '');
}

/** A longer one is no secret, but a file that somebody gave by mistake. */
const longestSecret = 500;

/**
 * From now on these are taken out of what the service says.
 *
 * @throws InstaMedError `usage`: one is too long to be a secret.
 */
export function learnSecrets({ vault }: Pick<Session, 'vault'>, ...secrets: readonly string[]): void {
  if (secrets.some(({ length }) => length > longestSecret)) {
    throw usageError(
      `A secret has more than the ${longestSecret} characters that one can have.`,
      'Check where the security key and the NVP password come from: instamed-poll config list',
    );
  }
  vault.addSecrets(...secrets);
}
