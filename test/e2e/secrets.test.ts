import { expect, test } from 'vitest';
import { startAsmxServer } from '../support/asmx-server.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { faultReply, nvpReply, statusReply } from '../support/scripted-transport.ts';
import { runCli } from '../support/spawn-cli.ts';

// Services that echo what they were sent. We invented them; real fault texts do repeat whatever their programmer put in.
const { INSTAMED_SECURITY_KEY: key = '', INSTAMED_NVP_PASSWORD: password = '', INSTAMED_ACCOUNT_ID: user } = accountEnv;
const basic = Buffer.from(`${user}:${password}`).toString('base64');

/** What was asked, without the elements around it: `token account alias key`. */
function inputsOf(body: string): string {
  return [...body.matchAll(/<(?:tokenID|accountID|alias|password)>([^<]*)</g)].map(([, text]) => text).join(' ');
}

test.concurrent.each(['text', 'json'])(
  'an echo shows no secret in %s, and the token on stderr never',
  async (output) => {
    const server = await startAsmxServer({
      // The alias is called alias-1, so the fault speaks of an alias.
      status: [({ body }) => faultReply('Client', `Rejected: ${inputsOf(body)}`)],
      receipt: [({ headers, body }) => nvpReply(`errorCode=500&errorMessage=${headers['authorization']} ${body}`)],
    });
    const asks = ['status', 'receipt'].map((command) => runCli([command, token, '-o', output], { env: server.env }));
    const exits = await Promise.all(asks);
    expect(exits.map(({ code }) => code)).toEqual([4, 5]);
    for (const { stdout, stderr } of exits) {
      const printed = stdout + stderr;
      // It was echoed, and shown with stars.
      expect(printed).toContain('***');
      for (const secret of [key, password, basic, encodeURIComponent(key)]) expect(printed).not.toContain(secret);
      expect(stderr).not.toContain(token);
    }
    expect(server.requests.map(({ headers }) => headers['authorization'])).toContain(`Basic ${basic}`);
    expect(server.requests.some(({ body }) => body.includes(`<password>${key}</password>`))).toBe(true);
  },
);

const places = [
  ['a Fault', ['status', token], (said: string) => ({ status: [faultReply('Client', said)] })],
  ['a status that nobody knows', ['status', token], (said: string) => ({ status: [statusReply(said)] })],
  [
    'such a status, in the progress and the tally of a wait,',
    ['wait', token, '--interval', '1s', '--timeout', '1s'],
    (said: string) => ({ status: [statusReply(said)] }),
  ],
  [
    'the error of a receipt',
    ['receipt', token],
    (said: string) => ({ receipt: [nvpReply(`errorCode=1&errorMessage=Rejected: ${said}`)] }),
  ],
  [
    'the message of a receipt',
    ['receipt', token],
    (said: string) => ({
      receipt: [nvpReply(`transactionStatus=D&responseCode=010&responseMessage=Partially ${said}`)],
    }),
  ],
] as const;

test.concurrent.each(places)('where %s is cut short, no part of a secret is left', async (_says, argv, answers) => {
  // Wherever the cut is, in one of the three it leaves more than half of a key standing.
  const runs = [0, 4, 8].map(async (shift) => {
    const server = await startAsmxServer(answers('x'.repeat(shift) + key.repeat(60)));
    return runCli([...argv, '--json'], { env: server.env });
  });
  for (const { stdout, stderr } of await Promise.all(runs)) {
    expect(stdout).toContain('***');
    expect(stdout + stderr).not.toMatch(/key.can/);
  }
});

test.concurrent('a key whose + the form-encoded reply turned into a blank is still a secret', async () => {
  // No raw blank anywhere, so the reply counts as form-encoded, though the service put the key in as it is.
  const server = await startAsmxServer({ receipt: [nvpReply(`errorCode=1&errorMessage=Rejected:${key}`)] });
  const { code, stdout, stderr } = await runCli(['receipt', token, '--json'], { env: server.env });
  expect(code).toBe(5);
  expect(stdout).toContain('Rejected:');
  expect(stdout + stderr).not.toContain('canary');
});
