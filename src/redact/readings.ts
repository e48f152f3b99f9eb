import { lowerAscii } from '../base/ascii.ts';
import { decodeForm } from '../base/decode-form.ts';

/** How often a text may be encoded over. Servers escape what is escaped already, but hardly three times. */
const mostTimes = 3;

/** What a text may stand for, where it was percent-encoded, XML- or JSON-escaped, or one inside another. */
export function unescapeAll(text: string): readonly string[] {
  const readings = new Set<string>();
  let latest: readonly string[] = [text];
  for (let times = 0; times < mostTimes && latest.length > 0; times++) {
    const decoded = latest.flatMap((reading) => decoders.map((decode) => decode(reading)));
    latest = [...new Set(decoded)].filter((reading) => reading !== text && !readings.has(reading));
    for (const reading of latest) readings.add(reading);
  }
  return [...readings];
}

/**
 * The form in which texts are compared, of the same length: without case, because a URL writes its host in lower case, and
 * with a blank for a plus sign, because a form writes one for the other.
 */
export const fold = (text: string): string => lowerAscii(text).replaceAll('+', ' ');

/** Bytes as characters, so that UTF-8 looks as it does in ISO-8859-1. */
const percentBytes = (text: string) =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

const percent = (text: string) => decodeForm(text.replaceAll('+', '%2B'));

const xmlNames: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const xml = (text: string) =>
  text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(?:[xX]0*([\dA-Fa-f]{1,6})|0*(\d{1,7})));/g,
    (_all, name?: string, hex?: string, decimal?: string) =>
      name ? (xmlNames[name] as string) : characterOf(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );

/** Also `\x41` and `%u0041`, which JavaScript and old ASP write. */
const json = (text: string) =>
  text.replace(
    /(?:\\|%)u([\dA-Fa-f]{4})|\\x([\dA-Fa-f]{2})|\\(["'\\/])|\\[nrt]/g,
    (_all, unit?: string, byte?: string, plain?: string) =>
      plain ?? (unit || byte ? String.fromCharCode(Number.parseInt((unit ?? byte) as string, 16)) : '\n'),
  );

const decoders: readonly ((text: string) => string)[] = [percent, percentBytes, xml, json];

const characterOf = (code: number) => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : '');

/** The bytes of all that may be Base64 in the readings of a text, and what those may stand for. */
export function decodeBase64(readings: readonly string[]): string[] {
  const bytes = readings.flatMap(decodeRuns);
  return bytes.flatMap((each) => [each, ...decoders.map((decode) => decode(each))]);
}

/** The bytes of every run of Base64, for each place where a group of four may begin. UTF-16 loses its zeros. */
function decodeRuns(text: string): string[] {
  // A plus sign may come as a blank, and a long run in several lines.
  const standard = text
    .replace(/[\r\n\t]/g, '')
    .replace(/[- ]/g, '+')
    .replaceAll('_', '/');
  const runs = standard.match(/[A-Za-z0-9+/]{6,}/g) ?? [];
  if (runs.length === 0) return [];
  return [0, 1, 2, 3].map((start) =>
    runs
      .map((run) => bytesOf(run.slice(start)))
      .join('\n')
      .replaceAll('\0', ''),
  );
}

const bytesOf = (run: string) => atob(run.slice(0, run.length - (run.length % 4 === 1 ? 1 : 0)));
