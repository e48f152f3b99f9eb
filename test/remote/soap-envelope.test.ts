import { describe, expect, test } from 'vitest';
import { readStatusReply } from '../../src/remote/soap-envelope.ts';
import { troubleOf } from '../support/account.ts';
import {
  expectNotSoap,
  expectResult,
  good,
  inBody,
  inResponse,
  inResult,
  soap11,
  soap12,
} from '../support/soap-replies.ts';

const malformed = 'it is not well-formed XML';

describe('a result is found by namespace and local name', () => {
  test.each([
    ['as ASMX writes SOAP 1.1', good],
    ['as ASMX writes SOAP 1.2, with the same prefix', good.replace(soap11, soap12)],
    ['with the prefix of the help page', good.replaceAll('soap:', 'soap12:').replace('xmlns:soap', 'xmlns:soap12')],
    [
      'with no prefix at all',
      `<Envelope xmlns="${soap11}"><Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></Body></Envelope>`,
    ],
    [
      'with a prefix for everything',
      `<a:Envelope xmlns:a="${soap11}" xmlns:b="http://tempuri.org/"><a:Body><b:GetSSOTokenStatusResponse><b:GetSSOTokenStatusResult>USED</b:GetSSOTokenStatusResult></b:GetSSOTokenStatusResponse></a:Body></a:Envelope>`,
    ],
    [
      'with one prefix for both, declared anew',
      `<a:Envelope xmlns:a="${soap11}"><a:Body><a:GetSSOTokenStatusResponse xmlns:a="http://tempuri.org/"><a:GetSSOTokenStatusResult>USED</a:GetSSOTokenStatusResult></a:GetSSOTokenStatusResponse></a:Body></a:Envelope>`,
    ],
    ['with a namespace in single quotes', good.replace('"http://tempuri.org/"', "'http://tempuri.org/'")],
    ['with a namespace written with references', good.replace('http://tempuri.org/', 'http:&#47;&#x2F;tempuri.org/')],
    ['with attributes that mean nothing', inResult('USED', ' a="1" xsi:type="x" nil="true" hasOwnProperty="x"')],
    ['behind a Header', good.replace('<soap:Body>', '<soap:Header><x>NEW</x></soap:Header><soap:Body>')],
    ['behind a Header without content', good.replace('<soap:Body>', '<soap:Header/><soap:Body>')],
    [
      'behind a Header that declares what it needs',
      good.replace('<soap:Body>', '<soap:Header xmlns:q="urn:q"><q:x q:y="z"/></soap:Header><soap:Body>'),
    ],
    ['over many lines', good.replaceAll('><', '>\n\t<').replace('?>\n\t<', '?><').replace('USED\n\t<', 'USED<')],
    ['behind a byte order mark', `\ufeff${good}`],
    ['without an XML declaration', good.slice(good.indexOf('?>') + 2)],
    ['among comments', good.replaceAll('><', '><!-- <a> & NEW --><')],
    ['before a comment and blanks', `${good}\n<!-- end -->\n`],
    ['with xml:lang, whose prefix needs no declaration', inResult('USED', ' xml:lang="en"')],
  ])('%s', (_name, xml) => {
    expectResult(xml, 'USED');
  });
});

