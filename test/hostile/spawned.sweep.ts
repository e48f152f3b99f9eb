import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { makeFolder } from '../support/clean-up.ts';
import { attackClasses } from '../support/hostile/attacks/index.ts';
import { echoEnv, leaksIn } from '../support/hostile/echo.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { startSpedUp } from '../support/hostile/run-sped-up.ts';
import { casesOf, codes } from '../support/hostile/stories.ts';
import { scratch } from '../support/spawn-cli.ts';

// The program in a process of its own, through everything that hostile.test.ts puts it through: it ends, with the right code,
// in little memory, and writes nothing down.

const memoryFolder = makeFolder();

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

describe.each(attackClasses)('$title', ({ attacks }) => {
  test.concurrent.each(attacks.flatMap(casesOf).map((each) => [each.name, each] as const))(
    '%s',
    async (_name, each) => {
      const { argv, story, outcome, error } = each;
      const [command, ...flags] = argv;
      const token = server.tell(story);
      const memoryFile = join(memoryFolder, token);
      // Who must run into the limit of a reply, 30 s, does so in two seconds; the others have time, be the machine a slow one.
      const speed = error === 'ETIMEDOUT' ? 15 : 4;
      const env = { ...echoEnv(server.env), MEMORY_FILE: memoryFile };
      const exit = await startSpedUp([command, token, ...flags, '--json'], env, speed).exited;
      const document = readDocument(exit, command);
      expect([document.outcome, document.error?.code ?? null]).toEqual([outcome, error]);
      expect(exit.code).toBe(codes[outcome]);
      expect(Number(readFileSync(memoryFile, 'utf8'))).toBeLessThan(200 * 1_024);
      expect(leaksIn({ ...exit, token, isForMachines: true })).toEqual([]);
    },
  );
});

test('nobody was ever sent on to another host, and nothing was written to a file', () => {
  expect(server.elsewhere.connections).toBe(0);
  expect(readdirSync(scratch)).toEqual([]);
});
