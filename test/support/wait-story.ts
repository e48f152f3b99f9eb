import fc from 'fast-check';
import type { Outcome } from '../../src/domain/outcome.ts';
import { explainFailure, timeoutError } from '../../src/remote/failures.ts';
import type { HttpReply, HttpRequest } from '../../src/remote/http.ts';
import { faultReply, nvpReply, statusReply, textReply } from './scripted-transport.ts';

// The replies have the shapes that ASMX was recorded to write; that they come in this order is invented.

/** One answer of the service, and what it means for the wait. `pauseMs` is what Retry-After asks for. */
export interface Act {
  readonly name: string;
  readonly means: Meaning;
  readonly answer: (request: HttpRequest) => HttpReply | Error;
  readonly pauseMs?: number;
}

export type Meaning =
  | 'pending'
  | 'used'
  | 'expired'
  /** It may pass, and something answered, or nothing did. */
  | 'trouble'
  | 'silence'
  /** No connection at all: the first must not be waited out. */
  | 'no connection'
  /** It may pass, and is reported in words, which are the same each time. */
  | 'reported'
  /** It will not pass, or speaks of the credentials, unless a status was read before. */
  | 'strict'
  | 'rejected in words'
  /** It will not pass. */
  | Extract<Outcome, 'service-error' | 'credentials-rejected' | 'unreachable'>
  /** What a receipt says. */
  | Extract<Outcome, 'approved' | 'authorized' | 'card-stored' | 'not-approved' | 'unclear'>
  | 'partly approved'
  /** Not a receipt yet, or never one. */
  | 'not yet'
  | 'never';

const page = '<html><body>We are back soon</body></html>';
const html = (status: number, headers: Record<string, string> = {}) =>
  textReply(page, { status, headers: { 'content-type': 'text/html', ...headers } });
const network = (code: string, phase: 'connecting' | 'waiting') => (request: HttpRequest) =>
  explainFailure(Object.assign(new Error('lost'), { code }), request, phase);

const says = (text: string, means: Meaning): Act => ({ name: text, means, answer: () => statusReply(text) });
const answers = (name: string, means: Meaning, reply: HttpReply, pauseMs?: number): Act => ({
  name,
  means,
  answer: () => reply,
  ...(pauseMs !== undefined && { pauseMs }),
});
const fails = (code: string, phase: 'connecting' | 'waiting', means: Meaning): Act => ({
  name: code,
  means,
  answer: network(code, phase),
});
/** A reply that never comes: the request's own limit ends it. */
export const hangs: Act = { name: 'hangs', means: 'silence', answer: (request) => timeoutError(request, 'waiting') };

const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
const busy = [
  answers('503', 'trouble', html(503)),
  answers('503, again at once', 'trouble', html(503, { 'retry-after': '0' }), 0),
  answers('503, again in 4 s', 'trouble', html(503, { 'retry-after': '4' }), 4_000),
  answers(
    '503, again in a minute',
    'trouble',
    html(503, { date, 'retry-after': date.replace('00:00', '01:00') }),
    60_000,
  ),
  answers('429, again in a day', 'trouble', html(429, { 'retry-after': '86400' }), 86_400_000),
];
const pendingActs = [
  says('NEW', 'pending'),
  says(' new\n', 'pending'),
  says('PENDING', 'pending'),
  says('toString', 'pending'),
];
const passingActs = [
  ...busy,
  fails('ECONNRESET', 'waiting', 'silence'),
  fails('ECONNREFUSED', 'connecting', 'no connection'),
  hangs,
  answers('500', 'trouble', html(500)),
  answers('502', 'trouble', html(502)),
  answers('a Fault of the server', 'reported', faultReply('Server', 'Server was unable to process request.')),
];
const lastActs = [
  answers('a page', 'strict', html(200)),
  answers('a page, again in 7 s', 'strict', html(200, { 'retry-after': '7' }), 7_000),
  answers('404', 'strict', html(404)),
  answers('403 with a page', 'strict', html(403)),
  answers('a redirect', 'strict', textReply('', { status: 302, headers: { location: 'https://login.example/' } })),
  answers('nothing in the result', 'strict', statusReply('')),
  answers('a Fault of the client', 'strict', faultReply('Client', 'No such token')),
  answers('an error message', 'reported', statusReply('No such token')),
  answers('401', 'credentials-rejected', html(401)),
  answers('403', 'rejected in words', textReply('', { status: 403 })),
  answers('a wrong password', 'rejected in words', faultReply('Server', 'Invalid AccountID or Password.')),
  fails('ENOTFOUND', 'connecting', 'unreachable'),
  says('EXPIRED', 'expired'),
  says('expired', 'expired'),
];
const usedActs = [says('USED', 'used'), says('complete', 'used'), says('\tCompleted ', 'used')];

