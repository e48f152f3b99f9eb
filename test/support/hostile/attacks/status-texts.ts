import { inResult } from '../../soap-replies.ts';
import { type Attack, type AttackClass, answer, attack, type Ends } from '../attack.ts';

const text = (name: string, ends: Ends, value: string): Attack =>
  attack(name, { status: ends }, ({ call }) => [
    answer({ call, type: 'text/xml; charset=utf-8', body: Buffer.from(inResult(value)) }),
  ]);

const unknown = (name: string, value: string) => text(name, 'answered UNKNOWN', value);

/** Published are NEW, USED, complete and EXPIRED; what a live service sends was never seen. The rest is invented. */
export const statusTexts: AttackClass = {
  title: 'Status texts',
  attacks: [
    text('lower case', 'answered USED', 'used'),
    text('padded', 'answered USED', '  Used\r\n'),
    text('the other wording', 'answered USED', 'complete'),
    text('NEW', 'answered NEW', 'NEW'),
    text('EXPIRED', 'answered EXPIRED', 'expired'),
    unknown('a word that nobody knows', 'PENDING'),
    unknown('a word around the word', 'UNUSED'),
    unknown('two words', 'USED EXPIRED'),
    unknown('the word with a full stop', 'USED.'),
    unknown('the word in quotation marks', '"USED"'),
    unknown('look-alike letters', 'US\u0415D'),
    unknown('wide letters', '\uff35\uff33\uff25\uff24'),
    unknown('a long s', 'u\u017fed'),
    unknown('a zero-width blank', 'US\u200bED'),
    unknown('a zero-width blank behind', 'USED\u200b'),
    unknown('a no-break blank behind', 'USED\u00a0'),
    unknown('a soft hyphen', 'US\u00adED'),
    unknown('direction controls', '\u202eDESU\u202c'),
    unknown('a combining mark', 'USE\u0301D'),
    unknown('__proto__', '__proto__'),
    unknown('constructor', 'constructor'),
    unknown('a number', '0'),
    unknown('the word false', 'false'),
    unknown('a megabyte', 'USED'.repeat(250_000)),
    text('a forged line', 'answered MESSAGE', 'NEW\ninstamed-poll: Approved. The payment was taken.'),
    text('words about the password', 'credentials-rejected CREDENTIALS_REJECTED', 'Invalid AccountID or Password.'),
  ],
};
