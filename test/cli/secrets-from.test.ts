import { describe, expect, test } from 'vitest';
import { receipt, receiptOf, status } from '../support/replies.ts';
import { accountEnv, type Run, run, token } from '../support/run-cli.ts';

const waitWith = (stdin: string, more: Readonly<Record<string, string>> = {}): Promise<Run> =>
  run(['wait', token, '--secrets-from', '-'], {
    stdin,
    env: { ...accountEnv, INSTAMED_NVP_USER: 'u', ...more },
    steps: [status('USED'), receipt(receiptOf('C'))],
  });

/** The two secrets as they were sent. */
function sent({ transport }: Run): readonly [key: string | undefined, password: string | undefined] {
  const key = /<password>(.*)<\/password>/.exec(transport.requests[0]?.body ?? '')?.[1];
  const [, credentials] = transport.requests[1]?.headers['authorization']?.split(' ') ?? [];
  return [key, credentials && atob(credentials).slice('u:'.length)];
}

const [envKey, envPassword] = ['key+canary/1=', 'nvp-canary-2'];

describe('lines of NAME=value on stdin', () => {
  test.each([
    ['both secrets', 'INSTAMED_SECURITY_KEY=k1\nINSTAMED_NVP_PASSWORD=p1\n', 'k1', 'p1'],
    ['in either order, without a last line end', 'INSTAMED_NVP_PASSWORD=p1\nINSTAMED_SECURITY_KEY=k1', 'k1', 'p1'],
    ['one of them', 'INSTAMED_SECURITY_KEY=k1\n', 'k1', envPassword],
    ['the other one', 'INSTAMED_NVP_PASSWORD=p1\n', envKey, 'p1'],
    ['none', '', envKey, envPassword],
    [
      'comments and blank lines',
      '# a note\n\n   # INSTAMED_SECURITY_KEY=no\n \t\nINSTAMED_SECURITY_KEY=k1\n#',
      'k1',
      envPassword,
    ],
    [
      'export, as in a shell script',
      'export INSTAMED_SECURITY_KEY=k1\n  export  INSTAMED_NVP_PASSWORD=p1\n',
      'k1',
      'p1',
    ],
    [
      'the line ends of Windows and a byte order mark',
      '\uFEFFINSTAMED_SECURITY_KEY=k1\r\nINSTAMED_NVP_PASSWORD=p1\r\n',
      'k1',
      'p1',
    ],
    ['values that hold = and #', 'INSTAMED_SECURITY_KEY=a+b/c==\nINSTAMED_NVP_PASSWORD=#1=one', 'a+b/c==', '#1=one'],
    [
      'values with quotes and blanks, which stay',
      'INSTAMED_SECURITY_KEY=k\nINSTAMED_NVP_PASSWORD= "p 1" ',
      'k',
      ' "p 1" ',
    ],
    ['an empty value, which is none', 'INSTAMED_SECURITY_KEY=\nINSTAMED_NVP_PASSWORD=p1', envKey, 'p1'],
    ['a name twice, of which the last counts', 'INSTAMED_SECURITY_KEY=k1\nINSTAMED_SECURITY_KEY=k2', 'k2', envPassword],
  ])('%s', async (_name, stdin, key, password) => {
    const result = await waitWith(stdin);
    expect(result.code).toBe(0);
    expect(sent(result)).toEqual([key, password]);
    expect(result.stdinReads).toBe(1);
  });

  test('go before the environment, and the environment before the profile', async () => {
    const result = await waitWith('INSTAMED_SECURITY_KEY=k1', {
      INSTAMED_PROFILE: 'simulator',
      INSTAMED_NVP_PASSWORD: '',
    });
    expect(sent(result)).toEqual(['k1', 'Demo-Password-NotReal']);
  });

  test('are masked as the others are', async () => {
    const { stdout, stderr } = await run(['receipt', token, '--secrets-from', '-', '--json'], {
      stdin: 'INSTAMED_NVP_PASSWORD=stdin-canary\n',
      steps: [receipt('errorCode=400&errorMessage=No stdin-canary here')],
    });
    expect(stdout).toContain('No *** here');
    expect(stdout + stderr).not.toContain('stdin-canary');
  });
});

describe('a line that is none', () => {
  test.each([
    ['a value alone', '\n# note\ncanary\n', 3],
    ['a blank before =', 'INSTAMED_SECURITY_KEY=canary1\nINSTAMED_NVP_PASSWORD =canary', 2],
  ])('is told by its number alone: %s', async (_name, stdin, line) => {
    const { code, stdout, stderr, opened } = await waitWith(stdin);
    expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
    expect(stderr).toMatch(new RegExp(`^instamed-poll: Line ${line} of --secrets-from is not NAME=value\\.\n`));
    expect(stderr).toContain('The names are INSTAMED_SECURITY_KEY and INSTAMED_NVP_PASSWORD;');
    expect(stderr).not.toContain('canary');
  });
});

test.each(['secrets.env', '', 'INSTAMED_SECURITY_KEY=canary', '--'])(
  '--secrets-from takes - alone, not %j',
  async (from) => {
    const { code, stdout, stderr, stdinReads } = await run(['status', token, `--secrets-from=${from}`]);
    expect({ code, stdout, stdinReads }).toEqual({ code: 2, stdout: '', stdinReads: 0 });
    expect(stderr).toContain('instamed-poll: --secrets-from reads stdin only');
    expect(stderr).toContain('Use --secrets-from - and pipe the lines in.');
    expect(stderr).not.toContain('canary');
  },
);

test('stdin is left alone where nothing asks for it', async () => {
  const { stdinReads } = await run(['status', token], { stdin: 'INSTAMED_SECURITY_KEY=no', steps: [status('NEW')] });
  expect(stdinReads).toBe(0);
});