describe('the text of a result', () => {
  test.each([
    ['keeps the blanks around it', ' \n USED\t', ' \n USED\t'],
    ['is not read as a number', '0012', '0012'],
    ['is not read as a truth value', 'true', 'true'],
    ['does not count comments', 'US<!-- NEW -->ED', 'USED'],
    ['does not count markup in comments', 'NEW<!-- </GetSSOTokenStatusResult><a b="-->', 'NEW'],
    ['counts CDATA', '<![CDATA[USED]]>', 'USED'],
    ['counts CDATA beside text', 'US<![CDATA[E]]>D', 'USED'],
    ['counts markup in CDATA as text', '<![CDATA[<a>&amp;</b>]]>', '<a>&amp;</b>'],
    ['counts a comment in CDATA as text', '<![CDATA[<!-- ]]>USED<![CDATA[ -->]]>', '<!-- USED -->'],
    ['counts a less-than sign in CDATA as text', '<![CDATA[<]]>', '<'],
    ['counts an empty CDATA section as nothing', 'USED<![CDATA[]]>', 'USED'],
    ['resolves the five names', '&lt;&amp;&gt;&quot;&apos;', '<&>"\''],
    ['resolves numbers', '&#85;&#83;&#69;&#68;', 'USED'],
    ['resolves hexadecimal numbers', '&#x55;&#x53;&#x000045;&#x44;', 'USED'],
    ['resolves numbers in either case', '&#x4a;&#x4A;', 'JJ'],
    ['resolves white space', '&#9;&#xA;&#13;', '\t\n\r'],
    ['resolves characters above the basic plane', '&#x1F600;&#128512;&#x10FFFD;', '😀😀\u{10FFFD}'],
    ['resolves each reference once', '&amp;lt;&amp;#85;', '&lt;&#85;'],
    ['keeps what is no reference', 'a > b "c" \'d\' ;', 'a > b "c" \'d\' ;'],
    ['keeps characters that are only odd', '\u0085\u200b\u202e\ufffd', '\u0085\u200b\u202e\ufffd'],
    ['keeps the names of JavaScript objects', '__proto__', '__proto__'],
  ])('%s', (_name, xml, text) => {
    // The next empty text would be no status, so each has company.
    expectResult(inResult(`${xml}.`), `${text}.`);
  });

  test('has no bound of its own', () => {
    expectResult(inResult('x'.repeat(500_000)), 'x'.repeat(500_000));
  });
});

