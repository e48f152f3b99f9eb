import type { Host } from './host.ts';

/** How long a command has to end in good order, once something has crashed under it. */
const crashGraceMs = 1_000;

/**
 * A bug in a timer or a stream would otherwise end the process with a stack trace, which may quote secrets, and with the
 * cursor hidden. Here it stops the command, and is told in the place of its answer.
 */
export function watchForCrash(host: Host, stop: AbortController) {
  let crash: { error: unknown } | null = null;
  let forget = () => {};
  const crashed = new Promise<void>((resolve) => {
    forget = host.onCrash((error) => {
      crash ??= { error };
      stop.abort();
      resolve();
    });
  });
  return {
    forget,
    /** Waits for the command to end, and throws what crashed meanwhile, or what it threw itself. */
    async ended(command: Promise<unknown>): Promise<void> {
      const failure = command.then(
        () => null,
        (error: unknown) => ({ error }),
      );
      const givenUp = crashed.then(() => host.clock.sleep(crashGraceMs, new AbortController().signal));
      const failed = await Promise.race([failure, givenUp]);
      const bug = crash ?? failed;
      if (bug) throw bug.error;
    },
  };
}
