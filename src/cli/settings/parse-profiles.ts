import { type Node, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { usageError } from '../../domain/errors.ts';
import { commandKeys, profileKeys, secretKeys } from './settings.ts';

/** What stands under a profile's name, keys that we do not know included. */
export type ProfileEntries = Readonly<Record<string, string | readonly string[]>>;

type Profiles = Readonly<Record<string, ProfileEntries>>;

/** What is wrong in the file, and at which character. Its text is never quoted: it may hold a secret. */
class JsonProblem extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * The profiles in the text of a profile file.
 *
 * @throws InstaMedError `usage`, with line and column; nothing of the text is quoted but names.
 */
export function parseProfiles(text: string, path: string): Profiles {
  try {
    checkJson(text);
    return toProfiles(parseTree(text) as Node);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    throw usageError(
      `The profile file is wrong at ${placeIn(text, error.at)}: ${error.message} (${path}).`,
      'Fix it with an editor, or move it away; it was not changed.',
      'PROFILE_FILE_DAMAGED',
    );
  }
}

const badText = 'the text that starts there is not closed, or not escaped well';

/** By the parser's own names. */
const problems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a value, or a name in double quotes, is expected',
  UnexpectedEndOfNumber: 'a number is not complete',
  PropertyNameExpected: 'a name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a comma or a closing brace is expected',
  CloseBracketExpected: 'a comma or a closing bracket is expected',
  EndOfFileExpected: 'nothing more is expected',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: badText,
  InvalidUnicode: badText,
  InvalidEscapeCharacter: badText,
  InvalidCharacter: badText,
};

/** Deeper than any file of ours; the parser recurses, so a file of brackets alone could overflow the stack. */
const deepest = 50;

/** Refuses the first thing that `JSON.parse` would refuse, deep nesting, and a name that occurs twice in one object. */
function checkJson(text: string): void {
  const names = new Set<string>();
  type PathSupplier = () => readonly (string | number)[];
  const limitDepth = (at: number, _length: number, _line: number, _column: number, path: PathSupplier) => {
    if (path().length > deepest) throw new JsonProblem(at, 'it is nested too deeply');
  };
  visit(
    text,
    {
      onObjectBegin: limitDepth,
      onArrayBegin: limitDepth,
      onObjectProperty(name, at, _length, _line, _column, path) {
        const place = JSON.stringify([...path(), name]);
        if (names.has(place)) throw new JsonProblem(at, `the name ${JSON.stringify(name)} comes a second time`);
        names.add(place);
      },
      onError(code, at) {
        throw new JsonProblem(at, problems[printParseErrorCode(code)] ?? 'it is not JSON');
      },
    },
    { disallowComments: true },
  );
}

/** `line 3, column 5`, as editors count. */
function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

/** The members of an object by name; null for any other value. */
function membersOf({ type, children = [] }: Node): ReadonlyMap<string, Node> | null {
  if (type !== 'object') return null;
  return new Map(children.map((member) => member.children as [Node, Node]).map(([name, value]) => [name.value, value]));
}

/** Members at the top that we do not know are a newer version's. */
function toProfiles(root: Node): Profiles {
  const members = membersOf(root);
  if (!members) throw new JsonProblem(root.offset, 'an object that holds "profiles" is expected');
  const stray = [...members].find(([key]) => profileKeys.includes(key));
  if (stray) throw new JsonProblem(stray[1].offset, `"${stray[0]}" must stand in a profile, inside "profiles"`);
  const profiles = members.get('profiles');
  if (!profiles && members.size > 0) throw new JsonProblem(root.offset, 'there is no "profiles" in it');
  if (!profiles) return {};
  const byName = membersOf(profiles);
  if (!byName) throw new JsonProblem(profiles.offset, '"profiles" must be an object of profiles by name');
  return Object.fromEntries([...byName].map(([name, node]) => [name, toEntries(node)]));
}

function toEntries(profile: Node): ProfileEntries {
  const members = membersOf(profile);
  if (!members) throw new JsonProblem(profile.offset, 'a profile must be an object of settings');
  for (const [i, key] of secretKeys.entries()) {
    const command = members.get(commandKeys[i] as string);
    if (!command || !members.has(key)) continue;
    throw new JsonProblem(command.offset, `${key} and ${key}Command are both there; one of them must go`);
  }
  return Object.fromEntries([...members].map(([key, node]) => [key, toEntry(key, node)]));
}

function toEntry(key: string, { type, offset, value, children = [] }: Node): string | readonly string[] {
  const words = children.map((item) => item.value);
  const isCommand = type === 'array' && words.every((word) => typeof word === 'string');
  if (commandKeys.includes(key)) {
    if (isCommand && words.length > 0 && words[0] !== '') return words;
    throw new JsonProblem(offset, `${key} must be a list of texts, the program first: ["pass", "show", "instamed"]`);
  }
  if (typeof value === 'string' && (value !== '' || !profileKeys.includes(key))) return value;
  if (profileKeys.includes(key)) throw new JsonProblem(offset, `${key} must be a text that is not empty`);
  // A key that we do not know may have any value; a run that uses the profile reports the key.
  return isCommand ? words : '';
}
