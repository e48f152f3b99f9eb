import { canaryEnv, finds, findsCard, secrets, spellings } from '../canaries.ts';
import { inBody, inResult } from '../soap-replies.ts';
import type { Env } from '../spawn-cli.ts';
import { type Attack, bytesOf, type Call, type Honest } from './attack.ts';
import { honestAnswers } from './stories.ts';

// A service that echoes what it was sent, and card data with it. We invented it; real fault texts repeat what their programmer
// put in.

const card = '4111111111111111';
export const holder = 'CANARY HOLDER';

const ways = ['plain', 'XML, named', 'percent', 'form', 'Base64', 'Base64 between others'] as const;

/** What the service must not see shown again. */
const echoed = (token: string): Readonly<Record<string, string>> => ({
  ...secrets,
  'the token': token,
  'the card number': card,
});

/** Each secret of an account, the token and a card number, in each spelling. */
export const echoOf = (token: string): string =>
  Object.values(echoed(token))
    .flatMap((secret) => ways.map((way) => spellings[way]?.(secret)))
    .join(' ');

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');

const xml = (body: string): Honest => ({ ...honestAnswers.status, body: Buffer.from(body) });
const nvp = (body: string): Honest => ({ ...honestAnswers.receipt, body: Buffer.from(body) });

/** Two honest-looking services that say too much: in what they report, and in what they complain of. */
export const echoes: Readonly<Record<string, (token: string) => Readonly<Record<Call, Honest>>>> = {
  'in the answer': (token) => ({
    status: xml(inResult(escapeXml(`USED ${echoOf(token)}`))),
    receipt: nvp(
      `transactionStatus=D&responseCode=010&responseMessage=No: ${echoOf(token)}&cardHolderName=${holder}&cardNumber=${card}&${echoOf(token)}=1`,
    ),
  }),
  'in an error': (token) => ({
    status: xml(
      inBody(
        `<soap:Fault><faultcode>soap:Client</faultcode><faultstring>No: ${escapeXml(echoOf(token))}</faultstring></soap:Fault>`,
      ),
    ),
    receipt: nvp(`errorCode=500&errorMessage=No: ${echoOf(token)}&cardHolderName=${holder}`),
  }),
};

/** The attack on such a service; a header of every reply, and the reason phrase, say it all once more. */
export function withEcho(
  attack: Attack,
  token: string,
  echo: (token: string) => Readonly<Record<Call, Honest>>,
): Attack {
  const bodies = echo(token);
  const line = echoOf(token).replace(/[^\x20-\x7e]/g, '?');
  const headers = `X-Echo: ${line}\r\nSet-Cookie: a=${line}\r\nServer: ${line}\r\n`;
  return {
    ...attack,
    play: ({ call }) =>
      attack.play(bodies[call]).map((part) => {
        if (typeof part === 'function') return part;
        const bytes = bytesOf(part);
        const end = bytes.indexOf('\r\n');
        if (end < 0 || !bytes.subarray(0, 9).equals(Buffer.from('HTTP/1.1 '))) return part;
        return Buffer.concat([bytes.subarray(0, end + 2), Buffer.from(headers), bytes.subarray(end + 2)]);
      }),
  };
}

export const echoEnv = (env: Env): Env => ({ ...env, ...canaryEnv, ...pick(env, /_URL$/) });

const pick = (env: Env, names: RegExp): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));

/** What a run printed, and whether its stdout is for machines, which are given the token and the card holder's name whole. */
export interface Printed {
  readonly token: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly isForMachines: boolean;
}

/** The names of the secrets that a run has shown. */
export function leaksIn({ token, stdout, stderr, isForMachines }: Printed): string[] {
  const { 'the token': _published, ...ofAccount } = secrets;
  const all = stdout + stderr;
  const found = Object.entries(ofAccount)
    .filter(([, secret]) => finds(all, secret))
    .map(([name]) => name);
  if (finds(isForMachines ? stderr : all, token)) found.push('the token');
  if (findsCard(all, card)) found.push('the card number');
  // The receipt's own table and lines name the card holder; nothing else does.
  if (stderr.includes(holder)) found.push('the card holder');
  return found;
}

/** Which secrets stand in a text whole, and in which spelling. JSON writes them with escapes of its own. */
export function spellingsIn(text: string, token: string): string[] {
  return Object.entries(echoed(token)).flatMap(([name, secret]) =>
    ways
      .filter((way) => {
        const spelled = spellings[way]?.(secret) ?? '';
        return text.includes(spelled) || text.includes(JSON.stringify(spelled).slice(1, -1));
      })
      .map((way) => `${name}, ${way}`),
  );
}
