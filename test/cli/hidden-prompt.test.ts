import { describe, expect, test } from 'vitest';
import { typeKeys } from '../../src/cli/runtime/hidden-prompt.ts';

describe('keys at a hidden prompt', () => {
  test.each([
    ['text', 'abc', 'abc', null],
    ['text and Enter', 'abc\r', 'abc', 'enter'],
    ['a line that was pasted', 'abc\ndef\n', 'abc', 'enter'],
    ['Ctrl-D', 'abc\x04', 'abc', 'enter'],
    ['Ctrl-C, which forgets what was typed', 'abc\x03def', '', 'stop'],
    ['Backspace', 'abx\x7fc', 'abc', null],
    ['Backspace of the other kind', 'abx\bc', 'abc', null],
    ['Backspace over a character of two units', 'ab😀\x7f', 'ab', null],
    ['Backspace before anything', '\x7fab', 'ab', null],
    ['Ctrl-U', 'wrong\x15abc', 'abc', null],
    ['arrows and function keys, which mean nothing', 'a\x1b[Db\x1b[1;5C\x1bOPc\x1b[15~', 'abc', null],
    ['a paste between its marks', '\x1b[200~a b\x1b[201~', 'a b', null],
    ['other control characters, which mean nothing', 'a\x01\x1a\tb\0', 'ab', null],
    ['Escape alone', 'a\x1b', 'a', null],
    ['letters beyond ASCII', 'pässwörd€', 'pässwörd€', null],
  ] as const)('%s', (_says, keys, line, end) => {
    expect(typeKeys('', keys)).toEqual({ line, end });
  });

  test('go on from what was typed before', () => {
    expect(typeKeys('ab', 'c\x7f\x7fd\r')).toEqual({ line: 'ad', end: 'enter' });
  });
});
