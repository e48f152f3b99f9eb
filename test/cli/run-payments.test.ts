import { expect, test } from 'vitest';
import { EventClock } from '../support/event-clock.ts';
import { run, token } from '../support/run-cli.ts';
import { faultReply, statusReply } from '../support/scripted-transport.ts';

test('the last line of the progress counts the asks that ended a wait with an error, too', async () => {
  const clock = new EventClock();
  const steps = [
    { label: 'a status', answer: statusReply('EXPIRED') },
    { label: 'an error', answer: faultReply('soap:Client', 'Unknown token.') },
  ];
  const { stderr } = await clock.during(run(['wait', token, `${token}2`], { clock, steps }));
  expect(stderr).toContain('ended: 1 expired · 1 service-error, 2 checks');
});
