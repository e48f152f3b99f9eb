import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { listenForStop } from '../../src/cli/runtime/signals.ts';

/** Sends signals to a listener, each at its millisecond, and gives what the listener made of them. */
function listenTo(...signals: readonly (readonly [atMs: number, signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'])[]) {
  const source = new EventEmitter();
  const heard: string[] = [];
  let now = 0;
  listenForStop(source, {
    now: () => now,
    first: (signal) => heard.push(`first ${signal}`),
    second: (signal) => heard.push(`second ${signal}`),
  });
  for (const [atMs, signal] of signals) {
    now = atMs;
    source.emit(signal);
  }
  return heard;
}

test('a stop signal that comes twice within a tenth of a second is one', () => {
  expect(listenTo([0, 'SIGINT'], [1, 'SIGINT'], [100, 'SIGINT'])).toEqual(['first SIGINT']);
  expect(listenTo([0, 'SIGHUP'], [5, 'SIGTERM'])).toEqual(['first SIGHUP']);
});

test('a stop signal that is sent again later is the second, whichever it is', () => {
  expect(listenTo([0, 'SIGINT'], [101, 'SIGINT'])).toEqual(['first SIGINT', 'second SIGINT']);
  expect(listenTo([0, 'SIGINT'], [50, 'SIGINT'], [900, 'SIGTERM'])).toEqual(['first SIGINT', 'second SIGTERM']);
});
