import { describe, expect, test } from 'vitest';
import { toProgressMode } from '../../src/cli/commands/options.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  bug,
  fault,
  lostConnection,
  publishedReceipt,
  receipt,
  receiptOf,
  redirect,
  status,
  stoppedAsleep,
  times,
  webPage,
} from '../support/replies.ts';
import { accountEnv, run, token, type World } from '../support/run-cli.ts';
import { nvpReply, type Step, statusReply, textReply } from '../support/scripted-transport.ts';

/** The lines of the trace alone, without their times where those do not matter. */
const traceOf = (stderr: string) => stderr.split('\n').filter((line) => /^\+\d+\.\d{3}s /.test(line));
const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/^\+\S+ /, ''));

async function trace(argv: readonly string[], steps: readonly Step[], world: World = {}): Promise<string[]> {
  const { stderr } = await run([...argv, '--debug', '-q'], { steps, ...world });
  return withoutTimes(traceOf(stderr));
}

const transcript = [
  '+0.000s instamed-poll 0.0.0-source on Node …',
  '+0.000s settings, with the profile default:',
  '+0.000s   accountId = *** (19 characters), from INSTAMED_ACCOUNT_ID',
  '+0.000s   alias = *** (7 characters), from INSTAMED_ALIAS',
  '+0.000s   securityKey = ***, from INSTAMED_SECURITY_KEY',
  '+0.000s   merchantId = *** (4 characters), from INSTAMED_MERCHANT_ID',
  '+0.000s   storeId = 0034, from INSTAMED_STORE_ID',
  '+0.000s   terminalId = 0056, from INSTAMED_TERMINAL_ID',
  '+0.000s   nvpUser is not set: the account ID',
  '+0.000s   nvpPassword = ***, from INSTAMED_NVP_PASSWORD',
  '+0.000s   statusUrl = https://status.example/SSOService.asmx, from INSTAMED_STATUS_URL',
  '+0.000s   receiptUrl = https://receipt.example/NVP.aspx, from INSTAMED_RECEIPT_URL',
  '+0.000s   soapVersion = 1.1, by default',
  '+0.000s   requestTimeout = 30s, by default',
  "+0.000s   caFile is not set: Node's store",
  '+0.000s   proxy is not set: none; NO_PROXY names the hosts that are reached without one',
  'Waiting for NTJm…N2Qz: checking every 10s, for up to 15m.',
  '+0.000s #1 → POST https://status.example/SSOService.asmx, 379 bytes, at most 30.0 s',
  '+0.000s #1   content-type: text/xml; charset=utf-8',
  '+0.000s #1   soapaction: "http://tempuri.org/GetSSOTokenStatus"',
  '+0.000s #1   body: tokenID=NTJm…N2Qz accountID=*** (19 characters) alias=*** (7 characters) password=***',
  '+0.000s #1   connecting to status.example:443',
  '+0.012s #1   connected to 203.0.113.7:443 in 12 ms, TLSv1.3 TLS_AES_256_GCM_SHA384, certificate of status.example until 2027-03-01',
  '+0.133s #1 ← 200 after 133 ms',
  '+0.133s #1   content-type: text/xml; charset=utf-8',
  '+0.133s #1   x-powered-by: (7 characters)',
  '+0.141s #1   body: 383 bytes, 8 ms after the headers',
  '+0.141s #1     elements: Envelope Body GetSSOTokenStatusResponse GetSSOTokenStatusResult',
  '+0.141s #1     GetSSOTokenStatusResult = "NEW"',
  '+0.141s check 1: NEW: the payer has not finished. → ask again in 9.9 s',
  '0:00 NEW',
  '+10.000s #2 → POST https://status.example/SSOService.asmx, 379 bytes, at most 30.0 s',
  '+10.000s #2   content-type: text/xml; charset=utf-8',
  '+10.000s #2   soapaction: "http://tempuri.org/GetSSOTokenStatus"',
  '+10.000s #2   body: tokenID=NTJm…N2Qz accountID=*** (19 characters) alias=*** (7 characters) password=***',
  '+10.000s #2   reusing a connection',
  '+10.000s #2   the server had closed the connection; sending once more',
  '+10.000s #2   connecting to status.example:443 through the proxy',
  '+10.000s #2   connected to 203.0.113.7:443 in 0 ms, TLSv1.3 TLS_AES_256_GCM_SHA384, certificate of nobody',
  '+10.005s #2 ← 200 after 5 ms',
  '+10.005s #2   body: 384 bytes, 0 ms after the headers',
  '+10.005s #2     elements: Envelope Body GetSSOTokenStatusResponse GetSSOTokenStatusResult',
  '+10.005s #2     GetSSOTokenStatusResult = "USED"',
  '+10.005s check 2: USED: the receipt says what became of the payment. → read the receipt',
  '0:10 USED',
  '+10.005s #3 → POST https://receipt.example/NVP.aspx, 186 bytes, at most 30.0 s',
  '+10.005s #3   content-type: application/x-www-form-urlencoded',
  '+10.005s #3   authorization: Basic ***',
  '+10.005s #3   body: merchantID=*** (4 characters) storeID=0034 terminalID=0056 transactionAction=ViewReceipt requestToken=false allowPartialPayment=false singleSignOnToken=NTJm…N2Qz',
  '+10.005s #3   connecting to receipt.example:443',
  '+10.008s #3   no connection: ECONNRESET in 3 ms',
  '+10.008s #3 ✗ after 3 ms: ECONNRESET: The host ended the connection without an answer (ECONNRESET).',
  '0:10 The host ended the connection without an answer. Trying again in 1 s (try 1 of the receipt).',
  '+10.008s try 1 of the receipt: The host ended the connection without an answer (ECONNRESET). → ask again in 1.0 s',
  '+11.008s #4 → POST https://receipt.example/NVP.aspx, 186 bytes, at most 29.0 s',
  '+11.008s #4   content-type: application/x-www-form-urlencoded',
  '+11.008s #4   authorization: Basic ***',
  '+11.008s #4   body: merchantID=*** (4 characters) storeID=0034 terminalID=0056 transactionAction=ViewReceipt requestToken=false allowPartialPayment=false singleSignOnToken=NTJm…N2Qz',
  '+11.008s #4 ← 200 after 0 ms',
  '+11.008s #4   content-type: text/html',
  '+11.008s #4   body: 36 bytes, 0 ms after the headers',
  '+11.008s #4     responseCode = "000"',
  '+11.008s #4     transactionStatus = "C"',
  '0:11 ended: USED, 2 checks',
];

