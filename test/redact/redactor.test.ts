import { describe, expect, test } from 'vitest';
import { Redactor, redactNumbers } from '../../src/redact/redactor.ts';
import { growthOf } from '../support/growth.ts';

const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

describe('a redactor', () => {
  const redactor = new Redactor(['first-secret']);
  redactor.addSecrets('second-secret', '');
  redactor.addTokens([token]);
  redactor.addTokens(['another-token-of-16', '']);

  test('masks what was put into it, whenever that was', () => {
    expect(redactor.redact('first-secret, second-secret.')).toBe('***, ***.');
    const late = new Redactor();
    expect(late.redact('a late-secret')).toBe('a late-secret');
    late.addSecrets('late-secret');
    expect(late.redact('a late-secret')).toBe('a ***');
  });

  test('shortens tokens, and card numbers, and leaves everything else alone', () => {
    expect(redactor.redact(`${token} another-token-of-16`)).toBe('NTJm…N2Qz anot…f-16');
    expect(redactor.redact('4111111111111111')).toBe('************1111');
    expect(redactor.redact('Approved $1.00')).toBe('Approved $1.00');
  });

  test('knows one token more for one call, and forgets it', () => {
    const more = redactor.redactWith('one-token-of-one-call');
    expect(more(`${token} one-token-of-one-call first-secret`)).toBe('NTJm…N2Qz one-…call ***');
    expect(redactor.redact('one-token-of-one-call')).toBe('one-token-of-one-call');
    expect(redactor.redactWith(token)).toBe(redactor.redact);
  });

  test('shortens a word of ours that is a token, and no other word', () => {
    const words = [token, 'wait', 'first-secret', `https://h.example/?token=${token}`];
    const shown = ['NTJm…N2Qz', 'wait', 'first-secret', 'https://h.example/?token=NTJm…N2Qz'];
    expect(words.map(redactor.shortenToken)).toEqual(shown);
    // Neither a token nor an address: a path that holds one is left as it was typed.
    expect(redactor.shortenToken(`receipts/${token}`)).toBe(`receipts/${token}`);
    expect(redactor.shortenToken(`--from:${token}`)).toBe('--from:NTJm…N2Qz');
  });

  test('knows a secret and a token that come after it was used', () => {
    const late = new Redactor();
    expect(late.redact(token)).toBe(token);
    late.addTokens([token]);
    expect([late.redact(token), late.shortenToken(`a=${token}`)]).toEqual(['NTJm…N2Qz', 'a=NTJm…N2Qz']);
    late.addTokens(['another-token-of-16']);
    expect(late.shortenToken('a=another-token-of-16')).toBe('a=anot…f-16');
  });

  test('hides the secrets alone in a value of ours', () => {
    expect(redactor.hideSecrets(`http://u:first-secret@h:8080/${token}/4111111111111111`)).toBe(
      `http://u:***@h:8080/${token}/4111111111111111`,
    );
  });

  test('shows a text that nobody reads by its length', () => {
    expect(redactor.redact('x'.repeat(32_768))).toBe('x'.repeat(32_768));
    expect(redactor.redact('x'.repeat(32_769))).toBe('*** (32769 characters)');
    expect(redactNumbers('1'.repeat(1_000_000))).toBe('*** (1000000 characters)');
  });
});

// With a pattern for each, a text took longer with each token, and no Ctrl-C was heard.
test('a redactor of many tokens takes no longer for a text than one of few', async () => {
  const sentence = 'The payer has not finished, and was not asked whether that would be soon.';
  const make = (count: number) => {
    const redactor = new Redactor();
    const tokens = Array.from({ length: count }, (_, i) => `${token.slice(0, 40)}${10_000_000 + i}`);
    redactor.addTokens(tokens);
    redactor.redact('made once');
    return { redactor, some: tokens.slice(0, 300) };
  };
  const read = ({ redactor, some }: ReturnType<typeof make>) => {
    for (const one of some) {
      expect(redactor.redact(one)).toMatch(/^NTJm…/);
      expect(redactor.redact(`${sentence} ${one}`)).not.toContain(one);
    }
  };
  expect(await growthOf(make, read, 20_000, 4)).toBeLessThan(4);
});
