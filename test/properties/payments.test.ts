import fc from 'fast-check';
import { expect } from 'vitest';
import { credentialsRejectedError, InstaMedError, serviceError, unreachableError } from '../../src/domain/errors.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { PaymentResult } from '../../src/poll/payment-result.ts';
import { mostTokens, type Plan, planChecks } from '../../src/poll/plan.ts';
import { EventClock } from '../support/event-clock.ts';
import { type Asked, mostUnderWay, type PaymentsScene, playAll, tokensOf } from '../support/payments-scene.ts';
import { busy, lost, noConnection, notFound, notYet } from '../support/poll-script.ts';
import { holds } from '../support/property.ts';

const graceMs = 10_000;
/** A timer that fires late may be made up for by this much. */
const catchUpMs = 10;
/** Sums of fractions of a millisecond. */
const roundingMs = 1e-6;

const declined = 'transactionStatus=D';
/** Without an ID: one that several tokens have is a matter of its own. */
const approved = 'responseCode=000&transactionStatus=C';
const fault = serviceError('SOAP_FAULT', 'The token is unknown.');
const refused = credentialsRejectedError('CREDENTIALS_REJECTED', 'Refused.');

const late = unreachableError('ETIMEDOUT', 'It was late.', { retryable: true });
/** What may end the waits for all, whichever token meets it. */
const troubleOfAll: readonly InstaMedError[] = [refused, noConnection, notFound];

/** What one request meets: a text or trouble, after a while. */
interface Answer {
  readonly says: string | Error;
  readonly tookMs: number;
}

const answersOf = (...says: readonly (string | Error)[]): fc.Arbitrary<Answer> =>
  fc.record({
    says: fc.constantFrom(...says),
    tookMs: fc.constantFrom(1, 40, 40, 40, 250, 2_000, 12_000, 45_000),
  });

const statuses = fc.oneof(
  { weight: 30, arbitrary: answersOf('NEW') },
  { weight: 6, arbitrary: answersOf(lost, busy(), busy(700), busy(20_000), busy(2_000_000)) },
  { weight: 2, arbitrary: answersOf('PENDING', fault) },
  { weight: 1, arbitrary: answersOf(noConnection, notFound, refused, refused) },
  { weight: 4, arbitrary: answersOf('USED', 'complete', 'EXPIRED', 'EXPIRED') },
);
const receipts = fc.oneof(
  { weight: 1, arbitrary: answersOf(notYet, lost, busy(2_000), refused) },
  { weight: 2, arbitrary: answersOf(approved, approved, declined, 'transactionStatus=C&transactionStatus=D') },
);

/** What the services say of one token, ask by ask; the last answer stays. */
const tokenStory = fc.record({
  statuses: fc.array(statuses, { minLength: 1, maxLength: 12 }),
  receipts: fc.array(receipts, { minLength: 1, maxLength: 5 }),
});

