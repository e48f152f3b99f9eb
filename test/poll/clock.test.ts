import { createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scaleClock, systemClock } from '../../src/poll/clock.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { noteWarnings } from '../support/warnings.ts';

const never = new AbortController().signal;

/** Runs `start` and watches the timers that it sets in the same turn. */
function watchTimers<T>(start: () => T): { started: T; timers: readonly NodeJS.Timeout[]; open: () => number } {
  const timers = new Map<number, NodeJS.Timeout>();
  const ended = new Set<number>();
  let isStarting = true;
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      if (type === 'Timeout' && isStarting) timers.set(id, resource as NodeJS.Timeout);
    },
    destroy: (id) => ended.add(id),
  }).enable();
  onTestFinished(() => {
    hook.disable();
  });
  const started = start();
  isStarting = false;
  return {
    started,
    timers: [...timers.values()],
    open: () => [...timers.keys()].filter((id) => !ended.has(id)).length,
  };
}

/** Lets Node tell its hooks what has ended. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the system clock', () => {
  test('counts milliseconds that never run backwards', async () => {
    const before = systemClock.now();
    await systemClock.sleep(2, never);
    const [after, uptime] = [systemClock.now(), process.uptime() * 1_000];
    expect(after - before).toBeGreaterThanOrEqual(2);
    expect(after - before).toBeLessThan(uptime);
  });

  test('has the date of the machine', () => {
    expect(Math.abs(systemClock.date().getTime() - Date.now())).toBeLessThan(1_000);
  });

  test('never wakes earlier than asked, though a timer of Node may', async () => {
    const oversleep = async (ms: number) => {
      const { signal } = new AbortController();
      const before = performance.now();
      await systemClock.sleep(ms, signal);
      return performance.now() - before - ms;
    };
    for (let round = 0; round < 20; round++) {
      const over = await Promise.all(Array.from({ length: 50 }, (_, i) => oversleep(0.3 + i / 17)));
      expect(Math.min(...over)).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([0, -1, Number.NEGATIVE_INFINITY, Number.NaN])('does not sleep for %d ms', async (ms) => {
    const { started, timers } = watchTimers(() => systemClock.sleep(ms, never));
    await started;
    expect(timers).toEqual([]);
  });

  test('leaves no timer and no listener behind when it wakes', async () => {
    const { signal } = new AbortController();
    const { started, timers, open } = watchTimers(() => systemClock.sleep(1, signal));
    expect(timers).toHaveLength(1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await started;
    await nextTurn();
    expect(open()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('wakes at once when it is aborted, without an error, a timer or a listener', async () => {
    const controller = new AbortController();
    const { started, open } = watchTimers(() => systemClock.sleep(3_600_000, controller.signal));
    expect(open()).toBe(1);
    controller.abort();
    const asleep = nextTurn().then(() => 'asleep');
    expect(await Promise.race([started, asleep])).toBeUndefined();
    await asleep;
    expect(open()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('does not fall asleep where it is aborted already', async () => {
    const signal = AbortSignal.abort();
    const { started, timers } = watchTimers(() => systemClock.sleep(3_600_000, signal));
    await expect(started).resolves.toBeUndefined();
    expect(timers).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each([2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])(
    'sleeps on for %d ms, more than a timer can take',
    async (ms) => {
      const warnings = noteWarnings('TimeoutOverflowWarning');
      const controller = new AbortController();
      let isAwake = false;
      const sleeping = systemClock.sleep(ms, controller.signal).then(() => {
        isAwake = true;
      });
      await systemClock.sleep(5, never);
      expect(isAwake).toBe(false);
      // Node warns of each timer that it cuts to a millisecond.
      expect(warnings).toEqual([]);
      controller.abort();
      await sleeping;
    },
  );

  test('ticks until it is stopped, and keeps no process alive for it', async () => {
    let ticks = 0;
    const {
      started: stop,
      timers,
      open,
    } = watchTimers(() =>
      systemClock.every(1, () => {
        ticks += 1;
      }),
    );
    expect(timers.map((timer) => timer.hasRef())).toEqual([false]);
    while (ticks < 3) await systemClock.sleep(1, never);
    stop();
    await nextTurn();
    expect(open()).toBe(0);
    const counted = ticks;
    await systemClock.sleep(5, never);
    expect(ticks).toBe(counted);
  });
});

describe('a scaled clock', () => {
  const setUp = () => {
    const clock = new ManualClock({ start: 7_000, wall: '2026-11-22T10:00:00.000Z' });
    return { clock, fast: scaleClock(clock, 15) };
  };

  test('starts at zero, at the date of its clock', () => {
    const { fast } = setUp();
    expect(fast.now()).toBe(0);
    expect(fast.date()).toEqual(new Date('2026-11-22T10:00:00.000Z'));
  });

  test('lets so many times the milliseconds pass', () => {
    const { clock, fast } = setUp();
    clock.advance(4_000);
    expect(fast.now()).toBe(60_000);
    expect(fast.date()).toEqual(new Date('2026-11-22T10:01:00.000Z'));
  });

  test('sleeps so many times shorter, until it is aborted', async () => {
    const { clock, fast } = setUp();
    await fast.sleep(30_000, never);
    expect(clock.sleeps).toEqual([2_000]);
    expect(fast.now()).toBe(30_000);
    const controller = new AbortController();
    const asleep = clock.holdSleepAfter(0);
    const sleeping = fast.sleep(15_000, controller.signal);
    await asleep;
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
    expect(clock.sleeps).toEqual([2_000, 1_000]);
  });

  test('ticks so many times as often, until it is stopped', () => {
    const { clock, fast } = setUp();
    let ticks = 0;
    const stop = fast.every(15_000, () => {
      ticks += 1;
    });
    clock.advance(3_500);
    expect(ticks).toBe(3);
    stop();
    expect(clock.tickers).toBe(0);
    clock.advance(3_500);
    expect(ticks).toBe(3);
  });

  test.each([3, 7, 15, 60, 900])('keeps the beat of a wait at %i times the speed, rounding or not', async (scale) => {
    const clock = new ManualClock({ start: 1_234.567 });
    const { checks } = await waitForPayment('a-token', {
      clock: scaleClock(clock, scale),
      check: async () => ({ state: 'NEW', text: 'NEW' }),
      viewReceipt: null,
    });
    expect(checks).toBe(91);
    expect(clock.elapsed).toBeCloseTo(900_000 / scale, 3);
  });
});
