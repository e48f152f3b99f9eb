import { describe, expect, test } from 'vitest';
import { DoctorTransport, examine } from '../support/doctor-world.ts';
import { accountEnv, run } from '../support/run-cli.ts';
import { certificate, goodHandshake, scriptedProbe } from '../support/scripted-probe.ts';

const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(accountEnv).filter(([name]) => !names.includes(name)));

const outlet = ['INSTAMED_MERCHANT_ID', 'INSTAMED_STORE_ID', 'INSTAMED_TERMINAL_ID'];

describe('a doctor that found no failure', () => {
  test('with a wrong NVP password says that it was not tried, and how to try it', async () => {
    const { check, document, code } = await examine([], { env: { ...accountEnv, INSTAMED_NVP_PASSWORD: 'wrong-one' } });
    expect(check('nvp-password')).toMatchObject({
      state: 'skipped',
      detail: 'set, but not tried: no receipt was read',
      remedy: expect.stringContaining('instamed-poll receipt TOKEN'),
    });
    expect(document.summary).toBe('None of 23 checks failed; not tried: NVP password.');
    expect(code).toBe(0);
  });

  test('without an NVP password has a warning', async () => {
    const { check, document, code } = await examine([], { env: without('INSTAMED_NVP_PASSWORD') });
    expect(check('nvp-password')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('instamed-poll config set nvpPassword'),
    });
    expect(document.summary).toBe('None of 23 checks failed; with a warning: NVP password.');
    expect(code).toBe(0);
  });

  test('without an outlet has skipped it, and says what cannot be done', async () => {
    const { check, ids, document, code } = await examine([], { env: without(...outlet) });
    expect(check('outlet')).toMatchObject({ state: 'skipped', remedy: expect.stringContaining('merchantId') });
    expect(ids('failed')).toEqual([]);
    expect(document.summary).toContain('not tried: Outlet for the receipt, NVP password.');
    expect(code).toBe(0);
  });

  test.each(outlet)('with half of an outlet, %s alone, does not pass it by', async (given) => {
    const missing = outlet.filter((name) => name !== given);
    const { check, code } = await examine([], { env: without(...missing) });
    expect(check('outlet').state).toBe('failed');
    expect(code).toBe(2);
  });
});

test('off a terminal the doctor writes one line for a check, whatever the check found', async () => {
  const env = without(...outlet);
  const { stdout } = await run(['doctor', '-q'], { env, transport: new DoctorTransport() });
  const lines = stdout.split('\n').filter((line) => line.startsWith('checks.'));
  const ids = lines.map(
    (line) => /^checks\.([a-z-]+)\.state\t(?:ok|warning|failed|skipped)\t[^\t]+\t[^\t]*$/.exec(line)?.[1],
  );
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(23);
});

test('a certificate whose end no calendar knows is shown, not a bug of ours', async () => {
  const handshake = async () => ({ ...goodHandshake, chain: [certificate({ validTo: new Date('Bad time value') })] });
  const { check, code } = await examine([], { probe: scriptedProbe({ handshake }) });
  expect(check('status-tls')).toMatchObject({ state: 'ok', detail: expect.stringContaining('end date unknown') });
  expect(check('status-tls').detail).not.toMatch(/NaN|Invalid|undefined/);
  expect(code).toBe(0);
});
