import { exitCodeOf } from './answer/exit-codes.ts';
import type { Host } from './runtime/host.ts';
import { version } from './version.ts';

export { systemHost } from './runtime/host.ts';

/** Runs one command line, without the words for Node and the script, and returns the exit code. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const code = await run(argv, host);
  const failure = await host.leave();
  if (failure === null) return code;
  host.stderr.write(`instamed-poll: The answer could not be written to stdout (${failure}).\n`);
  return exitCodeOf('internal-error');
}

/** The version by itself needs nothing of the program, which would take as long to load as Node itself. */
async function run(argv: readonly string[], host: Host): Promise<number> {
  if (argv.length === 1 && ['-V', '--version'].includes(argv[0] ?? '')) {
    host.stdout.write(`${version}\n`);
    return 0;
  }
  const { runCommandLine } = await import('./command-line.ts');
  return runCommandLine(argv, host);
}
