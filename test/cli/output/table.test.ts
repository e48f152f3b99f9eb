import { describe, expect, test } from 'vitest';
import { localTime } from '../../../src/cli/output/table.ts';
import { capturedReceipt, publishedReceipt, publishedVoid, receipt, receiptOf, status } from '../../support/replies.ts';
import { run, token, type World } from '../../support/run-cli.ts';

const terminal = (columns: number, more: World = {}): World => ({ tty: true, columns, ...more });

/** The table of a receipt that `wait` read after one NEW. */
async function tableOf(nvp: string, columns = 80, more: World = {}): Promise<string> {
  const steps = [status('NEW'), status('USED'), receipt(nvp)];
  const { stdout, stderr } = await run(['wait', token, '-q'], terminal(columns, { steps, ...more }));
  expect(stderr).toBe('');
  return stdout;
}

/** The rows of a table, label and value, however they were folded. */
function rowsOf(table: string): Map<string, string> {
  const rows: [string, string][] = [];
  for (const line of table.split('\n')) {
    const [, label = '', value = ''] = line.split('│').map((cell) => cell.trim());
    const last = rows.at(-1);
    if (label !== '') rows.push([label, value]);
    else if (value !== '' && last) last[1] += ` ${value}`;
  }
  return new Map(rows);
}

test('the published sample at 80 columns, to the letter', async () => {
  expect(await tableOf(publishedReceipt, 80, { timeZone: 'America/New_York' })).toBe(
    [
      'Declined. The payment was not taken. The status decides; ignore the message',
      '  "Partially Approved $1.00".',
      '┌───────────────┬──────────────────────────────────────────────┐',
      '│ Money         │ not-taken                                    │',
      '│ Date          │ 2016-01-15 15:37:21 EST (America/New_York)   │',
      '│ Card          │ VISA 411111******1111 expires 2017-06 Swiped │',
      '│ Authorization │ A3807B                                       │',
      '│ Transaction   │ 0ca7530a86084b468fff132ab7f04491             │',
      '│ Status        │ D, declined                                  │',
      '│ Response      │ 010 Partially Approved $1.00                 │',
      '│ Token         │ NTJm…N2Qz                                    │',
      '│ Token status  │ USED                                         │',
      '│ Checks        │ 2 in 10 s                                    │',
      '└───────────────┴──────────────────────────────────────────────┘',
      'Other fields:',
      '┌────────────────────┬──────────────────────────────────────────────────────┐',
      '│ IsEMVVerifiedByPIN │ false                                                │',
      '│ isEMVTransaction   │ false                                                │',
      '│ authorizationText  │ I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD │',
      '│                    │ HOLDER AGREEMENT.                                    │',
      '└────────────────────┴──────────────────────────────────────────────────────┘',
      '',
    ].join('\n'),
  );
});

/** Columns that a text takes: two for a character of Chinese or Japanese. */
const widthOf = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[\u1100-\u115F\u2E80-\uFFDC]/.test(character) ? 2 : 1), 0);

test('of thousands of fields, a hundred are shown', async () => {
  const table = await tableOf(`transactionStatus=C${'&a=1'.repeat(5_000)}`, 80);
  expect(table.split('\n').filter((line) => line.startsWith('│ a'))).toHaveLength(100);
  expect(table).toContain('4900 more are not shown; add --json to see them.\n');
});

