import { exitCodeOf } from './answer/exit-codes.ts';
import { printVersion, reportUnwritten } from './output/version.ts';
import { type Host, systemHost as openHost } from './runtime/host.ts';

/** The real world. */
export const systemHost = (): Host => openHost((signal) => exitCodeOf('interrupted', signal));

/** Runs one command line, without the words for Node and the script, and returns the exit code. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const code = await run(argv, host);
  const failure = await host.leave();
  if (failure === null) return code;
  reportUnwritten(failure, host);
  return exitCodeOf('internal-error');
}

/** The version by itself needs nothing of the program, which would take as long to load as Node itself. */
async function run(argv: readonly string[], host: Host): Promise<number> {
  if (argv.length === 1 && ['-V', '--version'].includes(argv[0] ?? '')) {
    printVersion(host);
    return 0;
  }
  const { runCommandLine } = await import('./command-line.ts');
  return runCommandLine(argv, host);
}
