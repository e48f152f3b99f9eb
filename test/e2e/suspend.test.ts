import { describe, expect, test } from 'vitest';
import { fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { RawServer, reply } from '../support/raw-server.ts';
import { accountEnv, token } from '../support/run-cli.ts';
import { isWindows, startCli } from '../support/spawn-cli.ts';
import { ctrlC, ctrlZ, Terminal } from '../support/terminal.ts';

/** A shell with job control that is told to go on by Enter. */
const shell = `bash -mc '"$@"; echo "suspended $?"; read -r _; fg' bash "$@"`;

describe.skipIf(isWindows).concurrent('a wait that is suspended by Ctrl-Z', () => {
  /** Types Ctrl-Z, looks at what the shell gets, and goes on. */
  async function suspend(terminal: Terminal, said: RegExp, shown: RegExp) {
    terminal.type(ctrlZ);
    await terminal.shows(said);
    const { text, isCursorShown } = terminal.screen;
    expect(isCursorShown).toBe(true);
    expect(text).not.toMatch(/[\u2800-\u28ff]/);
    const resumedAt = terminal.raw.length;
    terminal.type('\r');
    await terminal.shows(shown, resumedAt);
    expect(terminal.screen.isCursorShown).toBe(false);
  }

  async function end(terminal: Terminal) {
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    const { isCursorShown, lines } = terminal.screen;
    expect(isCursorShown).toBe(true);
    expect(lines.filter((line) => line.startsWith('•'))).toHaveLength(1);
  }

  test('gives the line and the cursor to the shell, and then goes on asking', async () => {
    const server = await startAsmxServer({ status: [fixtureReply('soap/soap11-new')] });
    const terminal = new Terminal(['wait', token, '--interval', '1s'], { env: server.env, shell });
    await terminal.shows(/next check in/);
    await suspend(terminal, /suspended 148/, /NEW · \d:\d\d \/ 15:00/);
    await server.arrived(server.requests.length + 1);
    await end(terminal);
  });

  test('in a request, and a second time, goes on with that request', async () => {
    const server = await startAsmxServer({ status: ['silence'] });
    const twice = shell.replace('fg', 'fg; echo "again $?"; read -r _; fg');
    const terminal = new Terminal(['wait', token], { env: server.env, shell: twice });
    await server.arrived(1);
    await terminal.shows(/checking/);
    await suspend(terminal, /suspended 148/, /checking/);
    await suspend(terminal, /again 148/, /checking/);
    await end(terminal);
    expect(server.requests).toHaveLength(1);
  });
});

test.skipIf(isWindows)(
  'a reply that came while the program was stopped is taken, though its time is over',
  async () => {
    const { body, headers } = fixtureReply('soap/soap11-used');
    let resume = () => {};
    const server = await RawServer.start([
      [
        async (socket) => {
          started.child.kill('SIGSTOP');
          socket.write(reply(body, `Content-Type: ${headers['content-type']}\r\n`));
          resume();
        },
      ],
    ]);
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const env = { ...accountEnv, INSTAMED_STATUS_URL: server.url };
    const started = startCli(['status', token, '--request-timeout', '1s', '--field', 'status'], { env });
    await resumed;
    // Longer than the request may take: its timer is due when the program goes on.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    started.child.kill('SIGCONT');
    expect(await started.exited).toMatchObject({ code: 0, stdout: 'USED\n' });
  },
);
