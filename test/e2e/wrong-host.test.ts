import { describe, expect, test } from 'vitest';
import { accountAt, accountNowhere, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { startSpedUp } from '../support/hostile/run-sped-up.ts';
import { token } from '../support/run-cli.ts';
import { textReply } from '../support/scripted-transport.ts';
import { runCli, type SpawnOptions } from '../support/spawn-cli.ts';

/** A wrong host must cost seconds, not the fifteen minutes of a wait. */
const withinMs = 4_000;

const unresolvable = 'https://nothing.invalid';
const used = fixtureReply('soap/soap11-used');

/** The program is killed, and has no exit code, where it takes longer. */
const ask = (argv: readonly string[], options: SpawnOptions) =>
  runCli([...argv, '--json'], { ...options, killAfterMs: withinMs });

describe.concurrent('a host that does not answer', () => {
  test.each([
    ['wait', accountAt(unresolvable)],
    ['status', accountAt(unresolvable)],
    ['receipt', accountAt(unresolvable)],
  ] as const)('%s ends with 7 where the name does not exist', async (command, env) => {
    const exit = await ask([command, token], { env });
    expect(exit.code).toBe(7);
    const { error } = readDocument(exit, command);
    expect(error).toMatchObject({ category: 'unreachable' });
    expect(error?.message).toContain('nothing.invalid');
    expect(error?.hint).toContain('DNS');
  });

  test.each(['wait', 'status', 'receipt'])('%s ends with 7 where the port is closed', async (command) => {
    const exit = await ask([command, token], { env: accountNowhere() });
    expect(exit.code).toBe(7);
    expect(readDocument(exit, command).error).toMatchObject({ category: 'unreachable', code: 'ECONNREFUSED' });
  });

  test('wait ends with 7 where plain HTTP answers in the place of TLS', async () => {
    const server = await startAsmxServer({ status: [used] });
    const exit = await ask(['wait', token], { env: accountAt(server.origin.replace('http:', 'https:')) });
    expect(exit.code).toBe(7);
    expect(readDocument(exit, 'wait').outcome).toBe('unreachable');
    expect(server.requests).toEqual([]);
  });

  test('wait ends with 9 where the token is used and the receipt host does not exist: money may have moved', async () => {
    const { env } = await startAsmxServer({ status: [used] });
    // The receipt is tried for a while: a name server may be down for a moment.
    const wait = startSpedUp(
      ['wait', token, '--json'],
      { ...env, INSTAMED_RECEIPT_URL: `${unresolvable}/NVP.aspx` },
      40,
    );
    const exit = await wait.exited;
    expect(exit.code).toBe(9);
    expect(readDocument(exit, 'wait')).toMatchObject({ outcome: 'receipt-unread', status: 'USED', receipt: null });
  });
});

test.concurrent('a redirect is not followed: 5, with the host that it names, and no password is sent there', async () => {
  const elsewhere = await startAsmxServer({ status: [used] });
  const headers = { location: `${elsewhere.origin}/SSOService.asmx` };
  for (const status of [302, 307]) {
    const server = await startAsmxServer({ status: [textReply('', { status, headers })] });
    const exit = await ask(['wait', token], { env: server.env });
    expect(exit.code).toBe(5);
    expect(exit.stderr).toContain(new URL(elsewhere.origin).host);
    expect(server.requests).toHaveLength(1);
  }
  expect(elsewhere.requests).toEqual([]);
});
