import { describe, expect, test } from 'vitest';
import { simulatorSettings } from '../../src/sim/simulator.ts';
import {
  askStatus11,
  askStatus12,
  HandClock,
  headers11,
  headers12,
  send,
  start,
  writeEnvelope,
  writeInputs,
} from '../support/sim-client.ts';

// Recorded from a real ASP.NET service: everything from here to the next remark, Content-Length included.
const head11 = (status: string, length: number) =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${length}\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private, max-age=0\r\n\r\n`;
const head12 = (status: string, length: number) =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: ${length}\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private, max-age=0\r\n\r\n`;

const recorded = {
  new11: `${head11('200 OK', 383)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>NEW</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  used11: `${head11('200 OK', 384)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  expired11: `${head11('200 OK', 387)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>EXPIRED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  new12: `${head12('200 OK', 381)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>NEW</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  used12: `${head12('200 OK', 382)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  expired12: `${head12('200 OK', 385)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>EXPIRED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
  password11: `${head11('500 Internal Server Error', 418)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Server was unable to process request. ---&gt; Invalid AccountID or Password.</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>`,
  password12: `${head12('500 Internal Server Error', 485)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">Server was unable to process request. ---&gt; Invalid AccountID or Password.</soap:Text></soap:Reason><soap:Detail /></soap:Fault></soap:Body></soap:Envelope>`,
  unknown11: `${head11('500 Internal Server Error', 381)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>The token is not known to this account.</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>`,
  unknown12: `${head12('500 Internal Server Error', 446)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">The token is not known to this account.</soap:Text></soap:Reason><soap:Detail /></soap:Fault></soap:Body></soap:Envelope>`,
  // The reference number differs from call to call; its length does not.
  fault11: `${head11('500 Internal Server Error', 449)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Server was unable to process request. ---&gt; An unexpected error occurred with Reference Number 02198MGNBZ</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>`,
  fault12: `${head12('500 Internal Server Error', 516)}<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">Server was unable to process request. ---&gt; An unexpected error occurred with Reference Number 02198MGNBZ</soap:Text></soap:Reason><soap:Detail /></soap:Fault></soap:Body></soap:Envelope>`,
};
// End of what was recorded. The refusals further down are invented after what is known of ASMX, if not said otherwise.

const versions = [
  { version: '1.1', ask: askStatus11, suffix: '11' },
  { version: '1.2', ask: askStatus12, suffix: '12' },
] as const;

function fixReference(bytes: string): string {
  return bytes.replace(/(?<=Reference Number )[0-9A-Z]{10}(?![0-9A-Z])/, '02198MGNBZ');
}

describe.each(versions)('in SOAP $version', ({ ask, suffix }) => {
  test('NEW and USED come in the recorded bytes', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('approved');
    expect((await ask(simulator, { tokenID: token })).bytes).toBe(recorded[`new${suffix}`]);
    clock.realMs += 25_000;
    expect((await ask(simulator, { tokenID: token })).bytes).toBe(recorded[`used${suffix}`]);
  });

  test('EXPIRED comes in the recorded bytes', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('expired');
    await ask(simulator, { tokenID: token });
    clock.realMs += 20_000;
    expect((await ask(simulator, { tokenID: token })).bytes).toBe(recorded[`expired${suffix}`]);
  });

  test.each([
    { what: 'account ID', change: { accountID: 'Demo@instamed.net' } },
    { what: 'account ID with a blank', change: { accountID: `${simulatorSettings.accountId} ` } },
    { what: 'alias', change: { alias: 'OTHER' } },
    { what: 'security key', change: { password: 'guess' } },
    { what: 'security key that is the NVP password', change: { password: simulatorSettings.nvpPassword } },
  ])('a wrong $what is a fault in the recorded bytes', async ({ change }) => {
    const simulator = await start();
    const tokenID = simulator.newToken('approved');
    expect((await ask(simulator, { tokenID, ...change })).bytes).toBe(recorded[`password${suffix}`]);
  });

  test.each([
    { what: 'nobody made', edit: () => 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz' },
    { what: 'with a blank behind it', edit: (token: string) => `${token} ` },
    { what: 'with a line break before it', edit: (token: string) => `\n${token}` },
    { what: 'in another case', edit: (token: string) => token.toLowerCase() },
  ])('a token $what is unknown, in the recorded bytes', async ({ edit }) => {
    const simulator = await start();
    const tokenID = edit(simulator.newToken('approved'));
    expect((await ask(simulator, { tokenID })).bytes).toBe(recorded[`unknown${suffix}`]);
  });

  test('a failure inside the service comes in the recorded bytes', async () => {
    const simulator = await start();
    const tokenID = simulator.newToken('fault-once');
    await ask(simulator, { tokenID });
    expect(fixReference((await ask(simulator, { tokenID })).bytes)).toBe(recorded[`fault${suffix}`]);
  });

  test('the credentials are looked at before the token', async () => {
    const simulator = await start();
    const { bytes } = await ask(simulator, { tokenID: 'unknown', password: 'guess' });
    expect(bytes).toBe(recorded[`password${suffix}`]);
  });
});

describe('the SOAPAction header', () => {
  async function askWith(headers: Record<string, string>) {
    const simulator = await start();
    const body = writeEnvelope(writeInputs({ tokenID: simulator.newToken('approved') }));
    return send(simulator.statusUrl, { headers, body });
  }

  test('passes when it is missing', async () => {
    const received = await askWith({ 'Content-Type': 'text/xml; charset=utf-8' });
    // Recorded.
    expect(received.bytes).toBe(recorded.new11);
  });

  test('passes without its quotes', async () => {
    const received = await askWith({ ...headers11, SOAPAction: 'http://tempuri.org/GetSSOTokenStatus' });
    expect(received.bytes).toBe(recorded.new11);
  });

  test.each([
    ['', ''],
    ['""', ''],
    ['"http://tempuri.org/getssotokenstatus"', 'http://tempuri.org/getssotokenstatus'],
    ['"http://tempuri.org/GetTransactionDetails"', 'http://tempuri.org/GetTransactionDetails'],
    ['"a<b>&c"', 'a&lt;b&gt;&amp;c'],
  ])('with the value %j is a client fault', async (value, named) => {
    const received = await askWith({ ...headers11, SOAPAction: value });
    expect(received.status).toBe(500);
    expect(received.body).toContain('<faultcode>soap:Client</faultcode>');
    expect(received.body).toContain(`HTTP Header SOAPAction: ${named}.</faultstring>`);
  });

  test('means nothing in SOAP 1.2', async () => {
    const simulator = await start();
    const body = writeEnvelope(
      writeInputs({ tokenID: simulator.newToken('approved') }),
      'http://www.w3.org/2003/05/soap-envelope',
    );
    const headers = { ...headers12, SOAPAction: '"http://tempuri.org/Other"' };
    expect((await send(simulator.statusUrl, { headers, body })).bytes).toBe(recorded.new12);
  });

  test('may be the action parameter of the content type in SOAP 1.2', async () => {
    const simulator = await start();
    const body = writeEnvelope(
      writeInputs({ tokenID: simulator.newToken('approved') }),
      'http://www.w3.org/2003/05/soap-envelope',
    );
    const type = 'application/soap+xml; charset=utf-8; action="http://tempuri.org/GetSSOTokenStatus"';
    const received = await send(simulator.statusUrl, { headers: { 'Content-Type': type }, body });
    expect(received.bytes).toBe(recorded.new12);
  });
});

describe('a request that is not what the service reads', () => {
  test.each([['application/json'], ['application/xml'], ['application/x-www-form-urlencoded'], ['']])(
    'is 415 and empty with the content type %j',
    async (type) => {
      const simulator = await start();
      const body = writeEnvelope(writeInputs({ tokenID: simulator.newToken('approved') }));
      const headers = type === '' ? {} : { 'Content-Type': type };
      const received = await send(simulator.statusUrl, { headers, body });
      expect(received.bytes).toBe(
        'HTTP/1.1 415 Unsupported Media Type\r\nContent-Length: 0\r\nX-AspNet-Version: 4.0.30319\r\nCache-Control: private, max-age=0\r\n\r\n',
      );
    },
  );

  const whole = writeEnvelope(writeInputs({ tokenID: 'x' }));
  test.each([
    ['nothing', ''],
    ['a cut document', whole.slice(0, -10)],
    ['text', 'tokenID=x'],
    ['a bare ampersand', writeEnvelope(writeInputs({ tokenID: 'a&b' }))],
    ['a document with a DTD', whole.replace('?>', '?><!DOCTYPE x>')],
    ['an element inside a value', writeEnvelope(writeInputs({ tokenID: '<b>x</b>' }))],
    ['an envelope without a body', whole.replaceAll('soap:Body', 'soap:Header')],
    ['another document', '<html><body>x</body></html>'],
    ['bytes that are not UTF-8', Buffer.from(writeEnvelope(writeInputs({ tokenID: 'ä' })), 'latin1')],
  ])('is 400 with an XML content type and no body for %s', async (_what, body) => {
    const simulator = await start();
    const received = await send(simulator.statusUrl, { headers: headers11, body });
    expect(received.bytes).toBe(head11('400 Bad Request', 0));
    const body12 = String(body).replace(
      'http://schemas.xmlsoap.org/soap/envelope/',
      'http://www.w3.org/2003/05/soap-envelope',
    );
    const sent12 = typeof body === 'string' ? body12 : body;
    const received12 = await send(simulator.statusUrl, { headers: headers12, body: sent12 });
    expect(received12.bytes).toBe(head12('400 Bad Request', 0));
  });

  test('is a version mismatch when content type and envelope are of two versions', async () => {
    const simulator = await start();
    const inputs = writeInputs({ tokenID: simulator.newToken('approved') });
    const received = await send(simulator.statusUrl, { headers: headers12, body: writeEnvelope(inputs) });
    expect(received.status).toBe(500);
    expect(received.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    expect(received.body).toContain('<soap:Value>soap:VersionMismatch</soap:Value>');
  });

  test('is a client fault when neither header nor element names the method', async () => {
    const simulator = await start();
    const body = whole.replaceAll('GetSSOTokenStatus', 'getSSOTokenStatus');
    const headers = { 'Content-Type': 'text/xml' };
    const received = await send(simulator.statusUrl, { headers, body });
    expect(received.status).toBe(500);
    expect(received.body).toContain('<faultcode>soap:Client</faultcode>');
  });

  test('is answered with the help page when it is a GET', async () => {
    const simulator = await start();
    const received = await send(simulator.statusUrl, { method: 'GET' });
    expect(received.status).toBe(200);
    expect(received.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(received.body).toContain('GetSSOTokenStatus');
  });

  test('is 405 when it is a PUT', async () => {
    const simulator = await start();
    expect((await send(simulator.statusUrl, { method: 'PUT', headers: headers11, body: whole })).status).toBe(405);
  });
});

describe('the four inputs', () => {
  async function ask(edit: (envelope: string) => string | Buffer, headers: Record<string, string> = headers11) {
    const simulator = await start();
    const body = edit(writeEnvelope(writeInputs({ tokenID: simulator.newToken('approved') })));
    return (await send(simulator.statusUrl, { headers, body })).bytes;
  }

  test.each([
    ['password in another case', (xml: string) => xml.replaceAll('password>', 'Password>')],
    ['account ID in another case', (xml: string) => xml.replaceAll('accountID>', 'accountId>')],
    ['alias without a namespace', (xml: string) => xml.replace('<alias>', '<alias xmlns="">')],
    ['method in another namespace', (xml: string) => xml.replace('http://tempuri.org/', 'http://tempuri.org')],
    ['method in another case', (xml: string) => xml.replaceAll('GetSSOTokenStatus', 'GetSsoTokenStatus')],
    ['credentials missing', (xml: string) => xml.replace(/<accountID>.*<\/password>/, '')],
    ['alias behind the password', (xml: string) => xml.replace(/(<alias>.*<\/alias>)(<pass.*<\/password>)/, '$2$1')],
  ])('are silently null: %s', async (_what, edit) => {
    expect(await ask(edit)).toBe(recorded.password11);
  });

  test.each([
    ['token in another case', (xml: string) => xml.replaceAll('tokenID>', 'tokenId>')],
    ['token missing', (xml: string) => xml.replace(/<tokenID>.*<\/tokenID>/, '')],
    ['token behind the account', (xml: string) => xml.replace(/(<tokenID>.*<\/tokenID>)(<acc.*<\/accountID>)/, '$2$1')],
    ['token empty', (xml: string) => xml.replace(/<tokenID>.*<\/tokenID>/, '<tokenID />')],
  ])('without a token name no token: %s', async (_what, edit) => {
    expect(await ask(edit)).toBe(recorded.unknown11);
  });

  test.each([
    [
      'a prefix for the method',
      (xml: string) =>
        xml
          .replace('GetSSOTokenStatus xmlns=', 'GetSSOTokenStatus xmlns:t=')
          .replace(/<(\/?)(?=GetSSO|tokenID|accountID|alias|password)/g, '<$1t:'),
    ],
    [
      'another prefix for the envelope',
      (xml: string) => xml.replaceAll('soap:', 'SOAP-ENV:').replace('xmlns:soap', 'xmlns:SOAP-ENV'),
    ],
    ['blanks between the elements', (xml: string) => xml.replace(/></g, '>\r\n  <')],
    ['numeric references', (xml: string) => xml.replace('+Key', '&#43;&#x4B;ey')],
    ['a CDATA section', (xml: string) => xml.replace('Demo+Key/NotReal', '<![CDATA[Demo+Key/NotReal]]>')],
    [
      'an unknown element and a comment',
      (xml: string) => xml.replace('<alias>', '<!-- x --><other><b/></other><alias>'),
    ],
    ['a header', (xml: string) => xml.replace('<soap:Body>', '<soap:Header><x/></soap:Header><soap:Body>')],
    ['no XML declaration', (xml: string) => xml.replace(/^<\?.*\?>\n/, '')],
    ['a byte order mark', (xml: string) => `\uFEFF${xml}`],
  ])('are read with %s', async (_what, edit) => {
    expect(await ask(edit)).toBe(recorded.new11);
  });

  test('are read in UTF-16, and the answer is UTF-8 all the same', async () => {
    const headers = { ...headers11, 'Content-Type': 'Text/XML; Charset="utf-16"' };
    expect(await ask((xml) => Buffer.from(`\uFEFF${xml}`, 'utf16le'), headers)).toBe(recorded.new11);
  });
});
