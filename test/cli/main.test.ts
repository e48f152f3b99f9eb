import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { bug, publishedReceipt, receipt, receiptOf, status, stoppedAsking } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

const paid = [status('USED'), receipt(receiptOf('C'))];

describe('whatever happens, the process is left in good order', () => {
  test.each<[string, readonly string[], World]>([
    ['nothing was asked for', [], {}],
    ['help', ['--help'], {}],
    ['the version', ['--version'], {}],
    ['a slip', ['wait', token, '--bogus'], {}],
    ['an answer', ['wait', token], { steps: paid }],
    ['an interrupt', ['wait', token], stoppedAsking('SIGTERM')],
    ['a bug', ['wait', token], { steps: [bug] }],
    ['a bug in the table', ['decode', '-'], { tty: true, timeZone: 'No/Where', stdin: publishedReceipt }],
  ])('%s', async (_name, argv, world) => {
    const { handlersLeft, leaves, transport, opened } = await run(argv, world);
    expect({ handlersLeft, leaves, isClosed: transport.isClosed }).toEqual({
      handlersLeft: 0,
      leaves: 1,
      isClosed: opened.length > 0,
    });
  });
});

describe('a bug of ours', () => {
  const says = 'A bug in instamed-poll: TypeError: cannot read properties of undefined';
  const hint = 'If a payment was under way, ask for its status and receipt before you charge again.';

  test.each(['status', 'receipt', 'wait'])('in %s has its own ending, and no stack', async (command) => {
    const { code, stdout, stderr } = await run([command, token, '--json', '-q'], { steps: [bug] });
    expect(code).toBe(1);
    expect(stderr).toBe(`instamed-poll: ${says}\n${hint} Please report this.\n`);
    expect(readDocument({ stdout })).toEqual({
      schemaVersion: 1,
      command,
      outcome: 'internal-error',
      exitCode: 1,
      money: 'unknown',
      final: false,
      summary: says,
      error: {
        code: 'INTERNAL',
        category: 'internal',
        message: says,
        hint: `${hint} Please report this.`,
        retryable: false,
        reference: null,
        next: null,
      },
    });
  });

  test('that no await sees stops the command, and is told in the place of its answer', async () => {
    const clock = new ManualClock();
    const asleep = clock.holdSleepAfter(0);
    const onStart: World['onStart'] = (_stop, crash) => void asleep.then(() => crash(new TypeError('in a timer')));
    const { code, stdout, stderr, transport } = await run(['wait', token, '--json', '-q'], {
      clock,
      onStart,
      steps: [status('NEW')],
    });
    expect(code).toBe(1);
    expect(stderr).toBe(`instamed-poll: A bug in instamed-poll: TypeError: in a timer\n${hint} Please report this.\n`);
    expect(readDocument({ stdout }, 'wait').outcome).toBe('internal-error');
    expect(transport.isClosed).toBe(true);
  });

  test('that no await sees is told even where the command cannot be stopped', async () => {
    const { code, stderr } = await run(['wait', token, '-q'], {
      transport: { post: () => new Promise(() => {}), close: async () => {} },
      onStart: (_stop, crash) => void setImmediate(() => crash(new TypeError('in a stream'))),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('TypeError: in a stream\n');
  });

  test('after USED never ends well', async () => {
    const { code, stdout, stderr } = await run(['wait', token, '-q'], { steps: [status('USED'), bug] });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(hint);
  });

  test('that throws something else than an error is told, too', async () => {
    const answer = () => Promise.reject('just text');
    const { code, stderr } = await run(['status', token], { steps: [{ label: 'odd', answer }] });
    expect(code).toBe(1);
    expect(stderr).toContain('instamed-poll: A bug in instamed-poll: just text\n');
  });

  test('has its secrets masked and its line breaks made visible', async () => {
    const answer = new RangeError(`first\nkey+canary/1= ${token}`);
    const { stdout, stderr } = await run(['status', token, '--json'], { steps: [{ label: 'leaky', answer }] });
    expect(stderr).toContain('instamed-poll: A bug in instamed-poll: RangeError: first\\n*** NTJm…N2Qz\n');
    expect(stdout + stderr).not.toContain('canary');
  });
});

describe('an answer that cannot be written', () => {
  test.each([
    ['an approval', paid, []],
    ['a decline', [status('USED'), receipt(receiptOf('D'))], []],
    ['an approval as JSON', paid, ['--json']],
  ])('ends with 1, and says why: %s', async (_name, steps, flags) => {
    const { code, stderr } = await run(['wait', token, '-q', ...flags], { steps, stdoutFailure: 'ENOSPC' });
    expect(code).toBe(1);
    expect(stderr).toContain('instamed-poll: The answer could not be written to stdout (ENOSPC).\n');
  });
});