// Wide, usual, on both sides of the width from which on a table has borders, and the narrowest that is folded.
describe.each([300, 80, 40, 39, 20])('at %d columns', (columns) => {
  const tooWide = (text: string) => text.split('\n').filter((line) => widthOf(line) > columns);

  test('a long receipt is no wider than the terminal, says first what happened, and cuts no ID', async () => {
    const long = `${publishedReceipt}&aNameThatIsLongerThanMostOfTheNamesThatAreKnownSoFar=1&paymentPlanID=CCC366B1641444FE9E59620340D5E06C&note=${'word '.repeat(40)}`;
    const table = await tableOf(long, columns);
    expect(tooWide(table)).toEqual([]);
    expect(table.replace(/\n */g, ' ')).toMatch(
      /^Declined\. The payment was not taken\. The status decides; ignore the message "Partially Approved \$1\.00"\. /,
    );
    for (const id of ['0ca7530a86084b468fff132ab7f04491', 'CCC366B1641444FE9E59620340D5E06C', 'A3807B']) {
      expect(table.replace(/[│\s]/g, '')).toContain(id);
    }
    expect(table.includes('│')).toBe(columns >= 40);
  });

  test('wide characters count as two', async () => {
    const wide = publishedReceipt.replace('cardHolderName= ', `cardHolderName=株式会社 ${'支払い'.repeat(12)}`);
    const table = await tableOf(wide, columns);
    expect(tooWide(table)).toEqual([]);
    expect(table.replace(/[│\s]|Card holder:?/g, '')).toContain(`株式会社${'支払い'.repeat(12)}`);
  });

  test('an error is folded, but not the command to run next', async () => {
    const { stderr } = await run(
      ['wait', token, '--timeout', '10s', '-q'],
      terminal(columns, { steps: [status('NEW'), status('NEW')] }),
    );
    expect(tooWide(stderr.replace(/^Next: .*$/m, ''))).toEqual([]);
    expect(stderr).toContain('\nNext: instamed-poll wait - --timeout 10s -q   (then paste the token NTJm…N2Qz)\n');
  });
});

test('a terminal that does not know its width is taken for one of 80 columns', async () => {
  expect(await tableOf(publishedReceipt, 0)).toBe(await tableOf(publishedReceipt, 80));
});

