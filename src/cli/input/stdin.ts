import { usageError } from '../../domain/errors.ts';

/** Whether a name stands for stdin. On Linux, opening `/dev/stdin` fails where stdin is a socket. */
export const isStdin = (source: string): boolean => ['-', '/dev/stdin', '/dev/fd/0'].includes(source);

/** Stdin can be read only once. */
export function refuseTwoReaders(words: readonly string[], flags: { readonly secretsFrom?: string }): void {
  const readers = words.filter(isStdin).length;
  if (readers > 1) throw usageError('The tokens were to be read from stdin more than once.', 'Give - once.');
  if (readers === 0 || flags.secretsFrom === undefined) return;
  throw usageError('Both the token and the secrets were to be read from stdin.', 'Give one of them in another way.');
}
