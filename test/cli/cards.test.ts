import { describe, expect, test } from 'vitest';
import { cards, findsCard, groupings } from '../support/canaries.ts';
import { echo, type Place, places } from '../support/echo.ts';
import { byName } from '../support/replies.ts';

/** Where a card number shows, for each grouping that the place can hold. */
async function shown(place: Place, card: string): Promise<string[]> {
  const found: string[] = [];
  for (const [grouping, write] of Object.entries(groupings)) {
    if (place.refuses?.test(write(card))) continue;
    for (const way of place.shows) {
      const { stdout, stderr } = await echo(place, way, `card:${write(card)}.`);
      if (findsCard(stdout + stderr, card)) found.push(`${grouping}, ${way.name}`);
    }
  }
  return found;
}

describe.each([cards[0], cards[2]] as string[])('card number %s', (card) => {
  test.each(byName(places))('is shown as its last four: %s', async (_name, place) => {
    expect(await shown(place, card)).toEqual([]);
    const { stdout, stderr } = await echo(place, place.shows[0] as Place['shows'][number], `card:${card}`);
    expect(stdout + stderr).toContain(`card:${'*'.repeat(card.length - 4)}${card.slice(-4)}`);
  });
});

test.each(byName(places))('a number that fails Luhn is no card, and stays: %s', async (_name, place) => {
  const hidden: string[] = [];
  for (const way of place.shows) {
    const { stdout, stderr } = await echo(place, way, 'no:4111111111111112');
    if (!findsCard(stdout + stderr, '4111111111111112')) hidden.push(way.name);
  }
  expect(hidden).toEqual([]);
});

test.each(byName(places))('a card number does not show in part where a text is cut: %s', async (_name, place) => {
  const found: string[] = [];
  for (let before = 0; before <= 640; before += 7) {
    for (const way of place.shows.filter(({ name }) => name === 'text' || name === 'progress plain')) {
      const { stdout, stderr } = await echo(place, way, `${'x'.repeat(before)}:4111111111111111,and-more`);
      if (findsCard(stdout + stderr, '4111111111111111')) found.push(`${way.name} after ${before} characters`);
    }
  }
  expect(found).toEqual([]);
});

test('a transaction ID stays whole, whatever its digits', async () => {
  const id = '4111111111111111a0000000000000ff';
  const place = places.find(({ name }) => name === 'a value of receipt') as Place;
  for (const way of place.shows) {
    const { stdout } = await echo(place, way, id);
    expect(stdout).toContain(id);
  }
});