const receipt = (nvp: string, means: Meaning) => answers(nvp, means, nvpReply(nvp));
const lateActs = [
  receipt('errorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ', 'not yet'),
  receipt('', 'not yet'),
  answers('a page', 'not yet', html(200)),
  answers('500', 'not yet', html(500)),
  answers('503, again in 2 s', 'not yet', html(503, { 'retry-after': '2' })),
  fails('ECONNRESET', 'waiting', 'not yet'),
  fails('ECONNREFUSED', 'connecting', 'not yet'),
  answers('404', 'not yet', html(404)),
  answers('501', 'not yet', html(501)),
  answers('403 with a page', 'not yet', html(403)),
  answers('a redirect', 'not yet', textReply('', { status: 302, headers: { location: 'https://login.example/' } })),
];
const receiptActs = [
  receipt('responseCode=000&transactionStatus=C', 'approved'),
  receipt('responseCode=051&transactionStatus=S', 'approved'),
  receipt('responseCode=010&transactionStatus=C&partialApprovalAmount=1.00', 'partly approved'),
  receipt('transactionStatus=A', 'authorized'),
  receipt('transactionStatus=O', 'card-stored'),
  receipt('responseCode=000&responseMessage=APPROVAL&transactionStatus=D', 'not-approved'),
  receipt('transactionStatus=C&primaryTransactionStatus=V', 'not-approved'),
  receipt('responseCode=000&responseMessage=APPROVED', 'unclear'),
  receipt('transactionStatus=Q', 'unclear'),
  receipt('transactionStatus=C&TransactionStatus=D', 'never'),
  answers('401', 'never', html(401)),
  answers('a redirect', 'never', textReply('', { status: 302, headers: { location: 'https://login.example/' } })),
  { ...hangs, means: 'never' as const },
];

export interface Timed extends Act {
  readonly tookMs: number;
}

const timed = (acts: readonly Act[], tookMs: readonly number[]): fc.Arbitrary<Timed> =>
  fc.record({ act: fc.constantFrom(...acts), tookMs: fc.constantFrom(...tookMs) }).map(({ act, tookMs }) => ({
    ...act,
    tookMs,
  }));

const statusTimes = [0, 0, 80, 2_500, 14_000, 45_000];
const calm = fc.array(timed(pendingActs, statusTimes), { maxLength: 6 });
/** Six failures in a row are the limit. */
const storm = fc.array(timed([...passingActs, ...passingActs, ...lastActs], statusTimes), { maxLength: 7 });
const endingAct = fc.oneof(
  { weight: 4, arbitrary: timed(usedActs, [0, 300]) },
  { weight: 2, arbitrary: timed(lastActs, [0, 300]) },
  { weight: 1, arbitrary: timed(pendingActs, [0, 300]) },
);

/** What the service says, ask by ask; where it has said everything it stays with the last of it. */
export const story = fc.record({
  statuses: fc
    .tuple(calm, storm, calm, storm, endingAct, fc.option(timed(pendingActs, [0, 300])))
    .map(([first, second, third, fourth, ending, after]): readonly Timed[] => [
      ...first,
      ...second,
      ...third,
      ...fourth,
      ending,
      ...(after ? [after] : []),
    ]),
  receipts: fc
    .tuple(fc.array(timed(lateActs, [0, 400]), { maxLength: 5 }), timed(receiptActs, [0, 400]))
    .map(([late, last]): readonly Timed[] => [...late, last]),
  timeoutMs: fc.constantFrom(30_000, 30_000, 125_000, 125_000, 900_000),
  acceptPartial: fc.boolean(),
});

export type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

export const actAt = (acts: readonly Timed[], index: number) => acts[Math.min(index, acts.length - 1)] as Timed;

