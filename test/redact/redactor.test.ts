import { describe, expect, test } from 'vitest';
import { Redactor, redactNumbers } from '../../src/redact/redactor.ts';

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
  });

  test('shows a text that nobody reads by its length', () => {
    expect(redactor.redact('x'.repeat(32_768))).toBe('x'.repeat(32_768));
    expect(redactor.redact('x'.repeat(32_769))).toBe('*** (32769 characters)');
    expect(redactNumbers('1'.repeat(1_000_000))).toBe('*** (1000000 characters)');
  });
});

// With a pattern for each it took ten seconds and more, in which no Ctrl-C was heard.
test('a redactor of many tokens takes no time to speak of', { timeout: 8_000 }, () => {
  const tokens = Array.from({ length: 20_000 }, (_, i) => `${token.slice(0, 40)}${10_000_000 + i}`);
  const redactor = new Redactor();
  redactor.addTokens(tokens);
  const sentence = 'The payer has not finished, and was not asked whether that would be soon.';
  for (const one of tokens.slice(0, 3_000)) {
    expect(redactor.redact(one)).toMatch(/^NTJm…/);
    expect(redactor.redact(`${sentence} ${one}`)).not.toContain(one);
  }
});
