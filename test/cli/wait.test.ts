import { expect, test } from 'vitest';
import { run, token } from '../support/run-cli.ts';
import { nvpReply, statusReply } from '../support/scripted-transport.ts';

test('a used token with an approved receipt ends with 0', async () => {
  const { code, stdout, transport } = await run(['wait', token, '--json'], {
    steps: [
      { label: 'new', answer: statusReply('NEW') },
      { label: 'used', answer: statusReply('USED') },
      { label: 'receipt', answer: nvpReply('transactionStatus=C&responseCode=000&transactionID=1') },
    ],
  });
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'approved', exitCode: 0, seen: { NEW: 1, USED: 1 } });
  expect(code).toBe(0);
  expect(transport.leftovers).toEqual([]);
});
