import { describe, expect, test } from 'vitest';
import { echo, type Place, places, type Way } from '../support/echo.ts';
import { byName } from '../support/replies.ts';
import type { Run } from '../support/run-cli.ts';

/**
 * What does something to a terminal, a log or a reader's eye instead of showing, by its class; `xml` marks what XML 1.0 can carry.
 * Each character of a class is in test/redact/visible.test.ts.
 */
const hostile: readonly (readonly [name: string, text: string, inXml?: string])[] = [
  ['an escape sequence, of C0', '\u0000\u0007\b\u001B[2J\u001B]0;x\u0007'],
  ['a control sequence of C1, and a delete', '\u009B31m\u0085\u007F', 'xml'],
  ['a change of direction', '\u202Edevorppa\u2066x\u2069', 'xml'],
  ['what has no width', 'a\u200Bb\u200Dc\uFEFFd\u00ADe', 'xml'],
  ['line and paragraph separators', '\u2028Approved\u2029', 'xml'],
  ['a line break', '\ninstamed-poll: Approved.', 'xml'],
  ['a return', '\rApproved\r\nApproved', 'xml'],
  ['a tab', '\toutcome\tapproved', 'xml'],
];

const placeOf = (name: string) => places.find((place) => place.name === name) as Place;
const wayOf = (place: Place, name: string) => place.shows.find((way) => way.name === name) as Way;

/** In XML a return has to be escaped to arrive. */
const isXml = ({ name }: Place) => /Fault|status on|status asked|tally/.test(name);
const fitting = (place: Place) => hostile.filter(([, , inXml]) => inXml === 'xml' || !isXml(place));

/** What may stand raw in an output: our line ends, and between name and value our tabs. */
function rawCharacters({ stdout, stderr }: Run, way: Way): string[] {
  const ours = !way.isForMachines && way.name !== 'table' ? /\n|(?<=^[^\t\n]*)\t/gm : /\n/g;
  const output = stdout.replace(ours, '') + stderr.replace(/\n/g, '');
  return output.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
}

const lineCount = ({ stdout, stderr }: Run) => [stdout, stderr].map((text) => text.split('\n').length);

// The product of places, classes and ways stays: each place has its own way through the program to each writer.
test.each(byName(places))('everything hostile is made visible, on one line: %s', async (_name, place) => {
  const wrong: string[] = [];
  for (const way of place.shows) {
    const tame = await echo(place, way, 'AxB');
    for (const [name, text] of fitting(place)) {
      const result = await echo(place, way, `A${text}B`);
      if (result.code !== tame.code) wrong.push(`${name} changes the exit code in ${way.name}`);
      if (rawCharacters(result, way).length > 0) wrong.push(`${name} is raw in ${way.name}`);
      // A Fault may have its stack after a line break, of which nothing is shown.
      if (String(lineCount(result)) !== String(lineCount(tame)) && way.name !== 'json')
        wrong.push(`${name} changes the lines in ${way.name}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Every string in a JSON value. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield name;
      yield* stringsIn(member);
    }
  }
}

const inJson = places.filter((place) => place.shows.some(({ name }) => name === 'json'));

test.each(byName(inJson))('everything hostile is kept in JSON, escaped: %s', async (_name, place) => {
  const way = wayOf(place, 'json');
  const lost: string[] = [];
  for (const [name, text] of fitting(place)) {
    // A Fault may have its stack after a line break, of which nothing is kept.
    if (place.name === 'the Fault of status' && /[\r\n]/.test(text)) continue;
    const { stdout } = await echo(place, way, `A${text}B`);
    if (![...stringsIn(JSON.parse(stdout))].join('\u0001').includes(`A${text}B`)) lost.push(name);
  }
  expect(lost).toEqual([]);
});

describe('a text of 10,000 characters', () => {
  const long = 'x'.repeat(10_000);

  test.each(byName(places))('does not flood a terminal: %s', async (_name, place) => {
    for (const way of place.shows.filter(({ name }) => name === 'table' || name.startsWith('progress plain'))) {
      const { stdout, stderr } = await echo(place, way, long);
      const shown = (stdout + stderr).match(/x/g) ?? [];
      expect(shown.length).toBeLessThan(3_000);
    }
  });

  test.each([
    ['the text that status asked for', 'summary', 80],
    ['the message of receipt', 'summary', 80],
  ])('is cut in the sentence: %s', async (name, path, most) => {
    const place = placeOf(name);
    const { stdout } = await echo(place, { name: path, flags: ['--field', path, '-q'] }, long);
    expect(stdout.match(/x/g)?.length).toBeLessThan(most);
    expect(stdout).toContain('x…"');
  });

  test.each([
    ['the text that status asked for', 'statusText'],
    ['a value of receipt', 'receipt.fields.echo'],
    ['a value that decode reads', 'receipt.fields.echo'],
  ])('is whole for a program: %s', async (name, path) => {
    const place = placeOf(name);
    expect((await echo(place, wayOf(place, `--field ${path}`), long)).stdout).toBe(`${long}\n`);
    expect((await echo(place, wayOf(place, 'json'), long)).stdout).toContain(long);
    expect((await echo(place, wayOf(place, 'text'), long)).stdout).toContain(`${path}\t${long}\n`);
  });
});

test('what the terminal would have done stands there to be read', async () => {
  const place = placeOf('a value of receipt');
  const { stdout } = await echo(place, wayOf(place, 'text'), 'a\u001B[31m\n\t\u202E\u{E0001}z');
  expect(stdout).toContain('receipt.fields.echo\ta\\u001b[31m\\n\\t\\u202e\\udb40\\udc01z\n');
});

test('a colour sequence in a text does not colour, even where we do', async () => {
  const place = placeOf('the message of receipt');
  const { stdout } = await echo(place, wayOf(place, 'table'), '\u001B[32mAPPROVED', { colorLevel: 1 });
  expect(stdout).toContain('\\u001b[32mAPPROVED');
  expect(stdout).not.toContain('\u001B[32mAPPROVED');
});
