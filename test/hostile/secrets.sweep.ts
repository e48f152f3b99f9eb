import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { echoEnv, echoOf, holder, leaksIn } from '../support/hostile/echo.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { startSpedUp } from '../support/hostile/run-sped-up.ts';
import { inProcess, plainEcho, play, runsOf, type Start, sweptAttacks } from '../support/hostile/sweep.ts';
import { cli, isWindows, Spawned, scratch } from '../support/spawn-cli.ts';

// That this finds what it looks for is shown by unmasked.sweep.ts.

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

describe('no secret is shown by any command, printed in any way', () => {
  test.each(sweptAttacks.map((each) => [each.name, each] as const))('%s', async (_name, attack) => {
    const leaks: string[] = [];
    for (const each of runsOf(attack)) {
      leaks.push(...leaksIn(await play(each, server, inProcess())).map((leak) => `${each.name}: ${leak}`));
    }
    expect(leaks).toEqual([]);
  });
});

describe('no secret is shown by the spawned program, nor written to a file', () => {
  const spedUp: Start = (argv, env) => startSpedUp(argv, { ...env, TMPDIR: scratch }, 4).exited;
  // A terminal is what it has not got here.
  const runs = runsOf(plainEcho).filter(({ way }) => !way.tty);

  test.concurrent.each(runs.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
    const printed = await play(each, server, spedUp);
    expect(printed.stdout + printed.stderr).toContain('***');
    expect(leaksIn(printed)).toEqual([]);
    // Its home, its working directory and its folder for temporary files.
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe("the card holder's name is on stdout alone", () => {
  const runs = runsOf(plainEcho).filter(({ command, echo }) => command === 'receipt' && echo === 'in the answer');

  test.each(runs.map((each) => [each.way.name, each] as const))('%s', async (_name, each) => {
    const { stdout, stderr } = await play(each, server, inProcess());
    expect(stdout).toContain(holder);
    expect(stderr).not.toContain(holder);
  });
});

describe.skipIf(isWindows)('a bug whose message holds every secret shows none', () => {
  const crash = fileURLToPath(new URL('../support/hostile/crash.js', import.meta.url));

  /** The bug comes while the program waits for an answer. */
  async function crashWith(command: string, flags: readonly string[]) {
    let program: Spawned | null = null;
    const strike = [() => program?.child.kill('SIGUSR2')];
    const token = server.tell({ status: [strike], receipt: [strike] });
    const argv = ['--import', crash, cli, command, token, ...flags];
    program = new Spawned(process.execPath, argv, {
      env: { ...echoEnv(server.env), CRASH_MESSAGE: echoOf(token) },
    });
    return { ...(await program.exited), token };
  }

  const cases = ['status', 'receipt', 'wait'].flatMap((command) =>
    [[], ['--debug'], ['--json'], ['--json', '--debug']].map(
      (flags) => [[command, ...flags].join(' '), command, flags] as const,
    ),
  );

  test.concurrent.each(cases)('%s', async (_name, command, flags) => {
    const exit = await crashWith(command, flags);
    const isForMachines = flags.includes('--json');
    expect(exit.code).toBe(1);
    expect(exit.stderr).toContain('instamed-poll: A bug in instamed-poll: RangeError: ***');
    if (isForMachines) expect(readDocument(exit, command).outcome).toBe('internal-error');
    expect(/^.* at .*crash\.js/m.test(exit.stderr)).toBe(flags.includes('--debug'));
    if (!flags.includes('--debug')) expect(exit.stderr).not.toMatch(/^\s*at /m);
    expect(leaksIn({ ...exit, isForMachines })).toEqual([]);
  });
});
