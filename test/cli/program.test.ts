import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/answer/exit-codes.ts';
import { buildProgram } from '../../src/cli/build-program.ts';
import { guides } from '../../src/cli/commands/registry.ts';
import { version } from '../../src/cli/output/version.ts';
import { listCommands } from '../../src/cli/program/command-tree.ts';
import { settingSpecs } from '../../src/cli/settings/settings.ts';
import { scenarios } from '../../src/sim/scenarios.ts';
import { readDocument } from '../support/check-document.ts';
import { endingRows } from '../support/ending-rows.ts';
import { quietHooks, run, token } from '../support/run-cli.ts';

/** The commands as they are attached; nothing of the session is used before one of them runs. */
const commands: readonly Command[] = (await buildProgram('1.2.3', quietHooks)).commands;
const names = commands.map((command) => command.name());

/** The arguments that a command wants, so that what is wrong is the rest of the line. */
const wanted = (command: Command) =>
  command.registeredArguments.filter((arg) => arg.required).map(({ argChoices }) => argChoices?.[0] ?? token);

test('the commands are there, in the order of help', () => {
  expect(names).toEqual(
    expect.arrayContaining(['wait', 'status', 'receipt', 'decode', 'demo', 'simulate', 'schema', 'completion', 'help']),
  );
  expect(names[0]).toBe('wait');
});

