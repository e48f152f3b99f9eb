import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readHidden } from '../../src/cli/runtime/hidden-prompt.ts';

/** A prompt on a terminal of its own. Its first Ctrl-C aborts, as the program's does. */
function openPrompt() {
  const stop = new AbortController();
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  const shown: string[] = [];
  const keyboard = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: { write: (text: string) => shown.push(text) } as unknown as NodeJS.WriteStream,
    emit: () => {
      stop.abort();
      return true;
    },
  };
  let line: string | null = null;
  readHidden('Key: ', stop.signal, keyboard).then((typed) => {
    line = typed;
  });
  return {
    modes,
    shown,
    stdin,
    stop,
    /** The line that was read once these keys have been typed; null while it is open. */
    async type(...keys: readonly string[]) {
      for (const some of keys) {
        stdin.write(some);
        await nextTurn();
      }
      return line;
    },
  };
}

describe('a hidden prompt reads', () => {
  test.each([
    ['text and Enter', 'abc\r', 'abc'],
    ['keys that come in pieces', ['a', 'b', '\x1b', '[D', 'c', '\r'], 'acb'],
    ['a line that was pasted', 'abc\ndef\n', 'abc'],
    ['a paste between its marks', '\x1b[200~a b\x1b[201~\r', 'a b'],
    ['Ctrl-D in place of Enter', 'abc\x04', 'abc'],
    ['Ctrl-D alone', '\x04', ''],
    ['Backspace', 'abx\x7fc\r', 'abc'],
    ['Backspace of the other kind', 'abx\bc\r', 'abc'],
    ['Backspace over a character of two units', 'ab😀\x7f\r', 'ab'],
    ['Backspace before anything', '\x7fab\r', 'ab'],
    ['Ctrl-U', 'wrong\x15abc\r', 'abc'],
    ['function keys, which mean nothing', 'a\x1bOPb\x1b[15~c\x1b[A\x1b[B\r', 'abc'],
    ['other control characters, which mean nothing', 'a\x01\x05\x1a\tb\0\x1c\x1d\r', 'ab'],
    ['letters beyond ASCII', 'pässwörd€\r', 'pässwörd€'],
  ])('%s', async (_says, keys, line) => {
    const { type, modes, shown } = openPrompt();
    expect(await type(...[keys].flat())).toBe(line);
    expect(shown).toEqual(['Key: ', '\n']);
    expect(modes).toEqual([true, false]);
  });

  test('what was typed before the terminal went away', async () => {
    const { stdin, type } = openPrompt();
    await type('abc');
    stdin.end();
    expect(await type()).toBe(null);
    await nextTurn();
    expect(await type()).toBe('abc');
  });
});

describe('a hidden prompt stays open, with the terminal as before,', () => {
  test.each(['', 'abc'])('after "%s" and Ctrl-C', async (before) => {
    const { type, modes, shown, stop } = openPrompt();
    expect(await type(`${before}\x03def\r`, 'ghi\r')).toBe(null);
    expect(stop.signal.aborted).toBe(true);
    expect(shown).toEqual(['Key: ', '\n']);
    expect(modes).toEqual([true, false]);
  });

  test('after an abort', async () => {
    const { type, modes, shown, stdin, stop } = openPrompt();
    await type('abc');
    stop.abort();
    expect(await type('\r')).toBe(null);
    expect(shown).toEqual(['Key: ', '\n']);
    expect(modes).toEqual([true, false]);
    expect(stdin.isPaused()).toBe(true);
  });
});
