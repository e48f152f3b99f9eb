import { maskCardNumbers } from './card-numbers.ts';
import { createMask, hide, type Mask, maskToken } from './mask.ts';
import { maskNamedInText } from './named-numbers.ts';

/** Makes a text of the remote side one that may be shown. */
export type Redact = (text: string) => string;

/** Nothing that people read is longer. Reading it in every way would take its time, in which no Ctrl-C is heard. */
const longestText = 32_768;

/** Where no secret is known: card numbers, and other numbers by their names. */
export const redactNumbers: Redact = (text) =>
  text.length > longestText ? hide(text) : maskNamedInText(maskCardNumbers(text));

/**
 * What must not be shown, and what is to be taken out of every text of the remote side before it becomes part of a sentence, a
 * result or an error. Sentences of our own never pass through here: a password may be any word of theirs.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #tokens = new Set<string>();
  /** Made when there is something to redact, because secrets come piece by piece, and most replies are one known word. */
  #mask: Mask | null = null;
  #tokenMask: Mask | null = null;

  constructor(secrets: Iterable<string> = []) {
    this.addSecrets(...secrets);
  }

  /** Adds secrets: security key, NVP password, Basic credentials, a proxy's password. */
  addSecrets(...secrets: readonly string[]): void {
    for (const secret of secrets) if (secret !== '') this.#secrets.add(secret);
    this.#mask = null;
  }

  /** Adds tokens, of which first and last characters may be shown. */
  addTokens(tokens: Iterable<string>): void {
    for (const token of tokens) if (token !== '') this.#tokens.add(token);
    this.#mask = null;
    this.#tokenMask = null;
  }

  /** For a text of the remote side. */
  readonly redact: Redact = (text) => {
    if (text.length > longestText) return hide(text);
    this.#mask ??= createMask(this.#secrets, this.#tokens);
    return redactNumbers(this.#mask(text));
  };

  /** For a value of ours that may hold a secret, as a proxy's URL does: its numbers stay. */
  hideSecrets(text: string): string {
    return createMask(this.#secrets)(text);
  }

  /** `redact` with one token more. */
  redactWith(token: string): Redact {
    if (this.#tokens.has(token)) return this.redact;
    let own: Redactor | null = null;
    return (text) => {
      if (!own) {
        own = new Redactor(this.#secrets);
        own.addTokens([...this.#tokens, token]);
      }
      return own.redact(text);
    };
  }

  /** For a word of ours that may be a token, or a URL that carries one: that is shortened, and everything else stays. */
  readonly shortenToken = (word: string): string => {
    if (this.#tokens.has(word)) return maskToken(word);
    if (!/[=:]/.test(word)) return word;
    this.#tokenMask ??= createMask([], this.#tokens);
    return this.#tokenMask(word);
  };
}
