import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InstaMedError } from '../src/domain/errors.ts';
import { outcomeOfReceipt } from '../src/domain/outcome.ts';
import { type Receipt, readReceipt } from '../src/domain/receipt.ts';
import { Secret } from '../src/redact/secret.ts';
import { viewReceipt } from '../src/remote/receipt-client.ts';
import { askTokenStatus } from '../src/remote/sso-client.ts';
import { readHttpFile } from './support/recorded.ts';
import { ScriptedTransport } from './support/scripted-transport.ts';

/** With ACCEPT=1 in the environment every expectation is written anew: then the diff is the review. */
const isAccepting = process.env['ACCEPT'] === '1';

const root = new URL('../fixtures/', import.meta.url);
const origins = ['recorded', 'published', 'captured', 'invented'];
const limits = { timeoutMs: 30_000, signal: new AbortController().signal };

/** Every kind of case: the names that its reply may have, each with what reads it. */
const kinds: Readonly<Record<string, Readonly<Record<string, (path: URL) => Promise<object>>>>> = {
  soap: {
    'reply.http': (path) =>
      overTheWire(path, async (transport) => {
        const settings = {
          statusUrl: new URL('https://status.example/SSOService.asmx'),
          soapVersion: '1.1',
          accountId: 'clinic@instamed.net',
          alias: 'alias-1',
          securityKey: new Secret('key+canary/1='),
        } as const;
        return { status: await askTokenStatus(transport, settings, 'a-token', limits) };
      }),
  },
  nvp: {
    'reply.http': (path) =>
      overTheWire(path, async (transport) => {
        const settings = {
          receiptUrl: new URL('https://receipt.example/NVP.aspx'),
          merchantId: '0012',
          storeId: '0034',
          terminalId: '0056',
          nvpUser: 'clinic@instamed.net',
          nvpPassword: new Secret('nvp-canary-2'),
          requestToken: false,
          allowPartialPayment: false,
        };
        return judged(await viewReceipt(transport, settings, 'a-token', limits));
      }),
    'reply.txt': (path) => outcomeOf(async () => judged(readReceipt(readFileSync(path, 'utf8')))),
  },
};

/** What one recorded reply becomes, asked for once. */
async function overTheWire(path: URL, ask: (transport: ScriptedTransport) => Promise<object>): Promise<object> {
  const transport = new ScriptedTransport([
    { label: 'the reply of this case', answer: readHttpFile(fileURLToPath(path)) },
  ]);
  const outcome = await outcomeOf(() => ask(transport));
  expect(transport.requests, 'requests').toHaveLength(1);
  return outcome;
}

/** What was read, or the error that it is; only a bug throws. */
async function outcomeOf(read: () => Promise<object>): Promise<object> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    const { category, code, message, hint, retryable, connecting, reference, retryAfterMs } = error;
    return { error: { category, code, message, hint, retryable, connecting, reference, retryAfterMs } };
  }
}

/** A receipt and how it ends a wait that does not accept a part of the amount. */
const judged = (receipt: Receipt) => ({ outcome: outcomeOfReceipt(receipt, false), receipt });

test('fixtures/ holds these kinds of cases and nothing that no test would read', () => {
  const entries = readdirSync(root).filter((name) => !['README.md', 'scenarios', 'schema'].includes(name));
  expect(entries.sort()).toEqual(Object.keys(kinds).sort());
});

describe.each(Object.entries(kinds))('fixtures/%s', (kind, readers) => {
  const folder = new URL(`${kind}/`, root);
  const cases = readdirSync(folder, { withFileTypes: true });

  test('holds case folders and nothing else', () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter((entry) => !entry.isDirectory() || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(entry.name))).toEqual([]);
  });

  test.each(cases.map(({ name }) => name))('%s', async (name) => {
    const here = new URL(`${name}/`, folder);
    const reply = checkFiles(here, Object.keys(readers));
    checkAbout(readJson(new URL('about.json', here)));
    const outcome = await readers[reply]?.(new URL(reply, here));
    const actual = toAscii(JSON.stringify(outcome, null, 2));
    const expectation = new URL('expected.json', here);
    if (isAccepting) writeFileSync(expectation, `${actual}\n`);
    expect(JSON.parse(actual)).toEqual(readJson(expectation));
  });
});

/** The name of the one reply; everything else that a case needs must be there, and nothing more. */
function checkFiles(here: URL, replies: readonly string[]): string {
  const files = readdirSync(here).filter((name) => !isAccepting || name !== 'expected.json');
  const reply = files.find((name) => replies.includes(name)) ?? `one of ${replies.join(', ')}`;
  const wanted = ['about.json', ...(isAccepting ? [] : ['expected.json']), reply];
  expect(files.sort()).toEqual(wanted.sort());
  if (reply.endsWith('.http')) checkLength(new URL(reply, here));
  return reply;
}

/** A reply whose line ends somebody changed has another length than it says. */
function checkLength(path: URL): void {
  const { status, headers, body } = readHttpFile(fileURLToPath(path));
  expect(status).toBeGreaterThanOrEqual(200);
  expect(headers['content-length'] ?? String(body.length)).toBe(String(body.length));
}

function checkAbout(about: unknown): void {
  expect(about).toEqual({ origin: expect.toBeOneOf(origins), about: expect.stringMatching(/^[A-Z][^\n]{10,}\.$/) });
}

const readJson = (path: URL): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Reviewers must see what they accept: nothing but ASCII, so that no character hides, turns or looks like another. */
function toAscii(json: string): string {
  return json.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
