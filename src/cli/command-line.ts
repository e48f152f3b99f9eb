import { CommanderError } from 'commander';
import type { StopSignal } from '../domain/outcome.ts';
import { Redactor } from '../redact/redactor.ts';
import { documentOfError } from './answer/error-document.ts';
import { exitCodeOf } from './answer/exit-codes.ts';
import type { Answer } from './answer/format.ts';
import { partOfProgram } from './build-program.ts';
import { guessFormat, toProgressMode } from './commands/options.ts';
import type { CommandSession } from './commands/session.ts';
import { refuseHyphenToken } from './input/token-words.ts';
import { Screen } from './output/screen.ts';
import { version } from './output/version.ts';
import { startBusySign } from './progress/busy.ts';
import { watchForCrash } from './runtime/crash.ts';
import type { Host } from './runtime/host.ts';

/** Runs one command line and returns the exit code. This is the only place that catches everything. */
export async function runCommandLine(argv: readonly string[], host: Host): Promise<number> {
  const stop = new AbortController();
  const session = createSession(argv, host, stop);
  const crash = watchForCrash(host, stop);
  const code = await answerCommandLine(session, crash.ended);
  crash.forget();
  return code;
}

type OpenSession = { -readonly [Member in keyof CommandSession]: CommandSession[Member] };

function createSession(argv: readonly string[], host: Host, stop: AbortController): OpenSession {
  let stoppedBy: StopSignal | null = null;
  host.onStop((signal) => {
    stoppedBy = signal;
    stop.abort();
  });
  const redactor = new Redactor();
  const screen = new Screen(host, redactor);
  const session: OpenSession = {
    host,
    redactor,
    argv,
    screen,
    trace: null,
    progress: 'auto',
    signal: stop.signal,
    get isQuiet() {
      return session.progress === 'none';
    },
    stoppedBy: () => stoppedBy,
    prompt: (text) => screen.prompt(text),
    // What runs may prompt on the terminal, which a spinner would draw over.
    showRunning: (doing, afterMs) =>
      startBusySign(session.progress === 'auto' ? 'plain' : session.progress, doing, session.host, afterMs),
  };
  return session;
}

async function answerCommandLine(
  session: OpenSession,
  ended: (command: Promise<unknown>) => Promise<void>,
): Promise<number> {
  const { argv, screen } = session;
  let answer: Answer | null = null;
  try {
    const program = await partOfProgram(argv, version, {
      screen,
      columns: (stream) => session.host[stream].columns,
      async run(command, run) {
        const flags = command.opts();
        session.progress = toProgressMode(flags);
        if (flags['debug']) await startTrace(session);
        answer = await run(command, session);
      },
    });
    if (argv.every((word) => word === '--')) {
      program.outputHelp({ error: true });
      return exitCodeOf('usage-error');
    }
    refuseHyphenToken(argv, program);
    await ended(program.parseAsync(argv, { from: 'user' }));
    return answer ? await print(answer, screen) : 0;
  } catch (error) {
    // Help and version come as errors, too.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const document = documentOfError(error, session);
    const code = await print({ document, format: guessFormat(argv) }, screen);
    if (document.outcome === 'internal-error') session.trace?.onBug(error);
    return code;
  }
}

/** From now on everything is traced: the network is one that is watched. */
async function startTrace(session: OpenSession): Promise<void> {
  const { Trace } = await import('./trace/trace.ts');
  const { host, redactor, screen } = session;
  session.trace = new Trace((text) => screen.prompt(text), host, redactor, version);
  session.host = session.trace.watch(host);
}

async function print(answer: Answer, screen: Screen): Promise<number> {
  await screen.answer(answer);
  return answer.document.exitCode;
}
