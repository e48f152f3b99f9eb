/** The text with every card number (13 to 19 digits that pass Luhn) replaced by stars and its last four. */
export function maskCardNumbers(text: string): string {
  // Nearly every text: without so many digits there is none.
  if (!/(?:\d\D{0,9}){13}/.test(text)) return text;
  const runs = readings
    .filter((reading) => reading === 'none' || text.includes('%'))
    .flatMap((reading) => runsOf(text, reading));
  const ids = transactionIdsIn(text);
  const shown = text.split('');
  let isChanged = false;
  for (const run of runs) {
    for (const [first, last] of cardNumbersIn(run)) {
      const [start, end] = [run.digits[first] as number, run.digits[last] as number];
      if (ids.has(start) || ids.has(end)) continue;
      run.hidden.push([first, last]);
      isChanged = true;
    }
  }
  if (!isChanged) return text;
  for (const run of runs) starOut(run, shown);
  return shown.join('');
}

/** Digits in groups that may be read as one number. */
interface Run {
  /** Where each digit stands in the text, and what it is. */
  readonly digits: number[];
  readonly values: number[];
  /** Where each group begins among the digits. */
  readonly groups: number[];
  /** The first and last digit of every card number. */
  readonly hidden: (readonly [first: number, last: number])[];
}

/**
 * Which percent escapes are read: none; those of digits and of what stands between them; all. In a text that is not encoded
 * throughout, a percent sign may stand before a number by chance.
 */
const readings = ['none', 'some', 'all'] as const;
type Reading = (typeof readings)[number];

/** What may stand between two groups: blanks, dots, dashes, and what shows nothing. */
const blank = /[ .+\t\u00a0\u00ad\u2007\u2009\u200b-\u2015\u2060\u2212\ufeff-]/;

/** A card number may have so many of them between two groups. */
const mostInGap = 3;

/** What stands at a place: a digit, a blank, or anything else; and how many characters it takes. */
interface Sign {
  readonly digit: number | null;
  readonly isBlank: boolean;
  readonly length: number;
}

function signAt(text: string, at: number, reading: Reading): Sign {
  const character = text[at] as string;
  if (character >= '0' && character <= '9') return { digit: Number(character), isBlank: false, length: 1 };
  if (character === '%' && reading !== 'none') return escapeAt(text, at, reading);
  return { digit: null, isBlank: blank.test(character), length: 1 };
}

function escapeAt(text: string, at: number, reading: Reading): Sign {
  const code = text.slice(at, at + 3);
  if (/^%3\d$/.test(code)) return { digit: Number(code[2]), isBlank: false, length: 3 };
  if (/^%2[0BDEbde]$/.test(code)) return { digit: null, isBlank: true, length: 3 };
  return { digit: null, isBlank: false, length: reading === 'all' && /^%[\dA-Fa-f]{2}$/.test(code) ? 3 : 1 };
}

function runsOf(text: string, reading: Reading): Run[] {
  const runs: Run[] = [];
  let run = emptyRun();
  let gap = 0;
  for (let at = 0; at < text.length; ) {
    const { digit, isBlank, length } = signAt(text, at, reading);
    at += length;
    if (digit !== null) {
      addDigit(run, at - 1, digit, gap > 0);
      gap = 0;
    } else if (run.digits.length > 0) {
      gap += 1;
      if (isBlank && gap <= mostInGap) continue;
      run = endRun(run, runs);
      gap = 0;
    }
  }
  endRun(run, runs);
  return runs;
}

/** Most runs are too short for a card number, and begin afresh. */
function endRun(run: Run, runs: Run[]): Run {
  if (run.digits.length >= 13) {
    runs.push(run);
    return emptyRun();
  }
  for (const list of [run.digits, run.values, run.groups]) list.length = 0;
  return run;
}

function addDigit({ digits, values, groups }: Run, at: number, digit: number, isBehindGap: boolean): void {
  if (isBehindGap || digits.length === 0) groups.push(digits.length);
  digits.push(at);
  values.push(digit);
}

const emptyRun = (): Run => ({ digits: [], values: [], groups: [], hidden: [] });

/** Sums of the digits up to each, with every second one doubled, so that Luhn takes one subtraction. */
function luhnSums(values: readonly number[]): readonly [even: number[], odd: number[]] {
  const sums: [number[], number[]] = [[0], [0]];
  for (const [i, value] of values.entries()) {
    const doubled = (value * 2) % 9 || value;
    for (const parity of [0, 1] as const) {
      sums[parity].push((sums[parity][i] as number) + (i % 2 === parity ? doubled : value));
    }
  }
  return sums;
}

/** Those that begin and end with a group. A shorter one can be the beginning of a longer one. */
function* cardNumbersIn({ values, groups }: Run): Generator<readonly [first: number, last: number]> {
  const sums = luhnSums(values);
  for (const [index, first] of groups.entries()) {
    for (let next = index + 1; next <= groups.length; next++) {
      const end = groups[next] ?? values.length;
      if (end - first > 19) break;
      // The digit before the last one is doubled, and every second one before that.
      const doubled = sums[(end % 2) as 0 | 1];
      const sum = (doubled[end] as number) - (doubled[first] as number);
      if (end - first >= 13 && sum % 10 === 0) yield [first, end - 1];
      // Dates, amounts and phone numbers have groups of two or three digits; card numbers have them at most at the end.
      const size = end - (groups[next - 1] as number);
      if (size === 2 || size === 3) break;
    }
  }
}

/** They may overlap: what one of them hides, no other shows. */
function starOut({ digits, hidden }: Run, shown: string[]): void {
  let [starsTo, gapsTo] = [0, 0];
  for (const [first, last] of hidden) {
    for (let i = Math.max(first, gapsTo); i < last; i++) {
      for (let at = (digits[i] as number) + 1; at < (digits[i + 1] as number); at++) shown[at] = '';
    }
    // An encoded digit begins before itself.
    for (let at = (digits[first] as number) - 2; at < (digits[first] as number); at++) {
      if (shown[at] === '%' && shown[at + 1] === '3' && at + 2 === digits[first]) shown[at] = shown[at + 1] = '';
    }
    for (let i = Math.max(first, starsTo); i <= last - 4; i++) shown[digits[i] as number] = '*';
    gapsTo = Math.max(gapsTo, last);
    starsTo = Math.max(starsTo, last - 3);
  }
}

/** Where 32 hexadecimal digits stand, a transaction ID: a run of digits in one can pass Luhn by chance. */
function transactionIdsIn(text: string): ReadonlySet<number> {
  const places = new Set<number>();
  for (const { index } of text.matchAll(/(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])/g)) {
    for (let at = index; at < index + 32; at++) places.add(at);
  }
  return places;
}
