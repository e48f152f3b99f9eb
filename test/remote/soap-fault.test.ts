import { describe, expect, test } from 'vitest';
import { readStatusReply } from '../../src/remote/soap-envelope.ts';
import { askStatus, troubleOf } from '../support/account.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';
import { faultReply, textReply } from '../support/scripted-transport.ts';
import { inBody, soap12 } from '../support/soap-replies.ts';

const result =
  '<GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>USED</GetSSOTokenStatusResult></GetSSOTokenStatusResponse>';
const fault11 = (code: string, text: string) =>
  `<soap:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring><detail /></soap:Fault>`;
const fault12 = (code: string, text: string) =>
  `<soap:Fault><soap:Code><soap:Value>${code}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${text}</soap:Text></soap:Reason><soap:Detail /></soap:Fault>`;

describe('a Fault is read', () => {
  test.each([
    ['in SOAP 1.1, as ASMX writes it', inBody(fault11('soap:Server', 'Bad luck'))],
    ['in SOAP 1.2, as ASMX writes it', inBody(fault12('soap:Server', 'Bad luck'), soap12)],
    ['of 1.2 in an envelope of 1.1', inBody(fault12('soap:Server', 'Bad luck'))],
    ['of 1.1 in an envelope of 1.2', inBody(fault11('soap:Server', 'Bad luck'), soap12)],
    [
      'of 1.1 with prefixes, as some write it',
      inBody(fault11('soap:Server', 'Bad luck').replaceAll('fault', 'soap:fault')),
    ],
    ['of 1.2 without prefixes', inBody(fault12('soap:Server', 'Bad luck').replaceAll(/(<\/?)soap:(?!Fault)/g, '$1'))],
    [
      'of both at once',
      inBody(
        '<soap:Fault><faultcode>soap:Server</faultcode><soap:Reason><soap:Text>Bad luck</soap:Text></soap:Reason></soap:Fault>',
      ),
    ],
    ['with blanks and references', inBody(fault11('\n soap:Server ', ' Bad&#32;<![CDATA[luck]]>\n'))],
    [
      'with other children first',
      inBody(fault11('soap:Server', 'Bad luck').replace('<faultcode>', '<faultactor>x</faultactor><faultcode>')),
    ],
    ['before a result', inBody(fault11('soap:Server', 'Bad luck') + result)],
    ['behind a result', inBody(result + fault11('soap:Server', 'Bad luck'))],
    ['before another Fault', inBody(fault11('soap:Server', 'Bad luck') + fault11('soap:Client', 'x'))],
  ])('%s', (_name, xml) => {
    expect(readStatusReply(xml)).toMatchObject({ kind: 'fault', code: 'soap:Server', text: 'Bad luck' });
  });

  test.each([
    ['without a code', '<soap:Fault><faultstring>Bad luck</faultstring></soap:Fault>', '', 'Bad luck'],
    ['without a text', '<soap:Fault><faultcode>soap:Server</faultcode></soap:Fault>', 'soap:Server', ''],
    ['without anything', '<soap:Fault/>', '', ''],
    ['with empty children', '<soap:Fault><soap:Code/><soap:Reason/></soap:Fault>', '', ''],
  ])('%s', (_name, xml, code, text) => {
    expect(readStatusReply(inBody(xml))).toMatchObject({ kind: 'fault', code, text });
  });
});

describe('a Fault is an error at any HTTP status', () => {
  test.each([200, 202, 400, 404, 500, 503])('HTTP %i', async (status) => {
    const error = await troubleOf(askStatus(textReply(inBody(fault11('soap:Server', 'Bad luck')), { status })));
    expect(error).toMatchObject({ category: 'service', code: 'SOAP_FAULT', retryable: true, connecting: false });
    expect(error.message).toBe('The status service reported an error: Bad luck');
  });

  test('beside a result, whose USED does not count', async () => {
    const error = await troubleOf(askStatus(textReply(inBody(result + fault11('soap:Server', 'Bad luck')))));
    expect(error.code).toBe('SOAP_FAULT');
  });

  test.each([
    [401, 'HTTP_401'],
    [403, 'HTTP_403'],
    [302, 'REDIRECT'],
  ])('but for %i, which says more', async (status, code) => {
    const error = await troubleOf(askStatus(textReply(inBody(fault11('soap:Server', 'Bad luck')), { status })));
    expect(error).toMatchObject({ code, retryable: false });
  });
});

