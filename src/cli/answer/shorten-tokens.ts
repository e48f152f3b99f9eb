import type { Redactor } from '../../redact/redactor.ts';

/**
 * A copy for people and logs, in which tokens are shortened: those that stand in members of their own, and the words of a
 * command. All other texts were redacted when they came in, or are our own.
 */
export function shortenTokens<T>(value: T, redactor: Pick<Redactor, 'shortenToken'>): T {
  if (Array.isArray(value)) return value.map((item) => shortenTokens(item, redactor)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, shortenMember(name, member, redactor)]);
  return Object.fromEntries(entries) as T;
}

function shortenMember(name: string, member: unknown, redactor: Pick<Redactor, 'shortenToken'>): unknown {
  if (name === 'token' && typeof member === 'string') return redactor.shortenToken(member);
  if (name === 'next' && Array.isArray(member)) return member.map((word: string) => redactor.shortenToken(word));
  // Nothing in there is a token any more, and a receipt can be a large one.
  return name === 'receipt' || name === 'seen' ? member : shortenTokens(member, redactor);
}
