import { describe, expect, test } from 'vitest';
import { describeMachine, putBetweenMarks, renderTable } from '../../bench/report.js';
import { judgedLine } from '../../bench/row.js';
import { chooseRows, rows } from '../../bench/rows.js';

const show = (value: number) => `${value} s`;

describe('the table', () => {
  test('tells which goals were met', () => {
    const lines = [
      judgedLine('as fast as that', 2, { most: 2, show }),
      judgedLine('slower', 2.1, { most: 2, show }, ' at night'),
      { what: 'a|b', measured: 'not measured: nothing is there' },
    ];
    expect(renderTable(lines).split('\n').slice(2)).toEqual([
      '| as fast as that | 2 s | ≤ 2 s, met |',
      '| slower | 2.1 s at night | ≤ 2 s, **missed** |',
      '| a\\|b | not measured: nothing is there |  |',
    ]);
  });

  test('says when and where it was measured', () => {
    expect(describeMachine(new Date('2026-11-22T23:00:00Z'))).toMatch(
      /^Measured on 2026-11-22 with Node \d+\.\d+\.\d+ on \d+ × .*, \d+\.\d GiB, .+\.$/,
    );
  });

  const begin = '<!-- measured: npm run bench -- --write -->';
  const end = '<!-- end of what was measured -->';

  test('takes the place of the one before it, and of nothing else', () => {
    const text = `before\n${begin}\nold\n\nolder\n${end}\nafter\n`;
    expect(putBetweenMarks(text, 'new')).toBe(`before\n${begin}\nnew\n${end}\nafter\n`);
  });

  test.each(['nothing', begin, `${end}\n${begin}`])('is not put into a text without its place: %s', (text) => {
    expect(() => putBetweenMarks(text, 'new')).toThrow('marks are missing');
  });
});

describe('the rows', () => {
  test('have names of their own', () => {
    const groups = new Set(rows.map(({ group }) => group));
    expect(new Set([...rows.map(({ name }) => name), ...groups]).size).toBe(rows.length + groups.size);
  });

  test('are chosen by name or by group, and come in the order of the table', () => {
    expect(chooseRows([])).toBe(rows);
    expect(chooseRows(['tokens-1000', 'start']).map(({ name }) => name)).toEqual([
      'version',
      'help',
      'status',
      'tokens-1000',
    ]);
  });

  test('that do not exist are named', () => {
    expect(() => chooseRows(['start', 'strat'])).toThrow('There is no row or group named strat');
  });
});