describe('whose fault it is', () => {
  test.each([
    ['soap:Server', true],
    ['soap:Receiver', true],
    ['Server', true],
    ['SOAP-ENV:server', true],
    ['soap:Server.Busy', true],
    ['soap:Client', false],
    ['soap:Sender', false],
    ['soap:Client.Server', false],
    ['soap:ServerBusy', false],
    ['soap:MyServer', false],
    ['soap:MustUnderstand', false],
    ['soap:VersionMismatch', false],
    ['', false],
  ])('%s: may pass is %s', async (code, retryable) => {
    const reply = textReply(inBody(fault11(code, 'Bad luck')), { status: 500, headers: { 'retry-after': '20' } });
    expect(await troubleOf(askStatus(reply))).toMatchObject({
      category: 'service',
      code: 'SOAP_FAULT',
      retryable,
      retryAfterMs: 20_000,
      hint: retryable ? 'Try again later.' : 'Check the token: is it whole, and of this account?',
    });
  });
});

describe('refused credentials are told from a failing server by the words alone', () => {
  const hint = 'Check the account ID, the alias and the security key; the NVP password is another one.';
  test.each([
    // Recorded from ASMX for a method that throws; the sentence is the one of the single sign-on page.
    ['recorded', 'soap:Server', 'Server was unable to process request. ---&gt; Invalid AccountID or Password.'],
    // The rest is invented.
    ['with the client code', 'soap:Client', 'Invalid AccountID or Password.'],
    ['without a code', '', 'Login failed'],
    ['in the outer message', 'soap:Server', 'Access denied ---&gt; Object reference not set'],
    ['between two others', 'soap:Server', 'Error ---&gt; Unknown alias ---&gt; No rows'],
    [
      'behind exception names',
      'soap:Server',
      'System.Exception: Failed ---&gt; System.Exception: The password is wrong',
    ],
    [
      'before a stack',
      'soap:Server',
      'Error ---&gt; System.Exception: Invalid password\n   at A.B(String c)\n   at D.E()',
    ],
    ['in the code alone', 'soap:Server.Unauthorized', 'Failed'],
    [
      'on the second line of a message',
      'soap:Server',
      'Error ---&gt; System.Exception: We could not go on:\r\nInvalid AccountID or Password.\r\n   at A.B()',
    ],
  ])('%s', async (_name, code, text) => {
    const error = await troubleOf(
      askStatus(textReply(inBody(fault11(code, text)), { status: 500, headers: { 'retry-after': '1' } })),
    );
    expect(error).toMatchObject({
      category: 'credentials-rejected',
      code: 'SOAP_FAULT',
      retryable: false,
      retryAfterMs: null,
      hint,
    });
    expect(error.message).toMatch(/^The status service rejected the credentials: /);
  });

  test.each([
    [
      'recorded',
      'Server was unable to process request. ---&gt; An unexpected error occurred with Reference Number 02198MGNBZ',
    ],
    // Invented.
    ['with a stack that has the words in it', 'Error\n   at InstaMed.Account.Validate(String alias, String password)'],
    ['with a place in the stack that is called so', 'Error\n   at InstaMed.Errors.Unauthorized(String text)'],
    ['with such a place on the same line', 'Error   at InstaMed.Errors.Unauthorized(String text)'],
    ['about the token', 'The token is not known to this account.'],
  ])('a failing server: %s', async (_name, text) => {
    expect(await troubleOf(askStatus(faultReply('Server', text)))).toMatchObject({
      category: 'service',
      retryable: true,
    });
  });

  test('with the reference number, where there is one', async () => {
    const text = 'Invalid password. Reference Number 02198MGNBZ';
    expect(await troubleOf(askStatus(faultReply('Server', text)))).toMatchObject({
      category: 'credentials-rejected',
      reference: '02198MGNBZ',
    });
    expect((await troubleOf(askStatus(faultReply('Server', 'Invalid password')))).reference).toBeNull();
  });
});

