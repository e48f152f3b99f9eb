import { describe, expect, test } from 'vitest';
import { Redactor } from '../../src/redact/redactor.ts';
import { visible, visibleJson } from '../../src/redact/visible.ts';
import { createClient } from '../../src/remote/client.ts';
import { account, limits } from '../support/account.ts';
import { canaryEnv } from '../support/canaries.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';
import { receipt } from '../support/replies.ts';
import { token } from '../support/run-cli.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';

// A megabyte of digits kept a list of tokens, and Ctrl-C with it, busy for a minute.

const redactor = new Redactor([canaryEnv.INSTAMED_SECURITY_KEY, canaryEnv.INSTAMED_NVP_PASSWORD]);
redactor.addTokens([token]);

const parts: Readonly<Record<string, string>> = {
  'single digits': '4 ',
  'digits and dots': '4.',
  digits: '4',
  'card numbers in fours': '4111 1111 1111 1111 ',
  'percent-encoded digits': '%34',
  'digits with nothing to see between': '4\u200b',
  'digits, each escaped in its own way': '%34&#52;\\u0034',
  'escapes of escapes': '%25',
  backslashes: '\\',
  Base64: 'abcdEFGH',
  blanks: ' ',
  colons: '::a',
  'number signs': '##[a]',
  'names of numbers': 'accountNumber=12345 ',
  'the beginning of a token': token.slice(0, 40),
};

describe.each(Object.entries(parts))('work on %s grows with their number', (_name, part) => {
  const make = (count: number) => part.repeat(Math.ceil(count / part.length));

  test('up to the longest text that is read', async () => {
    expect(await growthOf(make, redactor.redact, 8_000)).toBeLessThan(mostGrowth);
  });

  test('where it is made visible', async () => {
    expect(await growthOf(make, (text) => [visible(text), visibleJson(text)], 100_000)).toBeLessThan(mostGrowth);
  });
});

test('a megabyte is not read at all', () => {
  for (const part of Object.values(parts)) {
    const text = part.repeat(1_000_000 / part.length);
    expect(redactor.redact(text)).toBe(`*** (${text.length} characters)`);
  }
});

test('while a large receipt is redacted, others have their turns', async () => {
  const values = Array.from({ length: 40 }, (_, i) => `field${i}=${'4 '.repeat(12_000)}`).join('&');
  const client = createClient(new ScriptedTransport([receipt(`transactionStatus=C&${values}`)]), account);
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const { result, fields } = await client.viewReceipt('a-token-of-sixteen', limits);
  isDone = true;
  expect({ result, fields: fields.length }).toEqual({ result: 'approved', fields: 41 });
  expect(fields.at(-1)?.value).toMatch(/^\*{1000}/);
  // Of a megabyte, once for each 50,000 characters or a few of them more.
  expect(turns).toBeGreaterThan(10);
});