describe('the rows', () => {
  const shown = async (nvp: string) => rowsOf(await tableOf(nvp, 300));

  test('of a captured approval, with what else was sent', async () => {
    expect([...(await shown(capturedReceipt))]).toEqual([
      ['Money', 'taken'],
      ['Date', '2018-09-26 19:05:40 UTC'],
      ['Card', 'VISA 411111******1111 expires 2021-12 Keyed'],
      ['Authorization', 'A2CDB9'],
      ['Transaction', 'c5a1a5a099f748c8bf16b890c8b371ec'],
      ['Status', 'C, approved'],
      ['Response', '000 APPROVAL'],
      ['Payment plan', 'ccc366b1641444fe9e59620340d5e06c'],
      ['Token', 'NTJm…N2Qz'],
      ['Token status', 'USED'],
      ['Checks', '2 in 10 s'],
      ['IsEMVVerifiedByPIN', 'false'],
      ['isEMVTransaction', 'false'],
      ['isSignatureRequired', 'false'],
      ['paymentCardType', 'Credit'],
      ['authorizationText', 'I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.'],
    ]);
  });

  test('of a void, which is about another transaction', async () => {
    const rows = await shown(publishedVoid);
    expect(rows.get('Belongs to')).toBe('EE52401813A74328AAA7D93319FF4383');
    expect(rows.get('Its own status')).toBe('V');
    expect(rows.get('Status')).toBe('C, approved');
    expect(rows.has('Transaction')).toBe(false);
  });

  test.each([
    [
      'the same ID in another case is no other transaction',
      'transactionID=abc&primaryTransactionID=ABC',
      'Belongs to',
      undefined,
    ],
    ['an amount', 'amount=12.50', 'Amount', '12.50'],
    ['the approved part', 'partialApprovalAmount= 99.00 ', 'Approved part', '99.00'],
    ['no approved part where it is none', 'partialApprovalAmount=0.00', 'Approved part', undefined],
    ['a holder', 'cardHolderName=JOE MONTANA', 'Cardholder', 'JOE MONTANA'],
    ['a stored card', 'saveOnFileTransactionID=2FA2', 'Stored card', '2FA2'],
    ['a card of which four digits are known', 'cardBrand=VISA&lastFourDigits=1111', 'Card', 'VISA 1111'],
    ['a code without a message', 'responseCode=051', 'Response', '051'],
    ['a date that is none', 'transactionDate=yesterday', 'Date', 'yesterday'],
  ])('show %s', async (_name, fields, label, value) => {
    const rows = await shown(`transactionStatus=C&${fields}`);
    expect(rows.get(label)).toBe(value);
    expect([...rows.keys()]).not.toContain(fields.split('=')[0]);
  });

  test('show that a code is not a known one', async () => {
    expect((await shown('transactionStatus=Q')).get('Status')).toBe('Q, not a known code');
    expect((await shown('transactionID=1')).has('Status')).toBe(false);
  });

  test('show every other field, doubled ones included, decoded where the reply is', async () => {
    const table = await tableOf('transactionStatus=C&note=a%26b&note=c%20d&TRANSACTIONSTATUS=c', 300);
    expect(table).toMatch(/│ note +│ a&b +│/);
    expect(table).toMatch(/│ note +│ c d +│/);
    expect(table).not.toContain('TRANSACTIONSTATUS');
  });

  test('have no second table where nothing else was sent', async () => {
    expect(await tableOf(receiptOf('C'))).not.toContain('Other fields');
  });

  test.each([
    [
      ['status', token],
      [status('Complete')],
      [
        ['Money', 'unknown'],
        ['Token', 'NTJm…N2Qz'],
        ['Token status', 'USED ("Complete")'],
      ],
    ],
    [
      ['status', token],
      [status('HELD')],
      [
        ['Money', 'unknown'],
        ['Token', 'NTJm…N2Qz'],
        ['Token status', 'UNKNOWN ("HELD")'],
      ],
    ],
    [
      ['wait', token, '-q'],
      [status('EXPIRED'), status('EXPIRED')],
      [
        ['Money', 'unknown'],
        ['Token', 'NTJm…N2Qz'],
        ['Token status', 'EXPIRED'],
        ['Checks', '2 in 0 s'],
      ],
    ],
  ])('of %j are few', async (argv, steps, rows) => {
    const { stdout } = await run(argv, terminal(80, { steps }));
    expect([...rowsOf(stdout)]).toEqual(rows);
  });

  test('of decode are those of the receipt alone', async () => {
    const { stdout } = await run(['decode', '-'], { tty: true, stdin: receiptOf('C') });
    expect([...rowsOf(stdout)]).toEqual([
      ['Money', 'taken'],
      ['Status', 'C, approved'],
      ['Response', '000'],
    ]);
  });
});

describe('the date is that of the place', () => {
  test.each([
    ['2016-01-15T20:37:21.5238539Z', 'Europe/Vienna', '2016-01-15 21:37:21 GMT+1 (Europe/Vienna)'],
    ['2016-07-15T20:37:21.5238539Z', 'Europe/Vienna', '2016-07-15 22:37:21 GMT+2 (Europe/Vienna)'],
    ['2016-01-15T02:00:00Z', 'America/New_York', '2016-01-14 21:00:00 EST (America/New_York)'],
    ['2016-07-15T04:00:00Z', 'America/New_York', '2016-07-15 00:00:00 EDT (America/New_York)'],
    ['2016-01-15T20:37:21.5238539Z', 'UTC', '2016-01-15 20:37:21 UTC'],
    ['2016-01-15T20:37:21+02:00', 'UTC', '2016-01-15 18:37:21 UTC'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(localTime(text, zone)).toBe(expected);
  });

  test.each(['2016-01-15', '01/15/2016 08:37 PM', '2016-13-45T00:00:00Z', 'x2016-01-15T20:37:21Z', '0'])(
    '%s is no such date, and stays',
    (text) => {
      expect(localTime(text, 'UTC')).toBe(text);
    },
  );
});
