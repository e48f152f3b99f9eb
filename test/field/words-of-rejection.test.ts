import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReceipt } from '../../src/domain/receipt.ts';
import { pageSpeaksOfCredentials, speaksOfCredentials, speaksOfLogIn } from '../../src/domain/refusal.ts';
import { askStatus, troubleOf } from '../support/account.ts';
import { holds } from '../support/property.ts';
import { faultReply, statusReply, textReply } from '../support/scripted-transport.ts';
import { inBody } from '../support/soap-replies.ts';
import { thrownBy } from '../support/thrown.ts';

// All sentences are invented, but for the one of the single sign-on page and those of .NET and WS-Security.

const logIns = [
  'credentials',
  'credential',
  'password',
  'login',
  'log-in',
  'logon',
  'user name',
  'username',
  'user ID',
];
const accounts = ['account ID', 'AccountID', 'authentication', 'alias', 'security key'];
const verbs = [
  ...['is invalid', 'was rejected', 'failed', 'denied', 'unsuccessful', 'could not be verified', 'not recognized'],
  ...['has expired', 'is locked', 'mismatch', 'incorrect', 'does not exist', 'error', 'required', 'is missing'],
];
const before = [
  '',
  'The ',
  'Your ',
  'Invalid ',
  'Bad ',
  'Server was unable to process request. ---> ',
  'Error 17: the supplied ',
];
const behind = ['', '.', ' (code 17)', '; contact support.', ' or the token', ' for this request'];

/** The same words as a programmer, a log or a sentence writes them. */
const spellings: Readonly<Record<string, (words: string) => string>> = {
  sentence: (words) => words,
  capitals: (words) => words.toUpperCase(),
  lower: (words) => words.toLowerCase(),
  camel: (words) =>
    words.replace(
      /[^A-Za-z]*([A-Za-z])([A-Za-z]*)/g,
      (_all, first: string, rest: string) => first.toUpperCase() + rest,
    ),
  underscores: (words) => words.replace(/[ -]/g, '_'),
  constant: (words) => words.replace(/[ -]/g, '_').toUpperCase(),
  hyphens: (words) => words.replace(/ /g, '-'),
};

const sentence = (nouns: readonly string[]) =>
  fc
    .record({
      start: fc.constantFrom(...before),
      noun: fc.constantFrom(...nouns),
      verb: fc.constantFrom(...verbs),
      isFirst: fc.boolean(),
      end: fc.constantFrom(...behind),
      spelling: fc.constantFrom(...Object.keys(spellings)),
    })
    .map(({ start, noun, verb, isFirst, end, spelling }) => {
      const words = isFirst ? `${noun} ${verb}` : `${verb} ${noun}`;
      return `${start}${spellings[spelling]?.(words)}${end}`;
    });

holds(
  'a text that speaks of our log-in does so in any spelling',
  2_000,
  fc.property(sentence([...logIns, ...accounts]), (text) => {
    expect([text, speaksOfCredentials(text)]).toEqual([text, true]);
  }),
);

holds(
  'so does a text of the receipt service, where the words can mean nothing else',
  2_000,
  fc.property(sentence(logIns), (text) => {
    expect([text, speaksOfLogIn(text)]).toEqual([text, true]);
  }),
);

const paymentNouns = [
  ...['card', 'account number', 'payment', 'authorization', 'card authentication', 'account', 'PIN', 'transaction'],
  ...[
    'card holder',
    'account holder name',
    'routing number',
    'user name of the cardholder',
    'cardholder password',
    'bank',
  ],
  ...[
    'authentication of the card',
    'AVS',
    'amount',
    'card number',
    'merchant',
    'terminal ID',
    '3-D Secure authentication',
  ],
];

holds(
  'what a processor says of a payment never speaks of our log-in',
  2_000,
  fc.property(sentence(paymentNouns), (text) => {
    expect([text, speaksOfLogIn(text)]).toEqual([text, false]);
    const error = thrownBy(() => readReceipt(`errorCode=14&errorMessage=${text}`));
    expect([text, error.category]).toEqual([text, 'service']);
  }),
);

