import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaksIn } from '../support/hostile/echo.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { inProcess, play, runsOf, sweptAttacks } from '../support/hostile/sweep.ts';

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

// Every run of them is made by secrets.sweep.ts, with a build that masks nothing as the control. Here it is each seventeenth, which
// is another way of printing and another command from one attack to the next.
const some = sweptAttacks.flatMap(runsOf).filter((_run, i) => i % 17 === 0);

test.each(some.map((each) => [each.name, each] as const))('nothing is shown: %s', async (_name, each) => {
  expect(leaksIn(await play(each, server, inProcess()))).toEqual([]);
});
