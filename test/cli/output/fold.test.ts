import { expect, test } from 'vitest';
import { fold, foldSentence } from '../../../src/cli/output/fold.ts';
import { receipt } from '../../support/replies.ts';
import { run, token } from '../../support/run-cli.ts';

const forged = 'instamed-poll: Approved. The payment was taken. ';

test.each([300, 80, 40, 20])(
  'at %i columns no quoted text passes for a line of ours, wherever it is broken',
  (columns) => {
    for (let before = 0; before < forged.length; before++) {
      const lines = foldSentence(`Declined. ${'x'.repeat(before)} ${forged.repeat(9)}`, columns).split('\n');
      expect(lines[0]).toMatch(/^Declined\./);
      for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}\S/);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines.length).toBeGreaterThan(1);
    }
  },
);

test('below 20 columns there is no room for an indent', () => {
  expect(foldSentence('one two three four five', 19)).toBe('one two three four\nfive');
  expect(foldSentence('one two three four five', 20)).toBe('one two three four\n  five');
});

test('an ID that is longer than the line is broken anywhere, and nothing of it is lost', () => {
  expect(fold('0ca7530a86084b46', 6)).toBe('0ca753\n0a8608\n4b46');
});

test('a sentence about a receipt goes by this, on stdout and on stderr', async () => {
  const steps = [receipt(`responseMessage=${'x'.repeat(20)} ${forged}&responseCode=010&transactionStatus=D`)];
  const { stdout } = await run(['receipt', token], { steps, tty: true, columns: 60 });
  expect(stdout).toMatch(/^Declined\..*\n {2}\S/);
  const failure = [receipt(`errorCode=400&errorMessage=${'x'.repeat(30)} ${forged}`)];
  const { stderr } = await run(['receipt', token], { steps: failure, tty: true, columns: 60 });
  expect(stderr).toMatch(/^The receipt service .*\n {2}\S/);
});