describe('help and version', () => {
  test('the list that is shown without loading the commands is that of the commands', async () => {
    expect((await run(['--help'])).stdout).toBe((await run(['help'])).stdout);
  });

  test.each([['--help'], ['-h'], ['help']])('%s is on stdout and ends with 0', async (flag) => {
    const { code, stdout, stderr } = await run([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: instamed-poll \[options\] \[command\]\n/);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name}\\b.* {2}\\S`, 'm'));
    expect(stdout).toContain('Try it without an account:  instamed-poll demo\n');
    expect(stdout).toContain('What the exit codes mean:   instamed-poll help exit-codes\n');
  });

  test.each([['--version'], ['-V']])('%s is on stdout alone', async (flag) => {
    expect(await run([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('the version from source says so', () => {
    expect(version).toBe('0.0.0-source');
  });

  test('the bare program prints its help on stderr and ends with 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe((await run(['--help'])).stdout);
  });

  test('-- alone is the bare program, too', async () => {
    const { code, stdout, stderr } = await run(['--']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: instamed-poll/);
    expect(stderr).not.toContain('outputHelp');
  });

  test.each([
    ['into a pipe, for 100 columns', { columns: 80 }, true],
    ['on a terminal of 80 columns', { tty: true, columns: 80 }, false],
    ['on a terminal of 120 columns', { tty: true, columns: 120 }, true],
  ])('help %s is folded to that width', async (_name, world, isOneLine) => {
    const sentence = 'Waits for an InstaMed payment to complete, reads its receipt, and reports the outcome.';
    expect(sentence).toHaveLength(86);
    expect((await run(['--help'], world)).stdout.includes(`\n${sentence}\n`)).toBe(isOneLine);
    expect((await run([], world)).stderr.includes(`\n${sentence}\n`)).toBe(isOneLine);
  });
});

describe.each(commands.map((command) => [command.name(), command] as const))('%s', (name, command) => {
  test('--help, -h and help show its help on stdout, with 0', async () => {
    const { code, stdout, stderr, opened } = await run([name, '--help']);
    expect({ code, stderr, opened }).toEqual({ code: 0, stderr: '', opened: [] });
    expect(stdout).toMatch(new RegExp(`^Usage: instamed-poll ${name}\\b`));
    expect(stdout).toContain(command.description().slice(0, 30));
    expect(await run([name, '-h'])).toMatchObject({ code, stdout, stderr });
    expect(await run(['help', name])).toMatchObject({ code, stdout, stderr });
  });

  test('its help ends with an example, and with the exit codes that it can have', async () => {
    const { stdout } = await run([name, '--help'], { tty: true, columns: 300 });
    const [, example = '', codes = ''] =
      /\nExamples?:\n((?: {2}.+\n)+)\nExit codes \(instamed-poll help exit-codes says more\):\n((?: +\d+ {2}.+\n)+)$/.exec(
        stdout,
      ) ?? [];
    expect(example).toContain(`instamed-poll ${name}`);
    const known = new Map(exitCodes.map(({ code, outcomes }) => [code, ['done', ...outcomes]]));
    const rows = codes
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split('  ') as [string, string]);
    for (const [code, endings] of rows)
      expect(known.get(Number(code))).toEqual(expect.arrayContaining(endings.split(', ')));
    expect(rows.map(([code]) => Number(code))).toEqual(expect.arrayContaining([1, 2]));
  });

  test('a slip in an option names the nearest one', async () => {
    const longs = ['--help', ...command.options.map((option) => option.long ?? '--help')];
    for (const long of longs) {
      const { code, stderr } = await run([name, ...wanted(command), `${long}x`]);
      expect(code).toBe(2);
      expect(stderr).toMatch(new RegExp(`\\nDid you mean (?:one of .*)?${long}\\b`));
    }
  });

  test('an unknown option is a usage error that says where to look, as a sentence or as a document', async () => {
    const shown = await run([name, ...wanted(command), '--no-such-flag']);
    expect({ ...shown, stderr: '' }).toMatchObject({ code: 2, stdout: '', opened: [] });
    expect(shown.stderr).toBe(`instamed-poll: Unknown option '--no-such-flag'.\nSee: instamed-poll ${name} --help\n`);
    const { code, stdout } = await run([name, ...wanted(command), '--no-such-flag', '--json']);
    expect(code).toBe(2);
    const isAboutPayment = ['status', 'wait', 'receipt', 'decode', 'demo'].includes(name);
    expect(readDocument({ stdout }, name)).toEqual({
      schemaVersion: 1,
      command: name,
      outcome: 'usage-error',
      exitCode: 2,
      ...(isAboutPayment && { money: 'unknown', final: false }),
      summary: "Unknown option '--no-such-flag'.",
      error: {
        code: 'USAGE',
        category: 'usage',
        message: "Unknown option '--no-such-flag'.",
        hint: `See: instamed-poll ${name} --help`,
        retryable: false,
        reference: null,
        next: null,
      },
    });
  });
});

const wanting = commands.flatMap((command) => {
  const [argument] = command.registeredArguments;
  return argument?.required ? [[command.name(), argument.name()] as const] : [];
});

test.each(wanting)('%s names the argument that is missing: %s', async (name, argument) => {
  const { code, stderr } = await run([name]);
  expect(code).toBe(2);
  expect(stderr).toBe(`instamed-poll: Missing required argument '${argument}'.\nSee: instamed-poll ${name} --help\n`);
});

test('every command that can be run has a guide, and every guide a command', () => {
  const nodes = listCommands(commands[0]?.parent as Command);
  const leaves = nodes.filter(({ command }) => command.commands.length === 0).map(({ path }) => path);
  expect(leaves.filter((path) => !guides.has(path))).toEqual([]);
  expect([...guides.keys()].filter((path) => !nodes.some((node) => node.path === path))).toEqual([]);
});

const examples = [...guides.values()].flatMap((guide) => guide.examples);

test('every example in help parses, and runs its command', async () => {
  expect(examples.length).toBeGreaterThan(10);
  for (const example of examples) {
    const [, line = ''] = /instamed-poll ([^|>)]*)/.exec(example) ?? [];
    const ran: string[] = [];
    const program = await buildProgram('1.2.3', {
      ...quietHooks,
      run: async (command) => void ran.push(command.name()),
    });
    await program.parseAsync(line.trim().split(' '), { from: 'user' });
    expect([example, ran.length]).toEqual([example, 1]);
    expect(line.split(' ')).toContain(ran[0]);
  }
});

test('the guides know every ending that a command can have', () => {
  const missing = endingRows.filter(
    ({ argv: [command = ''], outcome }) => !guides.get(command)?.endings.includes(outcome),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('the help of wait tells where each setting also comes from', async () => {
  const text = (await run(['wait', '--help'])).stdout.replace(/\s+/g, ' ');
  expect(text).toContain('--account-id <id> SSO account ID (env: INSTAMED_ACCOUNT_ID)');
  expect(text).toContain('--nvp-user <user> NVP user (env: INSTAMED_NVP_USER; default: the account ID)');
  expect(text).toContain("CA file (env: INSTAMED_CA_FILE, NODE_EXTRA_CA_CERTS; default: Node's store)");
  expect(text).toContain('proxy (env: HTTPS_PROXY, https_proxy; default: none;');
  expect(text).toContain('--soap-version <1.1|1.2> SOAP version (env: INSTAMED_SOAP_VERSION; default: 1.1)');
});

describe('a slip', () => {
  test.each([
    [['wiat', token], /^instamed-poll: Unknown command 'wiat'\.\nDid you mean wait\? See: instamed-poll/],
    [['wait', token, '--tiemout', '5m'], /^instamed-poll: Unknown option '--tiemout'\.\nDid you mean --timeout\? See/],
    [['wait', token, '--interval'], /^instamed-poll: Option '--interval <duration>' argument missing\.\n/],
    [['wait', token, '-o', 'xml'], /Allowed choices are text, json, ndjson\.\n/],
    [['wait', token, '--progress', 'loud'], /Allowed choices are auto, plain, json, none\.\n/],
    [['demo', 'no-such'], /Allowed choices are approved, declined, /],
  ])('%j is told', async (argv, says) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  test.each([
    [['wait', token, '-o', 'jsn'], 'json'],
    [['status', token, '--expect', 'used'], 'USED'],
    [['receipt', token, '--progress', 'plan'], 'plain'],
    [['demo', 'decline'], 'declined'],
    [['schema', 'recept'], 'receipt'],
    [['schema', 'event'], 'events'],
    [['completion', 'zhs'], 'zsh'],
    [['help', 'exitcodes'], 'exit-codes'],
    [['help', 'Scenarios'], 'scenarios'],
    [['help', 'recept'], 'receipt'],
  ])('%j is told the nearest: %s', async (argv, nearest) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`\nDid you mean ${nearest}? See: instamed-poll ${argv[0]} --help\n`);
  });

  test.each([
    ['status', [token, 'more']],
    ['receipt', [token, 'more']],
    ['decode', ['-', 'more']],
    ['demo', ['approved', 'more']],
    ['simulate', ['more']],
    ['schema', ['wait', 'more']],
    ['completion', ['bash', 'more']],
    ['doctor', ['more']],
    ['help', ['output', 'more']],
  ])('%s takes no more arguments than it has', async (name, words) => {
    const { code, stdout, stderr } = await run([name, ...words], { stdin: 'transactionStatus=C' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^instamed-poll: Too many arguments for '${name}'\\. Expected \\d`));
  });

  test.each([
    ['simulate', '--port', '65536', '--port is not a port: "65536".'],
    ['simulate', '--port', 'x', '--port is not a port: "x".'],
    ['simulate', '--used-after', '5', '--used-after is not a duration: "5".'],
    ['simulate', '--used-after', '25h', '--used-after is out of range: 25h.'],
    ['demo', '--speed', '0', '--speed is not a whole number from 1: "0".'],
  ])('%s %s %s is refused before anything is served', async (name, flag, value, says) => {
    const { code, stdout, stderr } = await run([name, flag, value]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`instamed-poll: ${says}\n`);
  });
});

