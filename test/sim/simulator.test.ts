import { describe, expect, test } from 'vitest';
import type { ScenarioName } from '../../src/sim/scenarios.ts';
import { simulatorSettings, startSimulator } from '../../src/sim/simulator.ts';
import { askReceipt, askStatus11, HandClock, headers11, readStatus, send, start } from '../support/sim-client.ts';

describe('startSimulator', () => {
  test('binds a free port of 127.0.0.1 and names both addresses', async () => {
    const { origin, statusUrl, receiptUrl } = await start();
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(statusUrl).toBe(`${origin}/providers/Forms/WebServices/SSOService.asmx`);
    expect(receiptUrl).toBe(`${origin}/payment/NVP.aspx`);
  });

  test('takes the port that it is given, and fails when it is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.origin).port);
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    expect((await start({ port })).origin).toBe(first.origin);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the time scale %d', async (timeScale) => {
    await expect(startSimulator({ timeScale })).rejects.toThrow(RangeError);
  });

  test('answers 404 with HTML elsewhere', async () => {
    const { origin } = await start();
    const received = await send(`${origin}/Forms/WebServices/SSOService.asmx`, {
      headers: headers11,
      body: 'x',
    });
    expect(received.status).toBe(404);
    expect(received.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test('does not tell cases of the path apart', async () => {
    const simulator = await start();
    const lower = { ...simulator, statusUrl: simulator.statusUrl.toLowerCase() };
    expect(await readStatus(lower, simulator.newToken('approved'))).toBe('NEW');
  });

  test('refuses a body that no client of the service sends', async () => {
    const simulator = await start();
    const body = Buffer.alloc(4 * 1024 * 1024 + 1, ' ');
    expect((await send(simulator.statusUrl, { headers: headers11, body })).status).toBe(413);
  });
});

describe('the settings', () => {
  test('look like real ones', () => {
    expect(simulatorSettings.accountId).toBe('demo@instamed.net');
    expect(simulatorSettings.securityKey).toMatch(/^(?=.*\+)(?=.*\/)[A-Za-z0-9+/]{16}$/);
    expect(simulatorSettings.merchantId).toMatch(/^0\d+$/);
    expect(simulatorSettings.storeId).toMatch(/^0\d+$/);
    expect(simulatorSettings.terminalId).toMatch(/^0\d+$/);
  });
});

describe('newToken', () => {
  test('makes 48 characters of Base64 that hold a GUID', async () => {
    const token = (await start()).newToken('approved');
    expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(Buffer.from(token, 'base64').toString('utf8')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('makes another one each time, each with its own clock', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const [first, second] = [simulator.newToken('approved'), simulator.newToken('approved')];
    expect(first).not.toBe(second);
    await readStatus(simulator, first);
    clock.realMs += 25_000;
    expect([await readStatus(simulator, first), await readStatus(simulator, second)]).toEqual(['USED', 'NEW']);
  });

  test('refuses a scenario that is not in the table', async () => {
    const simulator = await start();
    expect(() => simulator.newToken('toString' as ScenarioName)).toThrow(RangeError);
  });
});

describe('simulated time', () => {
  test('a token is NEW until the very millisecond of its use', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('approved');
    await readStatus(simulator, token);
    clock.realMs += 24_999;
    expect(await readStatus(simulator, token)).toBe('NEW');
    clock.realMs += 1;
    expect(await readStatus(simulator, token)).toBe('USED');
  });

  test('a refused ask does not start the clock of the token', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('approved');
    await askStatus11(simulator, { tokenID: token, password: 'guess' });
    clock.realMs += 25_000;
    expect(await readStatus(simulator, token)).toBe('NEW');
  });

  test('runs as many times faster as the scale says', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now, timeScale: 20, wallNow: () => Date.UTC(2026, 0, 1) });
    const token = simulator.newToken('approved');
    await readStatus(simulator, token);
    clock.realMs += 1_249;
    expect(await readStatus(simulator, token)).toBe('NEW');
    clock.realMs += 1;
    expect(await readStatus(simulator, token)).toBe('USED');
    // The date is in real time.
    expect((await askReceipt(simulator, token)).body).toMatch(/transactionDate=2026-01-01T00:00:01\.250\d{4}Z$/);
  });

  test('a shorter time to use and a shorter life can be chosen', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now, usedAfterMs: 0 });
    expect(await readStatus(simulator, simulator.newToken('approved'))).toBe('USED');
    const mortal = await start({ now: clock.now, usedAfterMs: 25_000, lifeMs: 20_000 });
    const token = mortal.newToken('approved');
    await readStatus(mortal, token);
    clock.realMs += 30_000;
    expect(await readStatus(mortal, token)).toBe('EXPIRED');
  });

  test('a used token never expires', async () => {
    const clock = new HandClock();
    const simulator = await start({ now: clock.now });
    const token = simulator.newToken('approved');
    await readStatus(simulator, token);
    clock.realMs += 10_000_000;
    expect(await readStatus(simulator, token)).toBe('USED');
  });

  test('runs by itself without an injected clock', async () => {
    const simulator = await start({ timeScale: 1_000_000_000 });
    const token = simulator.newToken('approved');
    await readStatus(simulator, token);
    expect(await readStatus(simulator, token)).toBe('USED');
  });
});

describe('close', () => {
  test('may be called twice', async () => {
    const simulator = await start();
    await simulator.close();
    await simulator.close();
    await expect(send(simulator.statusUrl, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('ends a reply that is still being kept back', async () => {
    const simulator = await start();
    const waiting = askStatus11(simulator, { tokenID: simulator.newToken('slow') });
    const outcome = waiting.then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    // Another call on its own connection shows that the first has been taken in.
    await readStatus(simulator, simulator.newToken('approved'));
    await simulator.close();
    expect(await outcome).toBe('ECONNRESET');
  });
});