test('a wait is traced from its settings to its receipt', async () => {
  const clock = new ManualClock();
  const tls = {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    issuedTo: 'status.example',
    validTo: 'Mar  1 00:00:00 2027 GMT',
  };
  const headers = { 'content-type': 'text/xml; charset=utf-8', 'x-powered-by': 'ASP.NET' };
  const steps: Step[] = [
    {
      label: 'new',
      wire(tell) {
        tell({ type: 'connecting', to: 'status.example:443', isThroughProxy: false });
        clock.advance(12);
        tell({ type: 'connected', address: '203.0.113.7:443', tls });
        clock.advance(121);
        tell({ type: 'answered', status: 200, headers });
        clock.advance(8);
        tell({ type: 'received', bytes: 383 });
      },
      answer: statusReply('NEW'),
    },
    {
      label: 'used',
      wire(tell) {
        tell({ type: 'reusing' });
        tell({ type: 'sending-again' });
        tell({ type: 'connecting', to: 'status.example:443', isThroughProxy: true });
        tell({
          type: 'connected',
          address: '203.0.113.7:443',
          tls: { ...tls, issuedTo: '', validTo: '' },
        });
        clock.advance(5);
        tell({ type: 'answered', status: 200, headers: {} });
      },
      answer: statusReply('USED'),
    },
    {
      label: 'lost',
      wire(tell) {
        tell({ type: 'connecting', to: 'receipt.example:443', isThroughProxy: false });
        clock.advance(3);
        tell({ type: 'not-connected', code: 'ECONNRESET' });
      },
      answer: lostConnection.answer,
    },
    { label: 'receipt', answer: nvpReply(receiptOf('C')) },
  ];
  const { code, stderr } = await run(['wait', token, '--debug'], { clock, steps });
  expect(code).toBe(0);
  expect(stderr.replace(/on Node .*/, 'on Node …')).toBe(`${transcript.join('\n')}\n`);
});