/** Typed out once more: the program's own table must not judge itself. */
export const codes: Partial<Record<Outcome, number>> = {
  ...{
    approved: 0,
    authorized: 0,
    'card-stored': 0,
    'not-approved': 3,
    unclear: 3,
    'credentials-rejected': 4,
    'service-error': 5,
  },
  ...{ expired: 6, unreachable: 7, 'receipt-unread': 9, 'timed-out': 124 },
};

/** What has to come of a story, by the contract. */
export function expectedOf(told: Story): { readonly outcome: Outcome; readonly checks: number } {
  const { statuses, timeoutMs } = told;
  const judge = new Judge();
  let start = 0;
  let confirmBy = Number.POSITIVE_INFINITY;
  for (let checks = 1; ; checks++) {
    const limit = Math.min(30_000, Math.max(0, timeoutMs - start) + 10_000, confirmBy - start);
    const { act, end, next } = playAct(actAt(statuses, checks - 1), start, limit);
    const outcome = judge.take(act);
    if (outcome === 'used') return { outcome: expectedOfReceipt(told), checks };
    if (outcome) return { outcome, checks };
    if (judge.isConfirming && confirmBy === Number.POSITIVE_INFINITY) {
      confirmBy = Math.max(timeoutMs, start) + 10_000;
      start = end;
      continue;
    }
    if (!judge.isConfirming) confirmBy = Number.POSITIVE_INFINITY;
    if (start >= timeoutMs || end >= timeoutMs) return { outcome: 'timed-out', checks };
    start = Math.min(next, timeoutMs);
  }
}

/** Of these nothing came that was an answer. */
const silent: readonly Meaning[] = ['silence', 'no connection', 'unreachable'];

/** Ends a wait by the contract's rules. Six failures are enough, and before the first status many a single one. */
export class Judge {
  /** Whether EXPIRED was said, and not yet confirmed or taken back. */
  isConfirming = false;
  #failures = 0;
  #same = { name: '', inARow: 0 };
  #hasAnswered = false;
  #hasStatus = false;

  /** How an answer ends the wait; null where it does not. */
  take({ name, means }: Pick<Act, 'name' | 'means'>): Outcome | null {
    this.#hasAnswered ||= !silent.includes(means);
    if (means === 'pending' || means === 'expired' || means === 'used') return this.#takeStatus(means);
    this.#failures += 1;
    const isSame = means === 'reported' && name === this.#same.name;
    this.#same = { name: means === 'reported' ? name : '', inARow: isSame ? this.#same.inARow + 1 : 1 };
    const ending = this.#hasAnswered ? 'service-error' : 'unreachable';
    if (means === 'credentials-rejected') return means;
    if (means === 'unreachable' || this.#failures >= 6)
      return this.#hasStatus ? ending : this.#strictEnding(means, ending);
    return this.#hasStatus ? null : this.#strictEnding(means, null);
  }

  #takeStatus(means: 'pending' | 'expired' | 'used'): Outcome | null {
    this.#failures = 0;
    this.#same = { name: '', inARow: 0 };
    this.#hasStatus = true;
    if (means === 'used') return 'used';
    if (means === 'expired' && this.isConfirming) return 'expired';
    this.isConfirming = means === 'expired';
    return null;
  }

  #strictEnding(means: Meaning, otherwise: Outcome | null): Outcome | null {
    if (means === 'rejected in words') return 'credentials-rejected';
    if (means === 'strict' || this.#same.inARow >= 3) return 'service-error';
    if (means === 'no connection') return this.#hasAnswered ? 'service-error' : 'unreachable';
    return otherwise;
  }
}

/** What an ask that starts then comes to, when it ends, and when the next one would be due. */
function playAct(act: Timed, start: number, limit: number) {
  const isLate = act.tookMs >= limit || act.name === hangs.name;
  const end = start + (isLate ? limit : act.tookMs);
  const onTheBeat = Math.max(start + 10_000, end);
  if (isLate) return { act: hangs, end, next: onTheBeat };
  const next = act.pauseMs === undefined ? onTheBeat : end + Math.max(act.pauseMs, 1_000);
  return { act, end, next };
}

/** What has to come of its receipts. */
export function expectedOfReceipt({ receipts, acceptPartial }: Story): Outcome {
  const read = [0, 1, 2, 3, 4].map((i) => actAt(receipts, i).means).find((means) => means !== 'not yet') ?? 'never';
  if (read === 'partly approved') return acceptPartial ? 'approved' : 'not-approved';
  return read === 'never' ? 'receipt-unread' : (read as Outcome);
}
