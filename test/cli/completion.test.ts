import { Argument, Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { type CompletedCommand, completedCommands } from '../../src/cli/program/completion/words.ts';
import { profileKeys } from '../../src/cli/settings/settings.ts';
import { scenarios } from '../../src/sim/scenarios.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { programCommands } from '../support/readme-parts.ts';
import { run } from '../support/run-cli.ts';

const program = programCommands[0]?.parent as Command;

describe('what can be completed', () => {
  const found = (profiles: readonly string[] = [], root = program) =>
    new Map(completedCommands(root, profiles).map((command) => [command.path, command]));
  const optionOf = (command: CompletedCommand | undefined, name: string) =>
    command?.options.find(({ names }) => names.includes(name));

  test('has every command with its own options', () => {
    expect([...found().keys()].filter((path) => !path.includes(' '))).toEqual([
      '',
      ...program.commands.map((command) => command.name()),
    ]);
    expect(found().get('')?.operand).toEqual(program.commands.map((command) => command.name()));
    expect(
      found()
        .get('decode')
        ?.options.flatMap(({ names }) => names),
    ).toEqual(expect.arrayContaining(['--exit-status', '-o', '--output', '--json', '--field', '-h', '--help']));
    expect(optionOf(found().get('decode'), '--timeout')).toBeUndefined();
  });

  test.each([
    ['wait', '--output', ['text', 'json', 'ndjson']],
    ['status', '-o', ['text', 'json']],
    ['status', '--expect', ['NEW', 'USED', 'EXPIRED']],
    ['wait', '--soap-version', ['1.1', '1.2']],
    ['wait', '--secrets-from', ['-']],
    ['wait', '--ca-file', 'files'],
    ['wait', '--alias', null],
  ])('%s %s takes %j', (path, name, value) => {
    expect(optionOf(found().get(path), name)).toMatchObject({ takesValue: true, value });
  });

  test('an option without a value takes none', () => {
    expect(optionOf(found().get('wait'), '--no-receipt')).toMatchObject({ takesValue: false, value: null });
  });

  test.each([
    ['wait', null],
    ['decode', 'files'],
    ['demo', scenarios.map(({ name }) => name)],
    ['completion', ['bash', 'zsh', 'fish', 'powershell']],
    ['config', ['list', 'get', 'set', 'unset', 'path']],
    ['config get', profileKeys],
  ])('the argument of %s is one of %j', (path, operand) => {
    expect(found().get(path)?.operand).toEqual(operand);
  });

  test('help takes every command and every topic', () => {
    const names = program.commands.map((command) => command.name());
    expect(found().get('help')?.operand).toEqual([...names, 'exit-codes', 'environment', 'output', 'scenarios']);
  });

  test('profiles are offered, but for names that a shell would take for something else', () => {
    const profiles = ['default', 'till-2', 'a b', '$(reboot)', '`x`', "it's", 'x;y', ''];
    expect(optionOf(found(profiles).get('wait'), '--profile')?.value).toEqual(['default', 'till-2']);
  });

  test('the profiles of the file are offered beside those that are built in', async () => {
    const { env } = makeConfigHome({ profiles: { clinic: { alias: 'a' } } });
    const { stdout } = await run(['completion', 'bash'], { env });
    for (const name of ['default', 'simulator', 'clinic']) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test.each<[string, unknown, number]>([
    ['is damaged', '{"profiles": {"clinic": canary', 0o600],
    [
      'may not be used, because others can read its secrets',
      { profiles: { clinic: { securityKey: 'canary' } } },
      0o644,
    ],
  ])('a file of profiles that %s leaves those that are built in, and the shell in peace', async (_says, file, mode) => {
    const { code, stdout, stderr } = await run(['completion', 'bash'], makeConfigHome(file, mode));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\bdefault simulator\b/);
    expect(stdout).not.toMatch(/clinic|canary/);
  });

  test('a command below a command has its whole path', () => {
    const root = new Command('instamed-poll').helpCommand(false);
    const config = root.command('config').helpCommand(false);
    config
      .command('get')
      .addArgument(new Argument('<key>').choices(['alias']))
      .addOption(new Option('--json'));
    config.command('list');
    const paths = found([], root);
    expect([...paths.keys()]).toEqual(['', 'config', 'config get', 'config list']);
    expect(paths.get('config')).toMatchObject({ operand: ['get', 'list'], hasSubcommands: true });
    expect(paths.get('config get')).toMatchObject({ operand: ['alias'], hasSubcommands: false });
  });
});

describe.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s', (shell) => {
  test('has every command, option, choice and profile', async () => {
    const { code, stdout, stderr } = await run(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const words = new Set(stdout.split(/[\s'"(){}|,=:+[\]]+/));
    for (const { path, options, operand } of completedCommands(program, ['default', 'simulator'])) {
      const names = options.flatMap((option) => option.names);
      const said = shell === 'fish' ? names.map((name) => name.replace(/^--?/, '')) : names;
      const values = [operand, ...options.map(({ value }) => value)].flatMap((each) =>
        Array.isArray(each) ? each : [],
      );
      expect([...path.split(' '), ...said, ...values].filter((word) => !words.has(word))).toEqual([]);
    }
  });

  test('is of plain text, and says how to load it', async () => {
    const { stdout } = await run(['completion', shell]);
    expect(stdout).toMatch(
      new RegExp(`^(?:#compdef instamed-poll\\n)?# \\w+ completion for instamed-poll: .*completion ${shell}`),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]|undefined|\[object/);
    expect(stdout.endsWith('\n')).toBe(true);
  });
});