describe('what is shown of a reply', () => {
  test('every name of a receipt, the values of some, and never who holds the card', async () => {
    const lines = await trace(['receipt', token], [receipt(publishedReceipt.replace('Name= ', 'Name=JANE ROE'))]);
    expect(lines.slice(lines.findIndex((line) => line.includes(' body: 5')) + 1)).toEqual([
      '#1     IsEMVVerifiedByPIN (5 characters)',
      '#1     isEMVTransaction (5 characters)',
      '#1     EMVCardEntryMode = "Swiped"',
      '#1     cardBrand = "VISA"',
      '#1     cardExpirationMonth (1 character)',
      '#1     cardExpirationYear (4 characters)',
      '#1     cardBINNumber (6 characters)',
      '#1     cardHolderName (8 characters)',
      '#1     lastFourDigits = "1111"',
      '#1     authorizationNumber (6 characters)',
      '#1     responseCode = "010"',
      '#1     responseMessage (24 characters)',
      '#1     transactionStatus = "D"',
      '#1     primaryTransactionID = "0ca7530a86084b468fff132ab7f04491"',
      '#1     authorizationText (70 characters)',
      '#1     transactionID = "0ca7530a86084b468fff132ab7f04491"',
      '#1     transactionDate = "2016-01-15T20:37:21.5238539Z"',
    ]);
  });

  test('a message that calls the payer by name does so with stars', async () => {
    const nvp = 'transactionStatus=D&cardHolderName=JANE ROE&errorCode=9&errorMessage=No luck, JANE ROE';
    const lines = await trace(['receipt', token], [receipt(nvp)]);
    expect(lines).toContain('#1     errorMessage = "No luck, ***"');
    expect(lines).toContain('#1     cardHolderName (8 characters)');
  });

  test('no word that could pass for a verdict, where money may have moved', async () => {
    const lost = receipt('errorCode=400&errorMessage=The payment was declined');
    const { code, stderr } = await run(['wait', token, '--debug'], { steps: [status('USED'), ...times(5, lost)] });
    expect(code).toBe(9);
    expect(stderr).toContain('(24 characters), not shown: its words could pass for a verdict');
    expect(stderr).not.toMatch(/fail|declin|approv/i);
  });

  test('of a Fault its code and its text, of its detail that it is there', async () => {
    const lines = await trace(['status', token], [fault('Server', 'Out of order')]);
    expect(lines.slice(-3)).toEqual([
      '#1     elements: Envelope Body Fault faultcode faultstring detail',
      '#1     faultcode = "soap:Server"',
      '#1     faultstring = "Out of order"',
    ]);
  });

  test('of any other page its first 300 characters, on one line', async () => {
    const lines = await trace(['status', token], [webPage(`<html>\n<p>${'x'.repeat(400)}`)]);
    expect(lines.at(-1)).toBe(`#1     text: "<html>\\n<p>${'x'.repeat(289)}…"`);
  });

  test.each([
    ['in a charset that nobody knows', Buffer.from('statüs'), 'text/xml; charset=klingon'],
    ['in another charset than it says', Buffer.from('status', 'utf16le'), 'text/xml; charset=utf-8'],
  ])('nothing of one %s', async (_name, body, contentType) => {
    const answer = { ...textReply('', { headers: { 'content-type': contentType } }), body };
    expect((await trace(['status', token], [{ label: 'odd', answer }])).at(-1)).toBe('#1     not text');
  });

  test('where it does not say where it ends', async () => {
    const answer = textReply('transactionStatus=C', { isWhole: false });
    const lines = await trace(['receipt', token], [{ label: 'open', answer }]);
    expect(lines).toContain('#1   body: 19 bytes, 0 ms after the headers, its end not announced');
  });

  test('of a thousand names the first forty', async () => {
    const pairs = Array.from({ length: 1_000 }, (_, i) => `name${i}=1`);
    const lines = await trace(['receipt', token], [receipt(`transactionStatus=C&${pairs.join('&')}`)]);
    expect(lines.slice(-2)).toEqual(['#1     name38 (1 character)', '#1     … 961 more']);
  });

  test('of headers those that are known to be harmless', async () => {
    const headers = {
      'content-type': 'text/html',
      location: 'https://user:pw@Login.example:8443/path?token=x#y',
      'www-authenticate': 'Negotiate, NTLM, Basic realm="Basically"',
      'set-cookie': 'session=1',
      server: 'Microsoft-IIS/10.0',
      'retry-after': '5',
    };
    const answer = textReply('', { status: 302, headers });
    const lines = await trace(['status', token], [{ label: 'redirect', answer }]);
    expect(lines.slice(-7)).toEqual([
      '#1   content-type: text/html',
      '#1   location: login.example:8443 (the host alone)',
      '#1   www-authenticate: Negotiate, NTLM, Basic (the scheme alone)',
      '#1   set-cookie: (9 characters)',
      '#1   server: Microsoft-IIS/10.0',
      '#1   retry-after: 5',
      '#1   body: 0 bytes, 0 ms after the headers',
    ]);
  });

  test('of a relative redirect that it stays on the host', async () => {
    const lines = await trace(['status', token], [redirect('/login?token=x')]);
    expect(lines).toContain('#1   location: this one (the host alone)');
  });
});

