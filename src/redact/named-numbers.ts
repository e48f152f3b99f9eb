/** In a name without signs and in lower case: what says that its value is the number of an account, a check or a person. */
const numberNames: readonly RegExp[] = [
  /(?:account|acct|bank|transit|check|cheque|draft|dll?)(?:number|num(?![a-z])|nbr|nr$|no$|no(?=sha|hash|last|masked))/,
  /routing(?!type)|^aba|abanumber|micr|iban(?:number)?$|licen[sc]e(?!state|type|country|expir|date|class)/,
  /socialsecurity|^ssn|(?<!e)ssn$|ssn(?:number|num|no|last)/,
];

/** These may hold the number as well, or a name, or a word. */
const maybeNumber = /(?:account|acct|check|cheque|aba|dll?)$/;

/** Whether a name says that its value is an account, routing, check, license or Social Security number. */
export function namesNumber(name: string, value = ''): boolean {
  const plain = name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (plain.length > longestName) return false;
  return numberNames.some((pattern) => pattern.test(plain)) || (maybeNumber.test(plain) && isNumber.test(value));
}

const longestName = 100;

const isNumber = /^\s*(?:\d[ -]?){5,30}\s*$/;

/** The value, or its last four where its name says that it is such a number. */
export function maskByName(name: string, value: string): string {
  return namesNumber(name, value) ? lastFour(value) : value;
}

/** The last four letters or digits, with stars for what stands before them. */
export function lastFour(value: string): string {
  const signs = [...value.replace(/[^\p{L}\p{N}*]/gu, '')];
  if (signs.length <= 4) return value;
  return `${'*'.repeat(Math.min(signs.length, mostStars) - 4)}${signs.slice(-4).join('')}`;
}

/** No such number is longer. */
const mostStars = 34;

/** A name, a sign and a number, as an error text may quote them. */
const pairInText = /(?<![A-Za-z_])([A-Za-z_]{3,40})(["'\]]{0,2} ?[=:>] ?["']?)(\d(?:[ -]?\d){4,33})/g;

/** A text in which names stand beside their values. */
export const maskNamedInText = (text: string): string =>
  text.replace(pairInText, (all, name: string, sign: string, value: string) =>
    namesNumber(name, value) ? `${name}${sign}${lastFour(value)}` : all,
  );
