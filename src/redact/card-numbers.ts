/** The text with every card number (13 to 19 digits that pass Luhn) replaced by stars and its last four. */
export function maskCardNumbers(text: string): string {
  // Nearly every text: without so many digits there is none.
  if (!/(?:\d\D{0,9}){13}/.test(text)) return text;
  const runs = runsOf(text, encodedSigns);
  // In a text that is not encoded a percent sign may stand before a number by chance.
  if (text.includes('%')) runs.push(...runsOf(text, plainSigns));
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

/** A digit, what may stand between groups of them, or anything else: where escapes are read, and where none are. */
const encodedSigns =
  /(?<plain>\d)|%3(?<encoded>\d)|(?<between>[ .+\t\u00a0\u00ad\u2007\u2009\u200b-\u2015\u2060\u2212\ufeff-]|%2[0BDEbde])|%[\dA-Fa-f]{2}|./gs;
const plainSigns = /(?<plain>\d)|(?<between>[ .+\t\u00a0\u00ad\u2007\u2009\u200b-\u2015\u2060\u2212\ufeff-])|./gs;

/** A card number may have so many of them between two groups. */
const mostInGap = 3;

function runsOf(text: string, signs: RegExp): Run[] {
  const runs: Run[] = [];
  let run = emptyRun();
  let gap = 0;
  for (const { index, 0: sign, groups = {} } of text.matchAll(signs)) {
    const { plain, encoded, between } = groups;
    const digit = plain ?? encoded;
    if (digit !== undefined) {
      if (gap > 0 || run.digits.length === 0) run.groups.push(run.digits.length);
      run.digits.push(index + sign.length - 1);
      run.values.push(Number(digit));
      gap = 0;
    } else if (run.digits.length > 0) {
      gap += 1;
      if (between !== undefined && gap <= mostInGap) continue;
      runs.push(run);
      run = emptyRun();
      gap = 0;
    }
  }
  return [...runs, run].filter(({ digits }) => digits.length >= 13);
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
