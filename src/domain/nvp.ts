import { trimBlanks } from '../base/ascii.ts';
import { decodeForm } from '../base/decode-form.ts';

/** One name=value pair of a reply. */
export interface NvpPair {
  /** The name as it came, untouched. */
  readonly name: string;
  /** The value as it came, untouched. */
  readonly value: string;
  /** The name as it reads: decoded where the whole reply is form-encoded. */
  readonly decodedName: string;
  /** The value as it reads: decoded where the whole reply is form-encoded; blanks around it kept. */
  readonly decodedValue: string;
}

export interface NvpText {
  /** Every pair in order, doubled and unknown ones included. */
  readonly pairs: readonly NvpPair[];
  /** What stands before the first pair and belongs to none; empty in a real reply. */
  readonly stray: string;
}

/**
 * Reads the name=value text of NVP.aspx. Pieces end at `&`, names at the first `=`. A piece without `=` belongs to the
 * value before it (`SMITH & SON`), empty pieces are dropped. The service writes its values raw, so a blank anywhere means
 * that nothing is encoded; without one, `+` and valid `%XX` are decoded and a stray `%` is left alone.
 */
export function decodeNvp(text: string): NvpText {
  const body = withoutLineEnds(text.replace(/^\uFEFF/, ''));
  const pieces: { name: string; value: string }[] = [];
  let stray = '';
  for (const piece of body.split('&')) {
    const equals = piece.indexOf('=');
    const previous = pieces.at(-1);
    if (equals >= 0) pieces.push({ name: piece.slice(0, equals), value: piece.slice(equals + 1) });
    else if (piece === '') continue;
    else if (previous) previous.value += `&${piece}`;
    else stray += piece;
  }
  const decode = body.includes(' ') ? (value: string) => value : decodeForm;
  const pairs = pieces.map(({ name, value }) => ({
    name,
    value,
    decodedName: decode(name),
    decodedValue: decode(value),
  }));
  return { pairs, stray: trimBlanks(stray) };
}

function withoutLineEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end--;
  return text.slice(0, end);
}

/** The form-encoded text of a request: a raw `+` in a posted token would be read as a blank. */
export function encodeNvp(pairs: Iterable<readonly [name: string, value: string]>): string {
  const form = new URLSearchParams();
  for (const [name, value] of pairs) form.append(name, value);
  return form.toString();
}