describe('the settings', () => {
  test('show a proxy without its password, and where each value came from', async () => {
    const env = { ...accountEnv, NO_PROXY: 'intra.example', HTTPS_PROXY: 'http://u:canary@b.example:3128' };
    const flags = ['--profile', 'simulator', '--alias', 'other', '--status-url', 'https://a.example/x?key=canary'];
    const lines = await trace(['status', token, ...flags], [status('NEW')], { env });
    expect(lines).toContain('settings, with the profile simulator:');
    expect(lines).toContain('  alias = *** (5 characters), from --alias');
    expect(lines).toContain('  statusUrl = https://a.example/x?… (11 characters), from --status-url');
    expect(lines).toContain('  proxy = http://***@b.example:3128, from HTTPS_PROXY');
    expect(lines).toContain('proxy for https: http://***@b.example:3128');
    expect(lines).toContain('no proxy for: intra.example');
    expect(lines.some((line) => line.startsWith('#1 → POST https://a.example/x?… (11 characters), '))).toBe(true);
    expect(lines.join('\n')).not.toContain('canary');
  });

  test('come from the profile where nothing else gives them', async () => {
    const lines = await trace(['status', token, '--profile', 'simulator'], [status('NEW')], { env: {} });
    expect(lines).toContain('  securityKey = ***, from the profile');
    expect(lines).toContain('  storeId = 001, from the profile');
  });
});

describe('decisions', () => {
  test.each<[string, readonly Step[], readonly string[], string]>([
    ['EXPIRED', [status('EXPIRED'), status('EXPIRED')], [], 'check 2: EXPIRED, confirmed: the session ran out. → stop'],
    [
      'the deadline',
      [status('NEW'), status('NEW')],
      ['--timeout', '10s'],
      'check 2: NEW: the payer has not finished. → the deadline is reached',
    ],
    [
      'a page',
      [webPage()],
      [],
      'check 1: No status has ever been read there, and the same request would meet the same end. → stop',
    ],
  ])('say which rule ended the wait: %s', async (_name, steps, flags, says) => {
    const lines = await trace(['wait', token, ...flags], steps);
    expect(lines.filter((line) => line.startsWith('check')).at(-1)).toBe(says);
  });
});

