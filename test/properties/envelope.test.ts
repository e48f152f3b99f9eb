import fc from 'fast-check';
import { expect } from 'vitest';
import { InstaMedError } from '../../src/domain/errors.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import { readStatusReply } from '../../src/remote/soap-envelope.ts';
import { holds, inAnyCase, textOf } from '../support/property.ts';
import { type Reading, readStrictly } from '../support/strict-reader.ts';

/** What our reader makes of a text; null where it refuses it, in the expected way. The other texts of a fault decide nothing. */
function readOurs(xml: string): Reading {
  try {
    const reply = readStatusReply(xml);
    return reply.kind === 'fault' ? { kind: reply.kind, code: reply.code, text: reply.text } : reply;
  } catch (error) {
    if (error instanceof InstaMedError && error.category === 'service') return null;
    throw error;
  }
}

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const tempuri = 'http://tempuri.org/';

// --- replies as a correct service may write them ---

/** Text, and the ways to write it in an element. */
const word = fc.constantFrom(
  'NEW',
  'USED',
  'complete',
  'EXPIRED',
  ' USED ',
  'a<b>&"c\'',
  'caf\u00e9 \u{1f600}',
  '0012',
);
const inXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;');
const asNumbers = (text: string) => [...text].map((character) => `&#${character.codePointAt(0)};`).join('');
const asHexadecimal = (text: string) => [...text].map((c) => `&#x${c.codePointAt(0)?.toString(16)};`).join('');
const asCdata = (text: string) => `<![CDATA[${text}]]>`;
const withComment = (text: string) => `${inXml(text.slice(0, 2))}<!-- - "'>< NEW -->${inXml(text.slice(2))}`;
const spelling = fc.constantFrom(inXml, asNumbers, asHexadecimal, asCdata, withComment);

const prefix = fc.constantFrom('soap', 's', 'SOAP-ENV', 'a.b-c_1', '\u00e9', '');
const between = fc.constantFrom('', '', '\n', '\r\n  ', '<!-- GetSSOTokenStatusResult -->', '\t');
const attribute = fc.constantFrom(
  '',
  '',
  ' a="1>2"',
  " xml:lang='en'",
  ' xmlns:q="urn:q" q:x="&lt;&#10;"',
  ' id = "x"',
);

interface Frame {
  readonly prefix: string;
  readonly namespace: string;
  readonly declaration: string;
  readonly header: string;
  readonly between: string;
  readonly attribute: string;
}

const frame: fc.Arbitrary<Frame> = fc.record({
  prefix,
  namespace: fc.constantFrom(soap11, soap12),
  declaration: fc.constantFrom(
    '',
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n",
  ),
  header: fc.constantFrom('', '<x xmlns="urn:x"><y/></x>'),
  between,
  attribute,
});

function inEnvelope(body: string, frame: Frame): string {
  const { declaration, namespace, header, between: gap } = frame;
  const name = (local: string) => (frame.prefix ? `${frame.prefix}:${local}` : local);
  const declares = frame.prefix ? `xmlns:${frame.prefix}` : 'xmlns';
  const head = header && `<${name('Header')}>${header}</${name('Header')}>`;
  return `${declaration}<${name('Envelope')}${frame.attribute} ${declares}="${namespace}">${gap}${head}${gap}<${name('Body')}>${gap}${body}${gap}</${name('Body')} >${gap}</${name('Envelope')}>${gap}`;
}

const response = fc
  .record({ prefix: fc.constantFrom('', 't'), word, spelling, between, attribute })
  .map(({ prefix, word, spelling, between, attribute }) => {
    const name = (local: string) => (prefix ? `${prefix}:${local}` : local);
    const [outer, inner] = [name('GetSSOTokenStatusResponse'), name('GetSSOTokenStatusResult')];
    const declares = prefix ? `xmlns:${prefix}` : 'xmlns';
    return `<${outer} ${declares}="${tempuri}">${between}<${inner}${attribute}>${spelling(word)}</${inner}>${between}</${outer}>`;
  });

