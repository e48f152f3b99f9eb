import type { Command, Option } from 'commander';
import { scenarios } from '../../sim/scenarios.ts';
import { codesOfEndings, exitCodes } from '../answer/exit-codes.ts';
import { flagName, type SettingSpec, settingSpecs } from '../settings/settings.ts';
import { type CommandGuide, type CommandNode, listCommands, listOptions } from './command-tree.ts';
import { helpTopics, otherVariables, precedence } from './help-topics.ts';

/** The manual page, from the tables that the program itself goes by: roff for groff and mandoc, in plain ASCII. */
export function renderManPage(program: Command, guides: ReadonlyMap<string, CommandGuide>, version: string): string {
  const nodes = listCommands(program);
  const shared = nodes.flatMap(({ command }) => listOptions(command)).filter(isConnection);
  const connection = [...new Map(shared.map((option) => [option.flags, option])).values()];
  return [
    // Without a date, so that the same source makes the same file.
    `.TH INSTAMED\\-POLL 1 "" "instamed\\-poll ${toRoff(version)}" "User Commands"`,
    // Neither hyphenated nor stretched: people copy words out of it.
    '.nh',
    '.ad l',
    '.SH NAME',
    `instamed\\-poll \\- ${toRoff(lowerFirst(program.description()).replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    '.B instamed\\-poll',
    toRoff('<command> [options]'),
    '.SH COMMANDS',
    ...nodes.flatMap((node) => describeCommand(node, guides.get(node.path))),
    '.SH CONNECTION OPTIONS',
    ...paragraph('The commands that ask InstaMed take these as well.'),
    ...connection.flatMap(describeOption),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(({ code, outcomes, when }) =>
      entry(bold(String(code)), `${when} Outcome: ${outcomes.join(', ')}.`),
    ),
    '.SH OUTPUT',
    ...verbatim(helpTopics['output']?.() ?? ''),
    '.SH ENVIRONMENT',
    ...paragraph(`${precedence}.`),
    ...(settingSpecs as readonly SettingSpec[]).flatMap(describeSetting),
    ...paragraph(`Also read: ${otherVariables.join(', ')}.`),
    '.SH SCENARIOS',
    ...paragraph('What the simulator can play, for demo and simulate.'),
    ...scenarios.flatMap(({ name, does, ends }) => entry(bold(name), `${does} Ends: ${ends}.`)),
    '',
  ].join('\n');
}

function describeCommand({ path, command }: CommandNode, guide: CommandGuide | undefined): readonly string[] {
  const codes = codesOfEndings(guide?.endings ?? []).map(([code, endings]) => `${code} (${endings})`);
  return [
    `.SS ${bold(`instamed-poll ${path}`)} ${toRoff(command.usage())}`,
    ...paragraph(command.description()),
    ...command.registeredArguments.flatMap((argument) =>
      entry(italic(argument.name()), withChoices(argument.description, argument.argChoices)),
    ),
    ...listOptions(command)
      .filter((option) => !isConnection(option))
      .flatMap(describeOption),
    ...(guide ? [...paragraph('Examples:'), ...verbatim(guide.examples.join('\n'))] : []),
    ...(codes.length > 0 ? paragraph(`Exit codes: ${codes.join(', ')}.`) : []),
  ];
}

const isConnection = (option: Option) => option.helpGroupHeading !== undefined;

function describeOption({ flags, description, argChoices, defaultValue }: Option): readonly string[] {
  const fallback = defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : ` (default: ${defaultValue})`;
  return entry(bold(flags), `${withChoices(description, argChoices)}${fallback}`);
}

const withChoices = (description: string, choices: readonly string[] | undefined) =>
  choices ? `${description}: ${choices.join(', ')}` : description;

function describeSetting({ label, env, flag, key, fallback, fallbackNote }: SettingSpec): readonly string[] {
  const ways = flag ? `flag ${flagName(flag)}` : 'no flag, because it is a secret';
  const title = env.map(bold).join(', ');
  return entry(title, `${label}; ${ways}; profile key ${key}; default: ${fallback ?? fallbackNote ?? 'none'}.`);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const paragraph = (text: string) => ['.PP', toRoff(text)];
const entry = (title: string, text: string) => ['.TP', title, toRoff(text)];
const verbatim = (text: string) => ['.PP', '.nf', ...text.trimEnd().split('\n').map(toRoff), '.fi'];
const bold = (text: string) => `\\fB${toRoff(text)}\\fR`;
const italic = (text: string) => `\\fI${toRoff(text)}\\fR`;

/**
 * Text as roff: a hyphen that can be copied, nothing that starts a request, URLs that can be broken, and in bold what
 * stands between backquotes or double stars.
 */
function toRoff(text: string): string {
  const plain = text
    .replaceAll('…', '...')
    .replace(/[\\'`^~-]/g, (sign) => signs[sign] ?? sign)
    .replace(/[^\n\t -~]/gu, (sign) => `\\[u${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/^\./, '\\&.')
    .replace(/https?:\/\/\S+/g, (url) => url.replaceAll('/', '/\\:'));
  return plain.replace(/\\\(ga(.+?)\\\(ga|\*\*(.+?)\*\*/g, (_all, code, strong) => `\\fB${code ?? strong}\\fR`);
}

const signs: Readonly<Record<string, string>> = {
  '\\': '\\e',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '-': '\\-',
};