describe('a Fault that speaks of our log-in, wherever it does', () => {
  const fault = (inner: string) => textReply(inBody(`<soap:Fault>${inner}</soap:Fault>`), { status: 500 });
  test.each([
    [
      'the credentials supplied in the request',
      faultReply('Server', 'The credentials supplied in the authorization request are invalid.'),
    ],
    [
      'an exception type',
      faultReply('Server', 'Error ---> InstaMed.AuthenticationFailedException: Request could not be served.'),
    ],
    [
      'the security token of WS-Security',
      faultReply('Server', 'The security token could not be authenticated or authorized'),
    ],
    ['its code', fault('<faultcode>soap:Server.InvalidCredentials</faultcode><faultstring>No</faultstring>')],
    [
      'its subcode',
      fault(
        '<soap:Code><soap:Value>soap:Sender</soap:Value><soap:Subcode><soap:Value>wsse:FailedAuthentication</soap:Value></soap:Subcode></soap:Code><soap:Reason><soap:Text>No</soap:Text></soap:Reason>',
      ),
    ],
    [
      'an element of its detail',
      fault('<faultcode>soap:Server</faultcode><faultstring>No</faultstring><detail><InvalidPassword/></detail>'),
    ],
    [
      'a text of its detail',
      fault(
        '<faultcode>soap:Server</faultcode><faultstring>No</faultstring><detail><e><m>LOGIN_FAILED</m></e></detail>',
      ),
    ],
  ])('%s', async (_where, reply) => {
    const error = await troubleOf(askStatus(reply));
    expect(error).toMatchObject({ category: 'credentials-rejected', code: 'SOAP_FAULT', retryable: false });
    expect(error.otherwise).toMatchObject({ category: 'service', code: 'SOAP_FAULT', otherwise: null });
  });

  test.each([
    [
      'the address of its actor',
      fault(
        '<faultcode>soap:Server</faultcode><faultstring>No</faultstring><faultactor>http://x/Login.asmx</faultactor>',
      ),
    ],
    [
      'a stack in its detail',
      fault(
        '<faultcode>soap:Server</faultcode><faultstring>No</faultstring><detail><s>\n  at A.Login(String password)\n</s></detail>',
      ),
    ],
    ['a token', faultReply('Server', 'Invalid token')],
    ['a token of the account', faultReply('Client', 'The token is not known to this account.')],
  ])('but not %s', async (_where, reply) => {
    expect(await troubleOf(askStatus(reply))).toMatchObject({ category: 'service', code: 'SOAP_FAULT' });
  });
});

describe('a page in the place of a Fault', () => {
  const page = (inner: string) =>
    `<!DOCTYPE html><html><head><title>${inner}</title></head><body><h2><i>${inner}</i></h2></body></html>`;

  test.each([400, 500])('with HTTP %i may tell of rejected credentials', async (status) => {
    const error = await troubleOf(askStatus(textReply(page('Invalid AccountID or Password.'), { status })));
    expect(error).toMatchObject({ category: 'credentials-rejected', code: `HTTP_${status}` });
    expect(error.otherwise).toMatchObject({ category: 'service', code: `HTTP_${status}` });
  });

  test.each([502, 503, 504])('with HTTP %i comes from what stands before the service', async (status) => {
    const error = await troubleOf(askStatus(textReply(page('Login failed'), { status })));
    expect(error).toMatchObject({ category: 'service', retryable: true });
  });

  test.each([
    ['a form to log in with', '<h1>Error</h1><form><label>Password required</label></form>'],
    [
      'the table of IIS',
      '<h1>500.19 error</h1><tr><th>Logon Method</th><td>Not yet determined</td><th>Logon User</th></tr>',
    ],
    ['a script', '<script>if (!password) fail("login failed")</script>We are back soon.'],
    ['lines of source and of a stack', '<pre>Line 12: if (login failed) throw\n   at A.Login(password) failed</pre>'],
  ])('is none for %s', (_name, html) => {
    expect(pageSpeaksOfCredentials(html)).toBe(false);
  });
});

test('a short result that may be a status of the payer is no rejection', async () => {
  for (const text of ['AUTHENTICATED', 'Login pending', 'LOGIN_STARTED']) {
    await expect(askStatus(statusReply(text))).resolves.toMatchObject({ state: 'UNKNOWN', text });
  }
  for (const text of ['LoginFailed', 'Not authenticated', 'AUTHENTICATION_ERROR', 'Invalid password']) {
    expect(await troubleOf(askStatus(statusReply(text)))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  }
});
