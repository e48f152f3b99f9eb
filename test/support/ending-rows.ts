import { serviceError } from '../../src/domain/errors.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import {
  alwaysAnswers,
  bug,
  fault,
  lostConnection,
  noSuchHost,
  publishedError,
  publishedReceipt,
  publishedRefund,
  publishedVoid,
  receipt,
  receiptOf,
  redirect,
  status,
  stoppedAsking,
  stoppedAsleep,
  times,
  webPage,
  wrongPassword,
} from './replies.ts';
import { token, type World } from './run-cli.ts';
import type { Step } from './scripted-transport.ts';

/** One way in which a run ends: the command line without output and progress flags, and what must come of it. */
export interface EndingRow {
  readonly name: string;
  readonly argv: readonly string[];
  readonly world: () => World;
  readonly code: number;
  readonly outcome: Outcome;
  /** Whether there is an answer for stdout in text. */
  readonly answers: boolean;
  /** What the human sentence says. */
  readonly says: RegExp;
}

type Row = readonly [
  name: string,
  argv: readonly string[],
  world: World | (() => World),
  code: number,
  outcome: Outcome,
  says: RegExp,
];

const network = (...steps: readonly Step[]): World => ({ steps });
const paid = (nvp: string): World => network(status('NEW'), status('USED'), receipt(nvp));
const wait = ['wait', token];
/** Alike but for its end. */
const otherToken = `${token.slice(0, -4)}AAAA`;

/** Endings that answer what was asked. */
const answering: readonly Row[] = [
  [
    'C is approved',
    wait,
    paid(receiptOf('C')),
    0,
    'approved',
    /^Approved\. The payment was taken\. Until it settles it can be voided;/,
  ],
  [
    'S, settled, is approved',
    wait,
    paid(receiptOf('S')),
    0,
    'approved',
    /^Approved\. .* It is settled: it can only be refunded\.$/,
  ],
  [
    'A is authorized, and it is said that nothing is captured',
    wait,
    paid(receiptOf('A')),
    0,
    'authorized',
    /not captured/,
  ],
  ['O is a stored card', wait, paid(receiptOf('O')), 0, 'card-stored', /^Card stored\..*no payment/],
  [
    'a partial approval counts where it is accepted',
    [...wait, '--accept-partial'],
    paid('transactionStatus=C&partialApprovalAmount=99.00'),
    0,
    'approved',
    /^Partially approved: 99\.00 only\./,
  ],
  [
    'USED without a receipt is done, and nothing is said of an approval',
    [...wait, '--no-receipt'],
    network(status('USED')),
    0,
    'used',
    /not known whether the payment was approved/,
  ],
  [
    'a status is an answer',
    ['status', token],
    network(status('NEW')),
    0,
    'answered',
    /^NEW: the payer has not finished/,
  ],
  ['EXPIRED is an answer, too', ['status', token], network(status('EXPIRED')), 0, 'answered', /^EXPIRED:/],
  ['USED is judged good', ['status', token, '--exit-status'], network(status('complete')), 0, 'answered', /^USED:/],
  ['an expected status is good', ['status', token, '--expect', 'NEW'], network(status('New')), 0, 'answered', /^NEW:/],
  [
    'a receipt that was read is done, whatever it says',
    ['receipt', token],
    network(receipt(publishedReceipt)),
    0,
    'receipt-read',
    /^Declined\. The payment was not taken\. The status decides; ignore the message "Partially Approved \$1\.00"\.$/,
  ],
  ['a saved reply is decoded', ['decode', '-'], { stdin: publishedReceipt }, 0, 'decoded', /^Declined\./],
  [
    'a saved approval is judged good',
    ['decode', '-', '--exit-status'],
    { stdin: receiptOf('C') },
    0,
    'approved',
    /^Approved\./,
  ],
  ['the published sample is not approved', wait, paid(publishedReceipt), 3, 'not-approved', /^Declined\./],
  ['D is not approved', wait, paid(receiptOf('D')), 3, 'not-approved', /^Declined\. The payment was not taken\.$/],
  ['X is not approved', wait, paid(receiptOf('X')), 3, 'not-approved', /^Cancelled\./],
  ['V is not approved', wait, paid(receiptOf('V')), 3, 'not-approved', /^Voided\./],
  ['CB is not approved', wait, paid(receiptOf('CB')), 3, 'not-approved', /^Charged back\./],
  ['RI is not approved', wait, paid(receiptOf('RI')), 3, 'not-approved', /^Returned\./],
  ['SE is unclear', wait, paid(receiptOf('SE')), 3, 'unclear', /^Settlement error\..*Ask InstaMed/],
  ['an unknown code is unclear', wait, paid(receiptOf('Q')), 3, 'unclear', /^Unclear\..*Money may have moved/],
  ['no code at all is unclear', wait, paid('responseCode=000'), 3, 'unclear', /no transaction status/],
  [
    'two codes that contradict each other are unclear',
    wait,
    paid('transactionStatus=C&primaryTransactionStatus=D'),
    3,
    'unclear',
    /"C" and "D" contradict each other/,
  ],
  ['a refund is unclear', wait, paid(publishedRefund), 3, 'unclear', /^Unclear\..*belongs to another transaction/],
  [
    'a receipt of another token is unclear',
    wait,
    paid(`${receiptOf('C')}&singleSignOnToken=${otherToken}`),
    3,
    'unclear',
    /^Unclear\..*names another token/,
  ],
  ['a payment that was voided is not approved', wait, paid(publishedVoid), 3, 'not-approved', /^Voided\./],
  [
    'a part is not enough',
    wait,
    paid('transactionStatus=C&responseCode=010&partialApprovalAmount=99.00'),
    3,
    'not-approved',
    /99\.00.*Not counted as approved/,
  ],
  [
    'a receipt is judged where that is asked for',
    ['receipt', token, '--exit-status'],
    network(receipt(receiptOf('D'))),
    3,
    'not-approved',
    /^Declined\./,
  ],
  [
    'another status than the expected one',
    ['status', token, '--expect', 'USED'],
    network(status('NEW')),
    3,
    'not-expected',
    /^Expected USED, got NEW\. NEW: the payer has not finished/,
  ],
  ['a token that expires', wait, network(status('NEW'), ...times(2, status('EXPIRED'))), 6, 'expired', /^EXPIRED:/],
  [
    'EXPIRED is judged',
    ['status', token, '--exit-status'],
    network(status('EXPIRED')),
    6,
    'expired',
    /^EXPIRED: the session ran out/,
  ],
  [
    'NEW is judged',
    ['status', token, '--exit-status'],
    network(status('NEW')),
    8,
    'pending',
    /^NEW: the payer has not finished\.$/,
  ],
];

