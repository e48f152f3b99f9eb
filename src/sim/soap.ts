import { aspNetVersion, makeHtmlPage, type Reply, type WireRequest } from './reply.ts';
import { escapeXmlText, readXml, UnreadableXmlError, type XmlElement } from './xml.ts';

/** The four inputs; null is what .NET hands to the method for one that it did not recognise. */
export type StatusInputs = Record<InputName, string | null>;

/** What the method does: returns a text, throws, or is never reached because something in front of it answers. */
export type StatusAnswer =
  | { readonly kind: 'status'; readonly text: string; readonly delayMs: number }
  | { readonly kind: 'fault'; readonly blames: FaultSide; readonly text: string }
  | { readonly kind: 'other'; readonly reply: Reply };

type InputName = (typeof inputNames)[number];
type FaultSide = 'server' | 'client' | 'version';

interface SoapVersion {
  readonly contentType: string;
  readonly namespace: string;
  readonly faultCodes: Readonly<Record<FaultSide, string>>;
  writeFault(code: string, text: string): string;
}

// The schema is a sequence in this order, all of them optional.
const inputNames = ['tokenID', 'accountID', 'alias', 'password'] as const;
const serviceNamespace = 'http://tempuri.org/';
const operationName = 'GetSSOTokenStatus';
const statusHeaders = [aspNetVersion, ['Cache-Control', 'private, max-age=0']] as const;

const soap11: SoapVersion = {
  contentType: 'text/xml',
  namespace: 'http://schemas.xmlsoap.org/soap/envelope/',
  faultCodes: { server: 'soap:Server', client: 'soap:Client', version: 'soap:VersionMismatch' },
  writeFault: (code, text) =>
    `<soap:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring><detail /></soap:Fault>`,
};

const soap12: SoapVersion = {
  contentType: 'application/soap+xml',
  namespace: 'http://www.w3.org/2003/05/soap-envelope',
  faultCodes: { server: 'soap:Receiver', client: 'soap:Sender', version: 'soap:VersionMismatch' },
  writeFault: (code, text) =>
    `<soap:Fault><soap:Code><soap:Value>${code}</soap:Value></soap:Code>` +
    `<soap:Reason><soap:Text xml:lang="en">${text}</soap:Text></soap:Reason><soap:Detail /></soap:Fault>`,
};

/** Answers as ASMX does around a method; `callMethod` is the method. */
export function answerSoap(request: WireRequest, callMethod: (inputs: StatusInputs) => StatusAnswer): Reply {
  if (request.method === 'GET' || request.method === 'HEAD') return makeHelpPage();
  if (request.method !== 'POST') return makeBareReply(405, null, [['Allow', 'GET, HEAD, POST']]);
  const [mediaType, charset] = readContentType(request.headers['content-type'] ?? '');
  const version = [soap11, soap12].find((candidate) => candidate.contentType === mediaType);
  if (version === undefined) return makeBareReply(415, null);
  // ASMX finds the method by the header before it reads any of the body.
  const { soapaction } = request.headers;
  const action = version === soap11 ? soapaction : undefined;
  if (action !== undefined && !isKnownAction(String(action))) {
    const named = String(action).replace(/^"(.*)"$/, '$1');
    const text = `Server did not recognize the value of HTTP Header SOAPAction: ${named}.`;
    return makeFault(version, 'client', text);
  }
  try {
    const envelope = readXml(decodeBody(request.body, charset));
    return answerEnvelope(envelope, version, action !== undefined, callMethod);
  } catch (error) {
    if (error instanceof UnreadableXmlError) return makeBareReply(400, `${version.contentType}; charset=utf-8`);
    throw error;
  }
}

function answerEnvelope(
  envelope: XmlElement,
  version: SoapVersion,
  hasAction: boolean,
  callMethod: (inputs: StatusInputs) => StatusAnswer,
): Reply {
  if (envelope.name !== 'Envelope') throw new UnreadableXmlError('no envelope');
  if (envelope.namespace !== version.namespace) {
    const text = `Possible SOAP version mismatch: Envelope namespace ${envelope.namespace} was unexpected. Expecting ${version.namespace}.`;
    return makeFault(version, 'version', text);
  }
  const body = envelope.children.find((child) => isNamed(child, 'Body', version.namespace));
  if (body === undefined) throw new UnreadableXmlError('no body');
  const operation = body.children.find((child) => isNamed(child, operationName, serviceNamespace));
  // Without the header only the element says which method is meant; with it a wrong element loses its inputs.
  if (operation === undefined && !hasAction) {
    return makeFault(version, 'client', 'Unable to handle request. The request element was not recognized.');
  }
  return makeReply(version, callMethod(readInputs(operation)));
}

function makeReply(version: SoapVersion, answer: StatusAnswer): Reply {
  if (answer.kind === 'other') return answer.reply;
  if (answer.kind === 'fault') return makeFault(version, answer.blames, answer.text);
  const result = `<${operationName}Result>${escapeXmlText(answer.text)}</${operationName}Result>`;
  const response = `<${operationName}Response xmlns="${serviceNamespace}">${result}</${operationName}Response>`;
  return { ...makeEnvelope(version, 200, response), delayMs: answer.delayMs };
}

function makeFault(version: SoapVersion, blames: FaultSide, text: string): Reply {
  return makeEnvelope(version, 500, version.writeFault(version.faultCodes[blames], escapeXmlText(text)));
}

function makeEnvelope(version: SoapVersion, status: number, content: string): Reply {
  return {
    status,
    contentType: `${version.contentType}; charset=utf-8`,
    headers: statusHeaders,
    body:
      '<?xml version="1.0" encoding="utf-8"?>' +
      `<soap:Envelope xmlns:soap="${version.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
      ` xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>${content}</soap:Body></soap:Envelope>`,
  };
}

function makeBareReply(status: number, contentType: string | null, headers: Reply['headers'] = []): Reply {
  return { status, contentType, headers: [...headers, ...statusHeaders], body: '' };
}

function makeHelpPage(): Reply {
  const content =
    '<h1>SSOService</h1>\r\n<p>The following operations are supported. This is a simulator.</p>\r\n' +
    `<ul><li><a href="SSOService.asmx?op=${operationName}">${operationName}</a></li></ul>`;
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: statusHeaders,
    body: makeHtmlPage('SSOService Web Service', content),
  };
}

function readContentType(header: string): [mediaType: string, charset: string] {
  const [mediaType = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  return [mediaType.toLowerCase(), charset?.replaceAll('"', '') ?? 'utf-8'];
}

function decodeBody(body: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    throw new UnreadableXmlError('bytes outside the charset');
  }
}

function isKnownAction(header: string): boolean {
  const action = `${serviceNamespace}${operationName}`;
  return header === action || header === `"${action}"`;
}

function isNamed(element: XmlElement, name: string, namespace: string): boolean {
  return element.name === name && element.namespace === namespace;
}

function readInputs(operation: XmlElement | undefined): StatusInputs {
  const inputs: StatusInputs = { tokenID: null, accountID: null, alias: null, password: null };
  let expected = 0;
  for (const child of operation?.children ?? []) {
    // One that comes too late in the sequence is as unknown as one in another case or namespace.
    const place = inputNames.findIndex((name, index) => index >= expected && isNamed(child, name, serviceNamespace));
    const name = inputNames[place];
    if (name === undefined) continue;
    if (child.children.length > 0) throw new UnreadableXmlError('an element inside a text');
    inputs[name] = child.text;
    expected = place + 1;
  }
  return inputs;
}
