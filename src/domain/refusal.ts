const credential =
  '(?:accounts?|account ?ids?|alias|password|passcode|credentials?|security ?key|user ?(?:name|id)?|log-?in|logon)';
const adjective = '(?:invalid|incorrect|wrong|unknown|bad|unrecogni[sz]ed|expired|locked|disabled|inactive)';
const predicate = `(?:not (?:valid|correct|recogni[sz]ed|found|known|active)|${adjective})`;
// The adjective must stand with the credential: "invalid token for this account" is about the token.
const modifiers = '(?: (?:the|your|this|supplied|given|sso|instamed|merchant|single sign-?on))*';

const refusals: readonly RegExp[] = [
  new RegExp(`\\b${adjective}${modifiers} ${credential}\\b`, 'i'),
  new RegExp(`\\b${credential}(?: (?:is|are|was|were|has been))? ${predicate}\\b`, 'i'),
  /\b(?:not authori[sz]ed|unauthori[sz]ed|authori[sz]ation (?:failed|failure|denied|required|error)|not authenticated)\b/i,
  /\b(?:authentication (?:failed|failure|required|error)|access (?:is |was )?denied|permission denied|log-?in failed)\b/i,
];

/**
 * Whether a Fault, a result text or an NVP error speaks of an invalid account, alias, password or authorization. ASMX
 * sends HTTP 500 for a wrong password as for any exception, so the text alone tells them apart; repeating a wrong password
 * could lock the account.
 */
export function speaksOfCredentials(text: string): boolean {
  return refusals.some((pattern) => pattern.test(text));
}