describe('stdout is the same to the byte', () => {
  const paid = [status('NEW'), status('USED'), receipt(publishedReceipt)];
  const worlds: readonly (readonly [string, readonly string[], () => World])[] = [
    ['a wait', ['wait', token], () => ({ steps: paid })],
    ['a wait as JSON', ['wait', token, '--json'], () => ({ steps: paid })],
    ['a wait as events', ['wait', token, '-o', 'ndjson'], () => ({ steps: paid })],
    ['a wait on a terminal', ['wait', token], () => ({ steps: paid, tty: true })],
    ['a status', ['status', token, '--field', 'status'], () => ({ steps: [status('NEW')] })],
    ['a receipt that was lost', ['receipt', token, '--json'], () => ({ steps: [lostConnection] })],
    ['a wait that was stopped', ['wait', token, '--json'], () => stoppedAsleep('SIGINT', [status('NEW')])],
    [
      'a wait that timed out',
      ['wait', token, '--json', '--timeout', '1s', '--interval', '1s'],
      () => ({ steps: times(2, status('NEW')) }),
    ],
    ['a saved reply', ['decode', '-', '--json'], () => ({ stdin: publishedReceipt })],
  ];

  test.each(worlds)('%s', async (_name, argv, world) => {
    const without = await run(argv, world());
    const traced = await run([...argv, '--debug'], world());
    expect(without.stdout).not.toBe('');
    expect({ code: traced.code, stdout: traced.stdout }).toEqual({ code: without.code, stdout: without.stdout });
  });
});

describe('stderr without a trace', () => {
  test.each([
    ['an unknown flag', ['wait', token, '--bogus'], accountEnv],
    ['settings that are missing', ['wait', token], {}],
    ['a bad value', ['status', token, '--soap-version', '3'], accountEnv],
  ])('is all that %s gets, with --debug too', async (_name, argv, env) => {
    const traced = await run([...argv, '--debug'], { env });
    expect(traced.code).toBe(2);
    expect(traced.stderr).toBe((await run(argv, { env })).stderr);
  });

  test('is empty where nothing was asked for', async () => {
    expect((await run(['wait', token, '-q'], { steps: [status('USED'), receipt(receiptOf('C'))] })).stderr).toBe('');
  });
});

describe('a bug of ours', () => {
  const places = /^\+\d+\.\d{3}s {3}at .*\.ts:\d+:\d+\)?$/m;

  test.each<[string, readonly string[], World]>([['in a request', ['status', token], { steps: [bug] }]])(
    '%s shows where it came from, and only with --debug',
    async (_name, argv, world) => {
      const traced = await run([...argv, '--debug'], world);
      expect(traced.code).toBe(1);
      expect(traced.stderr).toMatch(/^\+\d+\.\d{3}s the bug came from:$/m);
      expect(traced.stderr).toMatch(places);
      expect((await run(argv, world)).stderr).not.toMatch(/^.* at /m);
    },
  );

  test('has its stack masked', async () => {
    const error = new TypeError('no');
    error.stack = `TypeError: no\n    at key+canary/1= (file.ts:1:2)\n    at ${token}`;
    const lines = await trace(['status', token], [{ label: 'leaky', answer: error }]);
    expect(lines.slice(-3)).toEqual(['the bug came from:', '  at *** (file.ts:1:2)', '  at NTJm…N2Qz']);
  });

  test('that is no error has no stack', async () => {
    const lines = await trace(['status', token], [{ label: 'odd', answer: () => Promise.reject('just text') }]);
    expect(lines.at(-1)).toBe('the bug left no trace of where it came from');
  });
});

test('the spinner gives way to plain lines, and a progress that was chosen stays', () => {
  expect(toProgressMode({ debug: true })).toBe('plain');
  expect(toProgressMode({ progress: 'auto', debug: true })).toBe('plain');
  expect(toProgressMode({ progress: 'json', debug: true })).toBe('json');
  expect(toProgressMode({ quiet: true, debug: true })).toBe('none');
  expect(toProgressMode({ progress: 'auto' })).toBe('auto');
});

test('the network is watched with --debug alone', async () => {
  const steps = [status('NEW')];
  expect((await run(['status', token], { steps })).opened).toEqual([{}]);
  expect((await run(['status', token, '--debug'], { steps })).opened).toEqual([{ onTrace: expect.any(Function) }]);
});
