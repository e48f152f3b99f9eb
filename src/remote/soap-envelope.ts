import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { serviceError, usageError } from '../domain/errors.ts';
import { trimBlanks } from '../domain/text.ts';

export type SoapVersion = '1.1' | '1.2';

/** The four inputs of GetSSOTokenStatus. */
export interface StatusInputs {
  readonly tokenID: string;
  readonly accountID: string;
  readonly alias: string;
  readonly password: string;
}

/** A well-formed SOAP reply. */
export type SoapReply =
  | { readonly kind: 'result'; readonly text: string }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string };

const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const serviceNamespace = 'http://tempuri.org/';
const schemaInstanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/** What XML 1.0 does not allow in a document, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const illegalCharacter = /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Cs}/u;

/** The headers that tell the service the version and the operation. The quotes around the action are part of it. */
export function soapHeaders(version: SoapVersion): Record<string, string> {
  return version === '1.1'
    ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${serviceNamespace}GetSSOTokenStatus"` }
    : { 'content-type': 'application/soap+xml; charset=utf-8' };
}

/** The request text. ASMX takes a value in another case, order or namespace for null without a word, so none varies. */
export function writeStatusRequest(inputs: StatusInputs, version: SoapVersion): string {
  const { tokenID, accountID, alias, password } = inputs;
  const values = Object.entries({ tokenID, accountID, alias, password }).map(
    ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
  );
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<soap:Envelope xmlns:soap="${envelopeNamespaces[version]}"><soap:Body>` +
    `<GetSSOTokenStatus xmlns="${serviceNamespace}">${values.join('')}</GetSSOTokenStatus>` +
    '</soap:Body></soap:Envelope>'
  );
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  if (illegalCharacter.test(text)) {
    throw usageError('A value holds a control character, which XML cannot carry.', 'Check the token and the settings.');
  }
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] as string);
}

/**
 * Reads a reply strictly: well-formed, no DTD, an Envelope of either SOAP namespace, its one Body, and in it either a Fault
 * or GetSSOTokenStatusResponse with exactly one result of text only. Names are told by namespace and local name; prefixes
 * mean nothing.
 *
 * @throws InstaMedError `service`: `NOT_SOAP`, not such a reply; `EMPTY_RESULT`, no result, or nothing in it (a .NET method
 * that returned null).
 */
export function readStatusReply(xml: string): SoapReply {
  const body = readBody(xml);
  const fault = body.children.find((child) => isSoap(child, 'Fault'));
  if (fault) return readFault(fault);

  const [response, ...others] = body.children;
  if (!response || others.length > 0 || !isNamed(response, serviceNamespace, 'GetSSOTokenStatusResponse')) {
    throw notSoap('its Body does not hold a GetSSOTokenStatusResponse');
  }
  const results = response.children.filter((child) => isNamed(child, serviceNamespace, 'GetSSOTokenStatusResult'));
  const [result] = results;
  if (results.length > 1 || response.children.length > results.length || response.text.trim() !== '') {
    throw notSoap('its GetSSOTokenStatusResponse does not hold one result alone');
  }
  if (result && result.children.length > 0) throw notSoap('its result holds elements instead of text');
  if (!result || result.isNil || result.text.trim() === '') {
    throw serviceError('EMPTY_RESULT', 'The status service answered without a status.', {
      hint: 'Check the token and the account; the service may answer like this for one that it does not know.',
    });
  }
  return { kind: 'result', text: result.text };
}

function readBody(xml: string): Element {
  const envelope = parseXml(xml);
  if (!isSoap(envelope, 'Envelope')) throw notSoap('it is not a SOAP Envelope');
  const bodies = envelope.children.filter((child) => isSoap(child, 'Body'));
  const [body] = bodies;
  if (!body || bodies.length > 1) throw notSoap('its Envelope does not hold one Body');
  return body;
}

/** Code and text of a Fault, in the words of either version: some stacks mix them. */
function readFault(fault: Element): SoapReply {
  const child = (parent: Element | undefined, name: string) => parent?.children.find(({ local }) => local === name);
  const code = child(fault, 'faultcode') ?? child(child(fault, 'Code'), 'Value');
  const text = child(fault, 'faultstring') ?? child(child(fault, 'Reason'), 'Text');
  return { kind: 'fault', code: (code?.text ?? '').trim(), text: (text?.text ?? '').trim() };
}

function notSoap(because: string): Error {
  return serviceError(
    'NOT_SOAP',
    `The status service answered with something that is not its SOAP reply: ${because}.`,
    {
      hint: 'Check the status URL (--status-url); a login, maintenance or firewall page may stand in front of the service.',
    },
  );
}

interface Element {
  readonly namespace: string;
  readonly local: string;
  readonly children: readonly Element[];
  /** The text of this element alone, references resolved; comments and instructions do not count. */
  readonly text: string;
  readonly isNil: boolean;
}

const isNamed = (element: Element, namespace: string, local: string) =>
  element.namespace === namespace && element.local === local;
const isSoap = (element: Element, local: string) =>
  Object.values(envelopeNamespaces).some((namespace) => isNamed(element, namespace, local));

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
  ignorePiTags: true,
  ignoreDeclaration: true,
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

/**
 * All that a `<` may begin: a comment, a CDATA section, a tag. The validator is lax inside of them: a no-break blank is a
 * blank to it. Processing instructions are left out, because SOAP forbids them and the parser reads them wrongly.
 */
const name = `[^\\s<>"'/=&?!]+`;
const attribute = `${blank}+${name}${equals}(?:"[^"<]*"|'[^'<]*')`;
const markup = new RegExp(
  `<(?:!--[^]*?-->|!\\[CDATA\\[[^]*?\\]\\]>|/${name}${blank}*>|${name}(?:${attribute})*${blank}*/?>)`,
  'g',
);

function parseXml(xml: string): Element {
  // A megabyte of them would keep the parser busy for seconds, and Ctrl-C waiting.
  if ((xml.match(/[<=]/g)?.length ?? 0) > mostMarkup) throw notSoap('it holds too many elements or attributes');
  // The only declarations in an honest reply are comments and CDATA; a DTD could define entities.
  if (/<!(?!--|\[CDATA\[)/.test(xml)) throw notSoap('it holds a document type declaration');
  if (illegalCharacter.test(xml)) throw notSoap('it holds characters that XML does not allow');
  if (XMLValidator.validate(xml) !== true) throw notSoap('it is not well-formed XML');
  const content = xml.replace(/^\uFEFF/, '').replace(xmlDeclaration, '');
  const rest = content.replace(markup, '');
  if (rest.includes('<?')) throw notSoap('it holds a processing instruction');
  if (rest.includes('<')) throw notSoap('it is not well-formed XML');
  const [root, ...others] = parseNodes(content).filter((node) => !isBlankText(node));
  if (!root || '#text' in root || others.length > 0) throw notSoap('it is not one XML document');
  return readElement(root, { own: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), outer: null });
}

const isBlankText = (node: Node) => '#text' in node && trimBlanks(String(node['#text'])) === '';

/** The nodes of a document. The parser leaves out the text behind the last one, unless there is an element around it. */
function parseNodes(content: string): readonly Node[] {
  try {
    return (parser.parse(`<all>${content}</all>`) as { all: Node[] }[]).flatMap(({ all }) => all);
  } catch {
    throw notSoap('it is nested too deeply or holds names that mean mischief');
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

function readElement(node: Node, outer: Scope): Element {
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
    throw notSoap('it declares a prefix that XML does not allow');
  }
  scope.own.set(prefix, namespace);
}

function expandName(name: string, scope: Scope): Pick<Element, 'namespace' | 'local'> {
  const [prefix, local, ...rest] = name.includes(':') ? name.split(':') : ['', name];
  const namespace = namespaceOf(prefix as string, scope) ?? (prefix === '' ? '' : undefined);
  if (namespace === undefined || !local || rest.length > 0 || name.startsWith(':'))
    throw notSoap(`it uses a prefix that it does not define`);
  return { namespace, local };
}

function readText(node: Node): string {
  if ('#cdata' in node) return (node['#cdata'] as Node[]).map((part) => String(part['#text'] ?? '')).join('');
  const text = node['#text'];
  if (typeof text !== 'string') return '';
  if (text.includes(']]>')) throw notSoap('it is not well-formed XML');
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
    if (seen.has(full)) throw notSoap('it is not well-formed XML');
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
  return text.replace(/&([^;&]{0,12}(?:;|$))?/g, (_reference, inner: string | undefined) => {
    const character = inner?.endsWith(';') ? resolveReference(inner.slice(0, -1)) : undefined;
    if (character === undefined || illegalCharacter.test(character)) {
      throw notSoap('it holds a reference that XML does not allow');
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
