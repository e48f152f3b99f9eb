import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaleClock, systemClock } from '../../src/poll/clock.ts';
import { createTransport } from '../../src/remote/transport.ts';
import { readDocument } from '../support/check-document.ts';
import { attackClasses } from '../support/hostile/attacks/index.ts';
import { timing } from '../support/hostile/attacks/timing.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { type Case, casesOf, codes } from '../support/hostile/stories.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Run, run, type World } from '../support/run-cli.ts';

// The whole command line in this process, over real sockets. The spawned program goes through the same in spawned.sweep.ts.

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

async function meet({ argv: [command, ...flags], story }: Case, argv: readonly string[], world: World): Promise<Run> {
  const transport = createTransport();
  const token = server.tell(story);
  try {
    return await run([command, token, ...flags, ...argv], {
      env: server.env,
      transport,
      clock: new ManualClock(),
      ...world,
    });
  } finally {
    await transport.close();
  }
}

async function expectEnding(each: Case, argv: readonly string[], world: World): Promise<void> {
  const exit = await meet(each, ['--json', ...argv], world);
  const document = readDocument(exit, each.argv[0]);
  expect([document.outcome, document.error?.code ?? null]).toEqual([each.outcome, each.error]);
  expect(exit.code).toBe(codes[each.outcome]);
  expectHarmless(exit, each);
}

async function expectSentence(each: Case, argv: readonly string[], world: World): Promise<void> {
  const exit = await meet(each, ['--progress', 'plain', ...argv], { ...world, tty: true });
  expect(exit.code).toBe(codes[each.outcome]);
  expectHarmless(exit, each);
}

/** Nothing that a terminal would obey, no stack trace, and no line that sounds like an approval where there is none. */
function expectHarmless({ stdout, stderr }: Run, { outcome, attack }: Case): void {
  const text = stdout + stderr;
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).not.toMatch(/^ +at /m);
  const isApproved = outcome === 'approved' || attack.ends.receipt === 'receipt-read approved';
  if (!isApproved) expect(text).not.toMatch(/^(?:instamed-poll: )?Approved\./m);
}

const named = (cases: readonly Case[]) => cases.map((each) => [each.name, each] as const);

describe.each(attackClasses.filter((each) => each !== timing))('$title', ({ attacks }) => {
  test.each(named(attacks.flatMap(casesOf)))('%s', async (_name, each) => {
    await expectEnding(each, [], {});
    if (each.argv[0] !== 'wait') await expectSentence(each, [], {});
  });
});

describe(timing.title, () => {
  // Here the program's own limit is what ends the request, so time has to pass.
  const world = () => ({ clock: scaleClock(systemClock, 100) });

  test.concurrent.each(named(timing.attacks.flatMap(casesOf)))('%s', async (_name, each) => {
    await expectEnding(each, ['--request-timeout', '1s'], world());
  });
});

test('nobody was ever sent on to another host', () => {
  expect(server.elsewhere.connections).toBe(0);
});
