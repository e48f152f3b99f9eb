import { describe, expect, test } from 'vitest';
import { canaryEnv, cards, finds, findsCard, groupings, secrets, spellings } from '../support/canaries.ts';
import { escapeXml } from '../support/echo.ts';
import { byName, fault, receipt, status, webPage } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { type Step, textReply } from '../support/scripted-transport.ts';

/** A place where a service may echo what it was sent (invented), and where the trace comes by. */
interface Place {
  readonly name: string;
  readonly command: 'status' | 'receipt';
  readonly step: (text: string) => Step;
}

const header = (name: string, write = (text: string) => text) => ({
  name: `the header ${name}`,
  command: 'status' as const,
  step: (text: string): Step => ({
    label: name,
    answer: textReply('', { status: 401, headers: { [name]: write(text) } }),
  }),
});

// A blank anywhere means that nothing in the reply is encoded.
const nvp = (name: string, write: (text: string) => string): Place => ({
  name,
  command: 'receipt',
  step: (text) => receipt(`cardBrand=VISA CARD&${write(text)}`),
});

/** What the trace quotes, masked. */
const quoted: readonly Place[] = [
  { name: 'a Fault', command: 'status', step: (text) => fault('Client', escapeXml(text)) },
  { name: 'a Fault, not escaped', command: 'status', step: (text) => fault('Client', text) },
  { name: 'the code of a Fault', command: 'status', step: (text) => fault(escapeXml(text), 'no') },
  { name: 'a status', command: 'status', step: (text) => status(escapeXml(text)) },
  { name: 'a page', command: 'status', step: (text) => webPage(`<html>${text}`) },
  { name: 'a page in place of a receipt', command: 'receipt', step: (text) => webPage(`<html>${text}`) },
  nvp('a transaction status', (text) => `transactionStatus=${text}`),
  nvp('an error message', (text) => `errorCode=1&errorMessage=No: ${text}`),
  { name: 'an encoded value', command: 'receipt', step: (text) => receipt(`errorCode=${encodeURIComponent(text)}`) },
  nvp('a name', (text) => `${text}=1`),
  header('server'),
  header('retry-after'),
];

/** What the trace shows nothing or next to nothing of. */
const unquoted: readonly Place[] = [
  nvp('the holder', (text) => `cardHolderName=${text}`),
  nvp('a value that nobody knows', (text) => `echo=${text}`),
  header('set-cookie'),
  header('location', (text) => `https://${text}/`),
  header('location', (text) => `https://${text}@host.example/${text}?token=${text}#${text}`),
  header('www-authenticate'),
  header('www-authenticate', (text) => `Basic realm="${text}"`),
  header('x-echo'),
];

/** The trace of one command that meets one answer. The rest of stderr has its own tests. */
async function traceOf(
  { command, step }: Place,
  text: string,
  env: Readonly<Record<string, string>> = canaryEnv,
  given = token,
): Promise<string> {
  const { stderr } = await run([command, given, '--debug', '-q'], { env, steps: [step(text)] });
  const lines = stderr.split('\n').filter((line) => line.startsWith('+'));
  expect(lines.some((line) => line.includes('#1 ← '))).toBe(true);
  return lines.join('\n');
}

/** A URL shows its host in lower case. */
const findsInAnyCase = (text: string, secret: string) =>
  finds(text, secret) || finds(text.toLowerCase(), secret.toLowerCase());

describe.each(Object.entries(secrets))('%s', (_name, secret) => {
  test.each(byName([...quoted, ...unquoted]))(
    'is in no trace where the service echoes it: %s',
    async (_place, place) => {
      const found: string[] = [];
      for (const [spelling, write] of Object.entries(spellings)) {
        if (findsInAnyCase(await traceOf(place, write(secret)), secret)) found.push(spelling);
      }
      expect(found).toEqual([]);
    },
  );

  test.each(byName(quoted))('would be found if nobody knew it: %s', async (_place, place) => {
    // What a raw `=` or `&` ends is no name, no value and no Fault any more.
    const text = /^(?:a name|a Fault, not escaped)$/.test(place.name) ? secret.replace(/[&=<]/g, '') : secret;
    expect(finds(await traceOf(place, text, accountEnv, 'another-token-of-somebody'), text)).toBe(true);
  });
});

test.each(byName(unquoted))('a text that nobody knows is in no trace either: %s', async (_place, place) => {
  // The host of a redirect alone is shown, whoever it is.
  const host = place.step('canary-text').answer as { headers: Record<string, string> };
  const isHost = host.headers['location'] === 'https://canary-text/';
  expect(finds(await traceOf(place, 'canary-text'), 'canary-text')).toBe(isHost);
});

describe('where texts are cut', () => {
  test.each(byName(quoted))('no part of a secret is left: %s', async (_place, place) => {
    const secret = canaryEnv.INSTAMED_SECURITY_KEY;
    const found: number[] = [];
    for (let before = 0; before <= 320; before += secret.length - 8) {
      if (finds(await traceOf(place, `${'x'.repeat(before)}:${secret} and more`), secret)) found.push(before);
    }
    expect(found).toEqual([]);
  });
});

describe.each(cards)('card number %s', (card) => {
  test.each(byName([...quoted, ...unquoted]))('is shown as its last four at most: %s', async (_place, place) => {
    const found: string[] = [];
    for (const [grouping, write] of Object.entries(groupings)) {
      if (findsCard(await traceOf(place, write(card)), card)) found.push(grouping);
    }
    expect(found).toEqual([]);
  });
});

test.each(byName(quoted))('a number that fails Luhn is no card and would be found: %s', async (_place, place) => {
  expect(findsCard(await traceOf(place, '4111111111111112'), '4111111111111112')).toBe(true);
});

describe('the name of the card holder', () => {
  const holder = "JANE <O'ROE> CANARY";
  const says = (name: string, text: string) =>
    traceOf(
      nvp('both', () => `cardHolderName=${name}&errorCode=9&errorMessage=No, ${text}.`),
      '',
    );

  test.each(Object.entries(spellings))('is not quoted where a message calls it, %s', async (_spelling, write) => {
    expect(finds(await says(holder, write(holder)), holder)).toBe(false);
  });

  test('would be found if the reply did not say whose name it is', async () => {
    expect(finds(await says('', holder), holder)).toBe(true);
  });
});

test('nothing of the secrets is in what the trace shows of the program itself', async () => {
  for (const command of ['status', 'receipt'] as const) {
    const trace = await traceOf({ name: '', command, step: () => status('NEW') }, '');
    for (const secret of Object.values(secrets)) expect(finds(trace, secret)).toBe(false);
  }
});
