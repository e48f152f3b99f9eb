import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonNode, JsonProblem, parseJson, placeIn } from '../../src/cli/settings/json-text.ts';

/** The plain value of what was read. */
function plainValue({ value, members, items }: JsonNode): unknown {
  if (members) return Object.fromEntries([...members].map(([name, node]) => [name, plainValue(node)]));
  return items ? items.map(plainValue) : value;
}

function problemOf(text: string): JsonProblem | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    if (error instanceof JsonProblem) return error;
    throw error;
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

test('every value that can be written as JSON is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('', 2, '\t', '\r\n'), (value, indent) => {
      const text = JSON.stringify(value, null, indent === '\r\n' ? 1 : indent);
      expect(plainValue(parseJson(indent === '\r\n' ? text.replaceAll('\n', '\r\n') : text))).toEqual(JSON.parse(text));
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
      '0',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\n',
      '\u00a0',
      "'",
    ),
  });
  fc.assert(
    fc.property(edit, ({ at, drop, put }) => {
      const text = sample.slice(0, at) + put + sample.slice(at + drop);
      expect(problemOf(text) === null).toBe(nodeReads(text));
    }),
    { numRuns: 1_000 },
  );
});

describe('a problem is told with its place', () => {
  test.each([
    ['', 'line 1, column 1', 'a value is expected'],
    ['{', 'line 1, column 2', 'a name in double quotes is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3', 'a comma or a closing brace is expected'],
    ['{\r\n  "a": 1,\r\n}', 'line 3, column 1', 'a name in double quotes is expected'],
    ['{"a" 1}', 'line 1, column 6', 'a colon is expected'],
    ["{'a': 1}", 'line 1, column 2', 'a name in double quotes is expected'],
    ['{"a": canary}', 'line 1, column 7', 'a value is expected'],
    ['{"a": "canary}', 'line 1, column 7', 'the text that starts there is not closed, or not escaped well'],
    ['["a\tb"]', 'line 1, column 2', 'the text that starts there is not closed, or not escaped well'],
    ['[1 2]', 'line 1, column 4', 'a comma or a closing bracket is expected'],
    ['{} // note', 'line 1, column 4', 'nothing more is expected'],
    ['{"a": 1, "a": 2}', 'line 1, column 10', 'the name "a" comes a second time'],
    ['['.repeat(100_000), 'line 1, column 52', 'it is nested too deeply'],
  ])('%j', (text, place, message) => {
    const problem = problemOf(text);
    expect(problem && [placeIn(text, problem.at), problem.message]).toEqual([place, message]);
  });
});

test('a value is found again where it stands', () => {
  const text = '{\n  "a": {\n    "b": [ "c" ]\n  }\n}';
  const list = parseJson(text).members?.get('a')?.members?.get('b');
  expect(placeIn(text, list?.at ?? -1)).toBe('line 3, column 10');
  expect(placeIn(text, list?.items?.[0]?.at ?? -1)).toBe('line 3, column 12');
});
