import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { trimBlanks } from '../base/ascii.ts';

/** Why a text is not XML that we take, as the end of a sentence. */
export class XmlError extends Error {}

/** What XML 1.0 does not allow in a document, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const illegalCharacter = /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF\uD800-\uDFFF]/u;

export const hasIllegalCharacter = (text: string): boolean => illegalCharacter.test(text);

const schemaInstanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

export interface XmlElement {
  readonly namespace: string;
  readonly local: string;
  readonly children: readonly XmlElement[];
  /** The text of this element alone, references resolved; comments and instructions do not count. */
  readonly text: string;
  readonly isNil: boolean;
}

/** As the parser gives it: one key with the name and the children, and the attributes under `:@`. */
type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // The parser leaves numeric references alone and drops illegal ones, so references are resolved here instead.
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: 64,
});

/** An honest reply has a handful of them, and a Fault with a long detail some hundreds. */
const mostMarkup = 10_000;
const blank = '[ \\t\\r\\n]';
const equals = `${blank}*=${blank}*`;

/** The validator takes anything that begins with `<?xml` for this. */
const xmlDeclaration = new RegExp(
  `^<\\?xml${blank}+version${equals}(["'])1\\.0\\1(?:${blank}+encoding${equals}(["'])[A-Za-z][\\w.-]*\\2)?(?:${blank}+standalone${equals}(["'])(?:yes|no)\\3)?${blank}*\\?>`,
);

/** The validator is lax inside of a tag: a no-break blank is a blank to it. */
const name = `[^\\s<>"'/=&?!]+`;
const attribute = `${blank}+${name}${equals}(?:"[^"<]*"|'[^'<]*')`;
const tag = new RegExp(`<(?:/${name}${blank}*>|${name}(?:${attribute})*${blank}*/?>)`, 'y');

/**
 * Reads a text as XML 1.0 with namespaces, more strictly than the parser does by itself.
 *
 * @throws XmlError it is not well-formed, holds what a SOAP reply may not hold, or more than one ever would.
 */
