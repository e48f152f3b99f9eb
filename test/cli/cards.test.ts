import { expect, test } from 'vitest';
import { findsCard } from '../support/canaries.ts';
import { echo, type Place, places } from '../support/echo.ts';
import { byName } from '../support/replies.ts';

// In which groups a card number may be written is a matter of the mask alone: test/redact/card-numbers.test.ts.
const card = '4111111111111111';
/** It fails Luhn. */
const noCard = '4111111111111112';

test.each(byName(places))(
  'a card number shows as its last four, and any other number whole: %s',
  async (_name, place) => {
    for (const way of place.shows) {
      const { stdout, stderr } = await echo(place, way, `card:4111-1111-1111-1111.no:${noCard}`);
      expect(stdout + stderr).toContain('card:************1111');
      expect(findsCard((stdout + stderr).replaceAll(noCard, ''), card)).toBe(false);
      expect(stdout + stderr).toContain(noCard);
    }
  },
);

// Wherever a text is cut, one of these is cut in the middle of a number: the same row, each a quarter of one further. Of a
// text that long the tally of a wait shows nothing.
const quoting = places.filter(({ name }) => name !== 'the tally of a wait that was lost');

test.each(byName(quoting))('a card number does not show in part where a text is cut: %s', async (_name, place) => {
  const row = `:${card},`.repeat(40);
  for (let before = 0; before < card.length; before += card.length / 4) {
    for (const way of place.shows.filter(({ name }) => ['text', 'table', 'progress plain'].includes(name))) {
      const { stdout, stderr } = await echo(place, way, 'x'.repeat(before) + row);
      expect(findsCard(stdout + stderr, card)).toBe(false);
    }
  }
});

test('a transaction ID stays whole, whatever its digits', async () => {
  const id = '4111111111111111a0000000000000ff';
  const place = places.find(({ name }) => name === 'a value of receipt') as Place;
  for (const way of place.shows) {
    const { stdout } = await echo(place, way, id);
    expect(stdout).toContain(id);
  }
});
