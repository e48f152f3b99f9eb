import { expect, test } from 'vitest';
import { systemClock } from '../../src/poll/clock.ts';
import { fault } from '../support/replies.ts';
import { run, token } from '../support/run-cli.ts';

test('the last line of the progress counts an ask that ended a wait with an error, too', async () => {
  const steps = [fault('soap:Client', 'The token is not known.')];
  // The only ask is made at once, so that nobody sleeps.
  const { stderr } = await run(['wait', '--from-file', '-'], { stdin: token, steps, clock: systemClock });
  expect(stderr).toContain('ended: 1 service-error, 1 check\n');
});
