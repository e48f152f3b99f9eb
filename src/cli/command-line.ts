import { CommanderError } from 'commander';
import type { StopSignal } from '../domain/outcome.ts';
import { Redactor } from '../redact/redactor.ts';
import { documentOfError } from './answer/error-document.ts';
import { exitCodeOf } from './answer/exit-codes.ts';
import { refuseHyphenToken } from './input/token-words.ts';
import { printDocument } from './output/print.ts';
import { guessFormat } from './program/options.ts';
import { partOfProgram } from './program/program.ts';
import { watchForCrash } from './runtime/crash.ts';
import type { Host } from './runtime/host.ts';
import type { Answer, Session } from './session.ts';
import { version } from './version.ts';

/** Runs one command line and returns the exit code. This is the only place that catches everything. */
export async function runCommandLine(argv: readonly string[], host: Host): Promise<number> {
  const stop = new AbortController();
  let stoppedBy: StopSignal | null = null;
  let answer: Answer | null = null;
  host.onStop((signal) => {
    stoppedBy = signal;
    stop.abort();
  });
  const vault = new Redactor();
  const session: { -readonly [Member in keyof Session]: Session[Member] } = {
    host,
    vault,
    argv,
    trace: null,
    signal: stop.signal,
    stoppedBy: () => stoppedBy,
    async startTrace() {
      const { Trace } = await import('./trace/trace.ts');
      const trace = new Trace(host, vault, version);
      session.trace = trace;
      session.host = trace.watch(host);
    },
    answer: (given) => {
      answer = given;
    },
  };
  const crash = watchForCrash(host, stop);
  const code = await answerCommandLine(session, crash.ended, () => answer);
  crash.forget();
  return code;
}

async function answerCommandLine(
  session: Session,
  ended: (command: Promise<unknown>) => Promise<void>,
  given: () => Answer | null,
): Promise<number> {
  const { argv } = session;
  try {
    const program = await partOfProgram(argv, session, version);
    if (argv.every((word) => word === '--')) {
      program.outputHelp({ error: true });
      return exitCodeOf('usage-error');
    }
    refuseHyphenToken(argv, program);
    await ended(program.parseAsync(argv, { from: 'user' }));
    const answer = given();
    return answer ? await print(answer, session) : 0;
  } catch (error) {
    // Help and version come as errors, too.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return await tell(error, session);
  }
}

/** The ending that an error is. What else is shown of it, `--debug` decides. */
async function tell(error: unknown, session: Session): Promise<number> {
  const document = documentOfError(error, session);
  const code = await print({ document, format: guessFormat(session.argv) }, session);
  if (document.outcome === 'internal-error') session.trace?.onBug(error);
  return code;
}

async function print({ document, format }: Answer, { host, vault }: Session): Promise<number> {
  await printDocument(document, format, host, vault);
  return document.exitCode;
}
