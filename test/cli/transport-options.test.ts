import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthority } from '../support/certificate.ts';
import { readDocument } from '../support/check-document.ts';
import { fault, status } from '../support/replies.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';

/** Runs `status`, and gives what the network was opened with. */
async function openedWith(flags: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { code, opened } = await run(['status', token, ...flags], {
    env: { ...accountEnv, ...more },
    steps: [status('NEW')],
  });
  expect(code).toBe(0);
  expect(opened).toHaveLength(1);
  return opened[0];
}

async function refuse(flags: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout, stderr, opened } = await run(['status', token, ...flags], { env: { ...accountEnv, ...more } });
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  return stderr;
}

test('without a CA file or a proxy there is nothing to say', async () => {
  expect(await openedWith([])).toEqual({});
});

describe('whom to trust', () => {
  const certificate = makeAuthority().cert;
  /** What stands before a certificate is a comment. */
  const pem = (name: string) => `${name}\n${certificate}`;
  let folder = '';
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ca-'));
    for (const name of ['flag.pem', 'env.pem', 'extra.pem']) writeFileSync(file(name), pem(name));
    writeFileSync(file('empty.pem'), 'no certificate');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('the file of --ca-file, beside the authorities of Node', async () => {
    const options = await openedWith(['--ca-file', file('flag.pem')], { INSTAMED_CA_FILE: file('env.pem') });
    expect(options).toEqual({ ca: [...rootCertificates, pem('flag.pem')] });
  });

  test('the file of INSTAMED_CA_FILE', async () => {
    expect((await openedWith([], { INSTAMED_CA_FILE: file('env.pem') }))?.ca?.at(-1)).toBe(pem('env.pem'));
  });

  test('what NODE_EXTRA_CA_CERTS names is in the store of Node already', async () => {
    expect(await openedWith([], { NODE_EXTRA_CA_CERTS: file('extra.pem') })).toEqual({});
  });

  test.each([
    ['--ca-file', ['--ca-file', 'flag.pem'], {}, 'flag.pem'],
    ['INSTAMED_CA_FILE', [], { INSTAMED_CA_FILE: 'env.pem' }, 'env.pem'],
  ])('a list of our own by %s does not lose what NODE_EXTRA_CA_CERTS names', async (_name, flags, more, named) => {
    const env = { NODE_EXTRA_CA_CERTS: file('extra.pem'), ...mapValues(more, file) };
    const options = await openedWith(
      flags.map((word) => (word.startsWith('--') ? word : file(word))),
      env,
    );
    expect(options).toEqual({ ca: [...rootCertificates, pem(named), pem('extra.pem')] });
  });

  test('a file that is not there', async () => {
    const stderr = await refuse(['--ca-file', file('missing.pem')]);
    expect(stderr).toContain(`instamed-poll: The CA file cannot be read: ${file('missing.pem')} (ENOENT).\n`);
    expect(stderr).toContain('Give the path of a PEM file (--ca-file, or caFile in a profile).');
  });

  test('a file without a certificate', async () => {
    const stderr = await refuse([], { INSTAMED_CA_FILE: file('empty.pem') });
    expect(stderr).toContain(
      `instamed-poll: The CA file (from INSTAMED_CA_FILE) holds no certificate: ${file('empty.pem')}.\n`,
    );
    expect(stderr).toContain('-----BEGIN CERTIFICATE-----');
  });
});

