import { good, inBody, inResponse, inResult, soap11, soap12 } from '../../soap-replies.ts';
import { type Attack, type AttackClass, answer, attack, type Ends } from '../attack.ts';

const xml = (name: string, ends: Ends, text: string, status = '200 OK'): Attack =>
  attack(name, { status: ends }, ({ call }) => [
    answer({ call, type: 'text/xml; charset=utf-8', body: Buffer.from(text) }, '', status),
  ]);

const refused = (name: string, text: string, status?: string) => xml(name, 'service-error NOT_SOAP', text, status);
const read = (name: string, text: string) => xml(name, 'answered USED', text);
const used = '<GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult>';
const fault =
  '<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Bad luck</faultstring><detail /></soap:Fault>';
const many = (text: string, count: number) => text.repeat(count);

/** Recorded: the plain forms of both versions, the Fault, the missing and the empty result, the control reference. The rest is invented. */
export const xmlAttacks: AttackClass = {
  title: 'XML',
  attacks: [
    read('the recorded form', good),
    read(
      'the other SOAP version',
      inBody(`<GetSSOTokenStatusResponse xmlns="http://tempuri.org/">${used}</GetSSOTokenStatusResponse>`, soap12),
    ),
    read('other prefixes', good.replaceAll('soap:', 'SOAP-ENV:').replaceAll(':soap=', ':SOAP-ENV=')),
    read(
      'no prefix at all',
      `<Envelope xmlns="${soap11}"><Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/">${used}</GetSSOTokenStatusResponse></Body></Envelope>`,
    ),
    read(
      'a prefix everywhere',
      inBody(
        '<t:GetSSOTokenStatusResponse xmlns:t="http://tempuri.org/"><t:GetSSOTokenStatusResult>USED</t:GetSSOTokenStatusResult></t:GetSSOTokenStatusResponse>',
      ),
    ),
    read('comments in the value', inResult('U<!-- not EXPIRED -->SED')),
    read('CDATA', inResult('<![CDATA[USED]]>')),
    read('character references', inResult('&#85;&#x53;ED')),
    read('white space around everything', `\n\t${good.replaceAll('><', '>\n\t<')}\n`.trimStart()),
    read('white space around the value', inResult('\r\n  USED\t')),
    read('attributes that nobody asked for', inResult('USED', ' xmlns:x="urn:x" x:status="EXPIRED" status="NEW"')),
    read(
      'a Header beside the Body',
      good.replace('<soap:Body>', '<soap:Header><x xmlns="urn:x">NEW</x></soap:Header><soap:Body>'),
    ),
    ...[1, 10, 60, 120, 200, good.length - 1].map((length) =>
      refused(`cut after ${length} characters`, good.slice(0, length)),
    ),
    refused('two roots', `${good}${good.replace(/^<\?xml[^>]*\?>/, '')}`),
    refused('text behind the root', `${good}USED`),
    refused('tags that do not match', good.replace('</GetSSOTokenStatusResult>', '</getssotokenstatusresult>')),
    refused('the end tag of another prefix', good.replace('</soap:Body>', '</soap12:Body>')),
    refused('a document type', good.replace('?>', '?><!DOCTYPE x>')),
    refused('an internal entity', `<!DOCTYPE x [<!ENTITY u "USED">]>${inResult('&u;')}`),
    refused('an external entity', `<!DOCTYPE x [<!ENTITY u SYSTEM "file:///etc/hostname">]>${inResult('&u;')}`),
    refused(
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY a "USED">${many('', 1)}<!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>${inResult('&c;')}`,
    ),
    refused('an entity that nobody defined', inResult('&used;')),
    refused(
      'XInclude',
      inResult('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'),
    ),
    refused('a style sheet', good.replace('?>', '?><?xml-stylesheet href="x.xsl"?>')),
    refused('100,000 levels', inResult(`${many('<a>', 100_000)}USED${many('</a>', 100_000)}`)),
    refused('200,000 siblings', inResponse(`${many('<a/>', 200_000)}${used}`)),
    xml('300,000 siblings', 'service-error TOO_LARGE', inResponse(`${many('<a/>', 300_000)}${used}`)),
    refused('100,000 attributes', inResult('USED', Array.from({ length: 100_000 }, (_, i) => ` a${i}=""`).join(''))),
    refused('an attribute twice', inResult('USED', ' a="1" a="2"')),
    refused('the result twice', inResponse(`${used}${used.replace('USED', 'NEW')}`)),
    refused('the same result twice', inResponse(`${used}${used}`)),
    refused('a result in the result', inResponse(`<GetSSOTokenStatusResult>${used}</GetSSOTokenStatusResult>`)),
    refused(
      'two responses',
      inBody(many(`<GetSSOTokenStatusResponse xmlns="http://tempuri.org/">${used}</GetSSOTokenStatusResponse>`, 2)),
    ),
    refused('two Bodies', good.replace('</soap:Envelope>', good.slice(good.indexOf('<soap:Body>')))),
    xml('a nil result', 'service-error EMPTY_RESULT', inResult('USED', ' xsi:nil="true"')),
    xml('an empty result', 'service-error EMPTY_RESULT', inResponse('<GetSSOTokenStatusResult />')),
    xml('a result of blanks', 'service-error EMPTY_RESULT', inResult(' \r\n\t ')),
    xml('no result', 'service-error EMPTY_RESULT', inResponse('')),
    refused('a result outside of the response', inBody(used)),
    refused('a result in the Header', good.replaceAll('soap:Body', 'soap:Header')),
    refused('a result of another namespace', good.replace('http://tempuri.org/', 'http://tempuri.example/')),
    refused('a result of another operation', good.replaceAll('GetSSOTokenStatus', 'GetTransactionDetails')),
    refused('an Envelope of another namespace', good.replaceAll(soap11, 'http://schemas.xmlsoap.org/soap/envelop/')),
    refused('a prefix that nobody defined', good.replace(/ xmlns:soap="[^"]*"/, '')),
    refused('names in another case', good.replaceAll('GetSSOTokenStatusResult', 'getssotokenstatusresult')),
    refused('text beside the result', inResponse(`EXPIRED${used}`)),
    refused('a control character as a reference', inResult('US&#x1B;ED')),
    refused('a control character', inResult('US\x1bED')),
    xml('a Fault', 'service-error SOAP_FAULT', inBody(fault)),
    xml('a Fault beside the result', 'service-error SOAP_FAULT', good.replace('</soap:Body>', `${fault}</soap:Body>`)),
    xml('a Fault under 500', 'service-error SOAP_FAULT', inBody(fault), '500 Oops'),
    xml('a Fault under 400', 'service-error SOAP_FAULT', inBody(fault), '400 Bad Request'),
    xml('the result under 400', 'service-error HTTP_400', good, '400 Bad Request'),
    xml('the result under 500', 'service-error HTTP_500', good, '500 Oops'),
    refused('nothing', ''),
    refused('blanks', ' \r\n '),
    refused('JSON', '{"GetSSOTokenStatusResult":"USED"}'),
    refused('the word alone', 'USED'),
    refused('the word in an element', '<string xmlns="http://tempuri.org/">USED</string>'),
    refused('null bytes', good.replace('USED', 'US\0ED')),
  ],
};