export function parseXml(xml: string): XmlElement {
  // A megabyte of them would keep the parser busy for seconds, and Ctrl-C waiting.
  if ((xml.match(/[<=]/g)?.length ?? 0) > mostMarkup) throw new XmlError('it holds too many elements or attributes');
  // The only declarations in an honest reply are comments and CDATA; a DTD could define entities.
  if (/<!(?!--|\[CDATA\[)/.test(xml)) throw new XmlError('it holds a document type declaration');
  if (hasIllegalCharacter(xml)) throw new XmlError('it holds characters that XML does not allow');
  if (XMLValidator.validate(xml) !== true) throw new XmlError('it is not well-formed XML');
  const content = xml.replace(/^\uFEFF/, '').replace(xmlDeclaration, '');
  checkMarkup(content);
  const [root, ...others] = parseNodes(content).filter((node) => !isBlankText(node));
  if (!root || others.length > 0) throw new XmlError('it is not one XML document');
  return readElement(root, { own: predefined, outer: null });
}

/**
 * All that a `<` may begin is a comment, a CDATA section or a tag; SOAP forbids processing instructions, and the parser reads
 * them wrongly.
 */
function checkMarkup(content: string): void {
  for (let at = content.indexOf('<'); at >= 0; at = content.indexOf('<', at)) {
    if (content.startsWith('<?', at)) throw new XmlError('it holds a processing instruction');
    at = endOfMarkup(content, at);
    if (at < 0) throw new XmlError('it is not well-formed XML');
  }
}

/** -1 where it has no end. */
function endOfMarkup(content: string, at: number): number {
  for (const [open, close] of sections) {
    if (!content.startsWith(open, at)) continue;
    const end = content.indexOf(close, at + open.length);
    return end < 0 ? -1 : end + close.length;
  }
  tag.lastIndex = at;
  return tag.test(content) ? tag.lastIndex : -1;
}

const sections = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const;

/** Without a prefix, and nothing declared for that, there is no namespace. */
const predefined = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

const isBlankText = (node: Node) => '#text' in node && trimBlanks(String(node['#text'])) === '';

/** The nodes of a document. The parser leaves out the text behind the last one, unless there is an element around it. */
function parseNodes(content: string): readonly Node[] {
  try {
    return (parser.parse(`<all>${content}</all>`) as { all: Node[] }[]).flatMap(({ all }) => all);
  } catch {
    throw new XmlError('it is nested too deeply or holds names that mean mischief');
  }
}

/** The namespaces that an element declares, and those around it: a copy for each element would take the square of their number. */
interface Scope {
  readonly own: Map<string, string>;
  readonly outer: Scope | null;
}

function namespaceOf(prefix: string, scope: Scope | null): string | undefined {
  return scope ? (scope.own.get(prefix) ?? namespaceOf(prefix, scope.outer)) : undefined;
}

function readElement(node: Node, outer: Scope): XmlElement {
  const name = Object.keys(node).find((key) => key !== ':@') as string;
  const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>).map(
    ([key, value]) => [key, resolveReferences(value)] as const,
  );
  const scope: Scope = { own: new Map(), outer };
  for (const [key, value] of attributes) {
    if (key === 'xmlns') scope.own.set('', value);
    else if (key.startsWith('xmlns:')) declarePrefix(key.slice(6), value, scope);
  }
  const nodes = node[name] as Node[];
  return {
    ...expandName(name, scope),
    children: nodes
      .filter((child) => !('#text' in child || '#cdata' in child))
      .map((child) => readElement(child, scope)),
    text: nodes.map(readText).join(''),
    isNil: isNil(attributes, scope),
  };
}

/** A prefix cannot be undeclared, and two of them belong to XML itself. */
function declarePrefix(prefix: string, namespace: string, scope: Scope): void {
  if (namespace === '' || ['', 'xml', 'xmlns'].includes(prefix)) {
    throw new XmlError('it declares a prefix that XML does not allow');
  }
  scope.own.set(prefix, namespace);
}

function expandName(name: string, scope: Scope): Pick<XmlElement, 'namespace' | 'local'> {
  const [prefix, local, ...rest] = name.includes(':') ? name.split(':') : ['', name];
  const namespace = namespaceOf(prefix as string, scope);
  if (namespace === undefined || !local || rest.length > 0 || name.startsWith(':'))
    throw new XmlError(`it uses a prefix that it does not define`);
  return { namespace, local };
}

function readText(node: Node): string {
  if ('#cdata' in node) return (node['#cdata'] as [{ '#text': string }])[0]['#text'];
  const text = node['#text'];
  if (typeof text !== 'string') return '';
  if (text.includes(']]>')) throw new XmlError('it is not well-formed XML');
  return resolveReferences(text);
}

/** Whether `xsi:nil` is among the attributes, each of which must have a name of its own. */
function isNil(attributes: readonly (readonly [key: string, value: string])[], scope: Scope): boolean {
  const seen = new Set<string>();
  let found = false;
  for (const [key, value] of attributes) {
    // Without a prefix an attribute has no namespace; declarations are not attributes.
    if (!key.includes(':') || key.startsWith('xmlns:')) continue;
    const { namespace, local } = expandName(key, scope);
    const full = `${namespace} ${local}`;
    if (seen.has(full)) throw new XmlError('it is not well-formed XML');
    seen.add(full);
    found ||= full === `${schemaInstanceNamespace} nil` && ['true', '1'].includes(value.trim());
  }
  return found;
}

const namedReferences: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The five names and legal character numbers; any other `&` makes the reply not well-formed. */
function resolveReferences(text: string): string {
  return text.replace(/&(?:([^;&]{0,12});)?/g, (_reference, inner: string | undefined) => {
    const character = inner === undefined ? undefined : resolveReference(inner);
    if (character === undefined || hasIllegalCharacter(character)) {
      throw new XmlError('it holds a reference that XML does not allow');
    }
    return character;
  });
}

function resolveReference(inner: string): string | undefined {
  const number = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(inner);
  if (!number) return Object.hasOwn(namedReferences, inner) ? namedReferences[inner] : undefined;
  const code = number[1] ? Number.parseInt(number[1], 16) : Number(number[2]);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
