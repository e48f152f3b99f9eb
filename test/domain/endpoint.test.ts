import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../src/domain/endpoint.ts';
import { thrownBy } from '../support/thrown.ts';

const parse = (text: string) => parseEndpoint(text, 'status URL');

test('credentials may go to any host over https, and to this machine', () => {
  const good: readonly (readonly [sentence: string, text: string, href: string])[] = [
    [
      'the published address',
      'https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx',
      'https://online.instamed.com/providers/Forms/WebServices/SSOService.asmx',
    ],
    ['https on a port of its own', 'https://host.example:8443/a?b=c', 'https://host.example:8443/a?b=c'],
    ['https in capital letters', 'HTTPS://HOST.example/A', 'https://host.example/A'],
    ['this machine over https', 'https://127.0.0.1/', 'https://127.0.0.1/'],
    ['127.0.0.1', 'http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
    ['any other address of the loopback network', 'http://127.255.0.9/', 'http://127.255.0.9/'],
    ['127.0.0.1 in its short spelling', 'http://127.1/', 'http://127.0.0.1/'],
    ['127.0.0.1 as one number', 'http://2130706433/', 'http://127.0.0.1/'],
    ['127.0.0.1 in hexadecimal', 'http://0x7f.0.0.1/', 'http://127.0.0.1/'],
    ['localhost', 'http://localhost:8080/', 'http://localhost:8080/'],
    ['localhost in capital letters', 'http://LOCALHOST/', 'http://localhost/'],
    ['::1', 'http://[::1]:8080/', 'http://[::1]:8080/'],
    ['::1 in its long spelling', 'http://[0:0:0:0:0:0:0:1]/', 'http://[::1]/'],
  ];
  for (const [sentence, text, href] of good) expect([sentence, parse(text).href]).toEqual([sentence, href]);
});

test('plain http goes to no other host', () => {
  const others: readonly (readonly [sentence: string, text: string])[] = [
    ['a name', 'http://online.instamed.com/payment/NVP.aspx'],
    ['a private address', 'http://192.168.0.1/'],
    ['every address of this machine', 'http://0.0.0.0/'],
    ['the unspecified address of IPv6', 'http://[::]/'],
    ['an address that only ends like the loopback', 'http://10.127.0.1/'],
    ['an address that only begins like the loopback', 'http://12.7.0.0/'],
    ['another address of IPv6', 'http://[::2]/'],
    ['a name that begins like the loopback address', 'http://127.0.0.1.example/'],
    ['a name that ends like the loopback address', 'http://x127.0.0.1.nip.example/'],
    ['a name that begins with localhost', 'http://localhost.example/'],
    ['a name that ends with localhost', 'http://notlocalhost/'],
  ];
  for (const [sentence, text] of others) {
    const { host, pathname } = new URL(text);
    expect(
      thrownBy(() => parse(text)),
      sentence,
    ).toMatchObject({
      category: 'usage',
      code: 'USAGE',
      message: `The status URL would send credentials unencrypted to ${host}.`,
      hint: `Use https://${host}${pathname}; plain http is for 127.0.0.1 alone.`,
    });
  }
});

test('what is no web address is refused', () => {
  const others: readonly (readonly [sentence: string, text: string])[] = [
    ['nothing', ''],
    ['a word', 'online'],
    ['a host without a scheme', 'online.instamed.com/payment/NVP.aspx'],
    ['a host and port without a scheme', 'localhost:8080'],
    ['a path', '/payment/NVP.aspx'],
    ['no host', 'https://'],
    ['an address that cannot be', 'https://127.0.0.1.999/'],
    ['a port that cannot be', 'https://host.example:99999/'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'ftp://127.0.0.1/'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/plain,x'],
    ['a web socket', 'wss://host.example/'],
  ];
  for (const [sentence, text] of others) {
    expect(
      thrownBy(() => parse(text)),
      sentence,
    ).toMatchObject({
      category: 'usage',
      code: 'USAGE',
      message: `The status URL is not a web address: "${text}".`,
      hint: 'Give one that starts with https://.',
    });
  }
});

describe('a user name or a password in the address is refused', () => {
  test.each<[sentence: string, text: string]>([
    ['both', 'https://user:hunter2-canary@host.example/'],
    ['a user name alone', 'https://user@host.example/'],
    ['a password alone', 'https://:hunter2-canary@host.example/'],
    ['on this machine, too', 'http://user:hunter2-canary@127.0.0.1/'],
    ['in plain http, too', 'http://user:hunter2-canary@host.example/'],
  ])('%s', (_sentence, text) => {
    expect(thrownBy(() => parse(text))).toMatchObject({
      category: 'usage',
      code: 'USAGE',
      message: 'The status URL holds a user name or a password.',
      hint: 'Take it out; credentials have settings of their own.',
    });
  });

  test.each<[sentence: string, text: string]>([
    ['in an address of https', 'https://user:hunter2-canary@host.example/'],
    ['in an address of http', 'http://user:hunter2-canary@host.example/'],
    ['in an address of another protocol', 'ftp://user:hunter2-canary@host.example/'],
    ['in an address without its scheme', 'user:hunter2-canary@host.example/NVP.aspx'],
    ['in an address that cannot be read', 'https://user:hunter2-canary@host example/'],
  ])('no message repeats a password %s', (_sentence, text) => {
    const { message, hint } = thrownBy(() => parse(text));
    expect(`${message} ${hint}`).not.toContain('hunter2-canary');
  });

  test('an address that may hold a password is not quoted at all', () => {
    const { message } = thrownBy(() => parse('ftp://user:hunter2-canary@host.example/'));
    expect(message).toBe('The status URL is not a web address.');
  });
});
