import { describe, expect, test } from 'vitest';
import { flagName, settingSpecs } from '../../src/cli/settings/settings.ts';
import { readDocument, readEvents } from '../support/check-document.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

/** Runs what must be refused before anything is sent; gives the lines of stderr. */
async function refuse(argv: readonly string[], world: World = {}): Promise<string[]> {
  const { code, stdout, stderr, opened } = await run(argv, world);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  return stderr.split('\n');
}

describe('a duration', () => {
  test.each([
    ['--interval', '10'],
    ['--timeout', '900'],
    ['--request-timeout', '30'],
  ])('%s %s lacks its unit, and the fix is shown', async (flag, value) => {
    expect(await refuse(['wait', token, flag, value])).toEqual([
      `instamed-poll: ${flag} is not a duration: "${value}".`,
      `Give it a unit: ${flag} ${value}s or ${flag} ${value}m.`,
      '',
    ]);
  });

  // What else is none: test/domain/duration.test.ts.
  test.each(['', 'soon', '1m 30s', '-5s'])('%j is none, and its form is shown', async (value) => {
    expect(await refuse(['wait', token, '--interval', value])).toEqual([
      `instamed-poll: --interval is not a duration: "${value}".`,
      'Write it like 90s, 15m or 1h30m.',
      '',
    ]);
  });

  test.each([
    ['--interval', '999ms', 'It can be from 1s to 5m.'],
    ['--interval', '5m1ms', 'It can be from 1s to 5m.'],
    ['--interval', '0s', 'It can be from 1s to 5m.'],
    ['--timeout', '999ms', 'It can be from 1s to 24h.'],
    ['--timeout', '24h1ms', 'It can be from 1s to 24h.'],
    ['--request-timeout', '999ms', 'It can be from 1s to 5m.'],
    ['--request-timeout', '5m1ms', 'It can be from 1s to 5m.'],
  ])('%s %s is out of range, and the range is shown', async (flag, value, range) => {
    expect(await refuse(['wait', token, flag, value])).toEqual([
      `instamed-poll: ${flag} is out of range: ${value}.`,
      range,
      '',
    ]);
  });

  test.each([
    [['--interval', '11s', '--timeout', '10s'], 'The interval of 11s is longer than the timeout of 10s.'],
    [['--timeout', '9s'], 'The interval of 10s is longer than the timeout of 9s.'],
  ])('%j leaves no time for a second ask', async (flags, says) => {
    expect(await refuse(['wait', token, ...flags])).toEqual([
      `instamed-poll: ${says}`,
      'Give a shorter --interval or a longer --timeout.',
      '',
    ]);
  });

  test.each([
    ['--request-timeout', '1s', 1_000],
    ['--request-timeout', '5m', 300_000],
    ['--request-timeout', '1500ms', 1_500],
    ['--request-timeout', '1m30s', 90_000],
  ])('%s %s holds for the request: %d ms', async (flag, value, ms) => {
    const { transport } = await run(['status', token, flag, value], { steps: [status('NEW')] });
    expect(transport.requests[0]?.timeoutMs).toBe(ms);
  });
});

describe('a count', () => {
  test.each(['0', '-1', '1.5', '6x', '', ' 6', '1000000', '1e3'])('of %j failures is refused', async (value) => {
    expect(await refuse(['wait', token, '--max-failures', value])).toEqual([
      `instamed-poll: --max-failures is not a whole number from 1: "${value}".`,
      'Write it like --max-failures 6.',
      '',
    ]);
  });

  test.each(['1', '999999'])('of %s failures is taken', async (value) => {
    const { code } = await run(['wait', token, '--max-failures', value], {
      steps: [status('USED'), receipt(receiptOf('C'))],
    });
    expect(code).toBe(0);
  });
});

describe('an address', () => {
  test.each(['--status-url', '--receipt-url'])('%s must be https, but for this machine', async (flag) => {
    const name = flag === '--status-url' ? 'status URL' : 'receipt URL';
    const steps = [status('USED'), receipt(receiptOf('C'))];
    expect(await refuse(['wait', token, flag, 'http://pay.example/x'])).toEqual([
      `instamed-poll: The ${name} would send credentials unencrypted to pay.example.`,
      'Use https://pay.example/x; plain http is for 127.0.0.1 alone.',
      '',
    ]);
    for (const host of ['127.0.0.1:81', 'localhost', '[::1]:8080', '127.9.9.9']) {
      expect((await run(['wait', token, flag, `http://${host}/x`], { steps })).code).toBe(0);
    }
    for (const host of ['127.0.0.1.example', 'localhost.example', '[::2]', '128.0.0.1', '0.0.0.0', '10.0.0.1']) {
      expect((await run(['wait', token, flag, `http://${host}/x`], { steps })).code).toBe(2);
    }
  });

  test.each([
    ['online.instamed.com/x', 'The status URL is not a web address: "online.instamed.com/x".'],
    ['ftp://host.example/', 'The status URL is not a web address: "ftp://host.example/".'],
    ['https://user@host.example/', 'The status URL holds a user name or a password.'],
    ['https://user:canary@host.example/', 'The status URL holds a user name or a password.'],
    ['ftp://user:canary@host.example/', 'The status URL is not a web address.'],
  ])('%s is refused', async (url, says) => {
    const lines = await refuse(['status', token, '--status-url', url]);
    expect(lines[0]).toBe(`instamed-poll: ${says}`);
    expect(lines.join('\n')).not.toContain('canary');
  });
});

