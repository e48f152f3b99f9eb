import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

/** The token that `status` sends, for an argument and what stdin holds. */
async function sentToken(argument: string, stdin?: string): Promise<string> {
  const { code, stdout, stderr, transport, stdinReads } = await run(['status', argument, '--json'], {
    steps: [status('NEW')],
    ...(stdin !== undefined && { stdin }),
  });
  expect({ code, stderr, stdinReads }).toEqual({ code: 0, stderr: '', stdinReads: argument === '-' ? 1 : 0 });
  const sent = /<tokenID>(.*)<\/tokenID>/s.exec(transport.requests[0]?.body ?? '')?.[1] ?? '';
  expect(readDocument({ stdout }).token).toBe(sent);
  return sent;
}

describe('the token is found', () => {
  test.each([
    ['as it is', token],
    ['after token=', `https://pay.example/Forms/SSO?token=${token}`],
    ['after singleSignOnToken=', `https://pay.example/x?a=1&singleSignOnToken=${token}&b=2`],
    ['whatever the case of the name', `HTTPS://pay.example/x?TOKEN=${token}`],
    ['percent-encoded', `http://pay.example/x?Token=${token.replace('N', '%4E')}#part`],
    ['after an empty token=', `https://pay.example/x?token=&SingleSignOnToken=${token}`],
  ])('%s', async (_name, argument) => {
    expect(await sentToken(argument)).toBe(token);
  });

  test.each([
    ['one line', `${token}\n`],
    ['no line end', token],
    ['the line end of Windows', `${token}\r\n`],
    ['a byte order mark', `\uFEFF${token}\n`],
    ['empty lines around it', `\n\r\n${token}\n\n`],
    ['lines of blanks around it', `  \n${token}\n\t \n`],
    ['the same token twice', `${token}\n${token}\n`],
    ['a URL', `https://pay.example/?token=${token}\n`],
  ])('on stdin, with %s', async (_name, stdin) => {
    expect(await sentToken('-', stdin)).toBe(token);
  });

  test.each([
    ['of 512 characters', 'a'.repeat(512)],
    ['of one character', '7'],
    ['with the characters of Base64', 'a+b/c=='],
    ['with characters beyond ASCII', 'tökén'],
  ])('%s', async (_name, given) => {
    expect(await sentToken(given)).toBe(given);
  });

  test('with characters of XML, escaped on the way and whole in the document', async () => {
    expect(await sentTokenOf('a<b>&c')).toEqual({ sent: 'a&lt;b&gt;&amp;c', shown: 'a<b>&c' });
  });

  async function sentTokenOf(given: string) {
    const { stdout, transport } = await run(['status', given, '--json'], { steps: [status('NEW')] });
    const sent = /<tokenID>(.*)<\/tokenID>/.exec(transport.requests[0]?.body ?? '')?.[1];
    return { sent, shown: readDocument({ stdout }).token };
  }
});

const refused: readonly (readonly [name: string, given: string, says: string])[] = [
  ['nothing', '', 'The token is empty.'],
  ['513 characters', 'a'.repeat(513), 'The token is too long: 513 characters (maximum 512).'],
  ['a blank at the end', `${token} `, 'The token contains white space or a control character.'],
  ['a blank before it', ` ${token}`, 'The token contains white space or a control character.'],
  ['a line break', `${token}\n`, 'The token contains white space or a control character.'],
  ['a tab', `ab\tcd`, 'The token contains white space or a control character.'],
  ['a no-break blank', `ab\u00A0cd`, 'The token contains white space or a control character.'],
  ['an escape character', `ab\u001Bcd`, 'The token contains white space or a control character.'],
  ['a C1 character', `ab\u009Bcd`, 'The token contains white space or a control character.'],
  ['a character without width', `ab\u200Bcd`, 'The token contains white space or a control character.'],
  ['a change of direction', `ab\u202Ecd`, 'The token contains white space or a control character.'],
  ['a character that XML cannot write', `ab\uFFFEcd`, 'The token contains white space or a control character.'],
  ['half a character', `ab\uD800cd`, 'The token contains white space or a control character.'],
  ['the shortened form', 'NTJm…N2Qz', 'The token is the shortened form that this program shows.'],
  [
    'a URL without it',
    'https://pay.example/?a=b',
    'That URL carries no token (no token= or singleSignOnToken= in it).',
  ],
  ['a URL with an empty one', 'https://pay.example/?token=', 'That URL carries no token (no token='],
  ['no URL', 'https://', 'That URL carries no token'],
  ['a URL with a blank in it', `https://pay.example/?token=${token}+`, 'The token contains white space or a control'],
  // Seen at sign-on with a wrong key: raw blanks, and no percent-encoding.
  [
    'the URL of a refused sign-on',
    'https://online.instamed.com/providers/Form/SSO/SSOError?respCode=401&respMessage=Invalid AccountID or Password.&lightWeight=true',
    'That URL carries no token: the sign-on was rejected (code 401).',
  ],
  [
    'the URL of another refusal',
    'https://online.instamed.com/x?errorCode=400&errorMessage=No%20such%20alias',
    'That URL carries no token: the sign-on was rejected (code 400).',
  ],
];

