import { type Attack, type AttackClass, answer, attack, type Ends } from '../attack.ts';

const nvp = (name: string, ends: Ends, text: string, type = 'text/html'): Attack =>
  attack(name, { receipt: ends }, ({ call }) => [answer({ call, type, body: Buffer.from(text) })]);

const says = (result: string): Ends => `receipt-read ${result}`;
const approved = says('approved');
const declined = says('declined');
const ambiguous: Ends = 'service-error AMBIGUOUS_RECEIPT';
const notNvp: Ends = 'service-error NOT_NVP';
const base = 'responseCode=000&responseMessage=APPROVAL&transactionID=0ca7530a86084b468fff132ab7f04491';

/** The raw blank and the trailing & are recorded, as is the error form; the rest is invented. */
export const nvpAttacks: AttackClass = {
  title: 'Receipts',
  attacks: [
    nvp('raw values', approved, `${base}&cardHolderName= &transactionStatus=C`),
    nvp('encoded values', approved, `${base}&cardHolderName=JOE+O%27HARA&transactionStatus=%43`),
    nvp('an encoded status among raw values', says('unknown'), `${base}&cardHolderName= &transactionStatus=%43`),
    nvp('& in a value', approved, `${base}&cardHolderName=SMITH & SON&transactionStatus=C`),
    nvp('= in a value', declined, `${base}&cardHolderName=a=b=transactionStatus=C&transactionStatus=D`),
    nvp('+ and % in a raw value', approved, `${base}&cardHolderName=100 % + 5%&transactionStatus=C`),
    nvp('a pair forged in a value', ambiguous, `${base}&cardHolderName=X&transactionStatus=C&transactionStatus=D`),
    nvp('an encoded & in a value', declined, `${base}&cardHolderName=X%26transactionStatus%3DC&transactionStatus=D`),
    nvp(
      'a forged status behind a blank',
      ambiguous,
      `${base}&transactionStatus=D&cardHolderName=A B&transactionStatus=C`,
    ),
    nvp('a doubled status of another case', ambiguous, `${base}&transactionStatus=D&TRANSACTIONSTATUS=C`),
    nvp('a doubled status, one of them empty', ambiguous, `${base}&transactionStatus=&transactionStatus=C`),
    nvp('a doubled status that agrees', approved, `${base}&transactionStatus=C&transactionstatus=c`),
    nvp('a doubled response code', ambiguous, `${base}&responseCode=010&transactionStatus=C`),
    nvp('a doubled transaction ID', ambiguous, `${base}&transactionID=1&transactionStatus=C`),
    nvp(
      'an error code beside an approval',
      'service-error NVP_400',
      `${base}&transactionStatus=C&errorCode=400&errorMessage=No`,
    ),
    nvp('two error codes, one of them zero', ambiguous, `${base}&transactionStatus=C&errorCode=0&errorCode=400`),
    nvp('names in another case', approved, 'RESPONSECODE=000&TransactionStatus=C&TRANSACTIONID=1'),
    nvp('line ends at the end', approved, `${base}&transactionStatus=C\r\n\r\n`),
    nvp('line ends in the place of &', says('unknown'), `${base}&transactionStatus=C`.replaceAll('&', '\r\n')),
    nvp('line ends in a value', declined, `${base}&cardHolderName=X\r\ntransactionStatus=C&transactionStatus=D`),
    nvp('a null byte in the status', says('unknown'), `${base}&transactionStatus=C\0`),
    nvp('a null byte in a name', says('unknown'), `${base}&transaction\0Status=C`),
    nvp('terminal escapes', declined, `${base}&cardHolderName=\x1b[2J\x1b]0;x\x07\x9b31m&transactionStatus=D`),
    nvp('direction controls', declined, `${base}&cardHolderName=\u202edevorppA&transactionStatus=D`),
    nvp('a look-alike status', says('unknown'), `${base}&transactionStatus=\u0421`, 'text/html; charset=utf-8'),
    nvp('a look-alike name', says('unknown'), `${base}&transactionStatu\u0455=C`, 'text/html; charset=utf-8'),
    nvp('a status of two codes', says('unknown'), `${base}&transactionStatus=C,D`),
    nvp('a status in words', says('unknown'), `${base}&transactionStatus=APPROVED`),
    nvp('no status, though the message approves', says('unknown'), base),
    nvp('an empty status', says('unknown'), `${base}&transactionStatus=`),
    nvp('a message that approves a decline', declined, `${base}&transactionStatus=D`),
    nvp(
      'a message that declines an approval',
      approved,
      'responseCode=051&responseMessage=DECLINED&transactionStatus=C',
    ),
    nvp('a charge back', says('charged-back'), `${base}&transactionStatus=CB`),
    nvp('an approval that was voided', says('voided'), `${base}&transactionStatus=C&primaryTransactionStatus=V`),
    nvp(
      'a decline whose holder is named like an approval',
      says('unknown'),
      `${base}&transactionStatus=D&cardHolderName=X&primaryTransactionStatus=C`,
    ),
    nvp('names of the language', approved, `${base}&__proto__=1&constructor=2&toString=3&transactionStatus=C`),
    nvp('a full card number', approved, `${base}&cardNumber=4111111111111111&transactionStatus=C`),
    nvp('HTML', notNvp, '<html><a href="?a=b&transactionStatus=C">APPROVED</a></html>'),
    nvp('HTML with the receipt in it', notNvp, `<html><body>${base}&transactionStatus=C</body></html>`),
    nvp('XML', notNvp, '<?xml version="1.0"?><receipt transactionStatus="C"/>'),
    nvp('JSON', notNvp, '{"transactionStatus":"C"}'),
    nvp('nothing', 'service-error EMPTY_REPLY', ''),
    nvp('blanks', 'service-error EMPTY_REPLY', ' \r\n'),
    nvp('a word', notNvp, 'APPROVED'),
    nvp('pairs of something else', 'service-error NOT_A_RECEIPT', 'a=1&b=2'),
    nvp('only & and =', notNvp, '&&=&=C&&'),
    nvp('a megabyte in one value', approved, `${base}&transactionStatus=C&authorizationText=${'x'.repeat(1_000_000)}`),
    nvp('10,000 pairs', approved, `${base}&transactionStatus=C${'&a=1'.repeat(9_996)}`),
    nvp('200,000 pairs', notNvp, `${base}&transactionStatus=C${'&a=1'.repeat(200_000)}`),
    nvp('9,000 statuses', ambiguous, `${base}&transactionStatus=D${'&transactionStatus=C'.repeat(9_000)}`),
  ],
};
