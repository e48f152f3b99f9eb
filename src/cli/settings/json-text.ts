/** A value in a JSON text, with the place where it stands. */
export interface JsonNode {
  /** Characters before it. */
  readonly at: number;
  /** The value, where it is neither an object nor an array. */
  readonly value: unknown;
  readonly members: ReadonlyMap<string, JsonNode> | null;
  readonly items: readonly JsonNode[] | null;
}

/** What is wrong in a JSON text, and where. The text itself is never quoted: it may hold a secret. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem';
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Deeper than any file of ours; without a limit a file of brackets alone could overflow the stack. */
const deepest = 50;

/**
 * Reads JSON as `JSON.parse` does, and keeps the places, which that does not tell in every version of Node. A name that
 * comes twice in one object is refused: nobody can tell which of its values was meant.
 *
 * @throws JsonProblem
 */
export function parseJson(text: string): JsonNode {
  let at = 0;

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found ?? null;
  };
  /** A punctuation mark, with the blanks around it. */
  const takeMark = (mark: string): boolean => {
    take(/[ \t\r\n]*/y);
    if (text[at] !== mark) return false;
    at += 1;
    take(/[ \t\r\n]*/y);
    return true;
  };

  function readValue(depth: number): JsonNode {
    const start = at;
    if (depth > deepest) throw new JsonProblem(at, 'it is nested too deeply');
    if (takeMark('{')) return { at: start, value: null, members: readMembers(depth), items: null };
    if (takeMark('[')) return { at: start, value: null, members: null, items: readItems(depth) };
    const word = take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    const value = word === null ? readString('a value is expected') : JSON.parse(word);
    return { at: start, value, members: null, items: null };
  }

  function readString(otherwise: string): string {
    if (text[at] !== '"') throw new JsonProblem(at, otherwise);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them inside a text.
    const quoted = take(/"(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (quoted === null) throw new JsonProblem(at, 'the text that starts there is not closed, or not escaped well');
    return JSON.parse(quoted);
  }

  function readMembers(depth: number): Map<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    if (takeMark('}')) return members;
    do {
      const nameAt = at;
      const name = readString('a name in double quotes is expected');
      if (members.has(name)) throw new JsonProblem(nameAt, `the name ${JSON.stringify(name)} comes a second time`);
      if (!takeMark(':')) throw new JsonProblem(at, 'a colon is expected');
      members.set(name, readValue(depth + 1));
    } while (takeMark(','));
    if (!takeMark('}')) throw new JsonProblem(at, 'a comma or a closing brace is expected');
    return members;
  }

  function readItems(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    if (takeMark(']')) return items;
    do items.push(readValue(depth + 1));
    while (takeMark(','));
    if (!takeMark(']')) throw new JsonProblem(at, 'a comma or a closing bracket is expected');
    return items;
  }

  take(/[ \t\r\n]*/y);
  const root = readValue(0);
  take(/[ \t\r\n]*/y);
  if (at < text.length) throw new JsonProblem(at, 'nothing more is expected');
  return root;
}

/** `line 3, column 5`, as editors count. */
export function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