const story = fc.record({
  tokens: fc.oneof(
    { weight: 3, arbitrary: fc.array(tokenStory, { minLength: 1, maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(tokenStory, { minLength: 10, maxLength: 60 }) },
  ),
  withReceipt: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  interruptMs: fc.option(fc.integer({ min: 0, max: 70_000 }), { freq: 3 }),
  options: fc.record({
    intervalMs: fc.constantFrom(1_000, 10_000),
    timeoutMs: fc.constantFrom(10_000, 31_234, 60_000, 200_000),
    requestTimeoutMs: fc.constantFrom(1_000, 30_000),
    maxFailures: fc.constantFrom(1, 3, 6),
    maxRate: fc.constantFrom<number[]>(1, 3, 7, 20, 1_000),
    concurrency: fc.constantFrom(1, 2, 16),
    until: fc.constantFrom('all', 'all', 'any', 'fail-fast'),
  }),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;
type Played = Awaited<ReturnType<typeof playStory>>;

const answerAt = (answers: readonly Answer[], ask: number) => answers[Math.min(ask, answers.length) - 1] as Answer;

/** More tokens than the budget serves are left out: that they are refused is tested elsewhere. */
async function playStory({ tokens: all, withReceipt, interruptMs, options }: Story, isSingle = false) {
  const told = all.slice(0, mostTokens(options));
  const tokens = tokensOf(told.length);
  const tellerOf = (what: 'statuses' | 'receipts') => (token: string, ask: number) =>
    answerAt(told[tokens.indexOf(token)]?.[what] ?? [], ask);
  const clock = new EventClock();
  const [interrupt, over] = [new AbortController(), new AbortController()];
  const scene: PaymentsScene = {
    clock,
    status: tellerOf('statuses'),
    receipt: withReceipt ? tellerOf('receipts') : null,
    options,
    isSingle,
    signal: interrupt.signal,
  };
  const playing = playAll(tokens, scene);
  if (interruptMs !== null) {
    void clock.sleep(interruptMs, over.signal).then(() => !over.signal.aborted && interrupt.abort());
  }
  const played = await playing;
  over.abort();
  return { ...played, told, tokens, asleep: clock.asleep, wasInterrupted: interrupt.signal.aborted };
}

const of = (asked: readonly Asked[], token: string, what: Asked['what']) =>
  asked.filter((one) => one.token === token && one.what === what);

/** What a request came to: its answer, trouble of its own limit, or nothing, where it was called off. */
function cameTo(request: Asked, { says, tookMs }: Answer): string | Error | null {
  const limit = Math.min(tookMs, request.timeoutMs);
  if (request.endMs - request.startMs < limit - roundingMs) return null;
  return tookMs > request.timeoutMs ? late : says;
}

function expectBudgetKept({ asked }: Played, { options: { maxRate, concurrency } }: Story): void {
  expect(mostUnderWay(asked)).toBeLessThanOrEqual(concurrency);
  let earliest = Number.NEGATIVE_INFINITY;
  const starts = asked.map(({ startMs }) => startMs).sort((a, b) => a - b);
  for (const [i, startMs] of starts.entries()) {
    // Where none came early each start is later than the one before it by the spacing, however far apart the two are.
    const ahead = startMs - (i * 1_000) / maxRate;
    expect(ahead).toBeGreaterThanOrEqual(earliest - catchUpMs - roundingMs);
    earliest = Math.max(earliest, ahead);
  }
}

function expectAsksInTime({ asked, tokens, told, events }: Played, { options }: Story): void {
  const plan = planChecks(tokens.length, options);
  const lastAsksFrom = plan.lastCheckMs(0);
  const madeUpMs = othersOf(asked).length * (1_000 / options.maxRate);
  for (const [index, token] of tokens.entries()) {
    const asks = of(asked, token, 'status');
    expect(mostUnderWay(asked.filter((one) => one.token === token))).toBeLessThanOrEqual(1);
    const due = earliestStarts(asks, told[index]?.statuses ?? [], plan, index);
    expect(asks.map(({ ownConnection }) => ownConnection)).toEqual(due.map(({ isConfirming }) => isConfirming));
    for (const [i, ask] of asks.entries()) {
      const at = due[i]?.atMs ?? Number.NaN;
      expect(ask.startMs).toBeGreaterThanOrEqual(at - roundingMs);
      expect(ask.startMs).toBeLessThanOrEqual(options.timeoutMs + graceMs + madeUpMs + roundingMs);
    }
  }
  for (const event of events) {
    if (event.type !== 'retrying' || event.error.retryAfterMs === null) continue;
    const heldUntil = Math.min(event.elapsedMs + event.nextInMs, lastAsksFrom);
    const held = asked.filter(({ startMs }) => startMs > event.elapsedMs && startMs < heldUntil - roundingMs);
    // A receipt waits for nobody's pause but its own.
    expect(held.filter(({ what }) => what === 'status')).toEqual([]);
  }
}

/** When each ask for a token may start, and whether it confirms an EXPIRED, which it does at once. */
function earliestStarts(asks: readonly Asked[], answers: readonly Answer[], plan: Plan, index: number) {
  let isConfirming = false;
  return asks.map((_ask, i) => {
    const before = asks[i - 1];
    if (!before) return { atMs: plan.firstCheckMs(index), isConfirming };
    const said = cameTo(before, answerAt(answers, i));
    const isExpired: boolean = said === 'EXPIRED' && !isConfirming;
    if (typeof said === 'string') isConfirming = isExpired;
    if (isExpired) return { atMs: before.endMs, isConfirming };
    const pauseMs = said instanceof InstaMedError ? said.retryAfterMs : null;
    const beat = Math.max(before.startMs + plan.intervalMs, before.endMs);
    const dueMs = pauseMs === null ? beat : before.endMs + Math.max(pauseMs, 1_000);
    return { atMs: dueMs < plan.lastCheckMs(0) ? dueMs : plan.lastCheckMs(index), isConfirming };
  });
}

/** The requests that no ask was planned for: receipts, and confirmations of an EXPIRED. */
const othersOf = (asked: readonly Asked[]) => asked.filter((one) => one.what === 'receipt' || one.ownConnection);

/** The deadline, its grace, and then the receipts, one after the other at worst. */
function expectEndInTime(
  { asked, results, elapsedMs, asleep }: Played,
  { options: { timeoutMs, maxRate } }: Story,
): void {
  const read = asked.filter(({ what }) => what === 'receipt');
  const readMs = read.reduce((sum, { startMs, endMs }) => sum + endMs - startMs + 1_000 / maxRate, 0);
  const confirmMs = asked.filter(({ ownConnection }) => ownConnection).length * (1_000 / maxRate);
  const receiptsMs = read.length > 0 ? readMs + 30_000 : 0;
  expect(elapsedMs).toBeLessThanOrEqual(timeoutMs + graceMs + confirmMs + receiptsMs + roundingMs);
  // Nobody waits for anything once the last token has its result.
  expect(elapsedMs).toBeLessThanOrEqual(Math.max(...[...results.values()].map((result) => result.elapsedMs)) + 1);
  expect(asleep).toBe(0);
}

const outcomes = new Set<Outcome>();
const troubled: readonly Outcome[] = ['service-error', 'credentials-rejected', 'unreachable'];

function expectRightResult(played: Played, { options, withReceipt }: Story, index: number): void {
  const { asked, told, tokens, results, wasInterrupted } = played;
  const token = tokens[index] as string;
  const result = results.get(token) as PaymentResult;
  const { outcome } = result;
  outcomes.add(outcome);
  const said = of(asked, token, 'status').map((ask, i) => cameTo(ask, answerAt(told[index]?.statuses ?? [], i + 1)));
  const answered = said.filter((each) => each !== null);
  expect(result.checks).toBe(answered.length);
  expect(Object.values(result.seen).reduce((sum, count) => sum + count, 0)).toBe(result.checks);
  const last = answered.at(-1);
  const isUsed = last === 'USED' || last === 'complete';
  // What is over was not asked for again.
  expect(answered.slice(0, -1).filter((each) => ['USED', 'complete'].includes(String(each)))).toEqual([]);
  const texts = answered.filter((each) => typeof each === 'string').join(' ');
  expect(texts.indexOf('EXPIRED EXPIRED')).toBe(outcome === 'expired' ? texts.length - 15 : -1);
  if (outcome === 'expired') expect(last).toBe('EXPIRED');
  if (outcome === 'interrupted') expect(wasInterrupted).toBe(true);
  if (isUsed) expectRightReceipt();
  else {
    expect(of(asked, token, 'receipt')).toEqual([]);
    expect(['expired', 'timed-out', 'pending', 'interrupted', ...troubled]).toContain(outcome);
    if (outcome === 'pending') expect(options.until).not.toBe('all');
    if (outcome === 'timed-out') {
      expect(result.elapsedMs).toBeGreaterThanOrEqual(planChecks(tokens.length, options).lastCheckMs(0) - 1);
    }
    // Its own trouble, or that of the host or the account, which another token had.
    const own = last instanceof InstaMedError ? [last] : [];
    if (troubled.includes(outcome)) expect([...own, ...troubleOfAll].map(codeOf)).toContain(result.error?.code);
  }

  function expectRightReceipt(): void {
    const read = of(asked, token, 'receipt').map((ask, i) => cameTo(ask, answerAt(told[index]?.receipts ?? [], i + 1)));
    const receipt = read.at(-1);
    if (!withReceipt) expect(outcome).toBe('used');
    else if (receipt === approved) expect(outcome).toBe('approved');
    else if (receipt === declined) expect(outcome).toBe('not-approved');
    else expect(['receipt-unread', ...(wasInterrupted ? ['interrupted'] : [])]).toContain(outcome);
    expect(read.length).toBeLessThanOrEqual(5);
  }
}

const codeOf = ({ code }: InstaMedError) => code;

holds(
  'many waits end in time and within their budget, nobody is asked twice at once or too early, and each token gets what it was answered',
  400,
  fc.asyncProperty(story, async (given) => {
    const played = await playStory(given);
    expect(played.results.size).toBe(played.tokens.length);
    expectBudgetKept(played, given);
    expectAsksInTime(played, given);
    expectEndInTime(played, given);
    for (const index of played.tokens.keys()) expectRightResult(played, given, index);
  }),
  // Every ending of a token came about.
  () => {
    const all: readonly Outcome[] = [
      ...([
        'approved',
        'not-approved',
        'used',
        'expired',
        'timed-out',
        'pending',
        'interrupted',
        'receipt-unread',
      ] as const),
      ...troubled,
    ];
    expect([...outcomes].sort()).toEqual([...all].sort());
  },
);

holds(
  'one token by itself, and as a list of one without a budget, meets the same requests, events and end',
  400,
  fc.asyncProperty(story, async (given) => {
    const options = { ...given.options, maxRate: 999_999, concurrency: 1, until: 'all' } as const;
    const one = { ...given, tokens: given.tokens.slice(0, 1), options };
    const [single, list] = [await playStory(one, true), await playStory(one)];
    expect(single.asked).toEqual(list.asked);
    expect(single.events).toEqual(list.events);
    expect(single.results).toEqual(list.results);
  }),
);
