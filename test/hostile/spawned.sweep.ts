import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../cli/check-document.ts';
import { makeFolder } from '../support/clean-up.ts';
import { type Env, type Exit, Spawned, scratch } from '../support/spawn-cli.ts';
import { attackClasses } from './attacks/index.ts';
import { echoEnv, leaksIn } from './echo.ts';
import { HostileServer } from './hostile-server.ts';
import { casesOf, codes } from './stories.ts';

// The program in a process of its own, through everything that hostile.test.ts puts it through: it ends, with the right code,
// in little memory, and writes nothing down.

const spedUp = fileURLToPath(new URL('sped-up.js', import.meta.url));
const memoryFolder = makeFolder();

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

/** Half an interval of one second, and a reply's limit of 30 s in a second and a half. */
const speed = '20';

function runSpedUp(argv: readonly string[], env: Env): Promise<Exit> {
  return new Spawned(process.execPath, [spedUp, ...argv], { env: { ...env, TEST_SPEED: speed } }).exited;
}

describe.each(attackClasses)('$title', ({ attacks }) => {
  test.concurrent.each(attacks.flatMap(casesOf).map((each) => [each.name, each] as const))(
    '%s',
    async (_name, each) => {
      const { argv, story, outcome, error } = each;
      const [command, ...flags] = argv;
      const token = server.tell(story);
      const memoryFile = join(memoryFolder, token);
      const exit = await runSpedUp([command, token, ...flags, '--json'], {
        ...echoEnv(server.env),
        MEMORY_FILE: memoryFile,
      });
      const document = readDocument(exit, command);
      expect([document.outcome, document.error?.code ?? null]).toEqual([outcome, error]);
      expect(exit.code).toBe(codes[outcome]);
      expect(Number(readFileSync(memoryFile, 'utf8'))).toBeLessThan(200 * 1_024);
      expect(leaksIn({ ...exit, isForMachines: true }, token)).toEqual([]);
    },
  );
});

test('nobody was ever sent on to another host, and nothing was written to a file', () => {
  expect(server.elsewhere.connections).toBe(0);
  expect(readdirSync(scratch)).toEqual([]);
});
