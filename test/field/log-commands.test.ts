import { expect, test } from 'vitest';
import { visible, visibleJson } from '../../src/redact/visible.ts';
import { escapeXml } from '../support/echo.ts';
import { fault, receipt, status, times } from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';
import type { Step } from '../support/scripted-transport.ts';

// A CI service obeys what it finds in a log: at the start of a line, trimmed, or anywhere in it.

const commands = [
  '::error::x',
  '::set-output name=a::b',
  '::add-mask::0',
  '::stop-commands::x',
  '##[error]x',
  '##[set-env name=PATH]x',
  '##vso[task.setvariable variable=a]b',
  '##VSO[task.complete result=Succeeded;]',
  "##teamcity[buildStatus status='SUCCESS']",
];

/** Whether a service would take a line for a command. */
const isCommand = (line: string) => /^::[a-z][\w-]*.*::/i.test(line.trim()) || /##(?:vso|teamcity)?\[/i.test(line);

const places: Readonly<Record<string, readonly [argv: readonly string[], steps: (text: string) => readonly Step[]]>> = {
  'a Fault': [['status', token], (text) => [fault('Client', escapeXml(text))]],
  'a status': [['status', token], (text) => [status(escapeXml(text))]],
  'a status of a wait': [['wait', token, '--timeout', '30s'], (text) => times(4, status(escapeXml(text)))],
  'trouble of a wait': [['wait', token], (text) => [status('NEW'), ...times(6, fault('Server', escapeXml(text)))]],
  'an error in place of a receipt': [['receipt', token], (text) => [receipt(`errorCode=1 &errorMessage=${text}`)]],
  'a value of a receipt': [['receipt', token], (text) => [receipt(`transactionStatus=C&a= &b=${text}`)]],
  'a name in a receipt': [
    ['receipt', token],
    (text) => [receipt(`transactionStatus=C&a= &${text.replaceAll('=', ' ')}=1`)],
  ],
  'the holder of a card': [['receipt', token], (text) => [receipt(`transactionStatus=C&a= &cardHolderName=${text}`)]],
};

const ways: readonly (readonly [name: string, flags: readonly string[], columns: number])[] = [
  ['lines', [], 0],
  ['plain progress', ['--progress', 'plain'], 0],
  ['progress in JSON', ['--progress', 'json'], 0],
  ['JSON', ['--json'], 0],
  ['a trace', ['--debug'], 0],
  ...[20, 57, 80].map((columns) => [`a table of ${columns} columns`, [], columns] as const),
];

test.each(commands)('%s is a command, or this test could not fail', (command) => {
  expect([command, ` ${command}`].every(isCommand)).toBe(true);
});

test.each(commands)('%s is a command no more where it is made visible, in a text and in JSON', (command) => {
  expect([visible(command), visibleJson(JSON.stringify(command))].some(isCommand)).toBe(false);
});

/** One that counts at the start of a line alone, and one that counts anywhere. */
const kinds = ['::error::x', '##vso[task.complete result=Succeeded;]'];

test.each(Object.entries(places))('no log command comes out of %s, in any way of printing', async (_name, place) => {
  const [argv, steps] = place;
  for (const [way, flags, columns] of ways) {
    const world = columns > 0 ? { tty: true, columns } : {};
    for (const command of kinds) {
      // Wherever a line is broken, a command may come to stand at its start.
      for (const before of ['', 'word '.repeat(7), 'x'.repeat(columns || 3)]) {
        const { stdout, stderr } = await run([...argv, ...flags], { ...world, steps: steps(`${before}${command}`) });
        // A table breaks the escape itself, and cuts a long name.
        if (columns === 0) expect(stdout + stderr).toMatch(/\\u003a|\\u0023/);
        expect([way, ...(stdout + stderr).split(/\r?\n/).filter(isCommand)]).toEqual([way]);
      }
    }
  }
});

test('in JSON the text is the same to a reader', async () => {
  const text = '::error::x ##[error]y ##vso[z]';
  const { stdout } = await run(['status', token, '--json'], { steps: [status(text)] });
  expect(JSON.parse(stdout).statusText).toBe(text);
});

test.each(['[::1]:443', 'fe80::1', 'C# ## list', 'a::1', 'a: :b', '12:00::'])('%s is no command', async (text) => {
  const { stdout } = await run(['status', token], { steps: [status(text)] });
  expect(stdout).toContain(text);
});
