import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attack, Call } from '../support/hostile/attack.ts';
import { leaksIn } from '../support/hostile/echo.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { inProcess, plainEcho, play, runsOf, type SweepRun, sweptAttacks } from '../support/hostile/sweep.ts';
import { buildUnmasked } from '../support/hostile/unmasked-build.ts';
import type { Program } from '../support/run-cli.ts';

// Every attack, by every command and printed in every way, is in secrets.sweep.ts. Here are the places where what a service echoes
// gets into the program, and each run is made a second time by a build that masks nothing: a run that shows nothing even then
// proves nothing.

let server: HostileServer;
let unmasked: Program;
beforeAll(async () => {
  [server, unmasked] = await Promise.all([HostileServer.start(), buildUnmasked()]);
});
afterAll(() => server.stop());

async function expectMasked(_name: string, each: SweepRun): Promise<void> {
  expect(leaksIn(await play(each, server, inProcess()))).toEqual([]);
  expect(leaksIn(await play(each, server, inProcess(unmasked)))).not.toEqual([]);
}

const named = (runs: readonly SweepRun[]) => runs.map((each) => [each.name, each] as const);

// The product of commands and ways stays: each way has a writer of its own, and each command a document of its own.
test.each(named(runsOf(plainEcho)))('nothing is shown of what is printed: %s', expectMasked);

const serverError = sweptAttacks.find(({ ends }) => ends.status === 'service-error HTTP_500') as Attack;

test.each(named(runsOf(serverError).filter(({ echo }) => echo === 'in an error')))(
  'nothing is shown of the text of an error: %s',
  expectMasked,
);

/** Any HTTP status that is an error is one kind, but for those that reject the credentials. */
const kindOf = ({ attack, command }: SweepRun) =>
  `${command} ${attack.ends[command as Call]?.replace(/^(service-error HTTP)_\d+$/, '$1')}`;

/** What a trace quotes of a reply that is given up, for each kind of ending: another place in which that happens. */
const kinds = new Map<string, SweepRun[]>();
for (const each of sweptAttacks.flatMap(runsOf)) {
  if (each.command === 'wait' || each.echo !== 'in an error' || each.way.name !== 'a table with a trace') continue;
  const kind = kindOf(each);
  // Where nothing came, nothing was said.
  if (!kind.endsWith('unreachable ECONNRESET')) kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
}

/** The first of some runs that shows something where nothing is masked: not every attack lets a header through. */
async function findTelling(runs: readonly SweepRun[]): Promise<SweepRun> {
  for (const each of runs) {
    if (leaksIn(await play(each, server, inProcess(unmasked))).length > 0) return each;
  }
  throw new Error('Nothing is shown by any of them, even unmasked.');
}

test.each([...kinds])('nothing is shown of the headers by a trace: %s', async (_kind, runs) => {
  expect(leaksIn(await play(await findTelling(runs), server, inProcess()))).toEqual([]);
});
