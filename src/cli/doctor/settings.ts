import { InstaMedError, usageError } from '../../domain/errors.ts';
import { splitPem } from '../settings/ca-file.ts';
import { readProfileFile } from '../settings/profile-file.ts';
import { doubtsAbout } from '../settings/secrets.ts';
import { isGiven, nameOf, type SettingKey, type Settings, settingSpecs } from '../settings/settings.ts';
import type { Check, Finding } from './check.ts';
import type { Side, Subject } from './subject.ts';

/** What package.json asks for; a test compares them. */
export const oldestNode = '20.18.1';

/** Everything that can be told without the network. */
export function settingsChecks(subject: Subject): Check[] {
  return [
    { id: 'node', title: 'Node', needs: [], run: async () => checkNode(subject.probe.runtime.node) },
    { id: 'profile-file', title: 'Profile file', needs: [], run: () => checkProfileFile(subject) },
    { id: 'settings', title: 'Settings', needs: ['profile-file'], run: () => checkSources(subject) },
    { ...secretCheck, id: 'account', title: 'Account for the status', run: () => checkAccount(subject) },
    { ...secretCheck, id: 'outlet', title: 'Outlet for the receipt', run: () => checkOutlet(subject) },
    { id: 'nvp-password', title: 'NVP password', needs: ['settings'], run: () => checkNvpPassword(subject) },
    { id: 'ca-file', title: 'CA file', needs: ['settings'], run: () => checkCaFile(subject) },
    urlCheck('status', subject),
    urlCheck('receipt', subject),
  ];
}

/** A missing secret is asked for, as it would be for the call itself. */
const secretCheck = { needs: ['settings'], mayAsk: true } as const;

function checkNode(version: string): Finding {
  if (compareVersions(version, oldestNode) >= 0) return { detail: version };
  throw usageError(`Node ${version} is older than ${oldestNode}.`, 'Install a newer Node: https://nodejs.org');
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)));
  for (const [i, part] of (left ?? []).entries()) {
    if (part !== right?.[i]) return part - (right?.[i] ?? 0);
  }
  return 0;
}

/** A file that is damaged, or that others can read, is refused by the reader. */
async function checkProfileFile({ session }: Subject): Promise<Finding> {
  const { path, exists, mode, profiles } = await readProfileFile(session.host);
  if (!exists) return { detail: `none (${path ?? 'the environment names no home folder'})` };
  const modeText = mode === null ? '' : `mode ${(mode & 0o777).toString(8).padStart(4, '0')}; `;
  return { detail: `${path}; ${modeText}profiles: ${Object.keys(profiles).join(', ') || 'none'}` };
}

/** Values that no check of its own looks at are looked at here. */
async function checkSources(subject: Subject): Promise<Finding> {
  const settings = await subject.settings();
  await subject.requestLimits();
  await subject.proxies();
  return { detail: describeSources(settings) };
}

/** Sources alone: a report may be shown to anybody. */
function describeSources(settings: Settings): string {
  const keys = settingSpecs.map(({ key }) => key);
  const layer = (name: string) => keys.filter((key) => settings[key].layer === name).join(', ');
  const given = new Map<string, SettingKey[]>();
  for (const key of keys) {
    if (['default', 'unset'].includes(settings[key].layer)) continue;
    const source = saySource(settings, key);
    given.set(source, [...(given.get(source) ?? []), key]);
  }
  const sources = [...given].map(([source, names]) => `from ${source}: ${names.join(', ')}`);
  const parts = [sources.join('; ') || 'none is given', `by default: ${layer('default') || 'none'}`];
  return [...parts, `not set: ${layer('unset') || 'none'}`].join('; ');
}

function saySource(settings: Settings, key: SettingKey): string {
  const { layer, source } = settings[key];
  return layer === 'profile' ? `profile "${source}"` : source;
}

async function checkAccount(subject: Subject): Promise<Finding> {
  const doubts = doubtsAbout(await subject.account(), ['securityKey']);
  return { detail: 'account ID, alias and security key are set', ...remedyOf(doubts) };
}

const outletKeys = ['merchantId', 'storeId', 'terminalId'] as const;

async function checkOutlet(subject: Subject): Promise<Finding> {
  const given = await subject.settings();
  if (outletKeys.every((key) => !isGiven(given[key]))) {
    return {
      detail: 'merchant, store and terminal are not set: without them no receipt can be read',
      remedy: 'To set them: instamed-poll config set merchantId VALUE, and so storeId and terminalId.',
      isSkipped: true,
    };
  }
  const settings = await subject.complete('receipt');
  const password = settings.nvpPassword.value === null ? 'no NVP password, so no Authorization header is sent' : '';
  const detail = ['merchant, store and terminal are set', password].filter((part) => part !== '').join('; ');
  return { detail, ...remedyOf(doubtsAbout(settings, ['nvpPassword'])) };
}

/** A doubt makes a warning of a finding. */
const remedyOf = (doubts: readonly string[]) => (doubts.length === 0 ? {} : { remedy: doubts.join(' ') });

/** A password is tried by reading a receipt, which takes a token. */
async function checkNvpPassword(subject: Subject): Promise<Finding> {
  const { nvpPassword } = await subject.settings();
  if (isGiven(nvpPassword)) {
    return {
      detail: 'set, but not tried: no receipt was read',
      remedy: 'To try it with a token that is USED: instamed-poll receipt TOKEN',
      isSkipped: true,
    };
  }
  return {
    detail: 'not set: receipts are requested without credentials',
    remedy:
      'If receipts are refused, set it: instamed-poll config set nvpPassword (it asks for the value). It is not the security key.',
  };
}

async function checkCaFile(subject: Subject): Promise<Finding> {
  const { caFile } = await subject.settings();
  const extra = subject.session.host.env['NODE_EXTRA_CA_CERTS'];
  const isExtraAlone = caFile.source === 'NODE_EXTRA_CA_CERTS';
  const files = [...new Set([isExtraAlone ? '' : (caFile.value ?? ''), extra ?? ''])].filter((file) => file !== '');
  if (files.length === 0) return { detail: "none: Node's own store" };
  try {
    const details: string[] = [];
    for (const file of files) details.push(await describeCertificates(file, subject));
    return { detail: details.join('; ') };
  } catch (error) {
    // Node itself goes on without the file of its variable.
    if (!(error instanceof InstaMedError) || !isExtraAlone) throw error;
    return { detail: `${error.message} Node goes on without it.`, remedy: 'Correct NODE_EXTRA_CA_CERTS, or unset it.' };
  }
}

async function describeCertificates(file: string, subject: Subject): Promise<string> {
  const settings = await subject.settings();
  const name = file === settings.caFile.value ? nameOf('caFile', settings) : 'CA file (from NODE_EXTRA_CA_CERTS)';
  const count = splitPem(await subject.certificates(file, name)).length;
  return `${file}: ${count === 1 ? '1 certificate' : `${count} certificates`}`;
}

function urlCheck(side: Side, subject: Subject): Check {
  const title = side === 'status' ? 'Status URL' : 'Receipt URL';
  const run = async () => {
    // A query may hold what is nobody's business.
    const { origin, pathname } = await subject.url(side);
    return { detail: origin + pathname };
  };
  return { id: `${side}-url`, title, needs: ['settings'], run };
}
