import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoOf, leaksIn, spellingsIn } from '../support/hostile/echo.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { inProcess, play, runsOf, sweptAttacks } from '../support/hostile/sweep.ts';
import { buildUnmasked } from '../support/hostile/unmasked-build.ts';
import type { Program } from '../support/run-cli.ts';

// The control of secrets.sweep.ts: the same runs of a build that masks nothing. What is not found here would not be found there.

let server: HostileServer;
let unmasked: Program;
beforeAll(async () => {
  [server, unmasked] = await Promise.all([HostileServer.start(), buildUnmasked()]);
});
afterAll(() => server.stop());

/** A name=value reply is taken apart at `&` and `=`, which these hold. */
const takenApart = ['the NVP password, XML, named', 'the NVP password, Base64', 'the security key, Base64'];

test.each([
  ['status', []],
  ['receipt', takenApart],
  ['wait', []],
])(
  'without masks, %s shows every secret in every spelling',
  async (command, notShown) => {
    const leaks = new Set<string>();
    const shown = new Set<string>();
    for (const each of sweptAttacks.flatMap(runsOf).filter((run) => run.command === command)) {
      const printed = await play(each, server, inProcess(unmasked));
      for (const leak of leaksIn(printed)) leaks.add(leak);
      for (const spelling of spellingsIn(printed.stdout + printed.stderr, printed.token)) shown.add(spelling);
    }
    expect([...leaks].sort()).toEqual([
      'the Basic credentials',
      'the NVP password',
      'the card number',
      'the security key',
      'the token',
    ]);
    const every = spellingsIn(echoOf('a token'), 'a token');
    expect([...shown].sort()).toEqual(every.filter((spelling) => !notShown.includes(spelling)).sort());
  },
  600_000,
);
