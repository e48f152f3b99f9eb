import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaleClock, systemClock } from '../../src/poll/clock.ts';
import { createTransport } from '../../src/remote/transport.ts';
import { readDocument } from '../support/check-document.ts';
import type { Attack } from '../support/hostile/attack.ts';
import { attackClasses } from '../support/hostile/attacks/index.ts';
import { timing } from '../support/hostile/attacks/timing.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { type Case, casesOf, codes } from '../support/hostile/stories.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Run, run, type World } from '../support/run-cli.ts';

// The whole command line in this process, over real sockets, once for each attack and once more for each kind of ending of the
// calls and of `wait`. The spawned program meets every attack by every command in spawned.sweep.ts.

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

/** No other host was asked, and there is nothing that a terminal would obey, no stack trace, and no approval where there is none. */
function expectHarmless({ stdout, stderr }: Run, { outcome, attack }: Case): void {
  expect(server.elsewhere.connections).toBe(0);
  const text = stdout + stderr;
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).not.toMatch(/^ +at /m);
  const isApproved = outcome === 'approved' || attack.ends.receipt === 'receipt-read approved';
  if (!isApproved) expect(text).not.toMatch(/^(?:instamed-poll: )?Approved\./m);
}

/**
 * Each attack by the command that makes the attacked call. Where both calls fail alike, that is the transport, which they share,
 * and the receipt stands for both: its text has no end of its own, and a lax reader would take it for an approval.
 */
const once = (attack: Attack): readonly Case[] => {
  const { status, receipt } = attack.ends;
  const isShared = status === receipt;
  return casesOf(attack).filter(({ argv: [command] }) => command === 'receipt' || (command === 'status' && !isShared));
};

const attacks = attackClasses.flatMap((each) => each.attacks);

/** Any HTTP status that is an error is one kind, but for those that reject the credentials. */
const kindOf = ({ call, argv: [command], attack }: Case): string =>
  `${command} ${call} ${attack.ends[call]?.replace(/^(service-error HTTP)_\d+$/, '$1')}`;

/** One case for each kind that is not met above: `status` where the receipt stands for it, and `wait`, which decides on either. */
const kinds = new Map<string, Case>();
const met = new Set(attacks.flatMap(once).map(kindOf));
for (const each of attacks.flatMap(casesOf)) {
  const kind = kindOf(each);
  if (!met.has(kind) && !kinds.has(kind)) kinds.set(kind, each);
}

const isTiming = ({ attack }: Case) => timing.attacks.includes(attack);
const named = (cases: readonly Case[]) => cases.map((each) => [each.name, each] as const);

async function expectBoth(_name: string, each: Case): Promise<void> {
  await expectEnding(each, [], {});
  if (each.argv[0] !== 'wait') await expectSentence(each, [], {});
}

describe.each(attackClasses.filter((each) => each !== timing))('$title', ({ attacks }) => {
  test.each(named(attacks.flatMap(once)))('%s', expectBoth);
});

describe('Every kind of ending', () => {
  test.each(named([...kinds.values()].filter((each) => !isTiming(each))))('%s', expectBoth);
});

describe(timing.title, () => {
  // Here the program's own limit is what ends the request, so time has to pass.
  const world = () => ({ clock: scaleClock(systemClock, 100) });
  const cases = [...timing.attacks.flatMap(once), ...[...kinds.values()].filter(isTiming)];

  test.concurrent.each(named(cases))('%s', async (_name, each) => {
    await expectEnding(each, ['--request-timeout', '1s'], world());
  });
});
