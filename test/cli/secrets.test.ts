import { expect, test } from 'vitest';
import { canaryEnv, finds, secrets, spellings } from '../support/canaries.ts';
import { echo, type Place, places, type Way } from '../support/echo.ts';
import { byName } from '../support/replies.ts';
import { accountEnv, type Run, token } from '../support/run-cli.ts';

// Each place from which a text of the service comes, in each way of printing in which it shows, with the secrets as they are.
// How else a secret may be spelled is a matter of the mask alone: test/redact/mask.test.ts.

/** `decode` knows no account, and so no secret of one. */
const asking = places.filter(({ argv }) => argv[0] !== 'decode');

/** What of a run may not hold the secret: JSON for machines has the token whole, because the caller gave it. */
const guarded = ({ stdout, stderr }: Run, way: Way, secret: string) =>
  way.isForMachines && secret === token ? stderr : stdout + stderr;

/** The secrets that can come in a place. */
const secretsFor = ({ refuses }: Place) => Object.entries(secrets).filter(([, secret]) => !refuses?.test(secret));

/** The same command line, for a run that knows neither the account nor the token. */
const unknowing = (place: Place): Place => ({
  ...place,
  argv: place.argv.map((word) => (word === token ? 'another-token-of-somebody' : word)),
});

test.each(byName(asking))('a secret of this run does not show, and any other text does: %s', async (_name, place) => {
  const leaks: string[] = [];
  const hidden: string[] = [];
  for (const [name, secret] of secretsFor(place)) {
    for (const way of place.shows) {
      const known = await echo(place, way, secret, { env: canaryEnv });
      if (finds(guarded(known, way, secret), secret)) leaks.push(`${name}, ${way.name}`);
      // What is not found here could not have been found above.
      const unknown = await echo(unknowing(place), way, secret, { env: accountEnv });
      if (!finds(unknown.stdout + unknown.stderr, secret)) hidden.push(`${name}, ${way.name}`);
    }
  }
  expect({ leaks, hidden }).toEqual({ leaks: [], hidden: [] });
  expect(secretsFor(place).length).toBeGreaterThan(1);
});

// Texts are cut, and what is left of a secret that was cut in two is no longer the secret. Wherever a text is cut, one of these
// is cut in the middle of a secret: they are the same row of secrets, each a quarter of one further.
// Of a text that long the tally shows nothing.
const quoting = asking.filter(({ name }) => name !== 'the tally of a wait that was lost');

test.each(byName(quoting))('no part of a secret shows where a text is cut: %s', async (_name, place) => {
  const secret = secrets['the security key'] as string;
  const row = `:${secret};`.repeat(40);
  for (let before = 0; before < secret.length; before += secret.length / 4) {
    for (const way of place.shows.filter(({ name }) => ['text', 'table', 'progress plain'].includes(name))) {
      const { stdout, stderr } = await echo(place, way, 'x'.repeat(before) + row, { env: canaryEnv });
      expect(finds(stdout + stderr, secret)).toBe(false);
    }
  }
});

test('the search knows a secret again, however it is spelled', () => {
  const missed = Object.entries(spellings).flatMap(([spelling, write]) =>
    Object.values(secrets).flatMap((secret) => (finds(`said ${write(secret)}.`, secret) ? [] : [spelling])),
  );
  expect(missed).toEqual([]);
});

test('nothing is left of the secrets in what the program shows of itself', async () => {
  const place = places.find(({ name }) => name === 'the text that status asked for') as Place;
  for (const way of place.shows) {
    const result = await echo(place, way, 'NEW', { env: canaryEnv });
    for (const secret of Object.values(secrets)) expect(finds(guarded(result, way, secret), secret)).toBe(false);
  }
});