const goodReply = fc.record({ response, frame }).map(({ response, frame }) => inEnvelope(response, frame));

const fault = fc
  .record({ frame, code: fc.constantFrom('Server', 'Client', 'Receiver'), text: word, spelling })
  .map(({ frame, code, text, spelling }) => {
    const name = frame.prefix ? `${frame.prefix}:Fault` : 'Fault';
    const says = spelling(text);
    return inEnvelope(
      frame.namespace === soap11
        ? `<${name}><faultcode>soap:${code}</faultcode><faultstring>${says}</faultstring><detail/></${name}>`
        : `<${name} xmlns:e="${soap12}"><e:Code><e:Value>soap:${code}</e:Value></e:Code><e:Reason><e:Text>${says}</e:Text></e:Reason></${name}>`,
      frame,
    );
  });

const reply = fc.oneof({ weight: 3, arbitrary: goodReply }, { weight: 1, arbitrary: fault });

holds(
  'a well-formed reply is read as a strict reader reads it',
  1_500,
  fc.property(reply, (xml) => {
    const strict = readStrictly(xml);
    expect(strict).not.toBeNull();
    expect(readOurs(xml)).toEqual(strict);
  }),
);

// --- replies that something happened to ---

/** What stands for trouble where it is put in: markup, references, names, characters that XML does not have. */
const snippets = [
  ...['<', '>', '&', '"', "'", '/', '=', ' ', ':', '!', '?', '-', ']', ';', '#'],
  ...['<!--', '-->', '--', '<![CDATA[', ']]>', '<!DOCTYPE x>', '<!DOCTYPE x [<!ENTITY u "USED">]>', '<!ENTITY u "x">'],
  ...['<?x y?>', '<?x "?>', '<?xml version="1.0"?>', '<?xml version="1.1"?>', '?>', '<a>', '</a>', '<a/>', '<a b>'],
  ...['&u;', '&amp;', '&lt;', '&#85;', '&#x1B;', '&#0;', '&#xD800;', '&nbsp;', '&amp', '&#x;', '&__proto__;'],
  ...[' a="1"', ' a="1" a="2"', " a='<'", ' a=1', ' xmlns=""', ' xmlns="urn:x"', ` xmlns="${tempuri}"`],
  ...[` xmlns:soap="${soap12}"`, ' xmlns:soap="urn:x"', ' xmlns:soap=""', ' xmlns:xml="urn:x"', ' xmlns:xmlns="urn:x"'],
  ...[' xsi:nil="true"', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="1"'],
  ...[
    ' xmlns:p="urn:x" xmlns:q="urn:x" p:a="" q:a=""',
    'xmlns:',
    'soap:',
    'q:',
    'USED',
    'NEW',
    '__proto__',
    'toString',
  ],
  ...['<GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult>', '</GetSSOTokenStatusResult>', '</soap:Body>'],
  ...['\0', '\x1b', '\x85', '\u2028', '\u00a0', '\ufeff', '\ufffe', '\ud800', '\r', '\n', '\t', '\u0661', '\u00b7'],
];

const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (xml: string, where: number) => Math.floor(where * xml.length);

type Mutation = (xml: string) => string;

const mutations: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
  'something is put in': fc
    .tuple(fc.oneof(fc.constantFrom(...snippets), fc.string({ unit: 'binary', maxLength: 2 })), place)
    .map(
      ([what, where]) =>
        (xml) =>
          xml.slice(0, at(xml, where)) + what + xml.slice(at(xml, where)),
    ),
  'something is put in where a piece of markup ends or begins': fc
    .tuple(fc.constantFrom(...snippets), place, fc.constantFrom('<', '>', '"', ' ', '/', '='), fc.boolean())
    .map(([what, where, mark, isBehind]) => (xml) => {
      const index = xml.indexOf(mark, at(xml, where));
      if (index < 0) return xml + what;
      const cut = index + (isBehind ? 1 : 0);
      return xml.slice(0, cut) + what + xml.slice(cut);
    }),
  'some characters go': fc.tuple(place, fc.integer({ min: 1, max: 12 })).map(
    ([where, count]) =>
      (xml) =>
        xml.slice(0, at(xml, where)) + xml.slice(at(xml, where) + count),
  ),
  'one character becomes another': fc.tuple(place, fc.constantFrom(...'<>&"\'/=: aZ\u00e9\0')).map(
    ([where, other]) =>
      (xml) =>
        xml.slice(0, at(xml, where)) + other + xml.slice(at(xml, where) + 1),
  ),
  'it is cut': place.map((where) => (xml) => xml.slice(0, at(xml, where))),
  'its beginning is lost': place.map((where) => (xml) => xml.slice(at(xml, where))),
  'a piece comes twice': fc.tuple(place, place).map(([from, to]) => (xml) => {
    const [start, end] = [at(xml, Math.min(from, to)), at(xml, Math.max(from, to))];
    return xml.slice(0, end) + xml.slice(start, end) + xml.slice(end);
  }),
  'an element comes twice': place.map((where) => (xml) => {
    const elements = [...xml.matchAll(/<([\w:.-]+)[^<>]*>[^<]*<\/\1 ?>|<[\w:.-]+[^<>]*\/>/g)];
    const found = elements[Math.floor(where * elements.length)];
    return found ? xml.slice(0, found.index) + found[0] + xml.slice(found.index) : xml;
  }),
  'a name or a namespace changes': fc
    .tuple(
      fc.constantFrom(
        'Envelope',
        'Body',
        'Result',
        'Response',
        'Fault',
        'tempuri.org/',
        'soap-envelope',
        'xmlns',
        'soap',
      ),
      fc.constantFrom('', 'x', 'Result', 'Response', 'Fault', 'Body', 'xmlns', 'tempuri.org', 'BODY'),
      fc.boolean(),
    )
    .map(
      ([name, other, isEverywhere]) =>
        (xml) =>
          isEverywhere ? xml.replaceAll(name, other) : xml.replace(name, other),
    ),
};

