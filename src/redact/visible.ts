/**
 * Characters that do something to a terminal instead of showing: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional and zero-width formatting, lone surrogates.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `\n`, `\r`, `\t` or `\uXXXX` (two of them above the basic plane): one line, whatever came in. */
function escapeCharacter(character: string): string {
  return shortEscapes[character] ?? escapeUnits(character);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** To build the tables of `unprintable` takes milliseconds, and most texts are plain. */
const plain = /^[ -~…]*$/;
const plainLines = /^[\n -~…]*$/;

/** Text of the remote side made safe for a terminal: everything unprintable becomes a visible escape. */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unprintable, escapeCharacter);
}

/** JSON text in which nothing unprintable is left raw; only strings can hold such characters, so it stays the same JSON. */
export function visibleJson(json: string): string {
  if (plainLines.test(json)) return json;
  return json.replace(unprintable, (character) => (character === '\n' ? character : escapeUnits(character)));
}

/** At most `limit` characters, the last of them an ellipsis where something was cut; no character is cut in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
