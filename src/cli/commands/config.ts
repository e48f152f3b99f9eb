import { Command, Option } from 'commander';
import { usageError } from '../../domain/errors.ts';
import { type ShownSetting, toDocument } from '../answer/document.ts';
import type { Answer, Format } from '../answer/format.ts';
import type { Session } from '../runtime/session.ts';
import { changeSetting, isOfSecret, removeSetting, requireKey } from '../settings/change-profile.ts';
import { gatherSettings, type SettingFlags } from '../settings/gather-settings.ts';
import { profileFilePath, requireProfilePath } from '../settings/profile-file.ts';
import { profileNameOf } from '../settings/profiles.ts';
import { showProxy } from '../settings/proxy-setting.ts';
import { profileKeys, type SettingKey, type SettingSpec, type Settings, settingSpecs } from '../settings/settings.ts';
import { addOutputOptions, type OutputFlags, toFormat } from './options.ts';
import type { CommandSpec } from './session.ts';

interface ConfigFlags extends OutputFlags, SettingFlags {}

/** What a word after `config` does: the parts of its document, and which of them is the answer where text is wanted. */
interface Done {
  readonly summary: string;
  readonly settings?: Readonly<Record<string, ShownSetting>>;
  readonly field?: string;
}

type Run = (words: readonly string[], flags: ConfigFlags, session: Session) => Done | Promise<Done>;

export function configCommand(): CommandSpec {
  const command = new Command('config')
    .description('Reads and writes profiles: settings that are kept under a name. It never shows a secret.')
    .helpCommand(false);
  const subcommands = [
    part(new Command('list').summary('show every setting, its value and where that comes from'), list),
    part(new Command('get').summary('print one value, bare').argument('<key>', keyHelp), get),
    part(
      new Command('set')
        .summary('keep a value; a secret is asked for, or read from stdin')
        .argument('<key>', keyHelp)
        .argument('[value...]', 'the value; for a …Command, the program and its arguments')
        // The words of a command may have options of their own, and a secret may begin with a dash and must not be quoted.
        .allowUnknownOption(),
      set,
    ),
    part(new Command('unset').summary('take a value out').argument('<key>', keyHelp), unset),
    part(new Command('path').summary('print where the profiles are kept'), showPath),
  ];
  return { command, subcommands };
}

const keyHelp = `one of ${profileKeys.join(', ')}`;

/** One of the words after `config`, with the options that all of them have. */
function part(command: Command, run: Run): CommandSpec {
  const summary = command.summary();
  command
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .addOption(new Option('--profile <name>', 'the profile (env: INSTAMED_PROFILE; default: default)'));
  return {
    command: addOutputOptions(command, ['text', 'json'], 'profile'),
    // Of a line with unknown options commander keeps all the words here alone.
    run: (parsed, session) => answer(run, parsed.args, parsed.opts<ConfigFlags>(), session),
  };
}

async function answer(run: Run, words: readonly string[], flags: ConfigFlags, session: Session): Promise<Answer> {
  const format = toFormat(flags, 'config');
  const { summary, settings, field } = await run(words, flags, session);
  const parts = {
    profile: profileNameOf(flags, session.host),
    path: profileFilePath(session.host) ?? '',
    ...(settings && { settings }),
  };
  return { document: toDocument('config', { outcome: 'answered', summary }, parts), format: bare(format, field) };
}

/** One value is printed alone, unless another form was asked for. */
const bare = (format: Format, field?: string): Format =>
  field !== undefined && format.output === 'text' && format.field === null ? { ...format, field } : format;

async function list(_words: readonly string[], flags: ConfigFlags, session: Session): Promise<Done> {
  const settings = await gatherSettings(flags, session);
  return {
    summary: `What a run with the profile "${profileNameOf(flags, session.host)}" would use.`,
    settings: Object.fromEntries(settingSpecs.map((spec) => [spec.key, show(spec, settings)])),
  };
}

async function get([given = '']: readonly string[], flags: ConfigFlags, session: Session): Promise<Done> {
  const key = requireKey(given);
  if (isOfSecret(key)) {
    throw usageError(
      `${key} belongs to a secret and is never printed.`,
      'Where a secret comes from: instamed-poll config list',
    );
  }
  const settings = await gatherSettings(flags, session);
  const spec = settingSpecs.find((known) => known.key === key) as SettingSpec & { key: SettingKey };
  const shown = show(spec, settings);
  return {
    summary: `${key} is ${shown.value === null ? 'not set' : 'set'}.`,
    settings: { [key]: shown },
    field: `settings.${key}.value`,
  };
}

function show(spec: SettingSpec & { key: SettingKey }, settings: Settings): ShownSetting {
  const { value, layer, source, command } = settings[spec.key];
  if (layer === 'unset') return { value, layer, source: spec.fallbackNote ?? '' };
  if (spec.isSecret) return { value: '***', layer, source: command ? `${source} (${spec.key}Command)` : source };
  // A proxy's address may hold a password.
  return { value: value && spec.key === 'proxy' ? showProxy(value) : value, layer, source };
}

async function set([given = '', ...words]: readonly string[], flags: ConfigFlags, session: Session): Promise<Done> {
  const summary = await changeSetting(requireKey(given), words, profileNameOf(flags, session.host), session);
  return { summary, field: 'summary' };
}

async function unset([given = '']: readonly string[], flags: ConfigFlags, session: Session): Promise<Done> {
  const summary = await removeSetting(given, profileNameOf(flags, session.host), session);
  return { summary, field: 'summary' };
}

const showPath = (_words: readonly string[], _flags: ConfigFlags, { host }: Session): Done => ({
  summary: `Profiles are kept in ${requireProfilePath(host)}.`,
  field: 'path',
});
