/** The parts of `process` that a hidden prompt needs. */
interface Keyboard {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  emit(event: 'SIGINT', signal: 'SIGINT'): boolean;
}

/**
 * Reads one line from the terminal, of which nothing is shown. In raw mode no key means anything to the terminal itself, so
 * Enter, Backspace and Ctrl-C are ours to give a meaning. After an abort the terminal is as before and nothing more comes.
 */
export function readHidden(prompt: string, signal: AbortSignal, keyboard: Keyboard): Promise<string> {
  const { stdin, stderr } = keyboard;
  return new Promise((resolve) => {
    let line = '';
    const finish = () => {
      stdin.off('data', onKeys);
      stdin.off('end', finish);
      signal.removeEventListener('abort', finish);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      if (!signal.aborted) resolve(line);
    };
    const onKeys = (keys: string) => {
      const typed = typeKeys(line, keys);
      line = typed.line;
      // Raw mode keeps the terminal from sending the signal itself. Windows has no other way to send it either.
      if (typed.end === 'stop') keyboard.emit('SIGINT', 'SIGINT');
      else if (typed.end === 'enter') finish();
    };
    // Before the prompt: whatever is typed once that is there must not show.
    stdin.setRawMode(true);
    stdin.setEncoding('utf8').on('data', onKeys).on('end', finish).resume();
    signal.addEventListener('abort', finish);
    stderr.write(prompt);
  });
}

export interface Typed {
  readonly line: string;
  readonly end: 'enter' | 'stop' | null;
}

/** Sequences that a terminal sends for arrows and the like, and around a paste. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what they begin with.
const keySequence = /\x1b(?:\[[\d;]*[ -/]*[@-~]|O.)?/g;

/** The line after these keys. */
export function typeKeys(before: string, keys: string): Typed {
  let line = before;
  for (const key of keys.replace(keySequence, '')) {
    if (key === '\r' || key === '\n' || key === '\x04') return { line, end: 'enter' };
    if (key === '\x03') return { line: '', end: 'stop' };
    if (key === '\x7f' || key === '\b') line = [...line].slice(0, -1).join('');
    else if (key === '\x15') line = '';
    else if (key >= ' ') line += key;
  }
  return { line, end: null };
}
