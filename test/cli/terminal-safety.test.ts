import { describe, expect, test } from 'vitest';
import { echo, type Place, places, type Way } from '../support/echo.ts';
import { byName } from '../support/replies.ts';
import type { Run } from '../support/run-cli.ts';

/** What does something to a terminal, a log or a reader's eye instead of showing; `xml` marks what XML 1.0 can carry. */
const hostile: readonly (readonly [name: string, text: string, inXml?: string])[] = [
  ['the null character', '\u0000'],
  ['a bell', '\u0007'],
  ['a backspace', '\b'],
  ['an escape sequence', '\u001B[2J\u001B[31m'],
  ['a title of OSC', '\u001B]0;x\u0007'],
  ['a delete', '\u007F', 'xml'],
  ['a CSI of C1', '\u009B31m', 'xml'],
  ['a next line of C1', '\u0085', 'xml'],
  ['a change of direction', '\u202Edevorppa', 'xml'],
  ['an isolate', '\u2066x\u2069', 'xml'],
  ['a blank without width', '\u200B', 'xml'],
  ['a joiner', 'a\u200Db', 'xml'],
  ['a byte order mark', 'a\uFEFFb', 'xml'],
  ['a soft hyphen', '\u00AD', 'xml'],
  ['a line separator', '\u2028', 'xml'],
  ['a paragraph separator', '\u2029', 'xml'],
  ['a line break', '\ninstamed-poll: Approved.', 'xml'],
  ['a line break of Windows', '\r\nApproved', 'xml'],
  ['a return', '\rApproved', 'xml'],
  ['a tab', '\toutcome\tapproved', 'xml'],
];

/** In XML a return has to be escaped to arrive. */
const isXml = ({ name }: Place) => /Fault|status on|status asked|tally/.test(name);
const fits = (place: Place, inXml?: string) => inXml === 'xml' || !isXml(place);

/** What may stand raw in an output: our line ends, and between name and value our tabs. */
function rawCharacters({ stdout, stderr }: Run, way: Way): string[] {
  const ours = !way.isForMachines && way.name !== 'table' ? /\n|(?<=^[^\t\n]*)\t/gm : /\n/g;
  const output = stdout.replace(ours, '') + stderr.replace(/\n/g, '');
  return output.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
}

const lineCount = ({ stdout, stderr }: Run) => [stdout, stderr].map((text) => text.split('\n').length);

describe.each(hostile)('%s', (_name, text, inXml) => {
  test.each(byName(places.filter((place) => fits(place, inXml))))(
    'is made visible, on one line: %s',
    async (_name, place) => {
      const wrong: string[] = [];
      for (const way of place.shows) {
        const result = await echo(place, way, `A${text}B`);
        const tame = await echo(place, way, 'AxB');
        expect(result.code).toBe(tame.code);
        if (rawCharacters(result, way).length > 0) wrong.push(`raw in ${way.name}`);
        // A Fault may have its stack after a line break, of which nothing is shown.
        if (String(lineCount(result)) !== String(lineCount(tame)) && way.name !== 'json')
          wrong.push(`lines in ${way.name}`);
      }
      expect(wrong).toEqual([]);
    },
  );
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

describe.each(hostile)('%s, in JSON', (_name, text, inXml) => {
  const kept = places.filter((place) => fits(place, inXml) && !/Fault|two statuses|message of/.test(place.name));

  test.each(byName(kept))('is kept, escaped: %s', async (_name, place) => {
    const way = place.shows.find(({ name }) => name === 'json') as Way;
    const { stdout } = await echo(place, way, `A${text}B`);
    expect([...stringsIn(JSON.parse(stdout))].join('\u0001')).toContain(`A${text}B`);
  });
});

const placeOf = (name: string) => places.find((place) => place.name === name) as Place;
const wayOf = (place: Place, name: string) => place.shows.find((way) => way.name === name) as Way;

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