const mutated = fc
  .tuple(reply, fc.array(fc.oneof(...Object.values(mutations)), { minLength: 1, maxLength: 3 }))
  .map(([xml, changes]) => changes.reduce((changed, change) => change(changed), xml));

const seen = { read: 0, refused: 0 };

holds(
  'a reply that something happened to is read as a strict reader reads it, or refused',
  6_000,
  fc.property(mutated, (xml) => {
    const ours = readOurs(xml);
    seen[ours ? 'read' : 'refused'] += 1;
    if (ours) expect(ours).toEqual(readStrictly(xml));
  }),
  // Both came about often enough to be worth something.
  () => expect(Math.min(seen.read, seen.refused)).toBeGreaterThan((seen.read + seen.refused) / 20),
);

holds(
  'any text at all is read as a strict reader reads it, or refused',
  2_000,
  fc.property(fc.oneof(textOf(snippets, 12), fc.string({ unit: 'binary' })), (xml) => {
    const ours = readOurs(xml);
    expect(ours).toEqual(ours && readStrictly(xml));
  }),
);

// --- what a status text means ---

const blank = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0', '\u200b', '\ufeff', '\0', '\u2028', '\v');
const statusWord = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('used', 'complete', 'completed', 'new', 'expired').chain(inAnyCase) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('u\u017fed', 'USED.', 'USED USED', 'UNUSED', 'NOT USED', 'complet\u0435', '\uff35sed'),
  },
  { weight: 1, arbitrary: fc.string() },
);

holds(
  'a status is USED only where its text is used, complete or completed, blanks and the case of A to Z apart',
  3_000,
  fc.property(fc.tuple(blank, statusWord, blank), (parts) => {
    const text = parts.join('');
    const { state, text: kept } = readTokenStatus(text);
    expect(kept).toBe(text);
    const word = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    const ascii = word.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
    expect(state === 'USED').toBe(ascii === 'used' || ascii === 'complete' || ascii === 'completed');
  }),
);
