import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AsmxServer, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { token } from '../support/run-cli.ts';
import { nvpReply } from '../support/scripted-transport.ts';
import { type Exit, isWindows, openStdin, runScript, type SpawnOptions, startCli } from '../support/spawn-cli.ts';

/** More than a pipe holds, several times. The names are ours: a plan's receipt may have any number of them. */
const fieldCount = 4_000;
const manyFields = Array.from({ length: fieldCount }, (_, i) => `field${i}=${'v'.repeat(40)}`).join('&');
const longReceipt = (status: string) => nvpReply(`transactionStatus=${status}&transactionID=1&${manyFields}`);
const pipeBytes = 65_536;

/** A service where every token is used, with a long receipt. */
const startService = (status = 'C') =>
  startAsmxServer({ status: [fixtureReply('soap/soap11-used')], receipt: [longReceipt(status)] });

/** Runs a script that finds the token in `$TOKEN`. */
const script = ({ env }: AsmxServer, text: string, options: SpawnOptions = {}): Promise<Exit> =>
  runScript(text, { ...options, env: { ...env, TOKEN: token } });

describe.skipIf(isWindows).concurrent('a reader that has seen enough', () => {
  const readers = [
    ['takes ten bytes', 'head -c 10', '{\n  "schema'.slice(0, 10)],
    ['takes nothing', 'true', ''],
  ] as const;

  test.each(readers)('%s, and the program ends in silence with its own code', async (_says, reader, seen) => {
    const approved = await startService('C');
    const declined = await startService('D');
    const pipeline = `instamed-poll wait "$TOKEN" --json --progress none | ${reader}; echo " \${PIPESTATUS[0]}"`;
    const [good, bad] = await Promise.all([script(approved, pipeline), script(declined, pipeline)]);
    expect(good).toMatchObject({ code: 0, stdout: `${seen} 0\n`, stderr: '' });
    expect(bad).toMatchObject({
      stdout: `${seen} 3\n`,
      stderr: 'instamed-poll: Declined. The payment was not taken.\n',
    });
  });

  test('is no trouble for lines of text and of events either', async () => {
    const server = await startService();
    const pipelines = ['-o text', '-o ndjson', '--field receipt.fields'].map((flags) =>
      script(server, `instamed-poll wait "$TOKEN" ${flags} -q | head -c 3; echo " \${PIPESTATUS[0]}"`),
    );
    const exits = await Promise.all(pipelines);
    expect(exits.map(({ stdout, stderr }) => [stdout, stderr])).toEqual([
      ['sch 0\n', ''],
      ['{"s 0\n', ''],
      ['[{" 0\n', ''],
    ]);
  });

  test('of stderr changes neither the answer nor the code', async () => {
    const server = await startService('D');
    const { stdout } = await script(
      server,
      `{ instamed-poll wait "$TOKEN" --json 2>&1 1>&3 | true; echo "\${PIPESTATUS[0]}"; } 3>&1`,
    );
    const end = stdout.lastIndexOf('}\n') + 2;
    expect(readDocument({ stdout: stdout.slice(0, end) }, 'wait').outcome).toBe('not-approved');
    expect(stdout.slice(end)).toBe('3\n');
  });
});

describe.skipIf(isWindows).concurrent('a document that is larger than a pipe', () => {
  test('arrives whole where the reader takes one byte after the other', async () => {
    const server = await startService();
    // That is how a shell reads lines from a pipe.
    const { stdout, stderr } = await script(
      server,
      'instamed-poll receipt "$TOKEN" --json -q | while IFS= read -r line; do printf "%s\\n" "$line"; done',
    );
    expect(stderr).toBe('');
    expect(stdout.length).toBeGreaterThan(3 * pipeBytes);
    expect(readDocument({ stdout }, 'receipt').receipt?.fields).toHaveLength(fieldCount + 2);
  });

  test('arrives whole where the reader comes late', async () => {
    const server = await startService();
    // The reader waits for a line from us, which we send once the service has been asked.
    const started = script(
      server,
      `exec 3<&0; instamed-poll receipt "$TOKEN" -q <&- | { read -r go <&3; cat; }; echo "code \${PIPESTATUS[0]}"`,
      { stdin: server.arrived(1).then(() => 'go\n') },
    );
    const { stdout } = await started;
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('receipt.fields.field'))).toHaveLength(fieldCount);
    expect(lines.slice(-2)).toEqual(['code 0', '']);
    expect(stdout.length).toBeGreaterThan(3 * pipeBytes);
  });
});

