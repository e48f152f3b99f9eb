import { describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { shown, story, tokenAt, waitMany } from '../support/many-world.ts';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

const sentBy = async (argv: readonly string[], world: World = {}) => {
  const { code, transport } = await run(argv, { steps: [status('NEW')], ...world });
  expect(code).toBe(0);
  return /<tokenID>(.*)<\/tokenID>/s.exec(transport.requests[0]?.body ?? '')?.[1];
};

const refusal = async (argv: readonly string[], world: World = {}): Promise<string> => {
  const { code, stdout, stderr, opened } = await run(argv, world);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  return stderr;
};

const encoded = [...token].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');

describe('a token is found in what people paste', () => {
  test.each([
    ['double quotes', `"${token}"`],
    ['single quotes', `'${token}'`],
    ['backquotes', `\`${token}\``],
    ['quotes of a word processor', `“${token}”`],
    ['German quotes', `„${token}“`],
    ['French quotes', `«${token}»`],
    ['one quote that was left', `${token}"`],
    ['several', `<"${token}">`],
    ['angle brackets', `<${token}>`],
    ['its name', `token=${token}`],
    ['its other name, in another case', `SINGLESIGNONTOKEN=${token}`],
    ['its name in quotes', `"token=${token}"`],
    ['its name, and quotes around the value', `token="${token}"`],
    ['its name, percent-encoded', `token=${encoded}`],
    ['a query', `?token=${token}&x=1`],
    ['a URL in angle brackets', `<https://pay.example/Form?token=${token}>`],
    ['a URL without its scheme', `pay.example/Form?lightWeight=true&token=${token}`],
    ['a URL with a port and no scheme', `localhost:8791/pay?token=${token}`],
    ['a URL with an escaped token', `pay.example/?token=${encoded}`],
    ['the fragment of a URL', `https://pay.example/#/pay?token=${token}`],
    ['the same token twice in a URL', `https://pay.example/?token=${token}&singleSignOnToken=${encoded}`],
    [
      'a URL within a URL',
      `https://pay.example/?relayState=${encodeURIComponent(`https://x.example/?token=${token}`)}`,
    ],
  ])('%s', async (_name, given) => {
    expect(await sentBy(['status', given])).toBe(token);
    expect(await sentBy(['status', '-'], { stdin: `${given}\n` })).toBe(token);
    expect(await sentBy(['status', '-'], { stdin: `${given}\n`, tty: ['stdin', 'stderr'] })).toBe(token);
    const { requests } = await waitMany(['-'], {}, { stdin: `${given}\n${token}\n` });
    expect(new Set(requests.map((request) => request.token))).toEqual(new Set([token]));
  });

  test.each(['a+b/c==', 'aa==', 'x-y_z', 'tökén'])(
    'and taken as it is where nothing is around it: %s',
    async (given) => {
      expect(await sentBy(['status', given])).toBe(given);
    },
  );
});

describe('a pasted URL that is refused, of which nothing is shown', () => {
  const name = 'Jane+Doe%20jane@mail.example';
  test.each([
    ['two tokens', `https://pay.example/?patient=${name}&token=${tokenAt(1)}&token=${tokenAt(2)}`, 'several different'],
    [
      'two tokens by two names',
      `pay.example/?p=${name}&token=${tokenAt(1)}&singleSignOnToken=${tokenAt(2)}`,
      'several',
    ],
    ['no token', `https://pay.example/?patient=${name}`, 'carries no token'],
    ['no token, and no scheme', `pay.example/quick?patient=${name}`, 'carries no token'],
    ['no token, and no query', 'https://pay.example/Jane-Doe', 'carries no token'],
    ['a rejected sign-on', `https://x.example/?respCode=401&respMessage=Invalid ${name}`, 'was rejected (code 401)'],
    ['a code that is none', `https://x.example/?errorCode=${name}&errorMessage=${name}`, 'was rejected.'],
    ['a token with a blank', `https://pay.example/?p=${name}&token=a%20b`, 'white space'],
    ['a token too long', `https://pay.example/?p=${name}&token=${'a'.repeat(513)}`, '513 characters (maximum 512)'],
  ])('%s', async (_name, url, says) => {
    for (const [argv, stdin] of [
      [['status', url], ''],
      [['status', url, '--json'], ''],
      [['receipt', url, '--debug'], ''],
      [['wait', url], ''],
      [['wait', token, url], ''],
      [['status', '-'], url],
      [['wait', '-'], `${url}\n${token}`],
    ] as const) {
      const { code, stdout, stderr, opened } = await run(argv, { stdin });
      expect({ code, opened }).toEqual({ code: 2, opened: [] });
      expect(stderr).toContain(says);
      expect(stdout + stderr).not.toMatch(/jane|doe|example/i);
    }
  });
});

describe('a pasted URL in a wrong place is not shown either', () => {
  const url = `https://pay.example/?patient=JaneDoe&token=${token}`;
  test.each([
    [[url]],
    [['pay.example/?patient=JaneDoe&token=x']],
    [['status', token, url]],
    [['status', token, '--expect', url]],
    [['wait', token, '--interval', url]],
    [['wait', token, '--max-rate', url]],
    [['decode', token, url]],
    [['help', url]],
    [['schema', url]],
  ])('%j', async (argv) => {
    const { code, stdout, stderr } = await run([...argv], {});
    expect(code).toBe(2);
    expect(stdout + stderr).not.toMatch(/janedoe|pay\.example/i);
    expect(stdout + stderr).not.toContain(token);
  });
});

describe('a pasted URL that carries a token', () => {
  const url = (index: number) => `https://pay.example/?patient=Jane.Doe&token=${tokenAt(index)}`;

  test('is not in the command to run next, nor anywhere else', async () => {
    const argv = ['wait', url(1), '--timeout', '1s', '--interval', '1s'];
    const one = await run([...argv, '--json'], { steps: [status('NEW'), status('NEW')] });
    expect(readDocument(one).error?.next).toEqual(['instamed-poll', 'wait', tokenAt(1), ...argv.slice(2), '--json']);
    const stories = { [tokenAt(1)]: story(5, 'NEW'), [tokenAt(2)]: story(5, 'NEW') };
    const many = await waitMany([url(1), url(2), ...argv.slice(2), '--json', '--debug'], stories);
    expect(readDocument(many).error?.next?.slice(0, 4)).toEqual(['instamed-poll', 'wait', tokenAt(1), tokenAt(2)]);
    for (const { stdout, stderr } of [one, many]) expect(stdout + stderr).not.toMatch(/jane|pay\.example/i);
  });
});

describe('a word that begins with a hyphen and looks like a token', () => {
  const words = [
    `-${token.slice(1)}`,
    `--${token.slice(2)}`,
    // Their first letters are options.
    `-h${token.slice(2)}`,
    `-V${token.slice(2)}`,
    `-q${token.slice(2)}`,
    `-o${token.slice(2)}`,
    '-Abc123_x',
    '-abcdefghijklmnopqrstuvwx',
    '-a+b/c4567==',
  ];

  test.each(words)('is refused without being shown, and -- is named: %s', async (word) => {
    for (const argv of [
      ['status', word],
      ['receipt', word, '--json'],
      ['wait', token, word],
      ['status', '--json', word],
      [word],
    ]) {
      const { code, stdout, stderr, opened } = await run(argv, {});
      expect({ code, opened }).toEqual({ code: 2, opened: [] });
      expect(stderr).toMatch(/Put -- before it: instamed-poll (?:status|receipt|wait) -- TOKEN/);
      expect(stdout + stderr).not.toContain(word.slice(2));
    }
  });

  test.each(words)('is a token behind --, and on stdin: %s', async (word) => {
    expect(await sentBy(['status', '--', word])).toBe(word);
    expect(await sentBy(['status', '-'], { stdin: word })).toBe(word);
  });

  test('is an option where it is one, or the value of one', async () => {
    expect(await refusal(['status', token, '--exit-statsu'])).toContain("Unknown option '--exit-statsu'");
    expect(await refusal(['status', token, '-x'])).toContain("Unknown option '-x'");
    expect((await run(['status', token, '-qojson'], { steps: [status('NEW')] })).code).toBe(0);
    const alias = ['status', token, '--alias', '-Alias-2026', '--json'];
    expect((await run(alias, { steps: [status('NEW')] })).code).toBe(0);
  });
});

test('a receipt is read by a pasted URL, and its token is shortened as ever', async () => {
  const argv = ['receipt', `"pay.example/?token=${token}"`];
  const { code, stdout, transport } = await run(argv, { steps: [receipt(receiptOf('C'))] });
  expect(code).toBe(0);
  expect(transport.requests[0]?.body).toContain(`singleSignOnToken=${token}`);
  expect(stdout).toContain(shown(token));
});
