import { createInterface, type Key } from 'node:readline';
import { Writable } from 'node:stream';

/** The parts of `process` that a hidden prompt needs. */
interface Keyboard {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  emit(event: 'SIGINT', signal: 'SIGINT'): boolean;
}

/**
 * Reads one line from the terminal, of which nothing is shown. After an abort the terminal is as before, and the promise
 * stays open.
 */
export function readHidden(prompt: string, signal: AbortSignal, keyboard: Keyboard): Promise<string> {
  const { stdin, stderr } = keyboard;
  return new Promise((resolve) => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done() });
    // Raw mode begins here, before the prompt, so that nothing typed at the prompt shows.
    const editor = createInterface({ input: stdin, output, terminal: true, historySize: 0, escapeCodeTimeout: 50 });
    let entered: string | null = null;
    const close = () => editor.close();
    // Readline ends at Ctrl-D only where nothing is typed.
    const onKey = (_text: string, { ctrl, name }: Key) => {
      if (ctrl && name === 'd') close();
    };
    editor.once('line', (line) => {
      entered = line;
      close();
    });
    editor.once('close', () => {
      stdin.off('keypress', onKey);
      signal.removeEventListener('abort', close);
      stderr.write('\n');
      // Readline keeps a tab and some other control characters.
      if (!signal.aborted) resolve((entered ?? editor.line).replace(/\p{Cc}/gu, ''));
    });
    // Raw mode keeps the terminal from sending the signal itself. Windows has no other way to send it either.
    editor.on('SIGINT', () => keyboard.emit('SIGINT', 'SIGINT'));
    // Readline would suspend the program.
    editor.on('SIGTSTP', () => {});
    stdin.on('keypress', onKey);
    signal.addEventListener('abort', close);
    stderr.write(prompt);
  });
}
