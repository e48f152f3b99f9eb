import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { codesWorstFirst } from '../src/cli/answer/exit-codes.ts';
import { sourceFiles } from './support/imports.ts';
import { programCommands, readmeParts } from './support/readme-parts.ts';
import { run } from './support/run-cli.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const path = `${root}README.md`;

/** A part of the README stands between two comments with its name. */
const partPattern = /<!-- generated: ([a-z-]+) -->\n([\s\S]*?)\n<!-- end -->/g;

async function render(text: string): Promise<string> {
  const made = new Map<string, string>();
  for (const [name, make] of Object.entries(readmeParts)) made.set(name, await make());
  return text.replace(partPattern, (_part, name: string) => {
    return `<!-- generated: ${name} -->\n${made.get(name) ?? `(there is no part named ${name})`}\n<!-- end -->`;
  });
}

describe('the README', () => {
  test('repeats what the program knows; `npm run readme` brings it up to date', async () => {
    const text = readFileSync(path, 'utf8');
    const current = await render(text);
    if (process.env['ACCEPT'] === '1') writeFileSync(path, current);
    else expect(text).toBe(current);
  });

  test('and the help name the order of the codes of several tokens as the program has it', async () => {
    // The contract's order, typed out once more.
    expect(codesWorstFirst).toEqual([1, 2, 9, 4, 7, 5, 3, 6, 124, 0]);
    const says = `in this order of exit codes: ${codesWorstFirst.join(', ')};`;
    expect(readFileSync(path, 'utf8').replaceAll(/\s+/g, ' ')).toContain(says);
    const { stdout } = await run(['help', 'exit-codes']);
    expect(stdout).toContain(
      `Several tokens: the worst of their codes, in this order:\n  ${codesWorstFirst.join(', ')}.`,
    );
  });

  test('has every generated part once', () => {
    const names = [...readFileSync(path, 'utf8').matchAll(partPattern)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(readmeParts).sort());
  });

  test.each(programCommands.map((command) => [command.name()]))('shows %s in an example', (name) => {
    const examples = [...readFileSync(path, 'utf8').matchAll(/```[\s\S]*?```/g)].join('\n');
    expect(examples).toContain(`instamed-poll ${name}`);
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(`${root}docs/architecture.md`, 'utf8');

  test('names files and folders that are there', () => {
    const named = [...text.matchAll(/\b(?:src|test|bin|docs|fixtures|bench|scripts)\/[\w./-]*/g)].map(([name]) =>
      name.replace(/\.$/, ''),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !existsSync(root + name))).toEqual([]);
  });

  test('names every folder of the source', () => {
    const folders = new Set(
      sourceFiles.filter((file) => file.includes('/')).map((file) => /^(?:cli\/[a-z]+\/|[a-z]+\/)/.exec(file)?.[0]),
    );
    const rooms = [...folders].filter((folder) => folder !== undefined && folder !== 'cli/');
    expect(rooms.filter((folder) => !text.includes(`src/${folder}`))).toEqual([]);
  });
});
