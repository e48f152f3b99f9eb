import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/redact/secret.ts';
import { soapHeaders, writeStatusRequest } from '../../src/remote/soap-envelope.ts';
import { askTokenStatus } from '../../src/remote/sso-client.ts';
import { account, limits, token, troubleOf } from '../support/account.ts';
import { ScriptedTransport, statusReply } from '../support/scripted-transport.ts';

// The published help page and WSDL give the names, their order, their namespace and the headers; the prefix is ours.
const envelope = (namespace: string, values: string) =>
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespace}"><soap:Body>` +
  `<GetSSOTokenStatus xmlns="http://tempuri.org/">${values}</GetSSOTokenStatus></soap:Body></soap:Envelope>`;
const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

async function requestWith(settings: Partial<typeof account>, itsToken = token) {
  const transport = new ScriptedTransport([{ label: 'status', answer: statusReply('NEW') }]);
  await askTokenStatus(transport, { ...account, ...settings }, itsToken, limits);
  expect(transport.leftovers).toEqual([]);
  const [request] = transport.requests;
  if (!request) throw new Error('No request was made.');
  return request;
}

describe('the request', () => {
  const values =
    `<tokenID>${token}</tokenID><accountID>clinic@instamed.net</accountID><alias>alias-1</alias>` +
    "<password>k+y/&lt;&amp;&gt;&quot;='</password>";

  test('in SOAP 1.1 has an action in quotes, and the four inputs in the order of the schema', async () => {
    const request = await requestWith({ soapVersion: '1.1' });
    expect(request).toEqual({
      url: new URL('https://status.example/providers/SSOService.asmx'),
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: '"http://tempuri.org/GetSSOTokenStatus"',
      },
      body: envelope(soap11, values),
      purpose: 'while checking the token status',
      timeoutMs: 12_345,
      signal: limits.signal,
    });
  });

  test('in SOAP 1.2 has another namespace and type, and no action', async () => {
    const request = await requestWith({ soapVersion: '1.2' });
    expect(request.headers).toEqual({ 'content-type': 'application/soap+xml; charset=utf-8' });
    expect(request.body).toBe(envelope(soap12, values));
  });

  test('keeps the security key out of everything but the body', async () => {
    const { body, ...rest } = await requestWith({ securityKey: new Secret('canary') });
    expect(body).toContain('<password>canary</password>');
    expect(JSON.stringify(rest)).not.toContain('canary');
  });

  test('keeps the order, whatever the order of the values', () => {
    const inputs = { password: 'd', alias: 'c', accountID: 'b', tokenID: 'a' };
    expect(writeStatusRequest(inputs, '1.1')).toBe(
      envelope(soap11, '<tokenID>a</tokenID><accountID>b</accountID><alias>c</alias><password>d</password>'),
    );
  });
});

test('the headers of a version are new each time', () => {
  const first = soapHeaders('1.1');
  first['content-type'] = 'changed';
  expect(soapHeaders('1.1')['content-type']).toBe('text/xml; charset=utf-8');
});

describe('a value', () => {
  const written = (value: string) =>
    /<alias>(.*)<\/alias>/s.exec(
      writeStatusRequest({ tokenID: '', accountID: '', alias: value, password: '' }, '1.1'),
    )?.[1];

  test.each([
    ['every markup character, each time', '<&>"\'<&>"\'', "&lt;&amp;&gt;&quot;'&lt;&amp;&gt;&quot;'"],
    ['what is escaped already, once more', '&amp;', '&amp;amp;'],
    ['the end of a CDATA section', ']]>', ']]&gt;'],
    ['a carriage return, which XML would turn into a line feed', 'a\r\nb', 'a&#13;\nb'],
    ['tabs and line feeds as they are', 'a\tb\nc', 'a\tb\nc'],
    ['blanks around it, which are part of it', ' a ', ' a '],
    ['letters of any alphabet and above the basic plane', 'Zoë 李 😀', 'Zoë 李 😀'],
    ['a replacement pattern as text', '$& $1 $$', '$&amp; $1 $$'],
    ['nothing', '', ''],
  ])('is written with %s', (_name, value, expected) => {
    expect(written(value)).toBe(expected);
  });

  test.each([
    ['a null character', 'a\0b'],
    ['an escape', '\x1b[2J'],
    ['a bell', '\x07'],
    ['a back space', '\x08'],
    ['a vertical tab', '\x0b'],
    ['a form feed', '\x0c'],
    ['a shift out', '\x0e'],
    ['a unit separator', '\x1f'],
    ['a non-character', '\ufffe'],
    ['the other non-character', '\uffff'],
    ['the first half of a pair', 'a\ud83d'],
    ['the second half of a pair', '\ude00a'],
  ])('with %s is refused, for XML cannot carry it', async (_name, value) => {
    const error = await troubleOf(() => written(value));
    expect(error).toMatchObject({ category: 'usage', code: 'USAGE' });
    expect(error.message).toBe('A value holds a control character, which XML cannot carry.');
    expect(error.hint).toBe('Check the token and the settings.');
  });

  test('that is refused is not sent', async () => {
    const transport = new ScriptedTransport([]);
    const error = await troubleOf(askTokenStatus(transport, account, 'a\0b', limits));
    expect(error.category).toBe('usage');
    expect(transport.requests).toEqual([]);
  });
});
