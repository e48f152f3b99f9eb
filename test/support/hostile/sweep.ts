import { main } from '../../../src/cli/main.ts';
import { createTransport } from '../../../src/remote/transport.ts';
import { ManualClock } from '../manual-clock.ts';
import { type Program, run } from '../run-cli.ts';
import type { Env } from '../spawn-cli.ts';
import { type Attack, answer, attack, honest } from './attack.ts';
import { attackClasses } from './attacks/index.ts';
import { timing } from './attacks/timing.ts';
import { echoEnv, echoes, type Printed, withEcho } from './echo.ts';
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

/** One run of the sweep: an attack on a service that says too much, by a command, printed in a way. */
export interface SweepRun {
  readonly name: string;
  readonly command: string;
  readonly attack: Attack;
  readonly echo: keyof typeof echoes;
  /** Which of the attack's cases. */
  readonly index: number;
  readonly way: Way;
}

/** By every command, printed in each way, on each service that says too much. */
export const runsOf = (attack: Attack): readonly SweepRun[] =>
  Object.keys(echoes).flatMap((echo) =>
    casesOf(attack).flatMap(({ name, argv: [command] }, index) =>
      ways
        .filter(({ isOfWait }) => !isOfWait || command === 'wait')
        .map((way) => ({ name: `${name}, ${echo}, as ${way.name}`, command, attack, echo, index, way })),
    ),
  );

/** All that is swept. Where the program's own limit ends a request, nothing was said that could leak. */
export const sweptAttacks = attackClasses.filter((each) => each !== timing).flatMap(({ attacks }) => attacks);

/** No attack but the echo itself. */
export const plainEcho = attack('a service that says too much', honest, (good) => [answer(good)]);

/** Runs a program to its end. */
export type Start = (
  argv: readonly string[],
  env: Env,
  tty: boolean,
) => Promise<{ readonly stdout: string; readonly stderr: string }>;

/** Runs the whole command line in this process; by default the one of the source. */
export const inProcess =
  (program: Program = { main, openTransport: async (options) => createTransport(options) }): Start =>
  (argv, env, tty) =>
    run(argv, { env, tty, clock: new ManualClock() }, program);

/** What one run of the sweep prints. */
export async function play(
  { attack, echo, index, way }: SweepRun,
  server: HostileServer,
  start: Start,
): Promise<Printed> {
  const casesFor = (token: string) => casesOf(withEcho(attack, token, echoes[echo] as (typeof echoes)[string]));
  const token = server.tell((given) => casesFor(given)[index]?.story ?? {});
  const [command = '', ...flags] = casesFor(token)[index]?.argv ?? [];
  const { stdout, stderr } = await start([command, token, ...flags, ...way.flags], echoEnv(server.env), way.tty);
  return { token, stdout, stderr, isForMachines: way.isForMachines };
}
