import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../support/clean-up.ts';
import { waitMany } from '../support/many-world.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, type Run, run, token, type World } from '../support/run-cli.ts';
import { isWindows, openStdin, runScript, soonMs, startCli } from '../support/spawn-cli.ts';

const folder = makeFolder();
let files = 0;
/** A file of its own with this in it. */
function fileOf(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `input-${files}`);
  writeFileSync(path, content);
  return path;
}

function makePipe(): string {
  files += 1;
  const path = join(folder, `pipe-${files}`);
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

const refusal = async (argv: readonly string[], world: World = {}): Promise<string> => {
  const { code, stdout, stderr, opened } = await run(argv, world);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  return stderr;
};

describe.skipIf(isWindows)('a named pipe to which nobody writes', () => {
  test.each<[string, (pipe: string) => string[]]>([
    ['as a reply to decode', (pipe) => ['decode', pipe]],
    ['as the CA file', (pipe) => ['status', token, '--ca-file', pipe]],
    ['as the CA file to keep', (pipe) => ['config', 'set', 'caFile', pipe]],
    ['as the CA file that doctor looks at', (pipe) => ['doctor', '--ca-file', pipe]],
    ['as a list of tokens', (pipe) => ['wait', '--from-file', pipe]],
  ])('keeps no Ctrl-C from ending the program in good order: %s', async (_name, argv) => {
    const pipe = makePipe();
    const program = startCli(argv(pipe), { env: accountEnv });
    await until(() => isOpenIn(program.child.pid as number, pipe));
    const stoppedAt = performance.now();
    program.child.kill('SIGINT');
    const { code, signal, endedAt } = await program.exited;
    // A thread of Node's that waits for the pipe would leave the signal alone to end it.
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(endedAt - stoppedAt).toBeLessThan(soonMs);
  });

  test('is read once somebody writes, and a substituted process as well', async () => {
    const script = `instamed-poll decode <(printf 'transactionStatus=C&responseCode=000') --field receipt.result`;
    expect(await runScript(script)).toMatchObject({ code: 0, stdout: 'approved\n' });
  });
});

/** Whether a process has a file open, as it has once it waits for what comes. Only Linux tells. */
function isOpenIn(pid: number, path: string): boolean {
  if (process.platform !== 'linux') return true;
  return readdirSync(`/proc/${pid}/fd`).some((file) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${file}`) === path;
    } catch {
      // Closed in the meantime.
      return false;
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

describe.skipIf(isWindows)('an input without an end', () => {
  test.each([
    ['a device that decode reads', 'instamed-poll decode /dev/zero', 'more than 1,048,576 bytes'],
    ['stdin of decode', 'yes | instamed-poll decode -', 'more than 1,048,576 bytes'],
    ['stdin of decode, by its device', 'yes | instamed-poll decode /dev/stdin', 'more than 1,048,576 bytes'],
    ['a CA file', 'instamed-poll status t0ken --ca-file /dev/zero', 'more than 1 MiB'],
    ['a CA file to keep', 'instamed-poll config set caFile /dev/zero', 'more than 1 MiB'],
    ['a token from stdin', 'yes | instamed-poll status -', 'more than 1,048,576 bytes'],
    ['a token from stdin to receipt', 'yes | instamed-poll receipt -', 'more than 1,048,576 bytes'],
    ['secrets from stdin', 'yes X=1 | instamed-poll status t0ken --secrets-from -', 'more than 1,048,576 bytes'],
    ['a secret to keep', 'yes | instamed-poll config set securityKey', 'more than 1,048,576 bytes'],
    ['a list in a device', 'instamed-poll wait --from-file /dev/zero', 'NUL characters'],
    ['a list of blank lines', "yes '' | instamed-poll wait -", '1,000,000 lines or more'],
    ['a list of one line', 'yes | tr -d "\\n" | instamed-poll wait -', 'longer than any token'],
    [
      'a list of one token',
      'yes 0123456789012345678901234567890123456789012345678901234567890123456789 | instamed-poll wait -',
      '64 MiB or more',
    ],
  ])('is refused: %s', async (_name, command, says) => {
    // Without a limit it would end for want of memory, as another error.
    const { code, stderr } = await runScript(`ulimit -v 4000000; ${command}`, { env: accountEnv });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
    expect(stderr).not.toContain('A bug in');
  });

  test('is read up to its limit, and one byte more is too many', async () => {
    const reply = 'transactionStatus=C&x=';
    const most = reply.padEnd(1_048_576, 'y');
    for (const argv of [
      ['decode', fileOf(most)],
      ['decode', '-'],
    ]) {
      expect((await run(argv, { stdin: most })).code).toBe(0);
    }
    expect(await refusal(['decode', fileOf(`${most}y`)])).toContain('has more than 1,048,576 bytes.');
    expect(await refusal(['decode', '-'], { stdin: `${most}y` })).toContain('Stdin has more than 1,048,576 bytes.');
  });
});

test.skipIf(isWindows)('a folder in the place of a file is told as one', async () => {
  const path = join(folder, 'a-folder');
  mkdirSync(path);
  for (const argv of [
    ['decode', path],
    ['status', token, '--ca-file', path],
    ['wait', '--from-file', path],
  ]) {
    expect(await refusal(argv)).toContain('EISDIR');
  }
});

describe.skipIf(isWindows)('stdin that stays open', () => {
  test.each([
    ['decode', '-'],
    ['decode', '/dev/stdin'],
    ['status', '-'],
    ['wait', '-'],
    ['wait', '--from-file', '-'],
    ['status', token, '--secrets-from', '-'],
    ['config', 'set', 'securityKey'],
  ])('does not hold the end up: %s %s %s', async (...argv) => {
    const program = startCli(argv, { env: accountEnv, stdin: openStdin });
    // Nothing tells that it reads; a signal that comes before is one that ends it as well.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stoppedAt = performance.now();
    program.child.kill('SIGINT');
    const { code, endedAt } = await program.exited;
    expect(code).toBe(130);
    expect(endedAt - stoppedAt).toBeLessThan(soonMs);
  });
});

describe.skipIf(isWindows)('a stream that was closed by whoever started the program', () => {
  test('stdin holds nothing', async () => {
    const { code, stderr } = await runScript('instamed-poll status - <&-', { env: accountEnv });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Stdin held no token.') });
  });

  test.each(['>&-', '2>&-', '>&- 2>&-'])('an answer that nobody reads changes no exit code: %s', async (closed) => {
    const file = fileOf('transactionStatus=D');
    expect((await runScript(`instamed-poll decode ${file} --exit-status ${closed}`)).code).toBe(3);
  });
});

test.skipIf(isWindows)('a current folder that was deleted keeps nobody from the answer', async () => {
  const file = fileOf('transactionStatus=C');
  const gone = 'mkdir gone && cd gone && rmdir ../gone';
  expect(await runScript(`${gone} && instamed-poll decode ${file} --field receipt.result`)).toMatchObject({
    code: 0,
    stdout: 'approved\n',
  });
  const { code, stderr } = await runScript(`${gone} && instamed-poll config set caFile ca.pem`);
  expect(code).toBe(2);
  expect(stderr).not.toContain('A bug in');
});

const utf16 = (text: string, mark = '\uFEFF') => Buffer.from(mark + text, 'utf16le');
const bigEndian = (text: string) => utf16(text).swap16();
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** The token that a run sent, of a list of one. */
const sentToken = ({ transport }: Run) => /<tokenID>(.*)<\/tokenID>/s.exec(transport.requests[0]?.body ?? '')?.[1];

describe('text that is not UTF-8', () => {
  test.each([
    ['UTF-16, as PowerShell writes it', utf16(`${token}\r\n`)],
    ['UTF-16 with the other byte first', bigEndian(`${token}\r\n`)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${token}\r\n`)],
  ])('with its mark is read: %s', async (_name, bytes) => {
    for (const command of ['status', 'wait']) {
      const result = await run([command, '-'], { stdin: bytes, steps: [status('USED'), receipt(receiptOf('C'))] });
      expect(sentToken(result)).toBe(token);
    }
    const { requests } = await waitMany(['--from-file', fileOf(bytes)], {});
    expect(new Set(requests.map((request) => request.token))).toEqual(new Set([token]));
  });

  test.each([
    ['UTF-16 without a mark', utf16(`${token}\r\n`, ''), 'as UTF-16 text without a byte order mark does'],
    ['another charset', latin1('t\xf6ken-of-a-payment\n'), 'is not valid UTF-8 text.'],
    ['a character that was cut', Buffer.from('tök', 'utf8').subarray(0, 2), 'is not valid UTF-8 text.'],
  ])('is never sent with another character in its place: %s', async (_name, bytes, says) => {
    for (const argv of [
      ['status', '-'],
      ['receipt', '-'],
      ['wait', '-'],
      ['wait', '--from-file', fileOf(bytes)],
    ]) {
      expect(await refusal(argv, { stdin: bytes })).toContain(says);
    }
  });

  test('in an argument comes from Node as a replacement character, and is refused', async () => {
    expect(await refusal(['status', 't\uFFFDken'])).toContain('The token is not valid UTF-8 text.');
  });

  test('a saved receipt is read all the same, from a file and from stdin: what decides is ASCII', async () => {
    const bytes = latin1('transactionStatus=C&cardHolderName=JOS\xc9');
    for (const argv of [
      ['decode', fileOf(bytes), '--json'],
      ['decode', '-', '--json'],
    ]) {
      const { code, stdout } = await run(argv, { stdin: bytes });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).receipt.card.holderName).toBe('JOSÉ');
    }
  });

  test.each([
    ['with a mark', utf16('transactionStatus=C'), 0],
    ['without one', utf16('transactionStatus=C', ''), 2],
  ])('a saved receipt in UTF-16 %s', async (_name, bytes, code) => {
    expect((await run(['decode', '-'], { stdin: bytes })).code).toBe(code);
    expect((await run(['decode', fileOf(bytes)], { stdin: bytes })).code).toBe(code);
  });
});
