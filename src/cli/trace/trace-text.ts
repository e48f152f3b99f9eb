import { lowerAscii, trimBlanks } from '../../base/ascii.ts';
import { InstaMedError } from '../../domain/errors.ts';
import { decodeNvp } from '../../domain/nvp.ts';
import { namesOf } from '../../domain/receipt-fields.ts';
import { createMask, maskToken } from '../../redact/mask.ts';
import { shorten, visible } from '../../redact/visible.ts';
import { decodeText } from '../../remote/charset.ts';
import type { HttpReply, HttpRequest } from '../../remote/http.ts';
import { countOf, soundsLikeVerdict } from '../output/plain-words.ts';

/** Takes everything out that must not be shown. Always before a text is cut: half of a secret is known to no mask. */
export type Mask = (text: string) => string;

// Only what is named here is shown; of everything else, that it was there and how long it is.

const shownRequestHeaders = ['content-type', 'soapaction'];
const shownReplyHeaders = [
  ...['date', 'server', 'connection', 'retry-after'],
  ...['content-type', 'content-length', 'content-encoding', 'transfer-encoding'],
];
const shownInputs = ['storeID', 'terminalID', 'transactionAction', 'requestToken', 'allowPartialPayment'];
const tokenInputs = ['tokenID', 'singleSignOnToken'];
/** Not even how long it is. */
const secretInputs = ['password'];
const shownElements = ['GetSSOTokenStatusResult', 'faultcode', 'faultstring', 'Value', 'Text'];
const shownFields = namesOf(({ traced }) => traced === true);

const mostNames = 40;

/** The receipt is asked for with a form, the status with XML. */
export const isReceiptRequest = ({ headers }: HttpRequest) => headers['content-type']?.includes('form') === true;

/** The headers that we send, and the names of what the body says. */
export function describeRequest(request: HttpRequest, mask: Mask): string[] {
  const { headers, body } = request;
  const inputs = isReceiptRequest(request)
    ? decodeNvp(body).pairs.map(({ name, decodedValue }) => [name, decodedValue] as const)
    : elementsOf(body).filter(([, text]) => text !== '');
  return [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${sayRequestHeader(name, value, mask)}`),
    `body: ${inputs.map(([name, value]) => `${name}=${sayInput(name, value, mask)}`).join(' ')}`,
  ];
}

function sayRequestHeader(name: string, value: string, mask: Mask): string {
  if (name === 'authorization') return `${value.split(' ')[0]} ***`;
  return shownRequestHeaders.includes(name) ? clean(value, 200, mask) : sayLength(value);
}

function sayInput(name: string, value: string, mask: Mask): string {
  if (tokenInputs.includes(name)) return maskToken(value);
  if (secretInputs.includes(name)) return '***';
  return shownInputs.includes(name) ? clean(value, 60, mask) : `*** ${sayLength(value)}`;
}

/** The headers of a reply. */
export function describeHeaders(headers: HttpReply['headers'], isReceipt: boolean, mask: Mask): string[] {
  return Object.entries(headers).map(([name, value]) => {
    const shown = sayReplyHeader(name, value, (text) => quote(text, 100, isReceipt, mask), mask);
    return `${clean(name, 60, mask)}: ${shown}`;
  });
}

function sayReplyHeader(name: string, value: string, say: (text: string) => string, mask: Mask): string {
  if (shownReplyHeaders.includes(name)) return say(value);
  if (name === 'location') return `${say(hostOf(mask(value)))} (the host alone)`;
  // The scheme alone: what follows it may be anything.
  const schemes =
    name === 'www-authenticate' ? value.match(/\b(?:Basic|Digest|Negotiate|NTLM|Bearer)(?=[ ,]|$)/gi) : null;
  return schemes ? `${[...new Set(schemes)].join(', ')} (the scheme alone)` : sayLength(value);
}

/** Masked beforehand: a URL writes its host in lower case, in which no mask would know a secret again. */
function hostOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : 'this one';
}

/** What the body of a reply says. */
export function describeReply(reply: HttpReply, isReceipt: boolean, mask: Mask): string[] {
  const text = textOf(reply, isReceipt);
  if (text === null) return ['not text'];
  if (text === '') return [];
  // XML escapes what would take a value apart.
  if (/<(?:[\w.-]+:)?Envelope[\s>]/.test(text)) return describeXml(text, isReceipt, mask);
  // Elsewhere the whole body first, so that nothing is taken apart in the middle of a secret.
  const masked = mask(text);
  if (/^\uFEFF?[\w.-]+=/.test(masked)) return describeNvp(masked, isReceipt, mask);
  return [`text: "${quote(masked, 300, isReceipt, mask)}"`];
}

/** Read as the clients read it. Text with a NUL is in another charset than it says, in which no mask knows a secret. */
function textOf({ body, headers }: HttpReply, isReceipt: boolean): string | null {
  try {
    const text = decodeText(body, headers['content-type'], isReceipt ? { fallback: 'windows-1252' } : { isXml: true });
    return text.includes('\0') ? null : text;
  } catch (error) {
    if (error instanceof InstaMedError) return null;
    throw error;
  }
}

function describeXml(text: string, isReceipt: boolean, mask: Mask): string[] {
  const elements = elementsOf(text);
  const names = elements.slice(0, mostNames).map(([name]) => clean(name, 60, mask));
  const texts = elements.filter(([name, value]) => value !== '' && shownElements.includes(name));
  return [
    `elements: ${names.join(' ')}${elements.length > mostNames ? ' …' : ''}`,
    ...texts.slice(0, mostNames).map(([name, value]) => `${name} = "${quote(value, 300, isReceipt, mask)}"`),
  ];
}

/** Every element with the text up to the next tag: no reader of XML, but no reply is too broken for it. */
function elementsOf(xml: string): (readonly [name: string, text: string])[] {
  return [...xml.matchAll(/<(?:[\w.-]+:)?([\w.-]+)(?:[\s/][^<>]*)?>([^<]*)/g)].map(
    ([, name = '', text = '']) => [name, trimBlanks(text)] as const,
  );
}

function describeNvp(text: string, isReceipt: boolean, mask: Mask): string[] {
  const { pairs } = decodeNvp(text);
  const holders = pairs.filter(({ decodedName }) => lowerAscii(decodedName) === 'cardholdername');
  // A message may call the payer by name.
  const maskNames = createMask(
    holders.map(({ decodedValue }) => trimBlanks(decodedValue)).filter((name) => name.length > 2),
  );
  const maskAll: Mask = (value) => maskNames(mask(value));
  const lines = pairs.slice(0, mostNames).map(({ decodedName, decodedValue }) => {
    const name = clean(decodedName, 60, maskAll);
    return shownFields.has(lowerAscii(decodedName))
      ? `${name} = "${quote(decodedValue, 200, isReceipt, maskAll)}"`
      : `${name} ${sayLength(decodedValue)}`;
  });
  return pairs.length > mostNames ? [...lines, `… ${pairs.length - mostNames} more`] : lines;
}

/** A text of the remote side. Beside a payment whose fate may be unknown no quoted word may sound like a verdict on it. */
function quote(text: string, limit: number, isReceipt: boolean, mask: Mask): string {
  if (isReceipt && soundsLikeVerdict(text)) return `${sayLength(text)}, not shown: its words could pass for a verdict`;
  return clean(text, limit, mask);
}

/** Masked, then cut, then made visible. */
export const clean = (text: string, limit: number, mask: Mask) => visible(shorten(mask(text), limit));

export const sayLength = (text: string) => `(${countOf(text.length, 'character')})`;
