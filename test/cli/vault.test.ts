import { describe, expect, test } from 'vitest';
import { mapStrings, Vault } from '../../src/cli/vault.ts';
import { accountEnv, run, token } from '../support/run-cli.ts';
import { readDocument, readEvents } from './check-document.ts';
import { receipt, receiptOf, status } from './replies.ts';

describe('a vault', () => {
  const vault = new Vault();
  vault.addSecrets('first-secret');
  vault.addSecrets('second-secret', '');
  vault.addTokens([token]);
  vault.addTokens(['another-token-of-16']);

  test('masks what was put into it, whenever that was', () => {
    expect(vault.maskText('first-secret, second-secret.')).toBe('***, ***.');
    expect(vault.maskForJson('first-secret, second-secret.')).toBe('***, ***.');
  });

  test('shortens tokens in text, and leaves them whole in JSON', () => {
    expect(vault.maskText(`${token} another-token-of-16`)).toBe('NTJm…N2Qz anot…f-16');
    expect(vault.maskForJson(token)).toBe(token);
  });

  test('masks card numbers in both, and leaves everything else alone', () => {
    expect(vault.maskText('4111111111111111')).toBe('************1111');
    expect(vault.maskForJson('4111111111111111')).toBe('************1111');
    expect(vault.maskText('Approved $1.00')).toBe('Approved $1.00');
  });

  test('leaves the words of a sentence alone, though a list may hold them as tokens', () => {
    const listed = new Vault();
    listed.addTokens(['not', 'token', '1', 'approved', 'receipt-unread', 'token-8!']);
    const sentence = '2 tokens: 1 approved, 1 receipt-unread. The payment was not taken.';
    expect(listed.maskText(`${sentence} token-8!`)).toBe(`${sentence} ***`);
    expect(['not', '1', 'approved'].map((text) => listed.maskText(text))).toEqual(['***', '***', '***']);
  });

  test('masks a long text afresh for each secret that joins, and no text as another', () => {
    const late = new Vault();
    const [one, other] = ['x'.repeat(20_000), 'y'.repeat(20_000)];
    expect(late.maskText(`${one} late-secret`)).toBe(`${one} late-secret`);
    late.addSecrets('late-secret');
    expect(late.maskText(`${one} late-secret`)).toBe(`${one} ***`);
    expect(late.maskText(`${other} late-secret`)).toBe(`${other} ***`);
    expect(late.maskText(`${other} late-secret`)).toBe(`${other} ***`);
  });

  test('that is empty changes nothing', () => {
    expect(new Vault().maskText(`${token} first-secret`)).toBe(`${token} first-secret`);
  });
});

// With a pattern for each it took ten seconds and more, in which no Ctrl-C was heard.
test('a vault of many tokens takes no time to speak of one after the other', { timeout: 4_000 }, () => {
  const tokens = Array.from({ length: 3_000 }, (_, i) => `${token.slice(0, 40)}${10_000_000 + i}`);
  const vault = new Vault();
  vault.addTokens(tokens);
  const sentence = 'The payer has not finished, and was not asked whether that would be soon.';
  for (const one of tokens) {
    expect(vault.maskText(one)).toMatch(/^NTJm…/);
    expect(vault.maskText(sentence)).toBe(sentence);
  }
  const long = `${'.'.repeat(1_000_000)}x`;
  expect(vault.maskText(long)).toBe(long);
});

test.each(['x', '€', '😀', '"'])('a vault takes 500 characters of %s, and refuses one more', (character) => {
  const longest = character.repeat(500 / character.length);
  const vault = new Vault();
  vault.addSecrets(longest);
  expect(vault.maskText(`a ${longest} b`)).toBe('a *** b');
  expect(() => vault.addSecrets(`${longest}y`)).toThrow('A secret has more than the 500 characters');
});

test('a security key that is too long to be masked is refused before anything is sent', async () => {
  const env = { ...accountEnv, INSTAMED_SECURITY_KEY: 'canary'.repeat(2_000) };
  const { code, stdout, stderr, opened } = await run(['status', token], { env });
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  expect(stderr).not.toContain('canary');
});

describe('a copy with other strings', () => {
  const shout = (text: string) => text.toUpperCase();

  test('keeps shape, names, numbers, null and the members that are to stay', () => {
    const value = { a: 'x', b: ['y', 1, null, true], token: 'stays', c: { d: 'z' } };
    expect(mapStrings(value, shout, ['token'])).toEqual({
      a: 'X',
      b: ['Y', 1, null, true],
      token: 'stays',
      c: { d: 'Z' },
    });
    expect(value.a).toBe('x');
  });

  test('changes the names in a tally, which are texts of the service, but for the states', () => {
    const seen = { NEW: 1, USED: 2, EXPIRED: 3, held: 4 };
    const changed = mapStrings({ seen }, (text) => `${text}!`);
    expect(changed).toEqual({ seen: { NEW: 1, USED: 2, EXPIRED: 3, 'held!': 4 } });
  });

  test('is the value itself where there is nothing to change', () => {
    expect(mapStrings({ seen: { a: 2, b: 3, NEW: 1 } }, () => '***')).toEqual({ seen: { '***': 5, NEW: 1 } });
    expect(mapStrings(null, shout)).toBeNull();
    expect(mapStrings(7, shout)).toBe(7);
    expect(mapStrings('x', shout)).toBe('X');
  });
});

/** Lazy passwords that are words of our own documents: the mask must not take those away. */
describe.each(['error', 'status', 'seen', 'USED', 'approved', 'completed', '10000'])(
  'an NVP password %j',
  (password) => {
    const env = { ...accountEnv, INSTAMED_NVP_PASSWORD: password };
    const steps = [status('NEW'), status('USED'), receipt(receiptOf('C'))];

    test('leaves the JSON document what it is', async () => {
      const { stdout } = await run(['wait', token, '--json', '-q'], { env, steps });
      expect(readDocument({ stdout }, 'wait')).toMatchObject({
        command: 'wait',
        outcome: 'approved',
        status: 'USED',
        seen: { NEW: 1, USED: 1 },
        receipt: { result: 'approved' },
        error: null,
      });
    });

    test('leaves the events what they are', async () => {
      const { stdout } = await run(['wait', token, '-o', 'ndjson', '-q'], { env, steps });
      const { events } = readEvents({ stdout });
      expect(events.map(({ event }) => event)).toEqual(['started', 'checked', 'completed']);
      expect(events[0]).toMatchObject({ intervalMs: 10_000, timeoutMs: 900_000 });
    });
  },
);

test('a status text that is the name of one of our members is counted under its own name', async () => {
  const steps = [status('__proto__'), status('token'), status('constructor'), status('EXPIRED')];
  const { stdout } = await run(['wait', token, '--json'], { steps });
  const { seen } = readDocument({ stdout });
  expect(Object.entries(seen ?? {})).toEqual([
    ['__proto__', 1],
    ['token', 1],
    ['constructor', 1],
    ['EXPIRED', 1],
  ]);
});
