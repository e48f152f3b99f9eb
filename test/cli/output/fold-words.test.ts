import { describe, expect, test } from 'vitest';
import { guides } from '../../../src/cli/commands/registry.ts';
import { foldWords } from '../../../src/cli/output/fold-words.ts';
import { helpTopics } from '../../../src/cli/program/help-topics.ts';
import { run } from '../../support/run-cli.ts';

const folded = (text: string, columns: number) => foldWords(text, columns).split('\n');

describe('our own words', () => {
  test('that fit stay as they are, to the last column', () => {
    expect(foldWords('12345 789 12345 789\n  12\n', 20)).toBe('12345 789 12345 789\n  12\n');
    expect(folded('12345 789 12345 78901', 20)).toEqual(['12345 789 12345', '78901']);
  });

  test('go on below the second column of a list', () => {
    expect(folded('  4  The service refused it all', 20)).toEqual(['  4  The service', '     refused it all']);
  });

  test('go on with an indent where the second column is too far to the right', () => {
    expect(folded('  --interval <time>   how long it lasts', 20)).toEqual([
      '  --interval <time>',
      '    how long it',
      '    lasts',
    ]);
  });

  test('go on with an indent where there is no second column', () => {
    expect(folded('  one two three four five', 20)).toEqual(['  one two three four', '    five']);
  });

  test('are left whole where one is longer than a line', () => {
    expect(folded('see https://127.0.0.1:8791/payment/NVP.aspx for it', 20)).toEqual([
      'see',
      'https://127.0.0.1:8791/payment/NVP.aspx',
      'for it',
    ]);
  });

  test('are left alone in a command, which is to be copied', () => {
    expect(foldWords('  instamed-poll config set accountId NAME', 20)).toBe(
      '  instamed-poll config set accountId NAME',
    );
  });

  test.each([0, 19])('are left alone at %d columns: a pipe, or hardly a terminal', (columns) => {
    const text = 'one two three four five six seven';
    expect(foldWords(text, columns)).toBe(text);
  });
});

const pages = [
  ...[...guides.keys()].map((path) => [...path.split(' '), '--help']),
  ...Object.keys(helpTopics).map((topic) => ['help', topic]),
  ['--help'],
];

// A terminal that is wider than the pages, the usual one, and a very narrow one.
test.each([120, 80, 30])('no word of any help page is broken at %d columns', async (columns) => {
  expect(pages.length).toBeGreaterThan(10);
  for (const argv of pages) {
    const { stdout } = await run(argv, { tty: true, columns });
    const tooLong = stdout.split('\n').filter((line) => line.length > columns);
    // What is longer is a single word, or a command to copy.
    const broken = tooLong.filter((line) => /\S +\S/.test(line) && !/^\s*(?:instamed-poll|eval) /.test(line));
    expect([argv, broken]).toEqual([argv, []]);
    const { stdout: piped } = await run(argv);
    expect(stdout.replace(/\s+/g, ' ')).toBe(piped.replace(/\s+/g, ' '));
  }
});
