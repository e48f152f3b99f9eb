import { describe, expect, test } from 'vitest';
import {
  pageSpeaksOfCredentials,
  reportsProgress,
  speaksOfCredentials,
  speaksOfLogIn,
} from '../../src/domain/refusal.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';

const invalid = [
  'invalid',
  'incorrect',
  'wrong',
  'unknown',
  'bad',
  'unrecognized',
  'unrecognised',
  'expired',
  'locked',
  'disabled',
  'inactive',
];
const credentials = [
  'account',
  'accounts',
  'account ID',
  'AccountIDs',
  'alias',
  'password',
  'passcode',
  'credential',
  'credentials',
  'security key',
  'SecurityKey',
  'user name',
  'username',
  'user ID',
  'userid',
  'user',
  'login',
  'log-in',
  'logon',
];

/** Those of the texts that are not read as speaking of credentials. */
const missed = (...texts: readonly string[]) => texts.filter((text) => !speaksOfCredentials(text));
const taken = (...texts: readonly string[]) => texts.filter(speaksOfCredentials);
const textsOf = (rows: readonly (readonly [origin: string, text: string])[]) => rows.map(([, text]) => text);

describe('a text that speaks of bad credentials is a refusal', () => {
  const rejections: readonly (readonly [origin: string, text: string])[] = [
    ['seen at the sign-on page', 'Invalid AccountID or Password.'],
    ['recorded', 'Server was unable to process request. ---> Invalid AccountID or Password.'],
    ['invented', 'Invalid SSO alias'],
    ['invented', 'Invalid InstaMed account or alias.'],
    ['invented', 'Incorrect AccountID/Password'],
    ['invented', 'Logon failure: unknown user name or bad password.'],
    ['invented', 'The supplied security key is invalid.'],
    ['invented', 'Your account has been locked out.'],
    ['invented', 'AccountID or Password invalid'],
    ['invented', 'The credentials were not recognized'],
    ['invented', 'The account ID was not found.'],
    ['invented', 'account not active'],
    ['invented', 'Alias not known'],
    ['invented', 'PASSWORD IS NOT CORRECT'],
    ['invented', 'The account and the alias are wrong.'],
    ['invented', 'You are not authorized to do this.'],
    ['invented', 'Not authorised'],
    ['invented', 'Unauthorized'],
    ['invented', 'unauthorised'],
    ['invented', 'Authorization failed'],
    ['invented', 'Authorisation failure'],
    ['invented', 'Authorization denied'],
    ['invented', 'Authorization required'],
    ['invented', 'Authorization error'],
    ['invented', 'The caller is not authenticated.'],
    ['invented', 'Authentication failed.'],
    ['invented', 'Authentication failure'],
    ['invented', 'Authentication required'],
    ['invented', 'Authentication error'],
    ['invented', 'Access denied.'],
    ['invented', 'Access is denied.'],
    ['invented', 'Access was denied.'],
    ['invented', 'Permission denied'],
    ['invented', 'Login failed'],
    ['invented', 'Log-in failed'],
  ];

  test('as the services write it, and much alike', () => {
    expect(missed(...textsOf(rejections))).toEqual([]);
  });

  /** All invented: other words for the same. Missing one repeats a wrong password until the account is locked. */
  const inOtherWords = [
    'The account ID or password you entered is incorrect.',
    'Password does not match.',
    'The account does not exist.',
    'The alias could not be found.',
    'The password has expired.',
    'The account is temporarily locked.',
    'Your account has been suspended.',
    'Too many failed login attempts.',
    'Unable to authenticate the user.',
    'The user could not be authenticated.',
    'Invalid or missing password.',
    'Invalid "alias".',
    'Invalid  password',
    'Invalid account-ID',
    'Invalid AccountID, Password or Token.',
    'The password you entered is incorrect.',
    'The "AccountID" or "Password" is incorrect.',
    'Unable to log in.',
    'Unable to login.',
    'The tokenized account is not valid.',
    'Unable to authorize this account.',
    'Failed to authenticate.',
    'Failed to authorise.',
    'The alias supplied was not recognized.',
  ];

  test('in other words', () => {
    expect(missed(...inOtherWords)).toEqual([]);
  });

  /** Nothing good came before, so whatever speaks of our log-in is worth no second try. */
  const notAboutAWrongOne = [
    'Login page not found',
    'The password service timed out.',
    'The alias resolved to an unknown host.',
    'Password',
    'Authentication in progress',
    'Login succeeded',
    'A valid password',
  ];

  test('even where it is not about a wrong one', () => {
    expect(missed(...notAboutAWrongOne)).toEqual([]);
  });

  test('in each word for a log-in, for what is wrong, and for a credential', () => {
    for (const word of ['login', 'log-in', 'logon', 'signin', 'sign-in', 'signon', 'sign-on']) {
      expect(missed(`The ${word} failed.`, `${word} failure`, `A failed ${word}.`)).toEqual([]);
    }
    for (const word of invalid) expect(missed(`An ${word} password.`, `The password is ${word}.`)).toEqual([]);
    for (const word of credentials) expect(missed(`Invalid ${word}.`, `The ${word} is invalid.`)).toEqual([]);
  });

  const between = [
    'the',
    'your',
    'this',
    'supplied',
    'given',
    'SSO',
    'InstaMed',
    'merchant',
    'single sign-on',
    'single signon',
    'the given SSO',
  ];

  test('with each of the words that may stand between', () => {
    expect(missed(...between.map((words) => `Invalid ${words} alias`))).toEqual([]);
    const verbs = ['', ' is', ' are', ' was', ' were', ' has been'];
    expect(missed(...verbs.map((words) => `The account${words} not found.`))).toEqual([]);
    const good = ['valid', 'correct', 'recognized', 'recognised', 'found', 'known', 'active'];
    expect(missed(...good.map((word) => `The account is not ${word}.`))).toEqual([]);
  });
});

