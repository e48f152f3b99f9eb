import { describe, expect, test } from 'vitest';
import { startAsmxServer } from '../support/asmx-server.ts';
import { token } from '../support/run-cli.ts';
import { faultReply } from '../support/scripted-transport.ts';
import { isWindows, soonMs } from '../support/spawn-cli.ts';
import { ctrlC, Screen, Terminal } from '../support/terminal.ts';

const unknownToken = faultReply(
  'Server',
  'Server was unable to process request. ---&gt; No such token in this account.',
);

describe.skipIf(isWindows).concurrent('a token that the service does not know', () => {
  test.each([80, 60, 40])('has the reason on the screen from the first second, at %i columns', async (columns) => {
    const { env } = await startAsmxServer({ status: [unknownToken] });
    const terminal = new Terminal(['wait', token], { env, columns });
    await terminal.shows(/last failure/);
    // The whole of it has to be drawn.
    await terminal.shows(/account\./);
    const { raw } = terminal;
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    const { text, isCursorShown } = terminal.screen;
    expect(isCursorShown).toBe(true);
    expect(new Screen(raw, columns).overflows).toBe(0);
    expect(raw.replace(/\s+/g, ' ')).toMatch(/last failure: .*No such token in this account\./);
    const [before = ''] = raw.split('last failure');
    expect([...before.matchAll(/· (\d:\d\d)/g)].at(-1)?.[1]).toMatch(/^0:0[12]$/);
    // The redrawn lines are gone.
    expect(text).not.toContain('last failure');
  });
});

describe.skipIf(isWindows).concurrent('wait alone at a terminal', () => {
  test('asks for the token and waits for it', async () => {
    const server = await startAsmxServer({ status: [unknownToken] });
    const terminal = new Terminal(['wait', '--progress', 'plain'], { env: server.env });
    await terminal.shows(/Paste the token/);
    terminal.type(`\r${token}\r`);
    await terminal.shows(/No such token/);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    expect(server.requests[0]?.body).toContain(`<tokenID>${token}</tokenID>`);
  });

  test('ends at Ctrl-C with 130, the cursor, and nothing asked', async () => {
    const server = await startAsmxServer({});
    const terminal = new Terminal(['wait'], { env: server.env });
    await terminal.shows(/Paste the token/);
    const typedAt = terminal.type(ctrlC);
    const { code, endedAt } = await terminal.exited;
    expect(code).toBe(130);
    expect(endedAt - typedAt).toBeLessThan(soonMs);
    expect(terminal.screen.isCursorShown).toBe(true);
    expect(terminal.screen.text).toContain('Stopped before a token was given.');
    expect(server.requests).toEqual([]);
  });

  test('ends at Ctrl-D with 2, without a word of programmers', async () => {
    const { env } = await startAsmxServer({});
    const terminal = new Terminal(['wait'], { env });
    await terminal.shows(/Paste the token/);
    terminal.type('\x04');
    expect((await terminal.exited).code).toBe(2);
    expect(terminal.screen.text).toContain('No token was given.');
    expect(terminal.screen.text).not.toMatch(/stdin/i);
  });
});
