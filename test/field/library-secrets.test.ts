import { expect, test } from 'vitest';
import { type Client, createClient, defaultOptions, type PaymentEvent, waitForPayment } from '../../src/index.ts';
import { Secret } from '../../src/redact/secret.ts';
import { account } from '../support/account.ts';
import { canaryEnv, finds, secrets } from '../support/canaries.ts';
import { escapeXml } from '../support/echo.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { fault, receipt, redirect, status } from '../support/replies.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { ScriptedTransport, type Step } from '../support/scripted-transport.ts';

// A program that uses the library logs what it is given. A service may echo what it was sent.

const settings = {
  ...account,
  nvpUser: accountEnv['INSTAMED_ACCOUNT_ID'] as string,
  securityKey: new Secret(canaryEnv.INSTAMED_SECURITY_KEY),
  nvpPassword: new Secret(canaryEnv.INSTAMED_NVP_PASSWORD),
};

const clientOf = (steps: readonly Step[]): Client => createClient(new ScriptedTransport(steps), settings);
const limits = { timeoutMs: 1_000, signal: new AbortController().signal };

/** Whatever is in an error or a result, its stack and its hidden members included. */
function textOf(value: unknown): string {
  if (!(value instanceof Error))
    return JSON.stringify(value, (_name, each) => (each instanceof Map ? [...each] : each));
  const own = Object.getOwnPropertyNames(value).map((name) =>
    String((value as unknown as Record<string, unknown>)[name]),
  );
  return own.join('\n');
}

const places: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  'a Fault': (text) => clientOf([fault('Client', escapeXml(text))]).tokenStatus(token, limits),
  'a Fault about credentials': (text) =>
    clientOf([fault('Server', `Invalid password ${escapeXml(text)}`)]).tokenStatus(token, limits),
  'a status': (text) => clientOf([status(escapeXml(text))]).tokenStatus(token, limits),
  'a status about credentials': (text) =>
    clientOf([status(`Invalid password ${escapeXml(text)}`)]).tokenStatus(token, limits),
  'an NVP error': (text) => clientOf([receipt(`errorCode=1 &errorMessage=No ${text}`)]).viewReceipt(token, limits),
  'an NVP error code': (text) => clientOf([receipt(`errorCode=${text}`)]).viewReceipt(token, limits),
  'an NVP reference number': (text) =>
    clientOf([receipt(`errorCode=1 &errorMessage=Reference Number ${text}`)]).viewReceipt(token, limits),
  'an NVP error about credentials': (text) =>
    clientOf([receipt(`errorCode=1 &errorMessage=Invalid password ${text}`)]).viewReceipt(token, limits),
  'an error without a code': (text) => clientOf([receipt(`errorMessage=No ${text}`)]).viewReceipt(token, limits),
  'an ambiguous receipt': (text) =>
    clientOf([receipt(`transactionStatus=C&transactionStatus=is ${text}`)]).viewReceipt(token, limits),
  'a value of a receipt': (text) =>
    clientOf([receipt(`transactionStatus=C&cardHolderName= &echo=${text}`)]).viewReceipt(token, limits),
  'a known value of a receipt': (text) =>
    clientOf([receipt(`transactionStatus=C&cardHolderName=${text}&a= `)]).viewReceipt(token, limits),
  'a name of a receipt': (text) =>
    clientOf([receipt(`transactionStatus=C&cardHolderName= &${text}=1`)]).viewReceipt(token, limits),
};

test.each(Object.entries(places))(
  'what %s becomes holds no secret of the client, and any other text',
  async (_name, place) => {
    const given = async (text: string) => textOf(await place(text).catch((error: unknown) => error));
    const found: string[] = [];
    for (const [name, secret] of Object.entries(secrets)) if (finds(await given(secret), secret)) found.push(name);
    expect(found).toEqual([]);
    // What is not found here could not have been found above.
    expect(finds(await given('canary-of-nobody'), 'canary-of-nobody')).toBe(true);
  },
);

test('the path of a redirect is in no error', async () => {
  const error = await clientOf([redirect('https://h.example/canary-of-nobody')])
    .tokenStatus(token, limits)
    .catch((given: unknown) => given);
  expect(textOf(error)).toContain('h.example');
  expect(textOf(error)).not.toContain('canary');
});

test('a token in place of the host of a redirect is in no error', async () => {
  const error = await clientOf([redirect(`https://${token}/`)])
    .tokenStatus(token, limits)
    .catch((given: unknown) => given);
  expect(textOf(error).toLowerCase()).not.toContain(token.toLowerCase());
});

test('no event and no result of a wait holds a secret or the token', async () => {
  const echo = Object.values(secrets).join(' ');
  const client = clientOf([
    fault('Server', escapeXml(echo)),
    status(escapeXml(echo)),
    status('USED'),
    receipt(`transactionStatus=C&responseMessage=${echo}`),
  ]);
  const events: PaymentEvent[] = [];
  const result = await waitForPayment(
    token,
    {
      clock: new ManualClock(),
      check: client.tokenStatus,
      viewReceipt: client.viewReceipt,
      onEvent: (event) => events.push(event),
    },
    { ...defaultOptions, intervalMs: 1_000 },
  );
  const all = [...events.map((event) => ('error' in event ? textOf(event.error) : textOf(event))), textOf(result)].join(
    '\n',
  );
  expect(events.map(({ type }) => type)).toEqual(['started', 'retrying', 'retrying', 'completed', 'result']);
  expect(all).toContain('***');
  expect(Object.entries(secrets).filter(([, secret]) => finds(all, secret))).toEqual([]);
});

test('a secret that a raw & takes apart is in no field, name or member', async () => {
  const password = 'abc&de=fgh&ij';
  const client = createClient(
    new ScriptedTransport([receipt(`transactionStatus=C&cardHolderName= &cardBrand=${password}&x=1`)]),
    { ...settings, nvpPassword: new Secret(password) },
  );
  const given = await client.viewReceipt(token, limits);
  expect(given).toMatchObject({ result: 'approved', transactionStatus: 'C' });
  expect(given.card.brand).toBe('*** (3 characters)');
  expect(given.fields.map(({ name, value }) => `${name}=${value}`).join('&')).not.toMatch(/abc|fgh/);
});