describe('any other trouble is no refusal, so that a wait does not end for it', () => {
  const others: readonly (readonly [origin: string, text: string])[] = [
    ['published', 'An unexpected error occurred with Reference Number 02198MGNBZ'],
    ['recorded', 'The token is not known to this account.'],
    ['documented of the platform', 'Server was unable to process request.'],
    ['documented of the platform', 'Object reference not set to an instance of an object.'],
    [
      'documented of the platform',
      'Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool.',
    ],
    ['documented of the platform', "Access to the path 'C:\\temp\\x' is denied."],
    ['documented of the platform', 'Server did not recognize the value of HTTP Header SOAPAction: x.'],
    ['invented', ''],
    ['invented', 'NEW'],
    ['invented', 'Invalid token.'],
    ['invented', 'The token is invalid.'],
    ['invented', 'Invalid token for this account'],
    ['invented', 'The token of this account is not valid.'],
    ['invented', 'Token of this account is not valid.'],
    ['invented', 'Your request could not be served because the token of this account is not valid.'],
    ['invented', 'Expired token, account clinic'],
    ['invented', 'Unknown error'],
    ['invented', 'Invalid amount'],
    ['invented', 'Invalid merchant'],
    ['invented', 'Unknown user agent'],
    ['invented', 'Bad user input'],
    ['invented', 'The user session was not found.'],
    ['invented', 'The user cancelled an unknown payment.'],
    ['invented', 'The account holder entered a bad amount.'],
    ['invented', 'The account lookup returned an unknown error.'],
    ['invented', 'The account database is locked.'],
    ['invented', 'The account service is not available.'],
    ['invented', 'The account is valid.'],
    ['invented', 'Authorization pending'],
    ['invented', 'Authorized'],
    ['invented', 'Access granted'],
    ['invented', 'Invalid accountant'],
    ['invented', 'Invalid passwordless link'],
    ['invented', 'The subaccount is invalid.'],
    ['invented', 'The account is found'],
  ];

  test('published, documented or invented', () => {
    expect(taken(...textsOf(others))).toEqual([]);
  });

  test('where the words are parts of longer ones', () => {
    for (const words of ['not authorized', 'authorization failed', 'access denied', 'permission denied']) {
      expect(taken(words, `x${words}`, `${words}x`)).toEqual([words]);
    }
  });

  // A log is also a file, and the names of .NET hold the letters by chance.
  const otherLogs = [
    'An error occurred; see the log on the server.',
    'It was written to the event log in the system.',
    'Microsoft.Extensions.Logging.LogInformation',
    'The DialogOnClose handler was null.',
    'catalogOnline is down',
    'The plugin failed.',
  ];

  test('where a log is a file, or the letters stand there by chance', () => {
    expect(taken(...otherLogs)).toEqual([]);
  });
});

describe('a large text takes no longer than its length', () => {
  test.each([
    'alias or ',
    'account id or the account id or ',
    'invalid or ',
    'invalid the your ',
    'invalid account ',
    'password which was used ',
    'access is ',
    'account ',
    'not ',
    'token ',
    '. ',
    '((( ',
    'log-in ',
    'LOGIN',
    'aB',
    '<script>',
    '<form',
    'not logged ',
    'unauthori',
  ])('of %j', async (words) => {
    const make = (count: number) => words.repeat(count);
    const speak = (text: string) => [
      speaksOfCredentials(text),
      speaksOfLogIn(text),
      pageSpeaksOfCredentials(text),
      reportsProgress(text),
    ];
    expect(await growthOf(make, speak, 8_000)).toBeLessThan(mostGrowth);
  });
});
