import { describe, expect, test } from 'vitest';
import { parseProxy } from '../../src/cli/settings/proxy-setting.ts';
import { proxyFor } from '../../src/remote/proxy-for.ts';
import { makeConfigHome } from '../support/config-home.ts';
import { status } from '../support/replies.ts';
import { accountEnv, run, token, type World } from '../support/run-cli.ts';

const loopback = {
  INSTAMED_STATUS_URL: 'http://127.0.0.1:8791/status',
  INSTAMED_RECEIPT_URL: 'http://127.0.0.1:8791/receipt',
};

const openedWith = async (flags: readonly string[], env: Readonly<Record<string, string>>) => {
  const { code, opened } = await run(['status', token, ...flags], {
    env: { ...accountEnv, ...env },
    steps: [status('NEW')],
  });
  expect(code).toBe(0);
  return opened[0]?.proxy;
};

describe('a character of a proxy password that is not encoded', () => {
  const values = [
    'http://user:can#ary@proxy.example:8080',
    'http://user:can?ary@proxy.example:8080',
    'http://user:can/ary@proxy.example:8080',
    'http://user:can\\ary@proxy.example:8080',
    'http://us#er:canary@proxy.example:8080',
    'http://canary/x:secret-word@proxy.example:8080',
    'user:can#ary@proxy.example:8080',
    'https://canary:1/@proxy.example',
    'http://canary:80/path',
    'http://proxy.example:8080/?canary',
  ];

  test.each(values)('is an error that shows no part of the value: %s', async (value) => {
    for (const [argv, env] of [
      [['status', token, '--proxy', value], {}],
      [['status', token, '--debug'], { HTTPS_PROXY: value }],
      [['status', token], makeConfigHome({ profiles: { default: { proxy: value } } }).env],
      [['config', 'set', 'proxy', value], makeConfigHome().env],
    ] as const) {
      const { code, stdout, stderr, opened } = await run(argv, { env: { ...accountEnv, ...env } });
      expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
      expect(stderr).toContain('a path, a query, a fragment, or a backslash in its URL.');
      expect(stderr).toContain('%2F for /, %3F for ?, %23 for #, %5C for \\');
      expect(stderr).not.toMatch(/can|ary|proxy\.example/);
    }
  });

  test.each(values)('is shown by no list and no trace either, where the proxy does not apply: %s', async (value) => {
    for (const argv of [
      ['config', 'list'],
      ['config', 'list', '--json'],
      ['config', 'get', 'proxy'],
      ['status', token, '--debug'],
    ]) {
      const env = { ...accountEnv, ...loopback, HTTPS_PROXY: value };
      const { code, stdout, stderr } = await run(argv, { env, steps: [status('NEW')] });
      expect(code).toBe(0);
      if (value.includes('@')) expect(stdout + stderr).not.toMatch(/can[#?/\\]ary|canary/);
    }
  });

  test.each([
    ['http://us%23er:p%2Fw%3F%5C%25@proxy.example:8080', 'us%23er', 'p%2Fw%3F%5C%25'],
    ['http://user:a:b@proxy.example:8080', 'user', 'a%3Ab'],
    ['http://user:a@b@proxy.example:8080', 'user', 'a%40b'],
  ])('is taken once it is encoded: %s', (value, username, password) => {
    expect(parseProxy(value, 'x')).toMatchObject({ username, password, host: 'proxy.example:8080' });
  });
});

describe('an address of a proxy', () => {
  test.each([
    ['proxy.example:3128', 'http://proxy.example:3128'],
    ['user:pw@proxy.example:3128', 'http://user:pw@proxy.example:3128'],
    ['10.0.0.1:3128', 'http://10.0.0.1:3128'],
    ['[fd00::1]:3128', 'http://[fd00::1]:3128'],
    ['HTTP://proxy.example:3128/', 'http://proxy.example:3128'],
    ['https://proxy.example', 'https://proxy.example'],
  ])('may lack its scheme: %s', async (value, https) => {
    expect(await openedWith([], { HTTPS_PROXY: value })).toMatchObject({ https });
    expect(await openedWith(['--proxy', value], {})).toMatchObject({ https });
  });

  test.each([
    ['socks5://canary:canary@p.example:1080', 'socks5 is not supported'],
    ['SOCKS5H://canary@p.example:1080', 'socks5h is not supported'],
    ['canary://p.example:1080', 'is not an http:// or https:// URL.'],
    ['canary', 'is not an http:// or https:// URL.'],
    ['http://', 'is not an http:// or https:// URL.'],
    ['http://canary:port', 'is not an http:// or https:// URL.'],
    ['http:canary:80', 'is not an http:// or https:// URL.'],
    [' http://canary:80', 'is not an http:// or https:// URL.'],
    ['http://can\tary:80', 'is not an http:// or https:// URL.'],
  ])('of another kind is named without its value: %s', async (value, says) => {
    const { code, stderr } = await run(['status', token], { env: { ...accountEnv, HTTPS_PROXY: value } });
    expect(code).toBe(2);
    expect(stderr).toContain(`The proxy (from HTTPS_PROXY) is not an http:// or https:// URL`);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/canary|p\.example/);
  });
});

describe('a proxy that does not apply is not looked at', () => {
  const bad = ['socks5://proxy.example:1080', 'no address', 'http://user:a/b@proxy.example'];

  test.each(bad)('%s', async (value) => {
    expect(await openedWith([], { HTTP_PROXY: value })).toBeUndefined();
    expect(await openedWith([], { ...loopback, HTTPS_PROXY: value })).toBeUndefined();
    expect(await openedWith([], { ...loopback, HTTP_PROXY: value })).toBeUndefined();
    expect(await openedWith([], { HTTPS_PROXY: value, NO_PROXY: '.example' })).toBeUndefined();
    expect(await openedWith(['--proxy', value], { no_proxy: '*' })).toBeUndefined();
  });

  test('a proxy on this machine applies to an address on this machine', async () => {
    expect(await openedWith([], { ...loopback, HTTP_PROXY: 'localhost:3128' })).toMatchObject({
      http: 'http://localhost:3128',
    });
  });

  test('a value is blamed on the variable that it came from', async () => {
    const env = { ...accountEnv, HTTPS_PROXY: '', https_proxy: 'socks5://proxy.example' };
    expect((await run(['status', token], { env })).stderr).toContain('(from https_proxy)');
  });
});

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['192.168.7.9', '192.168.7.9/32', true],
  ['192.168.7.8', '192.168.7.9/32', false],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['[fd12::5]', 'fd00::/8', true],
  ['[fd12::5]', '[fd00::]/8', true],
  ['[fe80::5]', 'fd00::/8', false],
  ['10.1.2.3', 'fd00::/8', false],
  ['10.1.2.3', 'x.example, 10.1.0.0/16', true],
  // A name is not looked up, and what is no network is none.
  ['ten.example', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['10.1.2.3', '10.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/', false],
])('a network in NO_PROXY: https://%s with %s is reached directly: %s', (host, except, isDirect) => {
  const settings = { https: 'http://proxy.example:1', except };
  expect(proxyFor(new URL(`https://${host}/`), settings) === null).toBe(isDirect);
});

const world: World = { env: accountEnv };
test('the password of a proxy is redacted in a command to run next, whatever it is made of', async () => {
  const { stdout, stderr } = await run(
    ['wait', token, '--proxy', 'user:can%23ary@proxy.example:1', '--timeout', '1s', '--interval', '1s', '--json', '-q'],
    { ...world, steps: [status('NEW'), status('NEW')] },
  );
  expect(stdout + stderr).not.toContain('can%23ary');
});
