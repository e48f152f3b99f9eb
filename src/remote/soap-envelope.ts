import { lowerAscii } from '../base/ascii.ts';
import { serviceError, usageError } from '../domain/errors.ts';
import { hasIllegalCharacter, parseXml, type XmlElement, XmlError } from './xml.ts';

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
  | {
      readonly kind: 'fault';
      readonly code: string;
      readonly text: string;
      /** What else it says: subcodes and its detail, names and texts on lines of their own. */
      readonly rest: string;
    };

const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const serviceNamespace = 'http://tempuri.org/';

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
  if (hasIllegalCharacter(text)) {
    throw usageError('A value holds a control character, which XML cannot carry.', 'Check the token and the settings.');
  }
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] as string);
}

/**
 * Reads a reply strictly: well-formed, no DTD, an Envelope of either SOAP namespace, its one Body, and in it either a Fault
 * or GetSSOTokenStatusResponse with exactly one result of text only. Names are told by namespace and local name; prefixes
 * mean nothing. Elements beside them that are not known are ignored.
 *
 * @throws InstaMedError `service`: `NOT_SOAP`, not such a reply; `EMPTY_RESULT`, no result, or nothing in it (a .NET method
 * that returned null).
 */
export function readStatusReply(xml: string): SoapReply {
  const body = readBody(xml);
  const fault = body.children.find((child) => isSoap(child, 'Fault'));
  if (fault) return readFault(fault);

  const response = onlyOne(body, 'GetSSOTokenStatusResponse');
  if (!response) throw notSoap('its Body does not hold one GetSSOTokenStatusResponse');
  const result = onlyOne(response, 'GetSSOTokenStatusResult');
  if (result === null || response.text.trim() !== '') {
    throw notSoap('its GetSSOTokenStatusResponse does not hold one result');
  }
  if (result && result.children.length > 0) throw notSoap('its result holds elements instead of text');
  if (!result || result.isNil || result.text.trim() === '') {
    throw serviceError('EMPTY_RESULT', 'The status service answered without a status.', {
      hint: 'Check the token and the account; the service may answer like this for one that it does not know.',
    });
  }
  return { kind: 'result', text: result.text };
}

/**
 * The child of this name; undefined where there is none; null where there are several, in whatever namespace and case, so that it
 * is open which of them counts, or a Fault beside it. What else stands beside it may be new, and is ignored.
 */
function onlyOne(parent: XmlElement, local: string): XmlElement | undefined | null {
  const isAlike = (child: XmlElement) => lowerAscii(child.local) === lowerAscii(local);
  const [found, ...others] = parent.children.filter(isAlike);
  if (found === undefined) return undefined;
  const isFaulty = parent.children.some((child) => lowerAscii(child.local) === 'fault');
  return others.length > 0 || isFaulty || !isNamed(found, serviceNamespace, local) ? null : found;
}

function readBody(xml: string): XmlElement {
  const envelope = parseReply(xml);
  if (!isSoap(envelope, 'Envelope')) throw notSoap('it is not a SOAP Envelope');
  const bodies = envelope.children.filter((child) => isSoap(child, 'Body'));
  const [body] = bodies;
  if (!body || bodies.length > 1) throw notSoap('its Envelope does not hold one Body');
  return body;
}

function parseReply(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) throw notSoap(error.message);
    throw error;
  }
}

/** Code and text of a Fault, in the words of either version: some stacks mix them. */
function readFault(fault: XmlElement): SoapReply {
  const child = (parent: XmlElement | undefined, name: string) => parent?.children.find(({ local }) => local === name);
  const code = child(fault, 'faultcode') ?? child(child(fault, 'Code'), 'Value');
  const text = child(fault, 'faultstring') ?? child(child(fault, 'Reason'), 'Text');
  // An actor or a role is an address, which may be called after anything.
  const others = fault.children.filter(({ local }) => !['faultactor', 'Node', 'Role'].includes(local));
  const rest = others.flatMap((element) => linesOf(element, [code, text])).join('\n');
  return { kind: 'fault', code: (code?.text ?? '').trim(), text: (text?.text ?? '').trim(), rest };
}

function linesOf(element: XmlElement, without: readonly (XmlElement | undefined)[]): string[] {
  if (without.includes(element)) return [];
  return [element.local, element.text, ...element.children.flatMap((inner) => linesOf(inner, without))];
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

const isNamed = (element: XmlElement, namespace: string, local: string) =>
  element.namespace === namespace && element.local === local;
const isSoap = (element: XmlElement, local: string) =>
  Object.values(envelopeNamespaces).some((namespace) => isNamed(element, namespace, local));
