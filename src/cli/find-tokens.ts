import { decodeForm } from '../base/decode-form.ts';

/** Finds those tokens of a large set that a text holds, in whatever spelling a server may echo them. */
export function tokenFinder(tokens: ReadonlySet<string>): (text: string) => string[] {
  const lengths = new Set([...tokens].map(({ length }) => length));
  const shortest = Math.min(...lengths);
  // One look-up for each place of a text, however many lengths there are.
  const starts = new Set([...tokens].map((token) => token.slice(0, shortest)));
  return (text) => {
    const places = [...readingsOf(text)].flatMap((reading) => placesIn(reading, starts, shortest));
    const parts = places.flatMap((place) => [...lengths].map((length) => place.slice(0, length)));
    return [...new Set(parts)].filter((part) => tokens.has(part));
  };
}

/** What follows in a text from each place on where one of these begins. */
function placesIn(text: string, starts: ReadonlySet<string>, length: number): string[] {
  const places: string[] = [];
  for (let place = 0; place + length <= text.length; place++) {
    if (starts.has(text.slice(place, place + length))) places.push(text.slice(place));
  }
  return places;
}

/** The text, and what it says where it is taken for escaped, encoded or Base64. */
function readingsOf(text: string): Set<string> {
  // A plus sign that was sent raw is a blank to a form, and itself elsewhere.
  const percent = decodeForm(text.replaceAll('+', '%2B'));
  const all = unescapeXml(unescapeJson(percent));
  const readings = new Set([text, decodeForm(text), percent, unescapeXml(text), unescapeJson(text), all]);
  for (const reading of [...readings]) {
    for (const [run] of reading.matchAll(/[\w+/-]{8,}/g)) {
      for (const start of [0, 1, 2, 3]) readings.add(decodeBase64(run.slice(start)));
    }
  }
  return readings;
}

const unescapeXml = (text: string) =>
  text.replace(/&#(?:[xX]0*([\da-fA-F]{1,6})|0*(\d{1,7}));/g, (_all, hex?: string, decimal?: string) =>
    characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );

const unescapeJson = (text: string) =>
  text
    .replace(/\\u([\da-fA-F]{4})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\([/"\\])/g, '$1');

const characterOf = (code: number) => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : '');

/** The bytes as characters: a token of other characters than ASCII is not found in Base64. */
function decodeBase64(run: string): string {
  const text = run.replaceAll('-', '+').replaceAll('_', '/');
  return atob(text.slice(0, text.length - (text.length % 4 === 1 ? 1 : 0)));
}
