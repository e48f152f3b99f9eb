import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { token } from '../support/run-cli.ts';
import { nvpReply } from '../support/scripted-transport.ts';
import { isWindows, runCli, scratch } from '../support/spawn-cli.ts';
import { ctrlC, type Screen, Terminal } from '../support/terminal.ts';

const esc = '\x1b';
const green = new RegExp(`${esc}\\[(?:32|42|92|102)m`);
const color = new RegExp(`${esc}\\[[\\d;]*m`);
const showsCursor = new RegExp(`${esc}\\[\\?25h`);
const startsWithHiddenCursor = new RegExp(`^${esc}\\[\\?25l`);

/** A service where the token is used at the first ask, with the published receipt: declined, though it sounds partly approved. */
const startService = () =>
  startAsmxServer({
    status: [fixtureReply('soap/soap11-used')],
    receipt: [fixtureReply('nvp/recorded-view-receipt')],
  });

describe.skipIf(isWindows).concurrent('the spinner', () => {
  test('shows status, time and limit, check and next ask, anew once a second, and leaves one static line', async () => {
    const { env } = await startAsmxServer({ status: [fixtureReply('soap/soap11-new')] });
    const terminal = new Terminal(['wait', token, '--timeout', '5m'], { env });
    await terminal.shows(/NEW · \d:\d\d \/ 5:00/);
    terminal.type(ctrlC);
    await terminal.exited;
    const { frames, lines } = terminal.screen;
    const texts = [...new Set(frames.map((frame) => frame.replace(/^[\u2800-\u28ff] |\^C$/g, '')))];
    expect(frames.every((frame) => /^[\u2800-\u28ff] /.test(frame))).toBe(true);
    expect(texts.join('\n')).toMatch(/^NEW · \d:\d\d \/ 5:00 · check 1 · next check in \d+ s$/m);
    expect(texts.every((text) => /^(?:no status yet|NEW) · \d:\d\d \/ 5:00 · check 1/.test(text))).toBe(true);
    const ends = lines.filter((line) => line.startsWith('•'));
    expect(ends).toEqual([expect.stringMatching(/^• NEW · \d:\d\d \/ 5:00 · 1 check$/)]);
    // One text for each second that has begun, and one before the first answer, when there was nothing to show but that we ask.
    const seconds = Number(/0:(\d\d)/.exec(ends[0] ?? '')?.[1]);
    expect(texts.length).toBeLessThanOrEqual(seconds + 2);
    expect(lines.filter((line) => /[\u2800-\u28ff]/.test(line))).toEqual([]);
  });

  test.each([
    [120, [/ · last status \d+ s ago\b/, / · 1 failure in a row\b/]],
    [80, [/ · 1 failure/]],
  ] as const)('says at %i columns that asks have failed, while they do', async (columns, trouble) => {
    const terminal = new Terminal(['demo', 'fault-once', '--speed', '20'], { columns });
    expect((await terminal.exited).code).toBe(0);
    const { frames } = terminal.screen;
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(columns);
    const during = frames.filter((frame) =>
      / NEW · \d:\d\d \/ 15:00 · check 2 · (?:checking|next check in \d+ s) · /.test(frame),
    );
    expect(during).not.toEqual([]);
    for (const frame of during) for (const what of trouble) expect(frame).toMatch(what);
    expect(frames.join('\n')).toMatch(/ NEW · \d:\d\d \/ 15:00 · check 3 · (?:checking|next check in \d+ s)$/m);
  });

  test('leaves the JSON document on stdout alone', async () => {
    const { env } = await startService();
    const file = join(scratch, 'document.json');
    const terminal = new Terminal(['wait', token, '--json'], { env: { ...env, FILE: file }, shell: '"$@" > "$FILE"' });
    expect((await terminal.exited).code).toBe(3);
    const stdout = readFileSync(file, 'utf8');
    expect(readDocument({ stdout }, 'wait').outcome).toBe('not-approved');
    expect(terminal.screen.text).toMatch(/^• USED · 0:00 \/ 15:00 · 1 check\nDeclined\./);
  });
});

