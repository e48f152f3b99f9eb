import { trimBlanks } from '../base/ascii.ts';

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

/**
 * What a CI service could take for a command in its log: `::name::` of GitHub, `##[name]` and `##vso[name]` of Azure,
 * `##teamcity[name]`. They count at the start of a line or anywhere in it, and wrapping can put any word at the start of one.
 */
const gitHubCommand = /::(?=[A-Za-z])/g;
const azureCommand = /##(?=[A-Za-z]{0,20}\[)/g;

/** The second of the two signs becomes an escape, which is the same text to a reader of JSON. */
const breakCommands = (text: string): string =>
  text.replace(gitHubCommand, ':\\u003a').replace(azureCommand, '#\\u0023');

/**
 * Text of the remote side made safe for a terminal and for the log of a CI service: everything unprintable becomes a visible
 * escape, and no command is left whole.
 */
export function visible(text: string): string {
  return breakCommands(plain.test(text) ? text : text.replace(unprintable, escapeCharacter));
}

/** JSON text in which nothing unprintable is left raw; only strings can hold such characters, so it stays the same JSON. */
export function visibleJson(json: string): string {
  if (plainLines.test(json)) return breakCommands(json);
  return breakCommands(
    json.replace(unprintable, (character) => (character === '\n' ? character : escapeUnits(character))),
  );
}

/** At most `limit` characters, the last of them an ellipsis where something was cut; no character is cut in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A text of the remote side in a sentence of ours. It was redacted before: half of a secret that was cut is known to no mask. */
export const quote = (text: string): string => `"${shorten(trimBlanks(text), 80)}"`;
