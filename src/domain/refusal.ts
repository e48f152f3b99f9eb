const credential =
  '(?:accounts?(?:[ -]?ids?)?|alias|passwords?|passcode|credentials?|security ?key|user(?:[ -]?(?:name|id))?|log-?in|logon)';
const adjective =
  '(?:invalid|incorrect|wrong|unknown|bad|missing|unrecogni[sz]ed|expired|locked|disabled|suspended|inactive)';
const modifier = '(?:the|your|this|supplied|given|sso|instamed|merchant|single sign-?on)';
const relative =
  '(?: (?:you|that|which|was|were|is|has been|supplied|provided|given|entered|specified|used|sent)){0,4}?';
const adverb = '(?: (?:temporarily|permanently|currently|no longer|now))?';
const verb = '(?: (?:is|are|was|were|has|have|does|do|did|could|can|has been|have been))?';
const negated =
  'not (?:be )?(?:valid|correct|recogni[sz]ed|found|known|active|match|exist|accepted|authenticated|verified)';
const cannot = 'cannot be (?:found|authenticated|verified)';

const refusals: readonly RegExp[] = [
  // "Invalid AccountID", "invalid or missing password": the adjective stands with the credential.
  new RegExp(
    `\\b${adjective}(?: (?:or|and) ${adjective})?(?: ${modifier}){0,4} ${credential}(?![\\w-]| (?:agent|input|service|error|session))`,
  ),
  // "The account ID or password you entered is incorrect": so does the predicate, but for a relative clause.
  new RegExp(
    `\\b${credential}(?: (?:or|and)(?: the)? ${credential}){0,3}${relative}${verb}${adverb} (?:${adjective}|${negated}|${cannot})\\b`,
  ),
  /\b(?:not authori[sz]ed|unauthori[sz]ed|authori[sz]ation (?:failed|failure|denied|required|error)|not authenticated)\b/,
  /\b(?:authentication (?:failed|failure|required|error)|access (?:is |was )?denied|permission denied)\b/,
  /\b(?:log-?in|logon|sign-?(?:in|on)) (?:failed|failure)\b|\bfailed (?:log-?in|logon|sign-?(?:in|on))\b/,
  /\b(?:unable|failed) to (?:authenticate|authori[sz]e|log-? ?in)\b/,
];

/**
 * Whether a Fault, a result text or an NVP error speaks of an invalid account, alias, password or authorization. ASMX
 * sends HTTP 500 for a wrong password as for any exception, so the text alone tells them apart; repeating a wrong password
 * could lock the account.
 */
export function speaksOfCredentials(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[.;:!?|\r\n]/)
    .map((clause) => clause.replace(/["'/,()\s]+/g, ' '))
    .some((clause) => refusals.some((pattern) => refuses(clause, pattern)));
}

/** What is said of a token of an account is not said of the account. */
function refuses(clause: string, pattern: RegExp): boolean {
  const found = pattern.exec(clause);
  return found !== null && !/\btokens?\b/.test(clause.slice(0, found.index + found[0].length));
}
