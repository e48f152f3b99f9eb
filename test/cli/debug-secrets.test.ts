import { describe, expect, test } from 'vitest';
import { canaryEnv, finds, findsCard, secrets, spellings } from '../support/canaries.ts';
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
  header('location', (text) => `https://${text}@host.example/${text}?token=${text}#${text}`),
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

/** What a raw `=`, `&` or `<` ends is no name, no value and no Fault any more. */
const fitting = ({ name }: Place, secret: string) =>
  /^(?:a name|a Fault, not escaped)$/.test(name) ? secret.replace(/[&=<]/g, '') : secret;

// How a secret or a card number may be spelled is a matter of the masks alone: test/redact/.
test.each(byName(quoted))('a secret of this run is in no trace, and any other text is: %s', async (_name, place) => {
  const leaks: string[] = [];
  const hidden: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    if (finds(await traceOf(place, secret), secret)) leaks.push(name);
    // What is not found here could not have been found above.
    const text = fitting(place, secret);
    if (!finds(await traceOf(place, text, accountEnv, 'another-token-of-somebody'), text)) hidden.push(name);
  }
  expect({ leaks, hidden }).toEqual({ leaks: [], hidden: [] });
});

test.each(byName(quoted))(
  'a card number is in a trace as its last four, and any other number whole: %s',
  async (_name, place) => {
    expect(findsCard(await traceOf(place, '4111-1111-1111-1111'), '4111111111111111')).toBe(false);
    expect(findsCard(await traceOf(place, '4111111111111112'), '4111111111111112')).toBe(true);
  },
);

// Wherever a text is cut, one of these is cut in the middle of a secret: the same row, each a quarter of a secret further.
test.each(byName(quoted))('no part of a secret is left where a text is cut: %s', async (_name, place) => {
  const secret = canaryEnv.INSTAMED_SECURITY_KEY;
  const row = `:${secret};`.repeat(20);
  for (let before = 0; before < secret.length; before += secret.length / 4) {
    expect(finds(await traceOf(place, 'x'.repeat(before) + row), secret)).toBe(false);
  }
});

// No mask is asked for here: what the trace does not quote it need not mask.
test.each(byName(unquoted))('no text of the service is in a trace: %s', async (_name, place) => {
  expect(finds(await traceOf(place, 'canary-text'), 'canary-text')).toBe(false);
});

describe('the host of a redirect, in lower case as every host,', () => {
  const place = header('location', (text) => `https://${text}/`);
  const shows = async (text: string) => (await traceOf(place, text)).includes(text.toLowerCase());

  test('is shown, unless it is the token or a card number', async () => {
    expect(await shows('login.example')).toBe(true);
    expect(await shows(token)).toBe(false);
    expect(await shows('a4111-1111-1111-1111')).toBe(false);
  });
});

describe('the name of the card holder', () => {
  const holder = "JANE <O'ROE> CANARY";
  const says = (name: string, text: string) =>
    traceOf(
      nvp('both', () => `cardHolderName=${name}&errorCode=9&errorMessage=No, ${text}.`),
      '',
    );

  test.each(['plain', 'XML, named', 'percent'])('is not quoted where a message calls it, %s', async (spelling) => {
    expect(finds(await says(holder, spellings[spelling]?.(holder) ?? ''), holder)).toBe(false);
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
