import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { oldestNode } from '../../../src/cli/doctor/settings.ts';
import { InstaMedError } from '../../../src/domain/errors.ts';
import { proxyError } from '../../../src/remote/failures.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { allIds, DoctorTransport, date, examine, from, type Replies } from '../../support/doctor-world.ts';
import { byName, wrongPassword } from '../../support/replies.ts';
import { accountEnv, token, type World } from '../../support/run-cli.ts';
import { certificate, failsWith, goodHandshake, scriptedProbe } from '../../support/scripted-probe.ts';
import { faultReply, statusReply, textReply } from '../../support/scripted-transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'instamed-poll-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('where all is well, every check is ok and the code is 0', async () => {
  const { code, document, checks, ids, stderr, handlersLeft } = await examine();
  expect({ code, stderr, handlersLeft }).toEqual({ code: 0, stderr: '', handlersLeft: 0 });
  expect(document).toMatchObject({
    outcome: 'answered',
    summary: 'None of 23 checks failed; not tried: NVP password.',
    error: null,
  });
  expect(document.environment).toEqual({
    version: '0.0.0-source',
    node: '20.18.1',
    platform: 'linux',
    arch: 'x64',
  });
  expect(checks.map(({ id }) => id)).toEqual(allIds);
  expect(ids('ok')).toEqual(allIds);
  expect(checks.filter(({ remedy }) => remedy !== null)).toEqual([]);
});

test('where both URLs are of one host, it is examined once', async () => {
  const env = { ...accountEnv, INSTAMED_RECEIPT_URL: 'https://status.example/NVP.aspx' };
  const { code, checks } = await examine([], { env });
  expect(code).toBe(0);
  const others = allIds.filter((id) => !id.startsWith('receipt-') || id === 'receipt-url' || id === 'receipt-http');
  expect(checks.map(({ id }) => id)).toEqual(others);
});

test('where the one host of both URLs is not found, neither service is asked', async () => {
  const env = { ...accountEnv, INSTAMED_RECEIPT_URL: 'https://status.example/NVP.aspx' };
  const { code, check, ids } = await examine([], { env, probe: scriptedProbe({ lookUp: failsWith('ENOTFOUND') }) });
  expect(code).toBe(7);
  expect(ids('failed')).toEqual(['status-dns']);
  expect(ids('skipped')).toEqual([...from('status-connect'), 'receipt-http', 'nvp']);
  expect(check('nvp').detail).toBe('Not made, because this failed: DNS of the status host.');
});

