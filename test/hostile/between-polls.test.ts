import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clock, scaleClock, systemClock } from '../../src/poll/clock.ts';
import { createTransport } from '../../src/remote/transport.ts';
import { readEvents } from '../support/check-document.ts';
import { betweenPolls } from '../support/hostile/attacks/between-polls.ts';
import { HostileServer } from '../support/hostile/hostile-server.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { run } from '../support/run-cli.ts';

const fast = scaleClock(systemClock, 200);

/** However late the machine is, what was sent while we slept has been read when the sleep ends. */
const patientClock: Clock = {
  ...fast,
  async sleep(ms, signal) {
    await fast.sleep(ms, signal);
    await systemClock.sleep(5, signal);
  },
};

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.stop());

test.each(betweenPolls.map((each) => [each.name, each] as const))(
  '%s',
  async (_name, { story, outcome, seen, pauseS }) => {
    const transport = createTransport({ connections: 1 });
    const token = server.tell(story);
    // Where a pause is looked at, it is not waited for; elsewhere the other side needs some time between two asks.
    const clock = pauseS === undefined ? patientClock : new ManualClock();
    const argv = ['wait', token, '-o', 'ndjson', '--progress', 'none', '--request-timeout', '1s'];
    try {
      const { events, document } = readEvents(await run(argv, { env: server.env, transport, clock }));
      expect([document.outcome, document.seen]).toEqual([outcome, seen]);
      const retry = events.find(({ event }) => event === 'retrying');
      if (pauseS !== undefined) expect(retry?.['nextInMs']).toBe(pauseS * 1_000);
    } finally {
      await transport.close();
    }
  },
);
