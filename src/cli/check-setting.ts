import { resolve } from 'node:path';
import { parseEndpoint } from '../domain/endpoint.ts';
import { usageError } from '../domain/errors.ts';
import { parseDurationOption } from './duration-option.ts';
import type { SettingKey } from './settings.ts';
import { checkProxy, readCertificateFile } from './transport-options.ts';

/**
 * A value without control characters, which neither XML nor a header could carry.
 *
 * @throws InstaMedError `usage`, without the value.
 */
export function parsePlain(value: string, name: string): string {
  if (!/[\p{Cc}\p{Cs}]/u.test(value)) return value;
  throw usageError(`${name} holds a control character.`, 'Enter it again, without line breaks.');
}

export function parseSoapVersion(text: string): '1.1' | '1.2' {
  if (text === '1.1' || text === '1.2') return text;
  throw usageError(`There is no SOAP version "${text}" here.`, 'It can be 1.1 or 1.2.');
}

export const parseRequestTimeout = (name: string, text: string): number =>
  parseDurationOption(name, text, 1_000, 300_000);

/** What the program asks of a value when it uses it, beyond that it is plain text. */
const checks: Readonly<Partial<Record<SettingKey, (value: string) => unknown>>> = {
  statusUrl: (value) => parseEndpoint(value, 'status URL'),
  receiptUrl: (value) => parseEndpoint(value, 'receipt URL'),
  soapVersion: parseSoapVersion,
  requestTimeout: (value) => parseRequestTimeout('requestTimeout', value),
  caFile: readCertificateFile,
  proxy: (value) => checkProxy(value, 'config set'),
};

/**
 * The value as a profile keeps it, if the program will take it later.
 *
 * @throws InstaMedError `usage`
 */
export function checkSetting(key: SettingKey, given: string): string {
  if (given === '')
    throw usageError(`${key} was given an empty value.`, `To take it out: instamed-poll config unset ${key}`);
  const value = parsePlain(given, key);
  checks[key]?.(value);
  // The program may be started in another folder next time.
  return key === 'caFile' ? resolve(value) : value;
}
