import { trimBlanks } from '../base/ascii.ts';
import { usageError } from '../domain/errors.ts';
import { maskCardNumbers } from '../redact/card-numbers.ts';
import { createMask, type Mask, maskToken } from '../redact/mask.ts';
import { shorten } from '../redact/visible.ts';
import { worstFirst } from './exit-codes.ts';
import { tokenFinder } from './find-tokens.ts';

/** Of more tokens those are looked up that a text holds: a pattern for each would cost too much. */
const mostMaskedTokens = 20;

/** A text of this length takes its time, and is shown in several ways: the last one is kept, masked. */
const longText = 10_000;

/**
 * No token of a service is shorter. The heading of a column that got into a list would take words out of our own sentences:
 * with the token `not` a payment that was not taken would read as one that was `***` taken.
 */
const shortestMasked = 8;
const outcomes: readonly string[] = worstFirst;

/** A longer one would make a mask that no regular expression can hold. */
const longestSecret = 500;

/**
 * What must not be shown. Everything that is printed passes through here, so a secret that the service echoes in an error,
 * in a receipt or in a status text is masked wherever it turns up.
 */
export class Vault {
  readonly #secrets = new Set<string>();
  readonly #tokens = new Set<string>();
  /** Those that are looked for in the middle of a text. */
  readonly #searched = new Set<string>();
  /** Made when something is to be shown, because what must not be comes piece by piece. */
  #maskSecrets: Mask | null = null;
  #long: { readonly text: string; readonly masked: string } | null = null;
  #maskTokens: Mask | null = null;

  /**
   * Adds secrets: security key, NVP password, Basic credentials, a proxy's password.
   *
   * @throws InstaMedError `usage`: one is too long to be masked.
   */
  addSecrets(...secrets: readonly string[]): void {
    if (secrets.some(({ length }) => length > longestSecret)) {
      throw usageError(
        `A secret has more than the ${longestSecret} characters that one can have.`,
        'Check where the security key and the NVP password come from: instamed-poll config list',
      );
    }
    for (const secret of secrets) this.#secrets.add(secret);
    this.#maskSecrets = null;
    this.#long = null;
  }

  /** Adds tokens, which JSON on stdout shows whole and everything else shortened. */
  addTokens(tokens: readonly string[]): void {
    for (const token of tokens) {
      this.#tokens.add(token);
      if (token.length >= shortestMasked && !outcomes.includes(token)) this.#searched.add(token);
    }
    this.#maskTokens = null;
  }

  /** For a line of text. */
  maskText(text: string): string {
    // The pattern of a token takes milliseconds to make, and most answers need none.
    if (this.#tokens.has(text) && !this.#secrets.has(text)) return maskToken(text);
    const tokens = this.#searched;
    this.#maskTokens ??= tokens.size <= mostMaskedTokens ? createMask([...tokens], maskToken) : maskFound(tokens);
    return this.#maskTokens(this.#maskData(text));
  }

  /** For a sentence that quotes the remote side. */
  quote(text: string): string {
    return `"${shorten(this.maskText(trimBlanks(text)), 80)}"`;
  }

  /** For a string of the JSON document, where a token is whole, even one that reads like a card number. */
  maskForJson(text: string): string {
    return this.#tokens.has(text) ? text : this.#maskData(text);
  }

  #maskData(text: string): string {
    if (text.length < longText) return this.#maskAfresh(text);
    if (this.#long?.text !== text) this.#long = { text, masked: this.#maskAfresh(text) };
    return this.#long.masked;
  }

  #maskAfresh(text: string): string {
    this.#maskSecrets ??= createMask([...this.#secrets]);
    return maskCardNumbers(this.#maskSecrets(text));
  }
}

/** Makes a mask for those tokens alone that are there; most texts are a token or hold none. */
function maskFound(tokens: ReadonlySet<string>): Mask {
  const find = tokenFinder(tokens);
  return (text) => createMask(find(text), maskToken)(text);
}

/** Members whose values are words of ours: a lazy password that is one of them must not change what a document says. */
const ownWords: readonly string[] = [
  ...['command', 'outcome', 'scenario', 'event', 'what', 'status', 'startedAt'],
  ...['result', 'transactionStatusMeaning', 'category', 'id', 'title', 'state'],
  // Masked when they are put together: an ID of thirteen digits is no card number there.
  'settings',
];

/** States that the tally counts under their own name. */
const states: readonly string[] = ['NEW', 'USED', 'EXPIRED'];

/** A copy in which `change` was applied to every string but our own words and the members named in `keep`. */
export function mapStrings<T>(value: T, change: (text: string) => string, keep: readonly string[] = []): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, keep)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    if (name === 'seen') return [name, mapNames(member, change)];
    return [name, ownWords.includes(name) || keep.includes(name) ? member : mapStrings(member, change, keep)];
  });
  return Object.fromEntries(entries) as T;
}

/** The tally's names are texts of the remote side. Those that are the same once they are masked are counted together. */
function mapNames(tally: Readonly<Record<string, number>>, change: (text: string) => string): object {
  const counts = new Map<string, number>();
  for (const [name, times] of Object.entries(tally)) {
    const shown = states.includes(name) ? name : change(name);
    counts.set(shown, (counts.get(shown) ?? 0) + times);
  }
  return Object.fromEntries(counts);
}
