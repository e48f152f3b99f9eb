import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/answer/exit-codes.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { type ScenarioName, scenarios } from '../../src/sim/scenarios.ts';
import { readDocument, readEvents } from '../support/check-document.ts';
import { runCli, runStart } from '../support/spawn-cli.ts';

/** 200 times as fast, but where a test cannot wait so long, or where seconds of grace would become too few milliseconds. */
const speeds: Partial<Record<ScenarioName, number>> = { 'never-used': 600, 'cancelled-page': 400, 'receipt-late': 60 };

// Most of their time they sleep, so that several can run at once.
describe.concurrent('demo plays', () => {
  test.each(scenarios.map(({ name, ends }) => [name, ends] as const))(
    '%s, which ends as it says: %s',
    async (name, ends) => {
      const speed = String(speeds[name] ?? 200);
      const exit = await runCli(['demo', name, '--speed', speed, '--json', '--progress', 'none']);
      const document = readDocument(exit, 'demo');
      const outcome = ends as Outcome;
      const code = exitCodeOf(outcome);
      expect(document).toMatchObject({ command: 'demo', scenario: name, outcome, exitCode: code });
      expect(exit).toMatchObject({ code, signal: null });
      if (code === 0) expect(exit.stderr).toBe('');
      // Approved is what a receipt says, and nothing else.
      expect(document.receipt?.approved ?? false).toBe(document.receipt?.transactionStatus === 'C');
      const tally = Object.values(document.seen ?? {}).reduce((sum, count) => sum + count, 0);
      expect(tally).toBe(document.checks);
    },
  );
});

test('the scenarios end in all ways in which a wait can end without somebody stopping it or a dead host', () => {
  // That each ends as it says is shown above.
  expect([...new Set(scenarios.map(({ ends }) => ends))].sort()).toEqual([
    ...['approved', 'authorized', 'card-stored', 'credentials-rejected', 'expired', 'not-approved', 'receipt-unread'],
    ...['service-error', 'timed-out'],
  ]);
});

test('an accepted part is approved, and it is said that it is a part', async () => {
  const exit = await runCli(['demo', 'partial', '--accept-partial', '--speed', '400', '-q']);
  expect(exit).toMatchObject({ code: 0, stderr: '' });
  expect(exit.stdout).toMatch(/^outcome\tapproved$/m);
  expect(exit.stdout).toMatch(/^summary\tPartially approved: 1\.00 only\. The rest was not\.$/m);
});

test('-o ndjson tells every event in its order, each with the token, and the version first', async () => {
  const exit = await runCli(['demo', 'fault-once', '--speed', '200', '-o', 'ndjson', '-q']);
  expect(exit).toMatchObject({ code: 0, stderr: '' });
  const { events, document } = readEvents(exit);
  // How many asks find the token NEW depends on how busy this machine is.
  expect(events.map(({ event }) => event).join(' ')).toMatch(/^started (?:checked )+retrying (?:checked )*completed$/);
  expect(events[0]).toMatchObject({ schemaVersion: 1, intervalMs: 10_000, timeoutMs: 900_000 });
  expect(new Set(events.map(({ token }) => token))).toEqual(new Set([document.token]));
  expect(document.outcome).toBe('approved');
});

test('npm start shows people a table, in a log as well, and keeps the exit code', async () => {
  const approved = await runStart(['demo', '--speed', '400']);
  expect(approved).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Approved\. The payment was taken\. [^┌]*\n┌/),
  });
  expect(approved.stdout).toContain('│ Card          │ VISA 411111******1111');
  for (const character of ['\t', '\u001b']) expect(approved.stdout).not.toContain(character);
  const declined = await runStart(['demo', 'declined', '--speed', '400']);
  expect(declined).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^Declined\. The payment was not taken\.\n┌/),
  });
});