describe.skipIf(isWindows).concurrent('a window that is resized', () => {
  /** A wait that is asleep, in a terminal of 80 columns. */
  async function startWait(shell?: string) {
    const { env } = await startAsmxServer({ status: [fixtureReply('soap/soap11-new')] });
    const argv = ['wait', token, '--interval', '1m', '--timeout', '5m'];
    const terminal = new Terminal(argv, { env, ...(shell && { shell }) });
    await terminal.shows(/next check in/);
    return terminal;
  }

  /** Drags the edge until this is shown, and gives where in `raw` that was. */
  async function resize(terminal: Terminal, columns: number, shown: RegExp) {
    const start = terminal.raw.length;
    terminal.resize(columns);
    await terminal.shows(shown, start);
    return terminal.raw.length;
  }

  const staticLines = ({ lines }: Screen) => lines.filter((line) => line.startsWith('•'));

  test('narrower and wider has the line fitted at once, and one static line at the end', async () => {
    const terminal = await startWait();
    for (const [columns, shown] of [
      [30, / NEW · \d:\d\d \/ 5:00(?! ·)/],
      [200, / · next check in \d\d s/],
      [20, / NEW · \d:\d\d(?! \/)/],
    ] as const) {
      const noticed = await resize(terminal, columns, shown);
      // The next drawing takes this one away; what is drawn from then on fits.
      await terminal.shows(/[\u2800-\u28ff].*[\u2800-\u28ff]/, noticed);
      const { frames, overflows } = terminal.screenSince(noticed);
      expect(overflows).toBe(0);
      for (const frame of frames) expect(frame.length).toBeLessThan(columns);
    }
    const typedAt = terminal.raw.length;
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    expect(staticLines(terminal.screenSince(typedAt))).toEqual([expect.stringMatching(/^• NEW · \d:\d\d \/ 5:00$/)]);
    expect(terminal.screen.isCursorShown).toBe(true);
  });

  test('to one column has nothing drawn, with the cursor back, until there is room again', async () => {
    const terminal = await startWait();
    const narrow = await resize(terminal, 1, showsCursor);
    const wide = await resize(terminal, 80, / · next check in/);
    expect(terminal.raw.slice(narrow, wide)).toMatch(startsWithHiddenCursor);
    const narrowAgain = await resize(terminal, 1, showsCursor);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    const { lines, isCursorShown } = terminal.screenSince(narrowAgain);
    expect(lines.join('')).toMatch(/•NEW·\d:\d\d\/5:00·1check.*wasstillNEWatthelastcheck/);
    expect(isCursorShown).toBe(true);
  });

  test('to none, as stty can do it, does not make it loop', async () => {
    // The shell outlives the Ctrl-C, to wait for the program and to hand on its code.
    const script = `trap : INT; "$@" & read -r _; stty cols 0; wait $!; wait $!`;
    const terminal = await startWait(`sh -c '${script}' sh "$@"`);
    const start = terminal.raw.length;
    terminal.type('\r');
    await terminal.shows(showsCursor, start);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    expect(staticLines(terminal.screenSince(start))).toEqual([
      expect.stringMatching(/^• NEW · \d:\d\d \/ 5:00 · 1 check$/),
    ]);
  });
});