describe('wait, status and receipt refuse', () => {
  const commands = ['wait', 'status', 'receipt'];

  async function refusals(given: string, world: World = {}): Promise<string[]> {
    const said: string[] = [];
    for (const command of commands) {
      const { code, stdout, stderr, opened } = await run([command, given], world);
      expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
      expect(stderr).not.toContain(token);
      said.push(stderr);
    }
    return said;
  }

  test.each(refused)('%s', async (_name, given, says) => {
    for (const stderr of await refusals(given)) {
      expect(stderr).toContain(`instamed-poll: ${says}`);
      expect(stderr.split('\n')).toHaveLength(3);
    }
  });

  test.each([
    ['an empty stdin', '', 'Stdin held no token.'],
    ['empty lines alone', '\uFEFF\r\n\n', 'Stdin held no token.'],
    ['a line with a blank in it', `${token} ${token}\n`, 'The token contains white space or a control character.'],
    ['the shortened form on stdin', 'NTJm…N2Qz', 'The token is the shortened form that this program shows.'],
  ])('%s', async (_name, stdin, says) => {
    for (const stderr of await refusals('-', { stdin })) expect(stderr).toContain(`instamed-poll: ${says}`);
  });

  test.each(commands)('to read the token and the secrets from one stdin: %s', async (command) => {
    const { code, stderr, stdinReads } = await run([command, '-', '--secrets-from', '-'], { stdin: token });
    expect({ code, stdinReads }).toEqual({ code: 2, stdinReads: 0 });
    expect(stderr).toContain('instamed-poll: Both the token and the secrets were to be read from stdin.\n');
  });
});

test.each(['status', 'receipt'])('%s takes one token', async (command) => {
  const { code, stderr, opened } = await run([command, '-'], { stdin: 'first-token\nsecond-token\nthird-token\n' });
  expect({ code, opened }).toEqual({ code: 2, opened: [] });
  expect(stderr).toContain('instamed-poll: Stdin held 3 tokens; this takes one.\n');
  expect(stderr).not.toContain('-token');
});

test.each([
  [['stdin', 'stderr'], 'Paste the token and press Enter: '],
  [['stderr'], ''],
] as const)('with a terminal for %j, a token from stdin is asked for with %j', async (tty, prompt) => {
  const { code, stderr } = await run(['receipt', '-'], {
    tty,
    stdin: `${token}\n`,
    steps: [receipt(receiptOf('C'))],
  });
  expect(code).toBe(0);
  expect(stderr).toBe(prompt);
});

test('input that ends without a line end leaves the prompt on a line of its own', async () => {
  const { code, stderr } = await run(['status', '-'], { tty: ['stdin', 'stderr'], stdin: '' });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Paste the token and press Enter: \ninstamed-poll: No token was given\.\n/);
});

test.each([
  ['status', '-'],
  ['decode', '-'],
  ['wait', token, '--secrets-from', '-'],
])('stdin that cannot be read is told as such: %s %s', async (...argv) => {
  // As Node reports a descriptor that is open for writing only.
  const stdin = Promise.reject(Object.assign(new Error('EBADF: bad file descriptor, read'), { code: 'EBADF' }));
  // Nobody reads it before the program has loaded its parts.
  stdin.catch(() => {});
  const { code, stderr, opened } = await run(argv, { stdin });
  expect({ code, opened }).toEqual({ code: 2, opened: [] });
  expect(stderr).toMatch(/^instamed-poll: Stdin cannot be read \(EBADF\)\.\n/);
});

test('a stop signal ends the wait for a token that nobody types', async () => {
  let stop = (_signal: 'SIGINT') => {};
  const ended = run(['status', '-'], {
    tty: ['stdin'],
    stdin: new Promise(() => {}),
    onStart: (given) => {
      stop = given;
    },
  });
  const turns = async () => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  stop('SIGINT');
  const { code, stderr } = await Promise.race([ended, turns().then(() => ({ code: null, stderr: 'still waiting' }))]);
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: expect.stringMatching(/^Paste the token and press Enter: .*Stopped/s),
  });
});

test('a token shorter than sixteen characters is not shown at all in text', async () => {
  const { stdout } = await run(['status', 'abcdefghijklmno'], { steps: [status('NEW')] });
  expect(stdout).toContain('\ntoken\t***\n');
  const longer = await run(['status', 'abcdefghijklmnop'], { steps: [status('NEW')] });
  expect(longer.stdout).toContain('\ntoken\tabcd…mnop\n');
});

test.each([
  ['a token in place of the command', [token]],
  ['a URL in place of the command', [`https://pay.example/?token=${token}`]],
  ['a token in place of a flag value', ['status', 'x', '--expect', token]],
  ['a token after =', ['status', `--token=${token}`]],
  ['a token as a value after =', ['status', 'x', `--expect=${token}`]],
])('stderr never shows a whole token: %s', async (_name, argv) => {
  const { code, stderr } = await run(argv);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^instamed-poll: /);
  expect(stderr).not.toContain(token);
});
