import { expect, test } from 'vitest';
import { fixtureReply, type Received, startAsmxServer } from '../support/asmx-server.ts';
import { nvpReply, statusReply } from '../support/scripted-transport.ts';
import { isWindows } from '../support/spawn-cli.ts';
import { ctrlC, Terminal } from '../support/terminal.ts';

const tokens = ['paid-0123456789-paid', 'declined-0123456-lined', 'waiting-0123456-wait'];
const says: Readonly<Record<string, string>> = { paid: 'USED', decl: 'USED', wait: 'NEW' };

/** A service that tells the tokens apart: one is paid for, one is declined, and one stays NEW. */
async function startService() {
  const nameOf = ({ body }: Received) => /(?:<tokenID>|singleSignOnToken=)(\w{4})/.exec(body)?.[1] ?? '';
  return startAsmxServer({
    status: [(request) => statusReply(says[nameOf(request)] ?? '')],
    receipt: [
      (request) =>
        nameOf(request) === 'paid' ? nvpReply('transactionStatus=C') : fixtureReply('nvp/recorded-view-receipt'),
    ],
  });
}

test.skipIf(isWindows).concurrent.each([80, 20])(
  'at %i columns the lines of many waits are redrawn below the rows, and Ctrl-C leaves a clean screen',
  async (columns) => {
    const { env, connections } = await startService();
    const argv = ['wait', ...tokens, '--interval', '3s', '--timeout', '5m'];
    const terminal = new Terminal(argv, { env, columns });
    await terminal.shows(/Declined\.[\s\S]*1 NEW[\s\S]*1 not-approved/);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    expect(await connections()).toBe(0);
    const { screen } = terminal;
    expect(screen.isCursorShown).toBe(true);
    for (const frame of screen.frames) expect(frame.length).toBeLessThanOrEqual(columns);
    const words = screen.text.replace(/\s+/g, ' ');
    expect(words).toMatch(/^Waiting for 3 tokens: checking each every 3s, for up to 5m\. /);
    expect(words).toContain('paid…paid approved Approved. The payment was taken.');
    expect(words).toContain('decl…ined not-approved Declined. The payment was not taken.');
    expect(words).toContain('3 tokens: 1 interrupted, 1 not-approved, 1 approved.');
    // The terminal breaks it, we do not: it is to be copied whole.
    const command = 'Next: instamed-poll wait - --interval 3s --timeout 5m   (then paste the tokens, one per line)';
    expect(terminal.raw).toContain(command);
    // Of what moved one static line is left, and no row of the token that was NEW.
    expect(screen.lines.filter((line) => /[\u2800-\u28ff]/.test(line))).toEqual([]);
    expect(screen.lines.filter((line) => line.startsWith('•'))).toHaveLength(1);
    expect(screen.text).not.toContain('wait…wait');
    // Several lines, each of which fits.
    const frames = screen.frames.join('\n');
    expect(frames).toMatch(/[\u2800-\u28ff] 0:\d\d/);
    expect(frames).toMatch(/^ {2}1 NEW/m);
  },
);
