import { expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { fault, publishedReceipt, receipt, receiptOf, status, times } from '../support/replies.ts';
import { accountEnv, type Run, run, token, type World } from '../support/run-cli.ts';
import type { Step } from '../support/scripted-transport.ts';

// A lazy password can be any word of ours. It is taken out of what the service says, and out of nothing else.

/** What the service says in these runs holds none of the words that are looked for. */
const scenes: Readonly<Record<string, readonly [argv: readonly string[], steps: () => readonly Step[]]>> = {
  'an approved payment': [['wait', token], () => [status('NEW'), status('USED'), receipt('transactionStatus=C')]],
  'a declined payment': [['wait', token], () => [status('USED'), receipt('transactionStatus=D')]],
  'a cancelled payment': [['receipt', token], () => [receipt('transactionStatus=X')]],
  'a token that ran out': [
    ['wait', token, '--interval', '5m'],
    () => [status('NEW'), status('EXPIRED'), status('EXPIRED')],
  ],
  'a receipt that cannot be read': [
    ['wait', token],
    () => [status('USED'), ...times(5, receipt('errorCode=7&errorMessage=ZZ'))],
  ],
  'a status': [['status', token], () => [status('NEW')]],
  'a fault': [['status', token], () => [fault('Client', 'ZZ')]],
  'a wrong flag': [['wait', token, '--interval', '10'], () => []],
  'no command': [['wait'], () => []],
};

const words = [
  ...['not', 'taken', 'payment', 'Approved', 'approved', 'declined', 'Declined', 'The', 'the', 'receipt', 'status'],
  ...['instamed-poll', 'NEW', 'USED', 'EXPIRED', 'wait', '--interval', 'token', 'error', 'charge again', 'Do not'],
  ...['a', 'e', '1', '0', '.', ' ', 'C', 'D', 'outcome', 'schemaVersion', 'null', 'true', 'transactionStatus'],
];

const ways: Readonly<Record<string, World & { readonly flags: readonly string[] }>> = {
  lines: { flags: ['--progress', 'plain'] },
  'a table': { flags: ['--progress', 'plain'], tty: true, columns: 100 },
  JSON: { flags: ['--json', '--progress', 'json'] },
};

async function play(scene: string, way: string, secret: string): Promise<Pick<Run, 'code' | 'stdout' | 'stderr'>> {
  const [argv, steps] = scenes[scene] as (typeof scenes)[string];
  const { flags, ...world } = ways[way] as (typeof ways)[string];
  const env = { ...accountEnv, INSTAMED_SECURITY_KEY: secret, INSTAMED_NVP_PASSWORD: secret };
  const { code, stdout, stderr } = await run([...argv, ...flags], { ...world, env, steps: steps() });
  return { code, stdout, stderr };
}

test.each(Object.keys(scenes))('%s reads the same whatever word the password is', async (scene) => {
  for (const way of Object.keys(ways)) {
    // Both services say the same, but for the errorMessage ZZ and the Fault, which hold no word of the list.
    const expected = await play(scene, way, 'q9-canary-q9');
    // A word that does not stand there cannot be taken out.
    const standing = words.filter((word) => (expected.stdout + expected.stderr).includes(word));
    expect(standing.length).toBeGreaterThan(5);
    for (const word of standing) expect([way, word, await play(scene, way, word)]).toEqual([way, word, expected]);
  }
});

test('an echo of the same password is masked all the same', async () => {
  for (const word of words.filter((each) => each.length > 3)) {
    const env = { ...accountEnv, INSTAMED_SECURITY_KEY: word, INSTAMED_NVP_PASSWORD: word };
    const steps = [status('USED'), receipt(`transactionStatus=D&cardHolderName= &echo=Q ${word} Q`)];
    const { stdout } = await run(['wait', token, '--json', '-q'], { env, steps });
    const fields = readDocument({ stdout }, 'wait').receipt?.fields ?? [];
    expect(fields.at(-1)?.value).not.toContain(word);
    expect(fields.at(-1)?.value).toContain('***');
  }
});

test.each([
  ['C', 'approved'],
  ['D', 'declined'],
  ['a', 'declined'],
  ['010', 'declined'],
])('a receipt is judged by what came, not by what is shown of it: the password is %s', async (word, result) => {
  const env = { ...accountEnv, INSTAMED_NVP_PASSWORD: word };
  const body = result === 'approved' ? receiptOf('C') : publishedReceipt;
  const { stdout, code } = await run(['wait', token, '--json', '-q'], { env, steps: [status('USED'), receipt(body)] });
  expect(code).toBe(result === 'approved' ? 0 : 3);
  expect(readDocument({ stdout }, 'wait').receipt).toMatchObject({
    result,
    transactionStatus: result === 'approved' ? 'C' : 'D',
    partial: result !== 'approved',
  });
});

test('the receipt of a refund stays one, though neither of its IDs may be shown', async () => {
  const env = { ...accountEnv, INSTAMED_NVP_PASSWORD: 'a' };
  const steps = [status('USED'), receipt('transactionStatus=C&transactionID=1a1&primaryTransactionID=2a2')];
  const { stdout } = await run(['wait', token, '--json', '-q'], { env, steps });
  const { receipt: shown, summary } = readDocument({ stdout }, 'wait');
  expect([shown?.transactionId, shown?.primaryTransactionId]).toEqual([
    '*** (3 characters)',
    '*** (3 characters), another one',
  ]);
  expect(summary).not.toContain('The payment was taken');
});