describe.skipIf(isWindows).concurrent('streams that are closed from the start', () => {
  const used = () => startAsmxServer({ status: [fixtureReply('soap/soap11-used')] });

  test('stdout: the code is still the answer', async () => {
    const { code, stderr } = await script(await used(), 'instamed-poll status "$TOKEN" --json --expect NEW -q >&-');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^instamed-poll: Expected NEW/);
  });

  test('stderr: the document and the code are still there', async () => {
    const exit = await script(await used(), 'instamed-poll status "$TOKEN" --json --expect NEW 2>&-');
    expect(exit.code).toBe(3);
    expect(readDocument(exit, 'status').outcome).toBe('not-expected');
  });

  test('all three: the code of the payment is still there', async () => {
    const server = await startService('D');
    const exit = await script(server, 'instamed-poll wait "$TOKEN" --json <&- >&- 2>&-');
    expect(exit).toMatchObject({ code: 3, stdout: '', stderr: '' });
    expect(server.requests).toHaveLength(2);
  });

  test('stdin: nothing is missed, unless it was to be read', async () => {
    const server = await used();
    const argument = await script(server, 'instamed-poll status "$TOKEN" --field status -q <&-');
    expect(argument).toMatchObject({ code: 0, stdout: 'USED\n', stderr: '' });
    const dash = await script(server, 'instamed-poll status - -q <&-');
    expect(dash).toMatchObject({ code: 2, stdout: '' });
  });
});

describe.skipIf(!existsSync('/dev/full')).concurrent('a full disk', () => {
  test('under stdout is told in one sentence, without a stack', async () => {
    const server = await startAsmxServer({ status: [fixtureReply('soap/soap11-used')] });
    const { code, stderr } = await script(server, 'instamed-poll status "$TOKEN" --json -q >/dev/full');
    // The answer is lost, and a script must not take that for an answer.
    expect(code).toBe(1);
    expect(stderr).toBe('instamed-poll: The answer could not be written to stdout (ENOSPC).\n');
  });

  test('under stderr changes neither the answer nor the code', async () => {
    const exit = await script(await startService('D'), 'instamed-poll wait "$TOKEN" --json 2>/dev/full');
    expect(exit).toMatchObject({ code: 3, stderr: '' });
    expect(readDocument(exit, 'wait').outcome).toBe('not-approved');
  });

  test('under both still has its code', async () => {
    const exit = await script(await startService('D'), 'instamed-poll wait "$TOKEN" --json >/dev/full 2>/dev/full');
    expect(exit).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });
});

describe.concurrent('stdin', () => {
  test('is not read unless - is given: an open pipe holds nothing up', async () => {
    const server = await startAsmxServer({ status: [fixtureReply('soap/soap11-used')] });
    const argv = ['wait', token, '--no-receipt', '--field', 'outcome', '-q'];
    const exit = await startCli(argv, { env: server.env, stdin: openStdin }).exited;
    expect(exit).toMatchObject({ code: 0, stdout: 'used\n', stderr: '' });
  });

  test.skipIf(isWindows)('is left to whoever reads it next', async () => {
    const server = await startAsmxServer({ status: [fixtureReply('soap/soap11-used')] });
    const text = '{ instamed-poll status "$TOKEN" --field status -q; cat; }';
    expect(await script(server, text, { stdin: 'left alone\n' })).toMatchObject({ stdout: 'USED\nleft alone\n' });
  });

  test('gives the token for -', async () => {
    const server = await startAsmxServer({ status: [fixtureReply('soap/soap11-used')] });
    const exit = await startCli(['status', '-', '--field', 'token', '-q'], {
      env: server.env,
      stdin: `\r\n${token}\r\n`,
    }).exited;
    expect(exit).toMatchObject({ code: 0, stdout: `${token}\n`, stderr: '' });
    expect(server.requests[0]?.body).toContain(`<tokenID>${token}</tokenID>`);
  });
});
