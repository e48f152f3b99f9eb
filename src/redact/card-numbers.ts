/** A digit may be percent-encoded. One group more than a card number has is enough to see that it is none. */
const digitGroup = /(?:\d|%3\d){1,20}/y;

/** What may stand between two groups: up to three blanks, dots, dashes or plus signs, plain or percent-encoded. */
const gap = /(?:[ .+-]|%2[0BDEbde]){1,3}/y;

/** Where a group begins: behind no digit but one of a percent escape, and not in the middle of such an escape. */
const groupStart = /(?<!\d|%(?=20)|%3\d%(?=3\d))\d|(?<!\d)%3\d|(?<=%(?!3\d)[0-9A-Fa-f]{2})(?:\d|%3\d)/g;

/** The text with every card number (13 to 19 digits that pass Luhn) replaced by stars and its last four. */
export function maskCardNumbers(text: string): string {
  const numbers = [...text.matchAll(groupStart)].flatMap(({ index }) => cardNumbersAt(text, index));
  // Nearly every text: a megabyte that is taken apart would take thirty.
  if (numbers.length === 0) return text;
  const shown = text.split('');
  // They may overlap: what one of them hides, no other shows.
  for (const { start, digits } of numbers) {
    for (let i = start; i < (digits.at(-1) as number); i++) if (!digits.includes(i)) shown[i] = '';
    for (const i of digits.slice(0, -4)) shown[i] = '*';
  }
  return shown.join('');
}

interface CardNumber {
  readonly start: number;
  /** The positions of its digits. */
  readonly digits: readonly number[];
}

/** Every card number that begins with the group of digits at `start`; a shorter one can be the beginning of a longer one. */
function cardNumbersAt(text: string, start: number): CardNumber[] {
  const numbers: CardNumber[] = [];
  const digits: number[] = [];
  for (let at = start; ; at = gap.lastIndex) {
    const before = digits.length;
    const end = endOfMatch(digitGroup, text, at);
    for (let i = at; i < end; i++) {
      if (text[i] === '%') i += 2;
      digits.push(i);
    }
    const size = digits.length - before;
    if (size === 0 || digits.length > 19) return numbers;
    if (isCardNumber(text, digits)) numbers.push({ start, digits: [...digits] });
    // Dates, amounts and phone numbers have groups of two or three digits; card numbers have them at most at the end.
    if (size === 2 || size === 3 || endOfMatch(gap, text, end) === end) return numbers;
  }
}

/** Where a sticky pattern that begins at `index` ends; at `index` itself where it does not match. */
function endOfMatch(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}

function isCardNumber(text: string, digits: readonly number[]): boolean {
  if (digits.length < 13 || !passesLuhn(digits.map((i) => Number(text[i])))) return false;
  return !isInsideId(text, digits[0] as number) && !isInsideId(text, digits.at(-1) as number);
}

/** 32 hexadecimal digits are a transaction ID, in which a run of digits can pass Luhn by chance. */
const transactionId = /(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])/;

/** Around the digit at `index` nothing farther away can belong to it. */
const isInsideId = (text: string, index: number) => transactionId.test(text.slice(Math.max(0, index - 32), index + 33));

/** A doubled digit counts as the sum of its own digits: what is left of it after nines, but nine for nine. */
function passesLuhn(digits: readonly number[]): boolean {
  const isDoubled = (i: number) => (digits.length - i) % 2 === 0;
  const sum = digits.reduce((total, digit, i) => total + (isDoubled(i) ? (digit * 2) % 9 || digit : digit), 0);
  return sum % 10 === 0;
}