const mapValues = (values: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

describe('which way to go', () => {
  const [a, b, c] = ['http://a.example:3128', 'https://b.example', 'http://c.example:8080'];

  test.each<[string, string[], Record<string, string>, object]>([
    ['--proxy is for both schemes', ['--proxy', a], {}, { http: '', https: a, except: '' }],
    [
      '--proxy goes before the environment',
      ['--proxy', a],
      { HTTPS_PROXY: b, HTTP_PROXY: c },
      { http: '', https: a, except: '' },
    ],
    [
      'NO_PROXY holds for --proxy, too',
      ['--proxy', a],
      { NO_PROXY: 'x.example' },
      { http: '', https: a, except: 'x.example' },
    ],
    ['each scheme has its own variable', [], { HTTPS_PROXY: b, HTTP_PROXY: c }, { http: '', https: b, except: '' }],
    ['HTTPS_PROXY alone is for https', [], { HTTPS_PROXY: b }, { http: '', https: b, except: '' }],
    ['lower case is read', [], { https_proxy: b, http_proxy: c, no_proxy: 'y' }, { http: '', https: b, except: 'y' }],
    [
      'upper case goes before lower case',
      [],
      { HTTPS_PROXY: b, https_proxy: a, HTTP_PROXY: c, http_proxy: a, NO_PROXY: 'x', no_proxy: 'y' },
      { http: '', https: b, except: 'x' },
    ],
    [
      'an empty variable is none',
      [],
      { HTTPS_PROXY: '', https_proxy: b, HTTP_PROXY: '', http_proxy: c, NO_PROXY: '', no_proxy: 'y' },
      { http: '', https: b, except: 'y' },
    ],
  ])('%s', async (_name, flags, env, proxy) => {
    expect(await openedWith(flags, env)).toEqual({ proxy });
  });

  test('HTTP_PROXY alone is for http, which no address here is', async () => {
    expect(await openedWith([], { HTTP_PROXY: c })).toEqual({});
  });

  test('NO_PROXY alone is no proxy', async () => {
    expect(await openedWith([], { NO_PROXY: '*' })).toEqual({});
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['no URL', ['--proxy', 'user:canary@proxy:port'], {}, '--proxy'],
    ['another scheme', ['--proxy', 'canary://user:canary@proxy:1080'], {}, '--proxy'],
    ['a bad HTTPS_PROXY', [], { HTTPS_PROXY: 'canary proxy' }, 'HTTPS_PROXY'],
    ['a bad HTTPS_PROXY beside a good HTTP_PROXY', [], { https_proxy: 'canary', HTTP_PROXY: c }, 'https_proxy'],
  ])('%s is refused, and not quoted', async (_name, flags, env, source) => {
    const stderr = await refuse(flags, env);
    expect(stderr).toBe(
      `instamed-poll: The proxy (from ${source}) is not an http:// or https:// URL.\nWrite it like http://proxy.example:8080.\n`,
    );
  });

  test.each([
    ['canary-word', 'canary-word'],
    ['50%25canary', '50%canary'],
    ['50%canary', '50%canary'],
    ['canary%zz', 'canary%zz'],
  ])('the password %s of a proxy is taken as it is, and masked where it is echoed', async (written, plain) => {
    const url = `http://user:${written}@proxy.example:1`;
    const echo = fault('Client', `Proxy said ${plain}, or ${btoa(`user:${plain}`)}, or ${written}`);
    for (const [flags, env] of [
      [['--proxy', url], {}],
      [[], { HTTP_PROXY: url, HTTPS_PROXY: 'http://other.example' }],
      [[], { https_proxy: url }],
    ] as const) {
      const result = await run(['status', token, '--json', ...flags], {
        env: { ...accountEnv, ...env },
        steps: [echo],
      });
      expect(result.code).toBe(5);
      expect(readDocument(result).error?.message).toMatch(/Proxy said \*\*\*, or \*\*\*, or \*\*\*$/);
      expect(result.stdout + result.stderr).not.toContain('canary');
    }
  });

  test('the password of --proxy is masked in the command to run next', async () => {
    const proxy = 'http://user:canary-word@proxy.example:1';
    const { stdout, stderr } = await run(['wait', token, '--proxy', proxy, '--timeout', '10s', '--json', '-q'], {
      steps: [status('NEW'), status('NEW')],
    });
    expect(stderr).toContain('http://user:***@proxy.example:1');
    expect(stdout + stderr).not.toContain('canary-word');
  });
});