describe('one line of a Fault is shown: the innermost message', () => {
  test.each([
    ['alone', 'Bad luck', 'Bad luck'],
    ['without the wrapper of ASMX', 'Server was unable to process request. ---&gt; Bad luck', 'Bad luck'],
    ['without several wrappers', 'A ---&gt; B ---&gt; C', 'C'],
    ['without a wrapper that holds nothing', 'Bad luck ---&gt; ', 'Bad luck'],
    ['without the name of an exception', 'System.ApplicationException: Bad luck', 'Bad luck'],
    ['without the short name of an exception', 'SqlException: Bad luck', 'Bad luck'],
    ['without its number', 'System.Data.SqlClient.SqlException (0x80131904): Bad luck', 'Bad luck'],
    ['with a word before the exception', 'An MyException: Bad luck', 'An MyException: Bad luck'],
    ['with a name that is no exception', 'Error: Bad luck', 'Error: Bad luck'],
    ['without a stack', 'System.Exception: Bad luck\r\n   at A.B()\r\n   at C.D()', 'Bad luck'],
    ['without a stack that ends lines with a line feed', 'Bad luck\n   at A.B()', 'Bad luck'],
    ['without the stack of an outer message', 'A\n   at B\n ---&gt; System.Exception: Bad luck\n   at C', 'Bad luck'],
    ['without a stack on the same line', 'Bad luck   at A.B(String c)   at D.E()', 'Bad luck'],
    [
      'without the end of an inner stack',
      'Bad luck ---&gt; \n   at A.B()\n   --- End of inner exception stack trace ---',
      'Bad luck',
    ],
    ['with the word that begins a place in a stack', 'An error at our end', 'An error at our end'],
    ['that is not there', '', 'no reason given'],
  ])('%s', async (_name, text, shown) => {
    const error = await troubleOf(askStatus(faultReply('Server', text)));
    expect(error.message).toBe(`The status service reported an error: ${shown}`);
  });

  test('and the reference number is kept, wherever it stands', async () => {
    const text = 'An error with Reference Number 02198MGNBZ ---&gt; Bad luck';
    expect(await troubleOf(askStatus(faultReply('Server', text)))).toMatchObject({ reference: '02198MGNBZ' });
    expect(await troubleOf(askStatus(faultReply('Client', text)))).toMatchObject({ reference: '02198MGNBZ' });
    expect((await troubleOf(askStatus(faultReply('Server', 'Bad luck')))).reference).toBeNull();
  });
});

describe('a large Fault takes no longer than its length', () => {
  test.each([
    ['blanks between two words', 60_000, (count: number) => `a${' '.repeat(count)}b`],
    ['line ends between two words', 60_000, (count: number) => `a${'\n'.repeat(count)}b`],
    ['wrappers', 10_000, (count: number) => 'a ---&gt; '.repeat(count)],
    ['dots, as in the names of exceptions', 30_000, (count: number) => 'a.'.repeat(count)],
    ['one long word', 60_000, (count: number) => `${'a'.repeat(count)}Exceptio`],
    ['places, as in a stack', 10_000, (count: number) => ' at a('.repeat(count)],
    ['the words before a reference number', 4_000, (count: number) => 'reference number '.repeat(count)],
    ['the words of a refusal, but for the last', 4_000, (count: number) => 'account is not '.repeat(count)],
  ])('with %s', async (_name, count, make) => {
    const read = async (text: string) =>
      expect((await troubleOf(askStatus(faultReply('Server', text)))).code).toBe('SOAP_FAULT');
    expect(await growthOf(make, read, count)).toBeLessThan(mostGrowth);
  });
});
