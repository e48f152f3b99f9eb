import { describe, expect, test } from 'vitest';
import { receipt, status } from '../support/replies.ts';
import { run, token, type World } from '../support/run-cli.ts';

// eChecks are an ordinary tender; no name of their receipts is published, so the words in a name decide.

const numbers = {
  accountNumber: '98765432101',
  RoutingNumber: '011000015',
  check_number: '987620017',
  DriversLicense: 'D1234567X',
  patientSSN: '078-05-1120',
  CustomerDLLNumber: '55512345678',
  MICRData: '011000016 9876543219 1018',
};
const cardWithNothingBetween = '4111\u200b1111\u200b1111\u200b1111';
const body = Object.entries(numbers).map(([name, value]) => `${name}=${value}`);
const reply = ['transactionStatus=C', 'responseMessage= ', `note=${cardWithNothingBetween}`, ...body].join('&');

const ways: readonly (readonly [name: string, argv: readonly string[], world: World])[] = [
  ['receipt as lines', ['receipt', token], {}],
  ['receipt as a table', ['receipt', token], { tty: true, columns: 120 }],
  ['receipt as JSON', ['receipt', token, '--json'], {}],
  ['receipt with a trace', ['receipt', token, '--debug'], {}],
  ['one field', ['receipt', token, '--field', 'receipt.fields'], {}],
  ['wait', ['wait', token], {}],
  ['events of wait', ['wait', token, '-o', 'ndjson'], {}],
  ['decode', ['decode', '-', '--json'], { stdin: reply }],
];

describe('a bank, check, license or Social Security number is shown as its last four', () => {
  test.each(ways)('%s', async (_name, argv, world) => {
    const steps = { receipt: [receipt(reply)], wait: [status('USED'), receipt(reply)], decode: [] };
    const { stdout, stderr, code } = await run(argv, { ...world, steps: steps[argv[0] as keyof typeof steps] });
    expect(code).toBe(0);
    for (const value of [...Object.values(numbers), '4111111111111111']) {
      const sent = value.replace(/[^\dA-Z]/g, '');
      const shown = (stdout + stderr).replace(/[ \u200b-]|\\u200b/g, '');
      expect(shown).not.toContain(sent.slice(0, -4));
      if (argv[0] !== 'wait') expect(shown).toContain(sent.slice(-4));
    }
  });

  test('in an error that quotes the pair', async () => {
    const error = `errorCode=092&errorMessage=routingNumber=${numbers.RoutingNumber} is unknown`;
    const { stderr } = await run(['receipt', token], { steps: [receipt(error)] });
    expect(stderr).toContain('*****0015');
    expect(stderr).not.toContain('01100');
  });
});