describe('a value', () => {
  const flags = settingSpecs.flatMap((spec) => ('flag' in spec ? [flagName(spec.flag)] : []));

  test.each(flags)('of %s that is empty is refused, however it is written', async (flag) => {
    for (const words of [[flag, ''], [`${flag}=`]]) {
      expect(await refuse(['wait', token, ...words])).toEqual([
        `instamed-poll: ${flag} was given an empty value.`,
        `Give ${flag} a value or leave it out.`,
        '',
      ]);
    }
  });

  test.each(['1', '1.0', '1.3', '2', ' 1.1'])('%j is no SOAP version', async (value) => {
    expect(await refuse(['status', token, '--soap-version', value])).toEqual([
      `instamed-poll: Unsupported SOAP version "${value}".`,
      'Use 1.1 or 1.2.',
      '',
    ]);
  });

  test.each(['Simulator', 'production', '', 'default '])('%j is no profile', async (value) => {
    const lines = await refuse(['status', token, '--profile', value]);
    expect(lines[0]).toBe(`instamed-poll: There is no profile named "${value}".`);
    expect(lines[1]).toContain('simulator');
  });

  test('of the environment can name no profile either', async () => {
    const lines = await refuse(['status', token], { env: { INSTAMED_PROFILE: 'production' } });
    expect(lines[0]).toBe('instamed-poll: There is no profile named "production".');
  });

  test.each([
    ['status', 'bogus'],
    ['status', 'receipt.transactionId'],
    ['wait', 'receipt.transactionID'],
    ['wait', 'receipt.card.number'],
    ['wait', 'token.length'],
    ['wait', 'receipt.fields.'],
    ['wait', 'constructor'],
    ['wait', 'receipt.toString'],
    ['wait', ''],
    ['receipt', 'status'],
  ])('%s has no field %j, and its fields are named', async (command, path) => {
    const lines = await refuse([command, token, '--field', path]);
    expect(lines[0]).toBe(`instamed-poll: The ${command} document has no field "${path}".`);
    expect(lines[1]).toMatch(
      /^Its fields are: schemaVersion, command, outcome, exitCode, summary, .*token, .*, error;/,
    );
    expect(lines[1]).toContain('go deeper with a dot, as in receipt.transactionId.');
  });
});

describe('a usage error is JSON where that was asked for', () => {
  const wrong = ['wait', token, '--interval', '5'];

  test.each([
    [['--json']],
    [['-o', 'json']],
    [['-ojson']],
    [['--output', 'json']],
    [['--output=json']],
    [['-q', '--json']],
    [['-qo', 'json']],
    [['-qojson']],
    [['-o', 'text', '--json']],
    [['-o', 'text', '-o', 'json']],
  ])('by %j, whether before or after the slip', async (spelling) => {
    for (const argv of [
      [...wrong, ...spelling],
      ['wait', ...spelling, ...wrong.slice(1)],
      ['wait', ...spelling, '--bogus'],
    ]) {
      const { code, stdout, stderr } = await run(argv);
      const document = readDocument({ stdout }, 'wait');
      expect(code).toBe(2);
      expect(document).toMatchObject({ command: 'wait', outcome: 'usage-error', exitCode: 2 });
      expect(stderr.startsWith(`instamed-poll: ${document.summary}\n`)).toBe(true);
    }
  });

  test.each([[['-o', 'ndjson']], [['-ondjson']], [['--output=ndjson']]])('by %j, as one event', async (spelling) => {
    const { code, stdout } = await run([...wrong, ...spelling]);
    const { events, document } = readEvents({ stdout });
    expect(code).toBe(2);
    expect(events).toEqual([]);
    expect(document.outcome).toBe('usage-error');
  });

  test.each([
    [['--bogus=--json']],
    [['-o', 'text']],
    [['-o', 'jsonx']],
    [['--', '--json']],
    [['-o', 'json', '-o', 'text']],
    [['--alias', 'json']],
  ])('and text with %j', async (flags) => {
    const { code, stdout, stderr } = await run(['wait', '--interval', '5', ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^instamed-poll: /);
  });

  test.each([
    [['--json'], null],
    [['--json', 'wait'], null],
    [['wait', '--json'], 'wait'],
    [['X', '--json'], null],
    [['-x', '--json'], null],
  ])('for %j, of the command %j', async (argv, command) => {
    const { code, stdout } = await run(argv);
    expect(code).toBe(2);
    expect(readDocument({ stdout }, command ?? '').command).toBe(command);
  });
});

test.each([
  ['a slip', ['statsu'], "Unknown command 'statsu'.\nDid you mean status? See: instamed-poll --help\n"],
  ['no word that is known', ['frobnicate'], "Unknown command 'frobnicate'.\nSee: instamed-poll --help\n"],
  [
    'a slip below config',
    ['config', 'lst'],
    "Unknown command 'lst'.\nDid you mean list? See: instamed-poll config --help\n",
  ],
  [
    'a token',
    [token],
    "Unknown command 'NTJm…N2Qz'.\nTo wait for a token: instamed-poll wait TOKEN. See: instamed-poll --help\n",
  ],
])('%s instead of a command is told where help is', async (_name, argv, told) => {
  const { code, stderr } = await run(argv);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `instamed-poll: ${told}` });
});