describe.skipIf(isWindows).concurrent('a terminal', () => {
  test.each([
    [20, 0],
    [50, 2],
    [80, 2],
    [300, 2],
  ])('of %i columns is overrun by nothing, and gets %i tables', async (columns, tables) => {
    const { env } = await startService();
    const terminal = new Terminal(['wait', token], { env, columns });
    expect((await terminal.exited).code).toBe(3);
    const { screen } = terminal;
    expect(screen.overflows).toBe(0);
    for (const frame of screen.frames) expect(frame.length).toBeLessThanOrEqual(columns);
    expect(screen.isCursorShown).toBe(true);
    expect(screen.lines.filter((line) => line.startsWith('•'))).toHaveLength(1);
    expect(screen.lines[1]).toMatch(/^Declined\./);
    expect(screen.lines.filter((line) => line.startsWith('┌'))).toHaveLength(tables);
    // Nothing is cut away, however narrow it is.
    const text = screen.text.replaceAll(/[^\w$.]/g, '');
    for (const whole of ['PartiallyApproved$1.00.', '0ca7530a86084b468fff132ab7f04491', 'HOLDERAGREEMENT.']) {
      expect(text).toContain(whole);
    }
    // Green stands for money that was taken.
    expect(terminal.raw).not.toMatch(green);
  });

  test('that does not know its columns gets lines of progress and a table for 80', async () => {
    const { env } = await startService();
    const terminal = new Terminal(['wait', token], { env, columns: 0 });
    expect((await terminal.exited).code).toBe(3);
    const { screen } = terminal;
    expect(screen.frames).toEqual([]);
    expect(screen.lines[0]).toBe('Waiting for NTJm…N2Qz: checking every 10s, for up to 15m.');
    expect(screen.overflows).toBe(0);
    expect(screen.text).toContain('┌');
  });

  test.each([1, 3])('of %i columns, too narrow for a line that is redrawn, gets lines of progress', async (columns) => {
    const { env } = await startService();
    const terminal = new Terminal(['wait', token], { env, columns });
    expect((await terminal.exited).code).toBe(3);
    const { frames, lines } = terminal.screen;
    expect(frames).toEqual([]);
    const text = lines.join('').replaceAll(/[^\w$.]/g, '');
    expect(text).toMatch(/^WaitingforNTJmN2Qz.*000USED000endedUSED1checkDeclined\.Thepaymentwasnottaken\./);
  });

  test.each([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['CI=true', { CI: 'true' }],
    ['CI=1 and FORCE_COLOR=0', { CI: '1', FORCE_COLOR: '0' }],
  ] as const)('with %s gets plain lines, without one escape or a line drawn twice', async (_says, extra) => {
    const { env } = await startService();
    const terminal = new Terminal(['wait', token], { env: { ...env, ...extra } });
    expect((await terminal.exited).code).toBe(3);
    expect(terminal.raw).not.toContain(esc);
    expect(terminal.raw.replaceAll('\r\n', '\n')).not.toContain('\r');
    expect(terminal.screen.lines.slice(0, 4)).toEqual([
      'Waiting for NTJm…N2Qz: checking every 10s, for up to 15m.',
      '0:00 USED',
      '0:00 ended: USED, 1 check',
      expect.stringMatching(/^Declined\./),
    ]);
  });

  test('with NO_COLOR has a spinner and a table without colour', async () => {
    const { env } = await startService();
    const terminal = new Terminal(['wait', token], { env: { ...env, NO_COLOR: '1' } });
    expect((await terminal.exited).code).toBe(3);
    expect(terminal.raw).toContain(`${esc}[?25l`);
    expect(terminal.raw).not.toMatch(color);
    const inColor = new Terminal(['wait', token], { env });
    await inColor.exited;
    expect(inColor.raw).toMatch(color);
  });

  test('shows nothing but the answer once a status is answered', async () => {
    const { env } = await startService();
    const terminal = new Terminal(['status', token], { env });
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.screen.text).not.toMatch(/Asking|[\u2800-\u28ff]/);
    expect(terminal.screen.isCursorShown).toBe(true);
    expect(terminal.screen.lines[0]).toMatch(/^USED: .*Only the receipt shows/);
    expect(terminal.raw).not.toMatch(green);
  });

  test('shows after a moment that a status is being asked for', async () => {
    const { env } = await startAsmxServer({ status: ['silence'] });
    const terminal = new Terminal(['status', token, '--request-timeout', '1s'], { env });
    expect((await terminal.exited).code).toBe(7);
    const { frames, lines, isCursorShown } = terminal.screen;
    expect(new Set(frames.map((frame) => frame.slice(2)))).toEqual(new Set(['Checking the status…']));
    expect(lines[0]).toMatch(/^127\.0\.0\.1:\d+ did not answer within 1s/);
    expect(isCursorShown).toBe(true);
  });

  test('shows with --progress json events without an escape, the first of them before any answer', async () => {
    const { env } = await startAsmxServer({ status: ['silence'] });
    const terminal = new Terminal(['wait', token, '--progress', 'json'], { env });
    await terminal.shows(/^\{"event":"started".*\}\r\n/);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    // Nothing is redrawn; the ending has its color.
    expect(terminal.raw.replaceAll(/\p{Cc}\[\d+m/gu, '')).not.toContain(esc);
  });

  test.each([
    ['status', ['status', token]],
    ['wait', ['wait', token]],
    ['receipt', ['receipt', token]],
    ['demo', ['demo', '--speed', '400']],
  ])('gets with --progress none not a byte of a %s that went well', async (_name, argv) => {
    const approved = nvpReply('transactionStatus=C&transactionID=1');
    const { env } = await startAsmxServer({ status: [fixtureReply('soap/soap11-used')], receipt: [approved] });
    const terminal = new Terminal([...argv, '--progress', 'none'], { env, shell: '"$@" > /dev/null' });
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.raw).toBe('');
  });

  test('takes a token that is pasted, and needs no end of input for it', async () => {
    const server = await startService();
    const terminal = new Terminal(['status', '-'], { env: server.env });
    await terminal.shows(/Paste the token/);
    terminal.type(`${token}\r`);
    expect((await terminal.exited).code).toBe(0);
    expect(server.requests[0]?.body).toContain(`<tokenID>${token}</tokenID>`);
  });
});

test.skipIf(isWindows)('takes all lines that are pasted: the shell would take the others for commands', async () => {
  const server = await startService();
  const terminal = new Terminal(['wait', '-', '--no-receipt'], { env: server.env });
  await terminal.shows(/Paste the token/);
  terminal.type(`${token}\rsecond-${token}\rthird-${token}\r`);
  expect((await terminal.exited).code).toBe(0);
  expect(server.requests).toHaveLength(3);
});

test.skipIf(isWindows)('green stands for money that was taken', async () => {
  const terminal = new Terminal(['demo', '--speed', '400']);
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.raw).toMatch(green);
});

test('a pipe gets no colour, even where FORCE_COLOR asks for it', async () => {
  const { env } = await startService();
  const { code, stdout, stderr } = await runCli(['wait', token], { env: { ...env, FORCE_COLOR: '3' } });
  expect(code).toBe(3);
  expect(stdout + stderr).not.toContain(esc);
  expect(stdout).toContain('\nreceipt.result\tdeclined\n');
});