/** Endings without an answer. */
const troubles: readonly Row[] = [
  ['a bug of ours', wait, network(bug), 1, 'internal-error', /^A bug in instamed-poll: TypeError: cannot read/],
  ['a bare number', [...wait, '--interval', '5'], {}, 2, 'usage-error', /^--interval is not a duration: "5"\.$/],
  ['an unknown option', [...wait, '--bogus'], {}, 2, 'usage-error', /^Unknown option '--bogus'\.$/],
  ['an unreadable file', ['decode', 'no/such/file'], {}, 2, 'usage-error', /cannot be read: no\/such\/file \(ENOENT\)/],
  [
    'a Fault over credentials',
    wait,
    network(fault('Server', wrongPassword)),
    4,
    'credentials-rejected',
    /rejected the credentials/,
  ],
  ['a status service that wants a sign-on', wait, network(webPage('', 401)), 4, 'credentials-rejected', /401/],
  [
    'a receipt service that refuses',
    ['receipt', token],
    network(receipt('errorCode=401&errorMessage=Invalid AccountID or Password.', 401)),
    4,
    'credentials-rejected',
    /rejected the credentials/,
  ],
  [
    'a Fault of the client kind',
    wait,
    network(fault('Client', 'The token is not known to this account.')),
    5,
    'service-error',
    /not known to this account/,
  ],
  ['a page in place of SOAP', wait, network(webPage()), 5, 'service-error', /not its SOAP reply/],
  ['a redirect', wait, network(redirect('https://login.example/x')), 5, 'service-error', /login\.example/],
  ['six failures in a row', wait, network(...times(6, webPage('', 503))), 5, 'service-error', /503/],
  [
    'a connection that is lost again and again after an answer',
    wait,
    network(status('NEW'), ...times(6, lostConnection)),
    5,
    'service-error',
    /ended the connection/,
  ],
  ['an empty status', wait, network(status('')), 5, 'service-error', /without a status/],
  [
    'a status that nobody knows is judged',
    ['status', token, '--exit-status'],
    network(status('HELD')),
    5,
    'service-error',
    /unknown status: "HELD"/,
  ],
  ['the error form', ['receipt', token], network(receipt(publishedError)), 5, 'service-error', /errorCode 400/],
  [
    'a receipt with two statuses',
    ['receipt', token],
    network(receipt('transactionStatus=C&transactionStatus=D')),
    5,
    'service-error',
    /ambiguous.*"C" and "D"/,
  ],
  ['a saved error', ['decode', '-'], { stdin: publishedError }, 5, 'service-error', /errorCode 400/],
  ['no name server knows the host', wait, network(noSuchHost), 7, 'unreachable', /No address was found/],
  ['so in status', ['status', token], network(noSuchHost), 7, 'unreachable', /No address was found/],
  [
    'USED, and five times no receipt',
    wait,
    network(status('USED'), ...times(5, receipt(publishedError))),
    9,
    'receipt-unread',
    /^Money may have moved\. Do not charge again\. .*Payment History/,
  ],
  [
    'USED, and refused the receipt',
    wait,
    network(status('USED'), receipt('errorCode=401&errorMessage=Invalid AccountID or Password.', 401)),
    9,
    'receipt-unread',
    /^Money may have moved\. Do not charge again\./,
  ],
  [
    'USED, and a receipt with two statuses',
    wait,
    network(status('USED'), receipt('transactionStatus=C&transactionStatus=D')),
    9,
    'receipt-unread',
    /^Money may have moved\. Do not charge again\./,
  ],
  [
    'NEW to the end',
    [...wait, '--timeout', '30s'],
    { transport: alwaysAnswers(status('NEW')) },
    124,
    'timed-out',
    /^Timed out after 30s\. The token was still NEW at the last check\./,
  ],
  [
    'a status that nobody knows to the end',
    [...wait, '--timeout', '30s'],
    { transport: alwaysAnswers(status('HELD')) },
    124,
    'timed-out',
    /The last status was unknown: "HELD"\./,
  ],
  [
    'trouble that passes to the end',
    [...wait, '--timeout', '30s', '--max-failures', '9'],
    { transport: alwaysAnswers({ label: 'busy', answer: serviceError('HTTP_503', 'Busy.', { retryable: true }) }) },
    124,
    'timed-out',
    /The service never returned a status\./,
  ],
  [
    'HUP in a sleep',
    wait,
    () => stoppedAsleep('SIGHUP', [status('NEW')]),
    129,
    'interrupted',
    /^Stopped by SIGHUP after 0s\. The token was still NEW/,
  ],
  ['INT in a sleep', wait, () => stoppedAsleep('SIGINT', [status('NEW')]), 130, 'interrupted', /^Stopped by SIGINT/],
  ['TERM in a sleep', wait, () => stoppedAsleep('SIGTERM', [status('NEW')]), 143, 'interrupted', /^Stopped by SIGTERM/],
  [
    'INT while the receipt is read',
    wait,
    () => stoppedAsking('SIGINT', [status('USED')]),
    130,
    'interrupted',
    /^Stopped by SIGINT after 0s\. Money may have moved\. Do not charge again\./,
  ],
  ['TERM in status', ['status', token], () => stoppedAsking('SIGTERM'), 143, 'interrupted', /^Stopped while checking/],
  ['HUP in receipt', ['receipt', token], () => stoppedAsking('SIGHUP'), 129, 'interrupted', /^Stopped while reading/],
];

const toRow =
  (answers: boolean) =>
  ([name, argv, world, code, outcome, says]: Row): EndingRow => ({
    name: `${argv[0]} ends with ${code} (${outcome}): ${name}`,
    argv,
    world: typeof world === 'function' ? world : () => world,
    code,
    outcome,
    answers,
    says,
  });

export const endingRows: readonly EndingRow[] = [...answering.map(toRow(true)), ...troubles.map(toRow(false))];