describe('no status is an error, never NEW', () => {
  test.each([
    [
      'no result: a .NET method that returned null',
      inBody('<GetSSOTokenStatusResponse xmlns="http://tempuri.org/" />'),
    ],
    ['no result, but blanks', inResponse('\n  ')],
    ['an empty result', inResponse('<GetSSOTokenStatusResult />')],
    ['an empty result of two tags', inResult('')],
    ['blanks alone', inResult(' \n\t ')],
    ['a comment alone', inResult('<!-- USED -->')],
    ['blanks by reference', inResult('&#32;&#10;')],
    ['blanks in CDATA', inResult('<![CDATA[ ]]>')],
    ['nil', inResponse('<GetSSOTokenStatusResult xsi:nil="true" />')],
    ['nil, with a text that cannot be trusted', inResult('USED', ' xsi:nil="true"')],
    ['nil as 1', inResult('USED', ' xsi:nil="1"')],
    ['nil with blanks', inResult('USED', ' xsi:nil=" true "')],
    ['nil with another prefix', inResult('USED', ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"')],
  ])('%s', async (_name, xml) => {
    const error = await troubleOf(() => readStatusReply(xml));
    expect(error).toMatchObject({ category: 'service', code: 'EMPTY_RESULT', retryable: false });
    expect(error.message).toBe('The status service answered without a status.');
    expect(error.hint).toBe(
      'Check the token and the account; the service may answer like this for one that it does not know.',
    );
  });

  test.each([
    ['of nil that is false', ' xsi:nil="false"'],
    ['of nil that is 0', ' xsi:nil="0"'],
    ["of a nil that is not the schema's", ' xmlns:q="urn:q" q:nil="true"'],
    ['of another word of the schema', ' xsi:null="true"'],
  ])('but not for the sake %s', (_name, attributes) => {
    expectResult(inResult('USED', attributes), 'USED');
  });
});

describe('more than one result, or something else in its place', () => {
  const alone = 'its GetSSOTokenStatusResponse does not hold one result';
  const result = '<GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult>';
  test.each([
    ['two results', inResponse(result + result), alone],
    ['two results that differ', inResponse(`<GetSSOTokenStatusResult>NEW</GetSSOTokenStatusResult>${result}`), alone],
    ['an empty result and another', inResponse(`<GetSSOTokenStatusResult/>${result}`), alone],
    ['a second result in another case', inResponse(`${result}<getssotokenstatusresult/>`), alone],
    ['a second result of another namespace', inResponse(`<GetSSOTokenStatusResult xmlns="urn:x"/>${result}`), alone],
    ['a Fault of another namespace beside a result', inResponse(`${result}<Fault xmlns="urn:x"/>`), alone],
    ['a result in another case', inResponse('<getSSOTokenStatusResult>USED</getSSOTokenStatusResult>'), alone],
    [
      'a result of another namespace',
      inResponse('<GetSSOTokenStatusResult xmlns="urn:x">USED</GetSSOTokenStatusResult>'),
      alone,
    ],
    ['a result of no namespace', inResponse('<GetSSOTokenStatusResult xmlns="">USED</GetSSOTokenStatusResult>'), alone],
    ['text beside a result', inResponse(`NEW${result}`), alone],
    ['text in place of a result', inResponse('USED'), alone],
    ['a Fault beside a result', inResponse(`${result}<soap:Fault/>`), alone],
    ['a result in a result', inResult(result), 'its result holds elements instead of text'],
    ['elements in a result', inResult('USED<b/>'), 'its result holds elements instead of text'],
  ])('%s', (_name, xml, because) => expectNotSoap(xml, because));
});

describe('elements that are not known', () => {
  const result = '<GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult>';
  const response = `<GetSSOTokenStatusResponse xmlns="http://tempuri.org/">${result}</GetSSOTokenStatusResponse>`;

  test.each([
    ['behind the result', inResponse(`${result}<x/>`)],
    ['before the result', inResponse(`<x a="b">NEW<y/></x>${result}`)],
    ['on both sides, of another namespace', inResponse(`<x xmlns="urn:x"/>${result}<z xmlns="">EXPIRED</z>`)],
    ['before the response', inBody(`<x/>${response}`)],
    ['behind the response', inBody(`${response}<GetTransactionDetailsResponse/>`)],
  ])('%s are ignored', (_name, xml) => {
    expect(readStatusReply(xml)).toEqual({ kind: 'result', text: 'USED' });
  });

  test.each([
    ['another element', '<x>USED</x>'],
    ['the result of another operation', '<GetTransactionDetailsResult>USED</GetTransactionDetailsResult>'],
  ])('in place of the result are no result: %s', async (_name, xml) => {
    expect(await troubleOf(() => readStatusReply(inResponse(xml)))).toMatchObject({ code: 'EMPTY_RESULT' });
  });
});

describe('another response in the Body', () => {
  const noResponse = 'its Body does not hold one GetSSOTokenStatusResponse';
  const response =
    '<GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse>';
  test.each([
    ['nothing', inBody('')],
    ['text', inBody('USED')],
    [
      'the request, echoed',
      inBody('<GetSSOTokenStatus xmlns="http://tempuri.org/"><tokenID>USED</tokenID></GetSSOTokenStatus>'),
    ],
    ['a response of another namespace', good.replace('http://tempuri.org/', 'http://tempuri.org')],
    ['a response of no namespace', good.replace(' xmlns="http://tempuri.org/"', '')],
    ['a response in another case', good.replaceAll('GetSSOTokenStatusResponse', 'getssotokenstatusresponse')],
    ['a bare result', inBody('<GetSSOTokenStatusResult xmlns="http://tempuri.org/">USED</GetSSOTokenStatusResult>')],
    ['two responses', inBody(response + response)],
    ['a Fault of another namespace beside a response', inBody(`${response}<Fault xmlns="urn:x"/>`)],
    ['two responses, one in another case', inBody(`${response}<getSSOTokenStatusResponse/>`)],
    ['a response inside another element', inBody(`<x>${response}</x>`)],
    ['a Fault of another namespace', inBody('<Fault xmlns="urn:x"/>')],
  ])('%s', (_name, xml) => expectNotSoap(xml, noResponse));

  test.each([
    ['no Body', good.replaceAll('soap:Body', 'soap:Bodies')],
    ['two Bodies', good.replace('</soap:Body>', '</soap:Body><soap:Body/>')],
    ['a Body of another namespace', good.replace('<soap:Body>', '<soap:Body xmlns:soap="urn:x">')],
    ['the response in the Header', good.replaceAll('soap:Body', 'soap:Header')],
    [
      'a Body in the Header',
      good.replace('<soap:Body>', '<soap:Header><soap:Body>').replace('</soap:Body>', '</soap:Body></soap:Header>'),
    ],
  ])('%s', (_name, xml) => expectNotSoap(xml, 'its Envelope does not hold one Body'));

  test.each([
    ['an Envelope of another namespace', good.replace(soap11, 'http://schemas.xmlsoap.org/soap/envelope')],
    ['an Envelope of no namespace', good.replace(` xmlns:soap="${soap11}"`, '').replaceAll('soap:', '')],
    ['the namespace of WSDL', good.replace(soap11, 'http://schemas.xmlsoap.org/wsdl/soap/')],
    ['a Body without an Envelope', `<Body xmlns="${soap11}">${response}</Body>`],
    ['a response without an Envelope', response],
    ['a web page that is well-formed', '<html><body>USED</body></html>'],
  ])('%s', (_name, xml) => expectNotSoap(xml, 'it is not a SOAP Envelope'));
});

describe('what is not XML', () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \n '],
    ['a word', 'USED'],
    ['JSON', '{"GetSSOTokenStatusResult":"USED"}'],
    ['name=value text', 'status=USED'],
    ['a web page', '<html><body><br>USED</body></html>'],
    ['a reply that ends in the last tag', good.slice(0, -1)],
    ['a reply that ends before the last tag', good.slice(0, good.lastIndexOf('<'))],
    ['a reply that ends in the result', good.slice(0, good.indexOf('USED') + 4)],
    ['tags that do not match', good.replace('</soap:Body>', '</soap:body>')],
    ['tags that overlap', good.replace('</soap:Body></soap:Envelope>', '</soap:Envelope></soap:Body>')],
    ['two roots', good + good.slice(good.indexOf('?>') + 2)],
    ['text before the root', `USED${good}`],
    ['text behind the root', `${good}USED`],
    ['blanks before the declaration', `\n${good}`],
    ['an attribute without quotes', inResult('USED', ' a=b')],
    ['an attribute without a value', inResult('USED', ' a')],
    ['an attribute twice', inResult('USED', ' a="1" a="2"')],
    ['a bare ampersand', inResult('A & B')],
    ['a bare ampersand at the end', inResult('USED&')],
    ['the end of CDATA in text', inResult('a ]]> b')],
    ['a less-than sign in an attribute', inResult('USED', ' a="<"')],
    ['a comment that does not end', `${good}<!-- `],
    ['a CDATA section that does not end', inResult('<![CDATA[USED')],
    ['a CDATA section behind the root that does not end', `${good}<![CDATA[x`],
    ['a comment behind the root that does not end', `${good}<!-- x`],
    ['a name that starts with a digit', inBody('<1a/>')],
    ['a blank before a name', inBody('< a/>')],
  ])('%s', (_name, xml) => expectNotSoap(xml, malformed));

  test.each([
    ['CDATA before the root', `<![CDATA[x]]>${good.slice(good.indexOf('?>') + 2)}`],
    ['CDATA behind the root', `${good}<![CDATA[x]]>`],
  ])('%s', (_name, xml) => expectNotSoap(xml, 'it is not one XML document'));
});
