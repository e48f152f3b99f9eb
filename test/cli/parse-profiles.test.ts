import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProfiles } from '../../src/cli/settings/parse-profiles.ts';
import { InstaMedError } from '../../src/domain/errors.ts';

const path = '/home/jo/config.json';

/** What is wrong with the text of a profile file, and where; null where it is taken. */
function problemOf(text: string): string | null {
  try {
    parseProfiles(text, path);
    return null;
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    return error.message.replace('The profile file is wrong at ', '').replace(` (${path}).`, '');
  }
}

function nodeReads(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A member that we do not know is a newer version's: it may hold any value. */
const withLater = (json: string) => `{"profiles": {"a": {"alias": "x"}}, "later": ${json}}`;

test('every value that can be written as JSON is taken', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('', 1, '\t', '\r\n'), (value, indent) => {
      const text = JSON.stringify(value, null, indent === '\r\n' ? 1 : indent);
      const json = indent === '\r\n' ? text.replaceAll('\n', '\r\n') : text;
      expect(parseProfiles(withLater(json), path)).toEqual({ a: { alias: 'x' } });
    }),
  );
});

test('every profile is read back as it was written', () => {
  const name = fc.string().map((text) => `${text}.`);
  const entry = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })));
  fc.assert(
    fc.property(fc.dictionary(name, fc.dictionary(name, entry)), (profiles) => {
      const text = JSON.stringify({ profiles });
      expect(parseProfiles(text, path)).toEqual(JSON.parse(text).profiles);
    }),
  );
});

test('a text in which something was changed is taken if Node takes it, and refused if Node refuses it', () => {
  const sample = '{"a": [1, -2.5e+3, "x\\n\\u00e9", true], "b": {"c": null, "d": ""}}';
  const edit = fc.record({
    at: fc.nat(sample.length),
    drop: fc.nat(3),
    put: fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '/',
      '//',
      '0',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\n',
      '\t',
      '\u00a0',
      "'",
    ),
  });
  fc.assert(
    fc.property(edit, ({ at, drop, put }) => {
      const text = withLater(sample.slice(0, at) + put + sample.slice(at + drop));
      expect(problemOf(text) === null).toBe(nodeReads(text));
    }),
    { numRuns: 1_000 },
  );
});

describe('a problem is told with its place', () => {
  test.each([
    ['', 'line 1, column 1: a value is expected'],
    ['{', 'line 1, column 2: a comma or a closing brace is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma is expected'],
    ['{\r\n  "a": 1,\r\n}', 'line 3, column 1: a name in double quotes is expected'],
    ['{"a" 1}', 'line 1, column 6: a colon is expected'],
    ["{'a': 1}", 'line 1, column 2: a value, or a name in double quotes, is expected'],
    ['{"a": }', 'line 1, column 7: a value is expected'],
    ['{"a": canary}', 'line 1, column 7: a value, or a name in double quotes, is expected'],
    ['{"a": "canary}', 'line 1, column 7: the text that starts there is not closed, or not escaped well'],
    ['["a\tb"]', 'line 1, column 2: the text that starts there is not closed, or not escaped well'],
    ['["\\x"]', 'line 1, column 2: the text that starts there is not closed, or not escaped well'],
    ['["\\u00g"]', 'line 1, column 2: the text that starts there is not closed, or not escaped well'],
    ['[1.]', 'line 1, column 2: a number is not complete'],
    ['[1 2]', 'line 1, column 4: a comma is expected'],
    ['[1,]', 'line 1, column 4: a value is expected'],
    ['[1', 'line 1, column 3: a comma or a closing bracket is expected'],
    ['{} 1', 'line 1, column 4: nothing more is expected'],
    ['{} // note', 'line 1, column 4: JSON has no comments'],
    ['{ /* note', 'line 1, column 3: JSON has no comments'],
    ['{"a": 1, "a": 2}', 'line 1, column 10: the name "a" comes a second time'],
    ['{"a": [{}, {"b": {},\n"b": 2}]}', 'line 2, column 1: the name "b" comes a second time'],
    ['['.repeat(100_000), 'line 1, column 52: it is nested too deeply'],
    ['{"a":'.repeat(100_000), 'line 1, column 256: it is nested too deeply'],
  ])('%j', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  test('and the same name in two objects is none', () => {
    expect(problemOf(withLater('[{"a": {"a": 1}}, {"a": 2}]'))).toBeNull();
  });
});
