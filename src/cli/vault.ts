import { createMask, type Mask } from '../domain/secret.ts';
import { maskCardNumbers, maskToken } from '../domain/text.ts';

/**
 * What must not be shown. Everything that is printed passes through here, so a secret that the service echoes in an error,
 * in a receipt or in a status text is masked wherever it turns up.
 */
export class Vault {
  readonly #secrets = new Set<string>();
  readonly #tokens = new Set<string>();
  #maskSecrets: Mask = (text) => text;
  #maskTokens: Mask = (text) => text;

  /** Adds secrets: security key, NVP password, Basic credentials, a proxy's password. */
  addSecrets(...secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#maskSecrets = createMask([...this.#secrets]);
  }

  /** Adds a token, which JSON on stdout shows whole and everything else shortened. */
  addToken(token: string): void {
    this.#tokens.add(token);
    this.#maskTokens = createMask([...this.#tokens], maskToken);
  }

  /** For a line of text. */
  maskText(text: string): string {
    return this.#maskTokens(this.maskForJson(text));
  }

  /** For a string of the JSON document. */
  maskForJson(text: string): string {
    return maskCardNumbers(this.#maskSecrets(text));
  }
}

/** A copy in which `change` was applied to every string; `keep` names members whose strings stay. */
export function mapStrings<T>(value: T, change: (text: string) => string, keep: readonly string[] = []): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, keep)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [
    // Names can come from the remote side too: the tally counts its texts.
    change(name),
    keep.includes(name) ? member : mapStrings(member, change, keep),
  ]);
  return Object.fromEntries(entries) as T;
}
