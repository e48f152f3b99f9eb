export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly children: XmlElement[];
  /** The element's own text, blanks kept. */
  text: string;
}

/** The bytes are not XML that the service can read. */
export class UnreadableXmlError extends Error {
  override name = 'UnreadableXmlError';
}

interface OpenElement {
  readonly qualifiedName: string;
  readonly element: XmlElement;
  readonly prefixes: ReadonlyMap<string, string>;
}

const qualifiedName = '[\\p{L}_][\\p{L}\\p{N}_.-]*(?::[\\p{L}_][\\p{L}\\p{N}_.-]*)?';
const attribute = `\\s+(${qualifiedName})\\s*=\\s*("[^"<]*"|'[^'<]*')`;
const startTagPattern = new RegExp(`<(${qualifiedName})((?:${attribute})*)\\s*(/?)>`, 'uy');
const endTagPattern = new RegExp(`</(${qualifiedName})\\s*>`, 'uy');
const attributePattern = new RegExp(attribute, 'gu');
const declarationPattern = /^<\?xml\s[^?]*\?>/;
const commentPattern = /<!--(?:(?!--).)*-->/sy;
const cdataPattern = /<!\[CDATA\[(.*?)\]\]>/sy;
const instructionPattern = /<\?(?!xml\s).*?\?>/isy;
const textPattern = /[^<]+/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
const forbiddenCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const outermostPrefixes: ReadonlyMap<string, string> = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads one document; throws UnreadableXmlError for anything malformed and for a DTD. */
export function readXml(document: string): XmlElement {
  const source = document.replace(/\r\n?/g, '\n').replace(declarationPattern, '');
  if (forbiddenCharacters.test(source)) throw new UnreadableXmlError('a forbidden character');
  const reader = new XmlReader(source);
  return reader.readDocument();
}

/** As .NET's writer escapes text: quotes stay as they are. */
export function escapeXmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

class XmlReader {
  readonly #source: string;
  #place = 0;
  #root: XmlElement | undefined;
  readonly #open: OpenElement[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  readDocument(): XmlElement {
    while (this.#place < this.#source.length) this.#readPiece();
    if (this.#root === undefined || this.#open.length > 0) throw new UnreadableXmlError('the document is cut');
    return this.#root;
  }

  #readPiece(): void {
    if (this.#take(commentPattern) !== null || this.#take(instructionPattern) !== null) return;
    if (!this.#readText() && !this.#readTag()) {
      // A DTD ends up here too; .NET refuses one as well.
      throw new UnreadableXmlError('neither a tag nor text');
    }
  }

  #readText(): boolean {
    const text = this.#take(textPattern);
    const cdata = text ?? this.#take(cdataPattern);
    if (cdata === null) return false;
    this.#addText(cdata[0], text === null ? (cdata[1] ?? '') : decodeReferences(text[0]));
    return true;
  }

  #readTag(): boolean {
    const end = this.#take(endTagPattern);
    if (end !== null) {
      this.#endElement(end[1] ?? '');
      return true;
    }
    const start = this.#take(startTagPattern);
    if (start === null) return false;
    this.#startElement(start[1] ?? '', start[2] ?? '');
    if (start.at(-1) === '/') this.#endElement(start[1] ?? '');
    return true;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#place = pattern.lastIndex;
    return match;
  }

  #addText(raw: string, text: string): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.element.text += text;
    else if (raw.trim() !== '') throw new UnreadableXmlError('text outside the root');
  }

  #startElement(name: string, attributes: string): void {
    const parent = this.#open.at(-1);
    if (parent === undefined && this.#root !== undefined) throw new UnreadableXmlError('two roots');
    const prefixes = readPrefixes(attributes, parent?.prefixes ?? outermostPrefixes);
    const [prefix, localName] = splitName(name);
    const element = { name: localName, namespace: findNamespace(prefix, prefixes), children: [], text: '' };
    this.#root ??= element;
    parent?.element.children.push(element);
    this.#open.push({ qualifiedName: name, element, prefixes });
  }

  #endElement(name: string): void {
    if (this.#open.pop()?.qualifiedName !== name) throw new UnreadableXmlError('tags do not match');
  }
}

function readPrefixes(attributes: string, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const prefixes = new Map(outer);
  const names = new Set<string>();
  for (const [, name = '', quoted = ''] of attributes.matchAll(attributePattern)) {
    if (names.has(name)) throw new UnreadableXmlError('an attribute twice');
    names.add(name);
    const value = decodeReferences(quoted.slice(1, -1));
    if (name === 'xmlns') prefixes.set('', value);
    else if (name.startsWith('xmlns:')) prefixes.set(name.slice('xmlns:'.length), value);
  }
  for (const name of names) {
    const [prefix] = splitName(name);
    if (prefix !== 'xmlns') findNamespace(prefix, prefixes);
  }
  return prefixes;
}

function splitName(name: string): [prefix: string, localName: string] {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function findNamespace(prefix: string, prefixes: ReadonlyMap<string, string>): string {
  const namespace = prefixes.get(prefix);
  if (namespace === undefined) throw new UnreadableXmlError('an undeclared prefix');
  return namespace;
}

function decodeReferences(text: string): string {
  return text.replace(/&([^;&]*);?/g, (reference, name: string) => {
    const character = reference.endsWith(';') ? (entities[name] ?? decodeNumber(name)) : undefined;
    if (character === undefined) throw new UnreadableXmlError('an unknown reference');
    return character;
  });
}

function decodeNumber(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (digits === null) return undefined;
  const codePoint = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(codePoint);
  return forbiddenCharacters.test(character) ? undefined : character;
}