test.each(['status', 'receipt', 'decode'])('%s has no events, so no ndjson', async (name) => {
  const { code, stderr } = await run([name, '-', '-o', 'ndjson'], { stdin: token });
  expect(code).toBe(2);
  expect(stderr).toMatch(/Allowed choices are text, json\.\n/);
});

describe('help on a topic', () => {
  const topic = async (name: string) => {
    const { code, stdout, stderr } = await run(['help', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('exit-codes has every code with its outcomes', async () => {
    const text = await topic('exit-codes');
    for (const { code, outcomes } of exitCodes) {
      expect(text).toMatch(new RegExp(`^ +${code}  \\S.*\\n +outcome: ${outcomes.join(', ')}$`, 'm'));
    }
    expect(text).toContain('money may have moved. Do not charge again');
    expect(text).not.toMatch(/[`*]/);
  });

  test('environment has every setting with its variables, flag and default', async () => {
    const text = await topic('environment');
    for (const { label, env } of settingSpecs) expect(text).toContain(`  ${label}\n      ${env.join(', ')}   (`);
    expect(text).toContain(
      '(--status-url; default: https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx)',
    );
    expect(text).toContain('(no flag: a secret; default: none: no Authorization header is sent)');
    expect(text).toContain('(--alias; default: none)');
    expect(text).toContain('INSTAMED_PROFILE, XDG_CONFIG_HOME, NO_PROXY, NO_COLOR, FORCE_COLOR, TERM, CI');
  });

  test('output has every format', async () => {
    const text = await topic('output');
    for (const word of ['-o text', '-o json', '-o ndjson', '--field P', 'auto|plain|json|none'])
      expect(text).toContain(word);
  });

  test('scenarios has every scenario with its ending', async () => {
    const text = await topic('scenarios');
    for (const { name, does, ends } of scenarios) {
      expect(text).toMatch(new RegExp(`^  ${name} +`, 'm'));
      expect(text).toContain(`${does} Ends: ${ends}.`);
    }
  });

  test.each(['nothing', 'constructor', '__proto__', 'toString'])(
    '%s is none, and the topics are named',
    async (name) => {
      const { code, stdout, stderr } = await run(['help', name]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(
        `There is no help on '${name}'; the topics are exit-codes, environment, output, scenarios, and every command has help.`,
      );
    },
  );
});
