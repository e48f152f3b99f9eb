import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { receipt, receiptOf, status, stoppedTyping } from '../support/replies.ts';
import { accountEnv, run, token, type World } from '../support/run-cli.ts';

const { INSTAMED_SECURITY_KEY: _key, ...withoutKey } = accountEnv;

/** Somebody at a terminal, with everything but the security key; no run of CI. */
const atTerminal: World = { tty: true, typed: 'typed-canary', env: { ...withoutKey, CI: '', TERM: 'dumb' } };

describe('with nothing configured', () => {
  test('wait names everything that is missing at once, with the three ways to give each, and offers the demo', async () => {
    const { code, stdout, stderr, prompts } = await run(['wait', token], { env: {} });
    expect({ code, stdout, prompts }).toEqual({ code: 2, stdout: '', prompts: 0 });
    expect(stderr).toBe(
      `instamed-poll: 6 settings are missing: SSO account ID, SSO alias, SSO security key (the SOAP password), merchant ID, store ID, terminal ID.
Give each in one of these ways; config set keeps it for later runs. Without an account: instamed-poll demo, or --profile simulator while instamed-poll simulate runs.
  SSO account ID: instamed-poll config set accountId VALUE, or INSTAMED_ACCOUNT_ID in the environment, or --account-id
  SSO alias: instamed-poll config set alias VALUE, or INSTAMED_ALIAS in the environment, or --alias
  SSO security key (the SOAP password): instamed-poll config set securityKey (it asks for the value), or INSTAMED_SECURITY_KEY in the environment, or --secrets-from -
  merchant ID: instamed-poll config set merchantId VALUE, or INSTAMED_MERCHANT_ID in the environment, or --merchant-id
  store ID: instamed-poll config set storeId VALUE, or INSTAMED_STORE_ID in the environment, or --store-id
  terminal ID: instamed-poll config set terminalId VALUE, or INSTAMED_TERMINAL_ID in the environment, or --terminal-id
`,
    );
  });

  test('a terminal is told the same, and asked for nothing', async () => {
    const { code, stderr, prompts } = await run(['wait', token], { ...atTerminal, env: { CI: '' } });
    expect({ code, prompts }).toEqual({ code: 2, prompts: 0 });
    expect(stderr.replace(/\s+/g, ' ')).toContain('instamed-poll: 6 settings are missing: SSO account ID,');
  });
});

describe('a security key that alone is missing', () => {
  test.each(['wait', 'status'])('is asked for at a terminal, and known to the redactor: %s', async (command) => {
    const { code, stdout, stderr, prompts, transport } = await run([command, token], {
      ...atTerminal,
      steps: [status('held for typed-canary'), status('USED'), receipt(receiptOf('C'))].slice(
        0,
        command === 'wait' ? 3 : 1,
      ),
    });
    expect({ code, prompts }).toEqual({ code: 0, prompts: 1 });
    expect(stderr).toContain('SSO security key (the SOAP password), not shown: ');
    expect(transport.requests[0]?.body).toContain('<password>typed-canary</password>');
    expect(stdout + stderr).not.toContain('typed-canary');
  });

  test.each<[string, readonly string[], World]>([
    ['stdin is a pipe', [], { tty: ['stdout', 'stderr'] }],
    ['stderr is a file', [], { tty: ['stdin', 'stdout'] }],
    ['it runs in CI', [], { env: withoutKey }],
    ['the run is to be silent', ['-q'], {}],
    ['the progress is to be silent', ['--progress', 'none'], {}],
    ['stdin brings the secrets', ['--secrets-from', '-'], { stdin: 'INSTAMED_NVP_PASSWORD=p\n' }],
    ['stdin brings the secrets, in one word', ['--secrets-from=-'], { stdin: 'INSTAMED_NVP_PASSWORD=p\n' }],
    ['another setting is missing, too', [], { env: { ...withoutKey, CI: '', INSTAMED_ALIAS: '' } }],
  ])('is not asked for where %s', async (_says, flags, world) => {
    const { code, stderr, prompts, opened } = await run(['wait', token, ...flags], { ...atTerminal, ...world });
    expect({ code, prompts, opened }).toEqual({ code: 2, prompts: 0, opened: [] });
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /instamed-poll: (?:A setting is|2 settings are) missing: .*SSO security key/,
    );
  });

  test('is not asked for where stdin brings the token', async () => {
    const { code, prompts, stderr } = await run(['wait', '-'], { ...atTerminal, stdin: token });
    expect({ code, prompts }).toEqual({ code: 2, prompts: 0 });
    expect(stderr).toContain('A setting is missing: SSO security key');
  });

  test('is not asked for by a command that needs none', async () => {
    const { code, prompts } = await run(['receipt', token], { ...atTerminal, steps: [receipt(receiptOf('C'))] });
    expect({ code, prompts }).toEqual({ code: 0, prompts: 0 });
  });

  test('is still missing where nothing was typed', async () => {
    const { code, stderr, prompts, opened } = await run(['wait', token], { ...atTerminal, typed: '' });
    expect({ code, prompts, opened }).toEqual({ code: 2, prompts: 1, opened: [] });
    expect(stderr).toContain('instamed-poll: A setting is missing: SSO security key (the SOAP password).');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends with %s while it is typed, with %i', async (signal, expected) => {
    const { code, stdout, opened, handlersLeft } = await run(['wait', token, '--json'], {
      ...atTerminal,
      ...stoppedTyping(signal),
    });
    expect({ code, opened, handlersLeft }).toEqual({ code: expected, opened: [], handlersLeft: 0 });
    expect(readDocument({ stdout }, 'wait')).toMatchObject({ outcome: 'interrupted', exitCode: expected });
  });
});
