import { resolve } from 'node:path';
import { parseEndpoint } from '../../domain/endpoint.ts';
import { usageError } from '../../domain/errors.ts';
import { parseDurationOption } from '../input/duration-option.ts';
import type { Session } from '../runtime/session.ts';
import { readCertificateFile } from './ca-file.ts';
import { parseProxy } from './proxy-setting.ts';
import { type SettingKey, settingSpecs } from './settings.ts';

/**
 * A value without control characters, which neither XML nor a header could carry, and without the character that Node puts in
 * place of a byte that is not UTF-8.
 *
 * @throws InstaMedError `usage`, without the value.
 */
export function parsePlain(value: string, name: string): string {
  if (value.includes('\uFFFD')) {
    throw usageError(`${name} is not valid UTF-8 text.`, 'Give it again in UTF-8.', 'NOT_UTF8');
  }
  if (!/[\p{Cc}\p{Cs}]/u.test(value)) return value;
  throw usageError(`${name} holds a control character.`, 'Enter it again, without line breaks.');
}

export function parseSoapVersion(text: string, name: string): '1.1' | '1.2' {
  if (text === '1.1' || text === '1.2') return text;
  throw usageError(`Unsupported ${name} "${text}".`, 'Use 1.1 or 1.2.');
}

/**
 * The user of Basic authentication, which ends at the first colon.
 *
 * @throws InstaMedError `usage`
 */
export function parseNvpUser(value: string, name: string): string {
  if (!value.includes(':')) return value;
  throw usageError(`The ${name} contains a colon, which a user name cannot have.`, 'Give the user name alone.');
}

export const parseRequestTimeout = (text: string, name: string): number =>
  parseDurationOption(name, text, 1_000, 300_000);

/** What the program asks of a value when it uses it, beyond that it is plain text. */
const checks: Readonly<Partial<Record<SettingKey, (value: string, session: Session) => unknown>>> = {
  statusUrl: (value) => parseEndpoint(value, 'status URL'),
  receiptUrl: (value) => parseEndpoint(value, 'receipt URL'),
  soapVersion: (value) => parseSoapVersion(value, 'SOAP version'),
  requestTimeout: (value) => parseRequestTimeout(value, 'requestTimeout'),
  nvpUser: (value) => parseNvpUser(value, 'NVP user'),
  caFile: (value, session) => readCertificateFile(value, 'CA file', session),
  proxy: (value) => parseProxy(value, 'config set'),
};

/**
 * The value as a profile keeps it, if the program will take it later.
 *
 * @throws InstaMedError `usage`, or `aborted`
 */
export async function checkSetting(key: SettingKey, given: string, session: Session): Promise<string> {
  if (given === '')
    throw usageError(`${key} was given an empty value.`, `To take it out: instamed-poll config unset ${key}`);
  const value = parsePlain(given, key);
  if (isNamed(value, key)) {
    throw usageError(
      `${key} was given a line of NAME=value.`,
      `Give the value alone, which is what stands behind the equals sign. Nothing was kept.`,
    );
  }
  await checks[key]?.(value, session);
  // The program may be started in another folder next time.
  return key === 'caFile' ? absolute(value) : value;
}

/** Whether a value begins with the setting's own name, as in a file of variables. */
export function isNamed(value: string, key: SettingKey): boolean {
  const env: readonly string[] = settingSpecs.find((spec) => spec.key === key)?.env ?? [];
  const name = /^\s*(?:export\s+|set\s+)?([A-Za-z_]\w*)\s*=/.exec(value)?.[1] ?? '';
  return [key, ...env].some((known) => known.toLowerCase() === name.toLowerCase());
}

/** @throws InstaMedError `usage`: the folder that we are in was deleted. */
function absolute(path: string): string {
  try {
    return resolve(path);
  } catch (error) {
    throw usageError(
      `The current folder cannot be found (${(error as NodeJS.ErrnoException).code}).`,
      'Give the CA file with its full path.',
    );
  }
}
