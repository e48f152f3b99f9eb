import { describe, expect, test } from 'vitest';
import { type ScenarioName, scenarios } from '../../src/sim/scenarios.ts';
import type { Simulator } from '../../src/sim/simulator.ts';
import { askReceipt, askStatus11, HandClock, readStatus, start } from '../support/sim-client.ts';

const N = 'NEW';
const U = 'USED';
const E = 'EXPIRED';

// All of it invented: what a client sees that asks every 10 s, at once first.
const sequences: readonly [ScenarioName, readonly string[]][] = [
  ['approved', [N, N, N, U, U]],
  ['declined', [N, N, N, U, U]],
  ['partial', [N, N, N, U, U]],
  ['authorized', [N, N, N, U, U]],
  ['card-stored', [N, N, N, U, U]],
  ['expired', [N, N, E, E]],
  ['never-used', [N, N, N, N, N, N, N, N]],
  ['cancelled-page', [N, N, N, N, N, N, E, E]],
  ['credentials-rejected', ['soap:Server', 'soap:Server', 'soap:Server']],
  ['fault-once', [N, 'soap:Server', N, U, U]],
  ['slow', [N, N, N, U, U]],
  ['busy', [N, '503 text/html; charset=utf-8', N, U, U]],
  ['receipt-late', [N, N, N, U, U]],
  ['receipt-never', [N, N, N, U, U]],
  ['html-page', ['200 text/html; charset=utf-8', '200 text/html; charset=utf-8']],
  ['cut-reply', [N, N, N, U, U]],
];

// Fast enough that the 3 s of `slow` are 3 ms.
const timeScale = 1_000;

async function startScenario(name: ScenarioName) {
  const clock = new HandClock();
  const simulator = await start({ now: clock.now, timeScale });
  return { clock, simulator, token: simulator.newToken(name) };
}

async function useToken(name: ScenarioName): Promise<{ simulator: Simulator; token: string }> {
  const { clock, simulator, token } = await startScenario(name);
  await readStatus(simulator, token);
  clock.realMs += 30_000 / timeScale;
  expect(await readStatus(simulator, token)).toBe(U);
  return { simulator, token };
}

describe('the table', () => {
  test('has each scenario once, and a sequence here for each', () => {
    expect(scenarios.map(({ name }) => name)).toEqual(sequences.map(([name]) => name));
  });

  test('says in one sentence what happens', () => {
    for (const { does } of scenarios) expect(does).toMatch(/^[A-Z][^\n]*\.$/);
  });

  test('says how a wait ends', () => {
    expect(scenarios.map(({ name, ends }) => `${name} ${ends}`)).toEqual([
      'approved approved',
      'declined not-approved',
      'partial not-approved',
      'authorized authorized',
      'card-stored card-stored',
      'expired expired',
      'never-used timed-out',
      'cancelled-page expired',
      'credentials-rejected credentials-rejected',
      'fault-once approved',
      'slow approved',
      'busy approved',
      'receipt-late approved',
      'receipt-never receipt-unread',
      'html-page service-error',
      'cut-reply receipt-unread',
    ]);
  });
});

describe('asked every 10 s', () => {
  test.each(sequences)('%s answers %j', async (name, expected) => {
    const { clock, simulator, token } = await startScenario(name);
    const seen: string[] = [];
    for (const _step of expected) {
      seen.push(await readStatus(simulator, token));
      clock.realMs += 10_000 / timeScale;
    }
    expect(seen).toEqual(expected);
  });

  test('never-used is still NEW long after the life of a token', async () => {
    const { clock, simulator, token } = await startScenario('never-used');
    await readStatus(simulator, token);
    clock.realMs += 10 * 900_000;
    expect(await readStatus(simulator, token)).toBe(N);
  });
});

describe('what goes wrong', () => {
  test('credentials-rejected speaks of the account and the password', async () => {
    const { simulator, token } = await startScenario('credentials-rejected');
    const { status, body } = await askStatus11(simulator, { tokenID: token });
    expect(status).toBe(500);
    expect(body).toContain('---&gt; Invalid AccountID or Password.<');
  });

  test.each([
    [1, '5'],
    [2, '3'],
    [20, '1'],
  ])('busy at time scale %d asks to come back after %s real seconds', async (scale, seconds) => {
    const simulator = await start({ timeScale: scale, now: () => 0 });
    const tokenID = simulator.newToken('busy');
    await askStatus11(simulator, { tokenID });
    const { status, headers, body } = await askStatus11(simulator, { tokenID });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe(seconds);
    expect(body).toContain('<html>');
  });

  test('slow keeps every status reply for 3 simulated seconds', async () => {
    const { simulator, token } = await startScenario('slow');
    for (let call = 0; call < 2; call += 1) {
      const startedAt = performance.now();
      await readStatus(simulator, token);
      // Timers may be up to a millisecond early.
      expect(performance.now() - startedAt).toBeGreaterThan(2);
    }
  });

  test('html-page shows a login form', async () => {
    const { simulator, token } = await startScenario('html-page');
    const { status, body } = await askStatus11(simulator, { tokenID: token });
    expect(status).toBe(200);
    expect(body).toContain('<form');
  });

  test('receipt-late has its receipt at the third ask', async () => {
    const { simulator, token } = await useToken('receipt-late');
    for (let call = 0; call < 2; call += 1) {
      const { status, body } = await askReceipt(simulator, token);
      expect(status).toBe(200);
      expect(body).toMatch(/^errorCode=400&errorMessage=An unexpected error .* [0-9A-Z]{10}$/);
    }
    expect((await askReceipt(simulator, token)).body).toContain('&transactionStatus=C&');
    expect((await askReceipt(simulator, token)).body).toContain('&transactionStatus=C&');
  });

  test('receipt-late does not count asks before the token is used', async () => {
    const { clock, simulator, token } = await startScenario('receipt-late');
    await readStatus(simulator, token);
    for (let call = 0; call < 3; call += 1) await askReceipt(simulator, token);
    clock.realMs += 30_000 / timeScale;
    expect((await askReceipt(simulator, token)).body).toMatch(/^errorCode=400&/);
  });

  test('receipt-never never has one', async () => {
    const { simulator, token } = await useToken('receipt-never');
    for (let call = 0; call < 6; call += 1) {
      expect((await askReceipt(simulator, token)).body).toMatch(/^errorCode=400&/);
    }
  });

  test('cut-reply breaks off each time after what would pass for an approval', async () => {
    const { simulator, token } = await useToken('cut-reply');
    for (let call = 0; call < 2; call += 1) {
      const { status, headers, body, isCut } = await askReceipt(simulator, token);
      expect(isCut).toBe(true);
      expect(status).toBe(200);
      expect(Number(headers['content-length'])).toBe(body.length + 10);
      expect(body).toContain('&transactionStatus=C&');
    }
  });
});
