import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { createTransport } from '../../src/remote/transport.ts';
import { HostileServer } from './hostile-server.ts';
import { leaksOf, sweepRuns } from './sweep.ts';

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

// Every run of them is made by secrets.sweep.ts, with a build that masks nothing as the control. Here it is each seventeenth, which
// is another way of printing and another command from one attack to the next.
const some = sweepRuns.filter((_run, i) => i % 17 === 0);

test.each(some.map((each) => [each.name, each] as const))('nothing is shown: %s', async (_name, each) => {
  expect(await leaksOf(each, server, { main, openTransport: async (options) => createTransport(options) })).toEqual([]);
});
