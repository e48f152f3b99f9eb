import { ManualClock } from '../support/manual-clock.ts';
import { type Program, run } from '../support/run-cli.ts';
import type { Attack } from './attack.ts';
import { attackClasses } from './attacks/index.ts';
import { timing } from './attacks/timing.ts';
import { echoEnv, echoes, leaksIn, withEcho } from './echo.ts';
import type { HostileServer } from './hostile-server.ts';
import { casesOf } from './stories.ts';

/** A way of printing. */
export interface Way {
  readonly name: string;
  readonly flags: readonly string[];
  readonly tty: boolean;
  /** Whether stdout is data, which holds the token whole. */
  readonly isForMachines: boolean;
  /** Whether `wait` alone has it. */
  readonly isOfWait?: true;
}

export const ways: readonly Way[] = [
  { name: 'lines', flags: ['--progress', 'plain'], tty: false, isForMachines: false },
  { name: 'a table', flags: ['--progress', 'plain'], tty: true, isForMachines: false },
  { name: 'JSON', flags: ['--json', '--progress', 'json'], tty: false, isForMachines: true },
  { name: 'events', flags: ['-o', 'ndjson'], tty: false, isForMachines: true, isOfWait: true },
  { name: 'JSON with a trace', flags: ['--json', '--debug'], tty: false, isForMachines: true },
  { name: 'a table with a trace', flags: ['--debug'], tty: true, isForMachines: false },
];

/** Every run of the sweep: each attack on each service that says too much, by each command, printed in each way. */
export interface SweepRun {
  readonly name: string;
  readonly attack: Attack;
  readonly echo: keyof typeof echoes;
  /** Which of the attack's cases. */
  readonly index: number;
  readonly way: Way;
}

/** Where the program's own limit ends a request, nothing was said that could leak. */
const attacks = attackClasses.filter((each) => each !== timing).flatMap(({ attacks }) => attacks);

export const sweepRuns: readonly SweepRun[] = attacks.flatMap((attack) =>
  Object.keys(echoes).flatMap((echo) =>
    casesOf(attack).flatMap(({ name, argv: [command] }, index) =>
      ways
        .filter(({ isOfWait }) => !isOfWait || command === 'wait')
        .map((way) => ({ name: `${name}, ${echo}, as ${way.name}`, attack, echo, index, way })),
    ),
  ),
);

/** The secrets that one run of the program shows. */
export async function leaksOf(
  { attack, echo, index, way }: SweepRun,
  server: HostileServer,
  program: Program,
): Promise<string[]> {
  const casesFor = (token: string) => casesOf(withEcho(attack, token, echoes[echo] as (typeof echoes)[string]));
  const token = server.tell((given) => casesFor(given)[index]?.story ?? {});
  const [command = '', ...flags] = casesFor(token)[index]?.argv ?? [];
  const { stdout, stderr } = await run(
    [command, token, ...flags, ...way.flags],
    { env: echoEnv(server.env), tty: way.tty, clock: new ManualClock() },
    program,
  );
  return leaksIn({ stdout, stderr, isForMachines: way.isForMachines }, token);
}
