/**
 * Which error texts are about our log-in. ASMX sends HTTP 500 for a wrong password as for any exception, so the text alone
 * tells them apart, and repeating a wrong password could lock the account. The words come in any form (a sentence,
 * `InvalidCredentials`, `LOGIN_FAILED`), so the vocabulary decides, not the sentence.
 */

/** Wherever these letters stand, they mean a log-in. */
const logInStems = ['credential', 'passw(?:or)?d(?!less)', 'pass ?(?:phrase|code)', 'userid(?!le)', 'username'];
/** So do these words. */
const logInWords = [
  'pwd',
  'pass words?',
  'user (?:names?|ids?|identifiers?)',
  '(?:bad|invalid|failed|wrong|user)?log[io]n(?:s|id|name|failed|failure|error|denied|invalid|incorrect|rejected|required|unsuccessful)?',
  '(?:not|be) logged (?:in|on)',
  // A log is also what something is written to.
  '(?<!(?:the|a|event|error|server|see) )log (?:in|on)',
];
/** A payment has an account and an authentication of its own, so these mean our log-in to the status service alone. */
const accountStems = ['authenticat', 'accountid', 'securitykey'];
const accountWords = ['authn', 'account (?:ids?|names?|identifiers?)', 'security keys?', '(?:sso ?)?alias(?:es)?'];

const vocabulary = (stems: readonly string[], words: readonly string[]) =>
  new RegExp(`${stems.join('|')}|(?<![a-z])(?:${words.join('|')})(?![a-z])`);
const logIn = vocabulary(logInStems, logInWords);
const logInOrAccount = vocabulary([...logInStems, ...accountStems], [...logInWords, ...accountWords]);

const rejected =
  '(?:invalid|incorrect|wrong|unknown|bad|missing|unrecogni[sz]ed|expired|locked|disabled|suspended|inactive|blocked|rejected|denied|refused)';
const negated =
  'not (?:be )?(?:valid|correct|recogni[sz]ed|found|known|active|match|exist|accepted|authori[sz]ed|verified|enabled)';
const modifiers = '(?:(?:or|and|the|your|this|supplied|given|sso|instamed|merchant) ){0,4}';
const relative =
  '(?: (?:you|that|which|was|were|is|has been|supplied|provided|given|entered|specified|used|sent)){0,4}?';
const auxiliary =
  '(?: (?:is|are|was|were|has|have|does|do|did|could|can|has been|have been|temporarily|permanently|currently|no longer|now)){0,3}';

/** Words that mean other things as well: they count beside a word of rejection. */
const rejections: readonly RegExp[] = [
  new RegExp(
    `\\b${rejected} ${modifiers}(?:accounts?|users?)\\b(?! (?:agent|input|service|error|session|database|holder|number))`,
  ),
  new RegExp(`\\b(?:accounts?|users?)${relative}${auxiliary} (?:${rejected}|${negated}|cannot be found)\\b`),
  /\b(?:unauthori[sz]ed|forbidden|not (?:been )?authori[sz]ed|(?:unable|failed) to authori[sz]e)\b/,
  /\bauthori[sz]ation (?:(?:has|was|is|request) )?(?:failed|failure|denied|required|error|rejected|refused|unsuccessful)\b/,
  /\b(?:access|permission) (?:(?:has been|is|was) )?(?:denied|refused|forbidden)\b/,
  /\bsign ?(?:in|on) (?:(?:has|was|is) )?(?:failed|failure|denied|rejected|refused|unsuccessful)\b/,
  /\bfailed sign ?(?:in|on)\b/,
];

/**
 * Whether an error text of the status service speaks of our log-in: credentials, a password, a user name, an account ID, or
 * authentication. What else it says does not matter.
 */
export function speaksOfCredentials(text: string): boolean {
  return readings(text).some((reading) => logInOrAccount.test(reading) || clausesOf(reading).some(rejectsAccount));
}

/** What is said of a token of an account is not said of the account. */
const rejectsAccount = (clause: string) =>
  !/\btokens?\b/.test(clause) && rejections.some((pattern) => pattern.test(clause));

/** The payer may have to give a password as well, to a bank. */
const payer = /\bcard|holder|payer|patient|consumer|\bbanks?\b|issuer|\b3ds?\b/;

/**
 * Whether an error text of the receipt service speaks of our log-in. Accounts, authorizations and authentications of
 * payments are the processor's, so the words count that can mean nothing else.
 */
export function speaksOfLogIn(text: string): boolean {
  const [joined, apart] = readings(text).map(clausesOf) as [string[], string[]];
  return apart.some((clause, i) => {
    const both = [clause, joined[i] ?? ''];
    return both.some((words) => logIn.test(words)) && !both.some((words) => payer.test(words));
  });
}

const errorWord =
  /\b(?:invalid|incorrect|wrong|bad|unknown|missing|expired|locked|disabled|fail(?:ed|ure|s)?|denied|reject(?:ed|ion)?|refused|unsuccessful|unable|cannot|unauthori[sz]ed|mismatch|error|exception|required|not(?! yet))\b/;

/**
 * Whether a page that came in the place of a Fault tells of rejected credentials. The words alone may stand in a form or a
 * menu, so each piece of text counts for itself, and has to speak of an error.
 */
export function pageSpeaksOfCredentials(page: string): boolean {
  return textsOf(page).some(
    (text) => readings(text).some((reading) => errorWord.test(reading)) && speaksOfCredentials(text),
  );
}

/** The pieces of text of a page without its scripts, styles and forms, and without lines of source or of a stack. */
function textsOf(page: string): string[] {
  let skipped = '';
  return page.split('<').flatMap((piece, i) => {
    const name = i === 0 ? '' : (/^\/?[a-z]+/i.exec(piece)?.[0] ?? '').toLowerCase();
    if (skipped !== '') {
      if (name === `/${skipped}`) skipped = '';
      return [];
    }
    if (['script', 'style', 'form'].includes(name)) {
      skipped = name;
      return [];
    }
    const text = i === 0 ? piece : piece.slice(piece.indexOf('>') + 1);
    return text.split(/[\r\n]+/).filter((line) => !/^\s*(?:at |Line \d)/.test(line));
  });
}

const promising =
  /^(?:.* )?(?:authenticated|succeeded|successful|success|ok|pending|progress|started|complete|completed)$/;

/** Whether a text of one or two words is a status of a log-in that went well: it may be one that is not documented. */
export function reportsProgress(text: string): boolean {
  const reading = readings(text).at(-1) ?? '';
  return promising.test(reading.trim()) && !errorWord.test(reading);
}

/**
 * The text in lower case with one blank between words: once with what is joined by hyphens and underscores as one word, and
 * once with such words, and those of CamelCase, apart. Clauses stand on lines.
 */
function readings(text: string): [string, string] {
  const plain = (joined: string) =>
    joined
      .toLowerCase()
      .replace(/[.;:!?|\r\n]+/g, '\n')
      .replace(/[^a-z0-9\n]+/g, ' ');
  // Joined, it is no log that something stands in.
  const normal = text
    .normalize('NFKC')
    .replace(/log[-_](?:in|on)(?![a-z])/gi, 'Login')
    .replace(/Log(?:In|On)(?![a-z])/g, 'Login');
  return [
    plain(normal.replace(/[-_]/g, '')),
    plain(normal.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_]/g, ' ')),
  ];
}

const clausesOf = (reading: string) => reading.split('\n');