interface Row {
  readonly name: string;
  readonly fails: string;
  readonly skips: readonly string[];
  readonly code: number;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly world?: World;
  readonly replies?: Replies;
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const without = (name: string) => Object.fromEntries(Object.entries(accountEnv).filter(([key]) => key !== name));
const behindSettings = allIds.slice(allIds.indexOf('account'));
const isOf = (host: string) => (url: URL) => url.hostname === host;
const onStatusHost = isOf('status.example');

/** A network on which one thing is broken for the status host alone. */
const lookUpFails = async (url: URL) => (onStatusHost(url) ? failsWith('ENOTFOUND')() : ['203.0.113.5']);
const connectFails = async (url: URL) => (onStatusHost(url) ? failsWith('ECONNREFUSED')() : '203.0.113.5');

function distrusts(code: string, facts = {}): World {
  return {
    probe: scriptedProbe({
      handshake: async ({ url }) =>
        onStatusHost(url) ? { ...goodHandshake, distrust: code, chain: [certificate(facts)] } : goodHandshake,
    }),
  };
}

const proxied = {
  ...accountEnv,
  HTTPS_PROXY: 'http://user:canary-word@proxy.example:3128',
  NO_PROXY: 'receipt.example',
};
const proxyAnswers = (status: number): World => ({
  probe: scriptedProbe({
    tunnel: async ({ url }) => {
      throw proxyError(status, url);
    },
  }),
});

const rows: readonly Row[] = [
  {
    name: 'a Node that is too old',
    fails: 'node',
    skips: [],
    code: 2,
    world: { probe: scriptedProbe({ runtime: { node: '20.9.0', platform: 'linux', arch: 'x64' } }) },
    says: /^Node 20\.9\.0 is older than 20\.18\.1\.$/,
    remedy: /newer Node/,
  },
  {
    name: 'a profile that is not there',
    fails: 'settings',
    skips: behindSettings,
    code: 2,
    flags: ['--profile', 'nowhere'],
    says: /no profile named "nowhere"/,
    remedy: /simulator/,
  },
  {
    name: 'a time limit without a unit',
    fails: 'settings',
    skips: behindSettings,
    code: 2,
    flags: ['--request-timeout', '30'],
    says: /--request-timeout is not a duration: "30"/,
    remedy: /Give it a unit/,
  },
  {
    name: 'a proxy that is no URL',
    fails: 'settings',
    skips: behindSettings,
    code: 2,
    flags: ['--proxy', 'user:canary-word@proxy'],
    says: /^The proxy \(from --proxy\) is not an http/,
    remedy: /http:\/\/proxy\.example/,
  },
  {
    name: 'no alias',
    fails: 'account',
    skips: ['soap'],
    code: 2,
    env: without('INSTAMED_ALIAS'),
    says: /^A setting is missing: SSO alias\.$/,
    remedy: /INSTAMED_ALIAS in the environment, or --alias/,
  },
  {
    name: 'no store',
    fails: 'outlet',
    skips: [],
    code: 2,
    env: without('INSTAMED_STORE_ID'),
    says: /^A setting is missing: store ID\.$/,
    remedy: /INSTAMED_STORE_ID in the environment, or --store-id/,
  },
  {
    name: 'a CA file that is not there',
    fails: 'ca-file',
    skips: allIds.filter((id) => /-(?:proxy|tls|http|clock)$|^soap$|^nvp$/.test(id)),
    code: 2,
    flags: ['--ca-file', join(folder, 'missing.pem')],
    says: /cannot be read: .*missing\.pem \(ENOENT\)/,
    remedy: /--ca-file/,
  },
  {
    name: 'a CA file that is no PEM',
    fails: 'ca-file',
    skips: allIds.filter((id) => /-(?:proxy|tls|http|clock)$|^soap$|^nvp$/.test(id)),
    code: 2,
    flags: ['--ca-file', file('text.pem', 'nothing')],
    says: /holds no certificate/,
    remedy: /PEM/,
  },
  {
    name: 'a CA file whose certificate is damaged',
    fails: 'ca-file',
    skips: allIds.filter((id) => /-(?:proxy|tls|http|clock)$|^soap$|^nvp$/.test(id)),
    code: 2,
    flags: ['--ca-file', file('damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
    says: /holds a damaged certificate/,
    remedy: /Get the file again/,
  },
  {
    name: 'a status URL without TLS',
    fails: 'status-url',
    skips: from('status-dns'),
    code: 2,
    flags: ['--status-url', 'http://status.example/'],
    says: /would send credentials unencrypted/,
    remedy: /https:\/\/status\.example/,
  },
  {
    name: 'a receipt URL that is none, without which the program makes no status call',
    fails: 'receipt-url',
    skips: ['soap', ...from('receipt-dns')],
    code: 2,
    flags: ['--receipt-url', 'receipt'],
    says: /is not a web address/,
    remedy: /https:\/\//,
  },
  {
    name: 'a host that no name server knows',
    fails: 'status-dns',
    skips: from('status-connect'),
    code: 7,
    world: { probe: scriptedProbe({ lookUp: lookUpFails }) },
    says: /^No address was found for status\.example \(ENOTFOUND\) while looking up its address\.$/,
    remedy: /DNS/,
  },
  {
    name: 'a port that refuses',
    fails: 'status-connect',
    skips: from('status-proxy'),
    code: 7,
    world: { probe: scriptedProbe({ connect: connectFails }) },
    says: /^status\.example refused the connection \(ECONNREFUSED\)/,
    remedy: /host and port/,
  },
  {
    name: 'a proxy whose name is not known',
    fails: 'status-dns',
    skips: from('status-connect'),
    code: 7,
    env: proxied,
    world: {
      probe: scriptedProbe({
        lookUp: async (url) => (isOf('proxy.example')(url) ? failsWith('ENOTFOUND')() : ['203.0.113.5']),
      }),
    },
    says: /^No address was found for the proxy proxy\.example:3128/,
    remedy: /host and port of the proxy/,
  },
  {
    name: 'a proxy that wants a password',
    fails: 'status-proxy',
    skips: from('status-tls'),
    code: 7,
    env: proxied,
    world: proxyAnswers(407),
    says: /wants a user name and a password \(407\) before it connects to status\.example/,
    remedy: /user:password@proxy/,
  },
  {
    name: 'a proxy that forbids the host',
    fails: 'status-proxy',
    skips: from('status-tls'),
    code: 7,
    env: proxied,
    world: proxyAnswers(403),
    says: /did not connect to status\.example \(it answered 403\)/,
    remedy: /allow this host/,
  },
  {
    name: 'a certificate that nobody vouches for',
    fails: 'status-tls',
    skips: from('status-http'),
    code: 7,
    world: distrusts('DEPTH_ZERO_SELF_SIGNED_CERT', { subject: 'gateway', issuer: 'gateway' }),
    says: /is self-signed, .*It showed TLSv1\.3: gateway \(signed by itself, until 2027-03-01, 98 days left\)\.$/,
    remedy: /--ca-file/,
  },
  {
    name: 'a certificate that has expired',
    fails: 'status-tls',
    skips: from('status-http'),
    code: 7,
    world: distrusts('CERT_HAS_EXPIRED', { validTo: new Date('2026-11-21T00:00:00Z') }),
    says: /has expired .*until 2026-11-21, over\)/,
    remedy: /clock/,
  },
  {
    name: 'a handshake that breaks off',
    fails: 'status-tls',
    skips: from('status-http'),
    code: 7,
    world: {
      probe: scriptedProbe({
        handshake: async ({ url }) => (onStatusHost(url) ? failsWith('EPROTO')() : goodHandshake),
      }),
    },
    says: /^No TLS connection to status\.example could be agreed on \(EPROTO\)/,
    remedy: /TLS 1\.2/,
  },
  {
    name: 'a redirect',
    fails: 'status-http',
    skips: ['status-clock', 'soap'],
    code: 5,
    replies: { status: textReply('', { status: 302, headers: { location: 'https://login.example/?canary' } }) },
    says: /^status\.example redirects to login\.example \(302\)/,
    remedy: /login page/,
  },
  {
    name: 'a path that is not there',
    fails: 'receipt-http',
    skips: ['receipt-clock', 'nvp'],
    code: 5,
    replies: { receipt: textReply('', { status: 404 }) },
    says: /^receipt\.example returned 404/,
    remedy: /Check the URL/,
  },
  {
    name: 'a service that is down',
    fails: 'receipt-http',
    skips: ['receipt-clock', 'nvp'],
    code: 5,
    replies: { receipt: textReply('', { status: 503 }) },
    says: /^receipt\.example returned 503 \(server error\)/,
    remedy: /Try again later/,
  },
  {
    name: 'refused credentials',
    fails: 'soap',
    skips: [],
    code: 4,
    replies: { soap: faultReply('Server', wrongPassword) },
    says: /^The status service rejected the credentials: Invalid AccountID or Password\.$/,
    remedy: /alias and the security key/,
  },
  {
    name: 'a page in place of SOAP',
    fails: 'soap',
    skips: [],
    code: 5,
    replies: { soap: textReply('<html><body>Sign in</body></html>', { headers: { 'content-type': 'text/html' } }) },
    says: /not its SOAP reply/,
    remedy: /URL/,
  },
  {
    name: 'a SOAP version that is none',
    fails: 'soap',
    skips: [],
    code: 2,
    flags: ['--soap-version', '2'],
    says: /Unsupported SOAP version "2"/,
    remedy: /1\.1 or 1\.2/,
  },
  {
    name: 'a service that hangs up',
    fails: 'soap',
    skips: [],
    code: 7,
    replies: { soap: new InstaMedError('unreachable', 'ECONNRESET', 'It hung up.', { hint: 'Try again.' }) },
    says: /^It hung up\.$/,
    remedy: /^Try again\.$/,
  },
];

describe('one thing is broken', () => {
  test.each(byName(rows))('%s', async (_name, { fails, skips, code, says, remedy, ...row }) => {
    const env = row.env ?? accountEnv;
    const transport = new DoctorTransport(row.replies);
    const { document, checks, check, ids, stderr } = await examine(row.flags ?? [], { ...row.world, env, transport });
    expect(ids('failed')).toEqual([fails]);
    expect(ids('skipped')).toEqual(skips);
    expect(ids('warning')).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(allIds);
    expect(check(fails).detail).toMatch(says);
    expect(check(fails).remedy).toMatch(remedy);
    for (const id of skips) {
      expect(check(id)).toMatchObject({
        detail: `Not made, because this failed: ${check(fails).title}.`,
        remedy: null,
      });
    }
    expect(document.exitCode).toBe(code);
    expect(document.error?.message).toBe(check(fails).detail);
    // The NVP password is never tried.
    const others = skips.length === 0 ? ', and 1 was not made' : `, and ${skips.length + 1} were not made`;
    expect(document.summary).toBe(`1 of 23 checks failed (${check(fails).title})${others}.`);
    expect(stderr).toContain(document.summary);
    expect(JSON.stringify(document)).not.toContain('canary');
  });

  test('no call of a service is made twice, and none with anything of a payment', async () => {
    const transport = new DoctorTransport({ soap: faultReply('Server', wrongPassword) });
    await examine([], { transport });
    const [status, soap, receipt, ...others] = transport.requests;
    expect(others).toEqual([]);
    expect(status).toMatchObject({ body: '', url: { host: 'status.example' } });
    expect(receipt).toMatchObject({ body: '', url: { host: 'receipt.example' } });
    expect(receipt?.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(soap?.body).toContain('<tokenID>instamed-poll-doctor-no-such-token</tokenID>');
    expect(soap?.body).not.toContain(token);
  });
});

describe('of several failures the exit code speaks of the worst', () => {
  const noHost = { probe: scriptedProbe({ lookUp: lookUpFails }) };
  const down = { receipt: textReply('', { status: 503 }) };
  const refused = { soap: faultReply('Server', wrongPassword) };

  test.each<[string, number, World, Replies]>([
    ['a setting before the network', 2, { ...noHost, env: without('INSTAMED_STORE_ID') }, down],
    ['a setting before refused credentials', 2, { env: without('INSTAMED_STORE_ID') }, refused],
    ['the network before the service', 7, noHost, down],
    ['refused credentials before the service', 4, {}, { ...down, ...refused }],
  ])('%s', async (_name, code, world, replies) => {
    const { document } = await examine([], { ...world, transport: new DoctorTransport(replies) });
    expect(document.exitCode).toBe(code);
    expect(document.summary).toMatch(/^[23] of 23 checks failed \(.+, .+\)/);
  });
});

describe('a warning', () => {
  const soon = { ...goodHandshake, chain: [certificate({ validTo: new Date('2026-12-06T09:59:59Z') })] };
  const clockAt = (time: string): Replies => ({ receipt: textReply('', { status: 401, headers: { date: time } }) });

  test.each<[string, string, World, Replies, RegExp, RegExp]>([
    [
      'a certificate that ends within 14 days',
      'status-tls',
      { probe: scriptedProbe({ handshake: async ({ url }) => (onStatusHost(url) ? soon : goodHandshake) }) },
      {},
      /until 2026-12-06, 13 days left/,
      /whoever runs status\.example/,
    ],
    [
      'a clock that is ahead',
      'receipt-clock',
      {},
      clockAt('Sun, 22 Nov 2026 09:58:59 GMT'),
      /^this machine is 61 s ahead$/,
      /time server/,
    ],
    [
      'a clock that is behind',
      'receipt-clock',
      {},
      clockAt('Sun, 22 Nov 2026 11:00:00 GMT'),
      /^this machine is 3600 s behind$/,
      /time server/,
    ],
    [
      'a firewall, perhaps',
      'status-http',
      {},
      { status: textReply('', { status: 403, headers: { date } }) },
      /answers \(403 to an empty request\)/,
      /firewall/,
    ],
    [
      'a page in place of NVP',
      'nvp',
      {},
      { receipt: textReply('<html>', { headers: { date } }) },
      /^something answers \(200\), but not in NVP/,
      /instamed-poll receipt/,
    ],
    [
      'a bad NODE_EXTRA_CA_CERTS, which Node goes on without',
      'ca-file',
      { env: { ...accountEnv, NODE_EXTRA_CA_CERTS: join(folder, 'missing.pem') } },
      {},
      /ENOENT.*Node goes on without it/,
      /NODE_EXTRA_CA_CERTS/,
    ],
  ])('%s does not fail', async (_name, id, world, replies, says, remedy) => {
    const { code, document, check, ids } = await examine([], { transport: new DoctorTransport(replies), ...world });
    expect(ids('warning')).toEqual([id]);
    expect([...ids('failed'), ...ids('skipped')]).toEqual([]);
    expect(check(id).detail).toMatch(says);
    expect(check(id).remedy).toMatch(remedy);
    expect(code).toBe(0);
    expect(document.summary).toBe(
      `None of 23 checks failed; with a warning: ${check(id).title}; not tried: NVP password.`,
    );
  });
});

describe('no warning', () => {
  test.each<[string, string, Replies, RegExp]>([
    [
      '60 s between the clocks',
      'status-clock',
      { status: textReply('', { status: 500, headers: { date: 'Sun, 22 Nov 2026 10:01:00 GMT' } }) },
      /^this machine is 60 s behind$/,
    ],
    ['a reply without a date', 'status-clock', { status: textReply('', { status: 415 }) }, /does not say/],
    [
      'an NVP service that asks for credentials',
      'nvp',
      { receipt: textReply('', { status: 401 }) },
      /asks for credentials/,
    ],
    ['a status for the made-up token', 'soap', { soap: statusReply('EXPIRED') }, /with "EXPIRED"/],
    [
      'no status for the made-up token',
      'soap',
      { soap: statusReply('') },
      /does not take the made-up token: .*without a status/,
    ],
    [
      'a Fault of the server about the token',
      'soap',
      { soap: faultReply('Server', 'Invalid token.') },
      /Invalid token\./,
    ],
  ])('%s', async (_name, id, replies, says) => {
    const { code, check } = await examine([], { transport: new DoctorTransport(replies) });
    expect(check(id)).toMatchObject({ state: 'ok', remedy: null });
    expect(check(id).detail).toMatch(says);
    expect(code).toBe(0);
  });
});

describe('what a check tells where it is ok', () => {
  test('settings: where each comes from, and none of their values', async () => {
    const { check, stdout } = await examine(['--alias', 'alias-canary'], {
      env: { INSTAMED_SECURITY_KEY: 'key-canary', INSTAMED_PROFILE: 'simulator' },
    });
    expect(check('settings').detail).toMatch(
      /^from profile "simulator": accountId, merchantId, .*; from --alias: alias; from INSTAMED_SECURITY_KEY: securityKey; by default: soapVersion, requestTimeout; not set: caFile, proxy$/,
    );
    expect(stdout).not.toContain('canary');
  });

  test('settings: that nothing is given', async () => {
    const { check } = await examine([], { env: {} });
    expect(check('settings').detail).toMatch(/^none is given; by default: statusUrl, .*; not set: accountId, alias, /);
  });

  test('outlet: that no NVP password is set', async () => {
    const { check } = await examine([], { env: without('INSTAMED_NVP_PASSWORD') });
    expect(check('outlet')).toMatchObject({ state: 'ok', detail: expect.stringContaining('no Authorization header') });
  });

  test('ca-file: each file with its certificates', async () => {
    const one = file('one.pem', makeCertificate().cert);
    const two = file('two.pem', makeCertificate().cert + makeCertificate().cert);
    const env = { ...accountEnv, NODE_EXTRA_CA_CERTS: two };
    expect((await examine(['--ca-file', one], { env })).check('ca-file').detail).toBe(
      `${one}: 1 certificate; ${two}: 2 certificates`,
    );
    expect((await examine([], { env })).check('ca-file').detail).toBe(`${two}: 2 certificates`);
  });

  test('a URL without its query, which may hold anything', async () => {
    const { check } = await examine(['--status-url', 'https://status.example/SSO?key=canary']);
    expect(check('status-url').detail).toBe('https://status.example/SSO');
  });

  test('dns and connect: which host and where; behind a proxy that is the proxy', async () => {
    const { check } = await examine([], { env: proxied });
    expect(check('status-dns').detail).toBe('by the proxy proxy.example:3128: 203.0.113.5');
    expect(check('status-connect').detail).toBe('by the proxy proxy.example:3128: 203.0.113.5 port 3128');
    expect(check('status-proxy').detail).toBe('proxy.example:3128 connects to status.example (200)');
    expect(check('receipt-connect').detail).toBe('receipt.example: 203.0.113.5 port 443');
    expect(check('receipt-proxy').detail).toBe('none applies');
  });

  test('tls: nothing to tell where there is none', async () => {
    const { check } = await examine([
      '--status-url',
      'http://127.0.0.1:1/',
      '--receipt-url',
      'http://[::1]:1/NVP.aspx',
    ]);
    expect(check('status-tls').detail).toMatch(/^none: plain HTTP/);
    expect(check('receipt-dns').detail).toBe('::1: 203.0.113.5');
  });
});

test('a bug of ours in a check is told as one', async () => {
  const { code, document } = await examine([], {
    probe: scriptedProbe({ lookUp: async () => Promise.reject(new TypeError('x is not a function')) }),
  });
  expect(code).toBe(1);
  expect(document.summary).toContain('A bug in instamed-poll');
});

test('the oldest Node is the one that package.json asks for', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(manifest.engines.node).toBe(`>=${oldestNode}`);
});
