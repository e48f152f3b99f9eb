import { describe, expect, test } from 'vitest';
import { canaryEnv, finds, secrets, spellings } from '../support/canaries.ts';
import { echo, type Place, places, type Way } from '../support/echo.ts';
import { byName } from '../support/replies.ts';
import { accountEnv, type Run, token } from '../support/run-cli.ts';

/** `decode` knows no account, and so no secret of one. */
const asking = places.filter(({ argv }) => argv[0] !== 'decode');

/** What of a run may not hold the secret: JSON for machines has the token whole, because the caller gave it. */
const guarded = ({ stdout, stderr }: Run, way: Way, secret: string) =>
  way.isForMachines && secret === token ? stderr : stdout + stderr;

/** In which spellings and ways of printing a secret shows that the service echoes in one place. */
async function leaks(place: Place, secret: string): Promise<string[]> {
  const found: string[] = [];
  for (const [spelling, write] of Object.entries(spellings)) {
    if (place.refuses?.test(write(secret))) continue;
    for (const way of place.shows) {
      const result = await echo(place, way, write(secret), { env: canaryEnv });
      if (finds(guarded(result, way, secret), secret)) found.push(`${spelling}, ${way.name}`);
    }
  }
  return found;
}

describe.each(Object.entries(secrets))('%s', (_name, secret) => {
  test.each(byName(asking))('does not show where the service echoes it: %s', async (_name, place) => {
    expect(await leaks(place, secret)).toEqual([]);
  });

  test.each(byName(asking))('would show if nobody knew it: %s', async (_name, place) => {
    const argv = place.argv.map((word) => (word === token ? 'another-token-of-somebody' : word));
    const hidden: string[] = [];
    for (const way of place.refuses?.test(secret) ? [] : place.shows) {
      const { stdout, stderr } = await echo({ ...place, argv }, way, secret, { env: accountEnv });
      if (!finds(stdout + stderr, secret)) hidden.push(way.name);
    }
    expect(hidden).toEqual([]);
  });

  test.each(Object.entries(spellings))('is known again in this spelling: %s', (_spelling, write) => {
    expect(finds(`said ${write(secret)}.`, secret)).toBe(true);
  });
});

// Texts are cut, and what is left of a secret that was cut in two is no longer the secret.
describe.each(['the security key', 'the token'])('%s', (name) => {
  const secret = secrets[name] ?? '';

  test.each(byName(asking))('does not show in part where a text is cut: %s', async (_name, place) => {
    const step = secret.length - 8;
    const found: string[] = [];
    for (let before = 0; before <= 640 && !place.refuses?.test(secret); before += step) {
      for (const way of place.shows.filter(({ name }) => name === 'text' || name === 'progress plain')) {
        const result = await echo(place, way, `${'x'.repeat(before)}:${secret} and more`, { env: canaryEnv });
        if (finds(result.stdout + result.stderr, secret)) found.push(`${way.name} after ${before} characters`);
      }
    }
    expect(found).toEqual([]);
  });
});

test('nothing is left of the secrets in what the program shows of itself', async () => {
  const place = places.find(({ name }) => name === 'the text that status asked for') as Place;
  for (const way of place.shows) {
    const { stdout, stderr } = await echo(place, way, 'NEW', { env: canaryEnv });
    for (const secret of Object.values(secrets)) {
      expect(finds(guarded({ stdout, stderr } as Run, way, secret), secret)).toBe(false);
    }
  }
});
