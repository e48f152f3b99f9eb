import { describe, expect, test } from 'vitest';
import { atOnce, type RequestBudget, RequestQueue } from '../../src/poll/request-queue.ts';
import { EventClock } from '../support/event-clock.ts';

const never = new AbortController().signal;

/** A queue, and the times at which its requests began and ended, by their names. */
function setUp(budget: Partial<RequestBudget> = {}) {
  const clock = new EventClock();
  const queue = new RequestQueue(clock, { maxRate: 10, concurrency: 2, ...budget });
  const began: [name: string, ms: number][] = [];
  const ended: [name: string, ms: number][] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const request =
    (name: string, takesMs = 0, then = () => {}) =>
    async () => {
      began.push([name, clock.elapsed]);
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await clock.sleep(takesMs, never);
      underWay -= 1;
      ended.push([name, clock.elapsed]);
      then();
    };
  const add = (dueMs: number, name: string, takesMs?: number, then?: () => void) =>
    queue.add(dueMs === atOnce ? atOnce : 5_000 + dueMs, request(name, takesMs, then));
  const run = () => clock.during(queue.run());
  const close = () => queue.close();
  return { clock, queue, add, run, close, began, ended, most: () => mostUnderWay };
}

test('requests start when they are due, in the order of their times, not of their coming', async () => {
  const { add, run, close, began } = setUp();
  add(3_000, 'third');
  add(1_000, 'first');
  add(5_000, 'last', 0, close);
  add(2_000, 'second');
  await run();
  expect(began).toEqual([
    ['first', 1_000],
    ['second', 2_000],
    ['third', 3_000],
    ['last', 5_000],
  ]);
});

test('of those that are due at the same time the first to come is the first to go', async () => {
  const { add, run, close, began } = setUp({ maxRate: 1_000 });
  const names = Array.from({ length: 50 }, (_, i) => `request ${i}`);
  for (const name of names) add(500, name);
  add(9_000, 'end', 0, close);
  await run();
  expect(began.map(([name]) => name)).toEqual([...names, 'end']);
});

test('whatever is due keeps the distance that the rate sets', async () => {
  const { add, run, close, began } = setUp({ maxRate: 4, concurrency: 9 });
  for (const name of ['a', 'b', 'c']) add(0, name);
  add(2_000, 'd', 0, close);
  await run();
  expect(began).toEqual([
    ['a', 0],
    ['b', 250],
    ['c', 500],
    ['d', 2_000],
  ]);
});

test('no more are under way than may be, and the next one starts as one ends', async () => {
  const { add, run, close, began, most } = setUp({ maxRate: 1_000, concurrency: 2 });
  add(0, 'a', 300);
  add(0, 'b', 700);
  add(0, 'c', 100);
  add(0, 'd', 100, close);
  await run();
  expect(began).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 300],
    ['d', 400],
  ]);
  expect(most()).toBe(2);
});

test('a slow request holds up nobody while another may be under way', async () => {
  const { add, run, close, began } = setUp({ maxRate: 10, concurrency: 2 });
  add(0, 'slow', 30_000);
  for (let i = 1; i <= 5; i++) add(i * 1_000, `quick ${i}`, 500, i === 5 ? close : undefined);
  await run();
  expect(began.map(([, ms]) => ms)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
});

test('what comes at once goes before what is overdue, in the order of its coming', async () => {
  const { add, run, close, began } = setUp({ maxRate: 1, concurrency: 1 });
  const more = () => {
    add(atOnce, 'receipt 1');
    add(atOnce, 'receipt 2');
  };
  add(0, 'a', 0, more);
  add(0, 'b');
  add(0, 'c', 0, close);
  await run();
  expect(began.map(([name]) => name)).toEqual(['a', 'receipt 1', 'receipt 2', 'b', 'c']);
});

test('what is added while everybody sleeps is not forgotten', async () => {
  const { clock, queue, add, close, began } = setUp();
  add(60_000, 'late', 0, close);
  const running = queue.run();
  const adding = clock.sleep(2_000, never).then(() => add(atOnce, 'early'));
  await clock.during(Promise.all([running, adding]));
  expect(began).toEqual([
    ['early', 2_000],
    ['late', 60_000],
  ]);
});

test('a pause holds everything, and the shorter of two changes nothing', async () => {
  const { queue, add, run, close, began } = setUp();
  add(0, 'a', 0, () => {
    queue.holdUntil(5_000 + 7_000);
    queue.holdUntil(5_000 + 3_000);
  });
  add(1_000, 'b');
  add(8_000, 'c', 0, close);
  await run();
  expect(began).toEqual([
    ['a', 0],
    ['b', 7_000],
    ['c', 8_000],
  ]);
});

describe('a timer that fires late', () => {
  test.each([
    ['is made up for', 4, [1_004, 1_010, 1_020]],
    ['is made up for by ten milliseconds, not by a burst', 500, [1_500, 1_500, 1_510]],
  ])('%s', async (_name, lateMs, starts) => {
    const { clock, add, run, close, began } = setUp({ maxRate: 100, concurrency: 9 });
    for (const name of ['a', 'b', 'c']) add(1_000, name, 0, name === 'c' ? close : undefined);
    add(0, 'first', 0, () => clock.skip(1_000 + lateMs));
    await run();
    expect(began.slice(1).map(([, ms]) => Math.ceil(ms))).toEqual(starts);
  });
});

test('once it is closed nothing more starts, and what is under way ends by itself', async () => {
  const { add, run, close, began, ended, clock } = setUp();
  add(0, 'slow', 9_000);
  add(1_000, 'closes', 0, close);
  add(2_000, 'never');
  await run();
  await clock.during(clock.sleep(20_000, never));
  expect(began.map(([name]) => name)).toEqual(['slow', 'closes']);
  expect(ended).toEqual([
    ['closes', 1_000],
    ['slow', 9_000],
  ]);
});

test('a bug in a request ends the queue with it', async () => {
  const { queue, run } = setUp();
  queue.add(5_000, () => Promise.reject(new TypeError('a bug')));
  queue.add(5_000 + 60_000, async () => {});
  await expect(run()).rejects.toThrow('a bug');
});
