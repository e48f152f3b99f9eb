import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/answer/exit-codes.ts';
import { guides } from '../../src/cli/commands/registry.ts';
import { listOptions } from '../../src/cli/program/command-tree.ts';
import { otherVariables } from '../../src/cli/program/help-topics.ts';
import { type SettingSpec, settingSpecs } from '../../src/cli/settings/settings.ts';
import { shippedFiles } from '../../src/cli/shipped-files.ts';
import { scenarios } from '../../src/sim/scenarios.ts';
import { programCommands } from '../support/readme-parts.ts';
import { lacksTool } from '../support/real-tools.ts';
import { Spawned, scratch } from '../support/spawn-cli.ts';

const page = (await shippedFiles('1.2.3')).get('man/instamed-poll.1') ?? '';

/** The page as it reads, without its markup. */
const text = page
  .replace(/^\.\w+ ?/gm, '')
  .replace(/\\f[BIR]|\\&|\\:/g, '')
  .replace(/\\\((aq|ga|ha|ti)/g, (_sign, name: string) => ({ aq: "'", ga: '`', ha: '^', ti: '~' })[name] ?? '')
  .replaceAll('\\-', '-')
  .replaceAll('\\e', '\\');

test('has the sections that a manual page has', () => {
  expect(page.startsWith('.TH INSTAMED\\-POLL 1 "" "instamed\\-poll 1.2.3"')).toBe(true);
  const sections = [...page.matchAll(/^\.SH (.*)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(
    'NAME,SYNOPSIS,COMMANDS,CONNECTION OPTIONS,EXIT STATUS,OUTPUT,ENVIRONMENT,SCENARIOS'.split(','),
  );
});

test.each(programCommands.map((command) => [command.name(), command] as const))('describes %s', (name, command) => {
  expect(text).toContain(`instamed-poll ${name} ${command.usage()}\n`);
  expect(text).toContain(command.description());
  for (const { flags, description } of listOptions(command)) {
    expect(text).toContain(`\n${flags}\n`);
    expect(text).toContain(description.replaceAll('…', '...'));
  }
  for (const example of guides.get(name)?.examples ?? ['no example']) expect(text).toContain(`\n${example}\n`);
});

test('has every exit code, every outcome, every setting and every scenario', () => {
  for (const { code, outcomes, when } of exitCodes) {
    expect(text).toContain(`\n${code}\n${when.replaceAll(/[`*]/g, '')} Outcome: ${outcomes.join(', ')}.\n`);
  }
  for (const { env, label, key, flag } of settingSpecs as readonly SettingSpec[]) {
    expect(text).toContain(`\n${env.join(', ')}\n${label}; ${flag ? `flag ${flag.split(' ')[0]}` : 'no flag'}`);
    expect(text).toContain(`profile key ${key};`);
  }
  for (const name of otherVariables) expect(text).toContain(name);
  for (const { name, does } of scenarios) expect(text).toContain(`\n${name}\n${does} `);
});

test('is plain ASCII, and no line of text is taken for a request', () => {
  expect(page).toMatch(/^[\n -~]+$/);
  const requests = new Set([...page.matchAll(/^[.'](\S*)/gm)].map(([, name]) => name));
  expect([...requests].sort()).toEqual(['B', 'PP', 'SH', 'SS', 'TH', 'TP', 'ad', 'fi', 'nf', 'nh']);
  expect(text).not.toMatch(/\\|undefined|\[object/);
});

test.skipIf(lacksTool('man')).each(['60', '80', '200'])('man has nothing to warn of at %s columns', async (columns) => {
  const file = join(scratch, 'instamed-poll.1');
  writeFileSync(file, page);
  const env = { MANWIDTH: columns, MAN_KEEP_FORMATTING: '', LC_ALL: 'C.UTF-8' };
  const { code, stdout, stderr } = await new Spawned('man', ['--warnings', '-E', 'UTF-8', '-l', file], { env }).exited;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { code: exit } of exitCodes) expect(stdout).toMatch(new RegExp(`^ {7}${exit}\\b`, 'm'));
});
