import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { credentialsRejectedError, type InstaMedError, serviceError } from '../../src/domain/errors.ts';
import { readTokenStatus } from '../../src/domain/token-status.ts';
import { waitForPayments } from '../../src/poll/wait-for-payments.ts';
import { EventClock } from '../support/event-clock.ts';
import { busiest, mostUnderWay, playAll, tokensOf } from '../support/payments-scene.ts';
import { busy, lost, noConnection, notFound } from '../support/poll-script.ts';

const refused = credentialsRejectedError('CREDENTIALS_REJECTED', 'Refused.', {
  reference: '02198MGNBZ',
  hint: 'Check the key.',
});
/** What a token has for its error that another one met. */
const ofAnother = (error: InstaMedError) => ({
  category: error.category,
  code: error.code,
  message: `Skipped: another token failed with: ${error.message}`,
  hint: error.hint,
  retryable: error.retryable,
  connecting: error.connecting,
  reference: null,
});
const fault = serviceError('SOAP_FAULT', 'The token is unknown.');

/** NEW so many times, and then something else. */
const newUntil = (ask: number, times: number, then: string) => (ask <= times ? 'NEW' : then);

test('each token is asked, read and judged by itself', async () => {
  const says: Record<string, readonly [status: string, receipt: string]> = {
    'token-0': ['USED', 'transactionStatus=C'],
    'token-1': ['USED', 'transactionStatus=D'],
    'token-2': ['EXPIRED', ''],
    'token-3': ['USED', 'transactionStatus=A'],
  };
  const { results, outcomes, order, asked } = await playAll(tokensOf(4), {
    status: (token, ask) => newUntil(ask, 2, says[token]?.[0] ?? ''),
    receipt: (token) => says[token]?.[1] ?? '',
  });
  expect(outcomes()).toEqual(['approved', 'not-approved', 'expired', 'authorized']);
  expect(order).toEqual(['token-0', 'token-1', 'token-2', 'token-3']);
  expect(results.get('token-1')).toMatchObject({ checks: 3, receipt: { result: 'declined' }, error: null });
  expect(results.get('token-2')).toMatchObject({ checks: 4, receipt: null, status: { state: 'EXPIRED' } });
  expect(asked.filter(({ what }) => what === 'receipt').map(({ token }) => token)).toEqual([
    'token-0',
    'token-1',
    'token-3',
  ]);
});

test.each([
  [{ maxRate: 0 }, 'maxRate is not a whole number from 1: 0.'],
  [{ concurrency: 0 }, 'concurrency is not a whole number from 1: 0.'],
])('a budget of nothing is refused: %o', async (options, message) => {
  await expect(playAll(tokensOf(2), { status: () => 'NEW', options })).rejects.toMatchObject({
    category: 'usage',
    message,
  });
});

test('a budget of one request at a time is enough', async () => {
  const { outcomes, asked } = await playAll(tokensOf(3), { status: () => 'USED', options: { concurrency: 1 } });
  expect(outcomes()).toEqual(['approved', 'approved', 'approved']);
  expect(mostUnderWay(asked)).toBe(1);
});

test('whoever listens hears of each event and each decision, with its token', async () => {
  const decisions: unknown[] = [];
  const clock = new EventClock();
  const waiting = waitForPayments(['a', 'b'], {
    clock,
    check: async (token) => readTokenStatus(token === 'a' ? 'USED' : 'EXPIRED'),
    viewReceipt: null,
    onDecision: ({ check, next }, token) => decisions.push([token, check, next]),
  });
  await clock.during(waiting);
  expect(decisions).toEqual([
    ['a', 1, 'read-receipt'],
    ['b', 1, 'confirm'],
    ['b', 2, 'stop'],
  ]);
  const { events } = await playAll(tokensOf(2), {
    status: () => 'USED',
    receipt: (token, ask) => (token === 'token-1' && ask === 1 ? lost : 'transactionStatus=C'),
  });
  const retries = events.filter(({ type }) => type === 'retrying');
  expect(retries).toMatchObject([{ token: 'token-1', what: 'receipt', error: lost }]);
});

test('no token is no work', async () => {
  const never = () => Promise.reject(new Error('asked'));
  await expect(
    waitForPayments([], { clock: new EventClock(), check: never, viewReceipt: never }),
  ).resolves.toBeUndefined();
});

describe('when it asks', () => {
  test('the first asks are spread over the interval, and each token keeps its beat', async () => {
    const { startsOf } = await playAll(tokensOf(4), {
      status: () => 'NEW',
      options: { timeoutMs: 60_000 },
    });
    // The last of the last asks starts at the deadline, and the rate is 20 a second.
    expect(startsOf('token-0')).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 59_850]);
    expect(startsOf('token-1')).toEqual([2_500, 12_500, 22_500, 32_500, 42_500, 52_500, 59_900]);
    expect(startsOf('token-3')).toEqual([7_500, 17_500, 27_500, 37_500, 47_500, 57_500, 60_000]);
  });

  test('one token is asked as ever: 91 times', async () => {
    const { startsOf, outcomes } = await playAll(tokensOf(1), { status: () => 'NEW' });
    expect(startsOf('token-0')).toEqual(Array.from({ length: 91 }, (_, i) => i * 10_000));
    expect(outcomes()).toEqual(['timed-out']);
  });

  test('more tokens than the rate serves stretch the interval, evenly', async () => {
    const { asked, startsOf } = await playAll(tokensOf(100), {
      status: () => 'NEW',
      options: { timeoutMs: 60_000, maxRate: 5 },
    });
    expect(startsOf('token-0').map(Math.round)).toEqual([0, 20_000, 40_000, 40_200]);
    expect(startsOf('token-99').map(Math.round)).toEqual([19_800, 39_800, 60_000]);
    expect(busiest(asked, 1_000)).toBeLessThanOrEqual(5);
  });

  test('where the budget is full no ask comes late, up to the deadline', async () => {
    const { asked, startsOf } = await playAll(tokensOf(200), { status: () => 'NEW', options: { timeoutMs: 105_000 } });
    expect(startsOf('token-0').slice(-3).map(Math.round)).toEqual([80_000, 90_000, 95_050]);
    expect(startsOf('token-101').slice(-3).map(Math.round)).toEqual([75_050, 85_050, 100_100]);
    expect(startsOf('token-199').slice(-2).map(Math.round)).toEqual([89_950, 105_000]);
    expect(busiest(asked, 1_000)).toBeLessThanOrEqual(20);
  });

  test('with 200 tokens the rate is never passed, and nobody is asked twice at once', async () => {
    const { asked, outcomes } = await playAll(tokensOf(200), {
      status: (_token, ask) => newUntil(ask, 5, 'USED'),
      options: { timeoutMs: 120_000 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['approved']));
    expect(asked).toHaveLength(200 * 7);
    expect(busiest(asked, 1_000)).toBeLessThanOrEqual(20);
    for (const token of tokensOf(200)) expect(mostUnderWay(asked.filter((one) => one.token === token))).toBe(1);
  });

  test('an ask that comes late, because receipts went before, is not taken for the last one', async () => {
    const { startsOf, outcomes } = await playAll(tokensOf(300), {
      status: (token, ask) => {
        if (token < 'token-2') return 'USED';
        return newUntil(ask, 1, token === 'token-299' ? 'USED' : 'NEW');
      },
      options: { maxRate: 10, timeoutMs: 60_000, concurrency: 99 },
    });
    const [first = 0, last = 0, ...others] = startsOf('token-299');
    expect(first).toBeGreaterThan(30_100);
    expect(last).toBeGreaterThanOrEqual(60_000);
    expect(others).toEqual([]);
    expect(outcomes().at(-1)).toBe('approved');
  });

  test('where the timeout is no longer than the interval each token is asked twice all the same, apart', async () => {
    const { startsOf } = await playAll(tokensOf(50), { status: () => 'NEW', options: { timeoutMs: 10_000 } });
    expect(startsOf('token-0')).toEqual([0, 7_550]);
    expect(startsOf('token-49')).toEqual([4_900, 10_000]);
  });

  test('no more requests are under way than may be', async () => {
    const { asked } = await playAll(tokensOf(50), {
      status: () => ({ tookMs: 3_000, says: 'NEW' }),
      options: { timeoutMs: 60_000, concurrency: 7 },
    });
    expect(mostUnderWay(asked)).toBe(7);
  });

  test('one token that is slow, and one that fails, delay nobody else', async () => {
    const says = (token: string) => {
      if (token === 'token-3') return { tookMs: 30_000, says: 'NEW' };
      return token === 'token-7' ? lost : 'NEW';
    };
    const { asked } = await playAll(tokensOf(20), { status: says, options: { timeoutMs: 120_000 } });
    const plain = await playAll(tokensOf(20), { status: () => 'NEW', options: { timeoutMs: 120_000 } });
    const others = (all: typeof asked) =>
      all.filter(({ token }) => token !== 'token-3' && token !== 'token-7').map(({ startMs }) => startMs);
    expect(others(asked)).toEqual(others(plain.asked));
  });

  test('too many tokens are refused before anything is asked', async () => {
    const playing = playAll(tokensOf(601), { status: () => 'NEW', options: { timeoutMs: 60_000 } });
    await expect(playing).rejects.toMatchObject({ category: 'usage', code: 'TOO_MANY_TOKENS' });
  });
});

describe('the receipts', () => {
  test('go before the asks, and within the same budget', async () => {
    const { asked, startsOf, outcomes } = await playAll(tokensOf(40), {
      status: () => 'USED',
      options: { maxRate: 2, timeoutMs: 60_000 },
    });
    expect(busiest(asked, 1_000)).toBe(2);
    expect(startsOf('token-0', 'receipt')).toEqual([500]);
    expect(new Set(outcomes())).toEqual(new Set(['approved']));
  });

  test('have their time from their first turn on, however late that comes', async () => {
    const { outcomes, asked } = await playAll(tokensOf(30), {
      status: () => 'USED',
      receipt: (_token, ask) => (ask === 1 ? lost : 'transactionStatus=C'),
      options: { maxRate: 1, timeoutMs: 120_000 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['approved']));
    expect(asked.filter(({ what, timeoutMs }) => what === 'receipt' && timeoutMs === 30_000)).toHaveLength(30);
  });

  test('that are refused again and again are not asked for any more', async () => {
    const { outcomes, asked, results } = await playAll(tokensOf(10), {
      status: () => 'USED',
      receipt: () => refused,
    });
    expect(asked.filter(({ what }) => what === 'receipt')).toHaveLength(3);
    expect(new Set(outcomes())).toEqual(new Set(['receipt-unread']));
    expect(results.get('token-2')?.error).toBe(refused);
    expect(results.get('token-9')?.error).toMatchObject(ofAnother(refused));
  });

  test('are asked for by threes, until one has come: the password may be wrong', async () => {
    const wrong = await playAll(tokensOf(40), {
      status: () => 'USED',
      receipt: () => ({ tookMs: 5_000, says: refused }),
    });
    expect(wrong.asked.filter(({ what }) => what === 'receipt')).toHaveLength(3);
    expect(new Set(wrong.outcomes())).toEqual(new Set(['receipt-unread']));
    const right = await playAll(tokensOf(40), {
      status: () => 'USED',
      receipt: () => ({ tookMs: 5_000, says: 'transactionStatus=C' }),
    });
    const receipts = right.asked.filter(({ what }) => what === 'receipt');
    expect(mostUnderWay(receipts.slice(0, 3))).toBe(3);
    expect(receipts[3]?.startMs).toBeGreaterThanOrEqual(receipts[0]?.endMs ?? Number.NaN);
    expect(mostUnderWay(receipts)).toBe(16);
    expect(new Set(right.outcomes())).toEqual(new Set(['approved']));
  });

  test('are not asked for where nobody wants them', async () => {
    const { outcomes, asked } = await playAll(tokensOf(2), { status: () => 'USED', receipt: null });
    expect(outcomes()).toEqual(['used', 'used']);
    expect(asked).toHaveLength(2);
  });
});

describe('trouble with the host or the account', () => {
  test.each([
    ['no connection', noConnection, 'unreachable'],
    ['a wrong address', notFound, 'service-error'],
  ])('%s before the first status ends all, after one request', async (_name, error, outcome) => {
    const { outcomes, asked, results } = await playAll(tokensOf(50), { status: () => error });
    expect(asked).toHaveLength(1);
    expect(new Set(outcomes())).toEqual(new Set([outcome]));
    expect(results.get('token-0')?.error).toBe(error);
    expect(results.get('token-49')).toMatchObject({ error: ofAnother(error), checks: 0, status: null });
  });

  test('three refusals before the first status end all: one may be about its token', async () => {
    const { outcomes, asked, results } = await playAll(tokensOf(50), { status: () => refused });
    expect(asked.map(({ token }) => token)).toEqual(['token-0', 'token-1', 'token-2']);
    expect(new Set(outcomes())).toEqual(new Set(['credentials-rejected']));
    expect(results.get('token-2')?.error).toBe(refused);
    expect(results.get('token-49')).toMatchObject({ error: ofAnother(refused), checks: 0, status: null });
  });

  test('a refusal before the first status ends its token alone', async () => {
    const { outcomes } = await playAll(tokensOf(4), { status: (token) => (token < 'token-2' ? refused : 'USED') });
    expect(outcomes()).toEqual(['credentials-rejected', 'credentials-rejected', 'approved', 'approved']);
  });

  test('a wrong address ends all even if something answered before that, while no status has', async () => {
    const { asked } = await playAll(tokensOf(50), { status: (token) => (token === 'token-0' ? lost : notFound) });
    expect(asked.map(({ token }) => token)).toEqual(['token-0', 'token-1']);
  });

  test('before the first status what is under way is called off, and ends by the same trouble', async () => {
    const { outcomes, results, elapsedMs } = await playAll(tokensOf(3), {
      status: (token) => (token === 'token-0' ? { tookMs: 9_000, says: 'NEW' } : { tookMs: 100, says: notFound }),
    });
    expect(outcomes()).toEqual(['service-error', 'service-error', 'service-error']);
    expect(results.get('token-0')).toMatchObject({ checks: 0, error: ofAnother(notFound) });
    expect(elapsedMs).toBeLessThan(4_000);
  });

  test.each([
    ['a Fault may be one token alone', fault],
    ['an empty result may be one token alone', serviceError('EMPTY_RESULT', 'Empty.')],
  ])('%s', async (_name, error) => {
    const { outcomes } = await playAll(tokensOf(3), { status: (token) => (token === 'token-0' ? error : 'USED') });
    expect(outcomes()).toEqual(['service-error', 'approved', 'approved']);
  });

  test('a refusal after the first status concerns its token', async () => {
    const { outcomes } = await playAll(tokensOf(3), { status: (token) => (token === 'token-1' ? refused : 'USED') });
    expect(outcomes()).toEqual(['approved', 'credentials-rejected', 'approved']);
  });

  test('three refusals in a row end all: going on could lock the account', async () => {
    const { outcomes, asked, elapsedMs } = await playAll(tokensOf(10), {
      status: (token) => (token === 'token-0' ? 'NEW' : refused),
      options: { maxFailures: 99 },
    });
    expect(asked).toHaveLength(4);
    expect(new Set(outcomes())).toEqual(new Set(['credentials-rejected']));
    expect(elapsedMs).toBe(3_100);
  });

  test('one token that fails too often ends by itself, though nothing has had a status yet', async () => {
    const { outcomes } = await playAll(tokensOf(3), {
      status: (token) => (token === 'token-0' ? lost : 'USED'),
      options: { maxFailures: 1 },
    });
    expect(outcomes()).toEqual(['unreachable', 'approved', 'approved']);
  });

  test('of several troubles at once the first is told to all others', async () => {
    const second = serviceError('REDIRECT', 'The host sends us on.');
    const { results, elapsedMs } = await playAll(tokensOf(350), {
      status: (token) => ({ tookMs: token === 'token-0' ? 1_000 : 950, says: token === 'token-0' ? notFound : second }),
      options: { concurrency: 99 },
    });
    expect(results.get('token-0')?.error).toBe(notFound);
    expect(results.get('token-1')?.error).toBe(second);
    for (const token of tokensOf(350).slice(3)) expect(results.get(token)?.error).toMatchObject(ofAnother(notFound));
    // A hundred in each turn, so that a Ctrl-C is heard.
    expect(elapsedMs).toBe(1_003);
  });

  test('no more than three are asked for at once before the first answer: the key may be wrong', async () => {
    const { asked, outcomes } = await playAll(tokensOf(200), {
      status: () => ({ tookMs: 3_000, says: refused }),
      options: { intervalMs: 10_000 },
    });
    expect(asked.map(({ token }) => token)).toEqual(['token-0', 'token-1', 'token-2']);
    expect(new Set(outcomes())).toEqual(new Set(['credentials-rejected']));
  });

  test('those that had to wait for the first answer are all asked then', async () => {
    const { asked, outcomes, startsOf } = await playAll(tokensOf(200), {
      status: (_token, ask) => ({ tookMs: 3_000, says: newUntil(ask, 1, 'EXPIRED') }),
      options: { concurrency: 99 },
    });
    expect(asked.slice(0, 3).map(({ startMs }) => startMs)).toEqual([0, 50, 100]);
    expect(startsOf('token-3').slice(0, 2)).toEqual([3_050, 13_050]);
    expect(new Set(outcomes())).toEqual(new Set(['expired']));
    expect(busiest(asked, 1_000)).toBeLessThanOrEqual(20);
  });

  test('a first answer that does not come lets others through, one for each that ends', async () => {
    const { asked, outcomes } = await playAll(tokensOf(5), {
      status: (_token, ask) => (ask === 1 ? { tookMs: 60_000, says: 'NEW' } : 'EXPIRED'),
    });
    expect(asked.slice(0, 5).map(({ token, startMs }) => [token, startMs])).toEqual([
      ['token-0', 0],
      ['token-1', 2_000],
      ['token-2', 4_000],
      ['token-3', 30_000],
      ['token-4', 32_000],
    ]);
    expect(new Set(outcomes())).toEqual(new Set(['expired']));
  });

  test('refusals with an answer between them are not in a row', async () => {
    const { outcomes } = await playAll(tokensOf(8), {
      status: (token) => (Number(token.slice(6)) % 3 === 0 ? 'EXPIRED' : refused),
    });
    expect(outcomes()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => (i % 3 === 0 ? 'expired' : 'credentials-rejected')));
  });

  test('a host that has answered one token may be waited for by another', async () => {
    const { outcomes } = await playAll(tokensOf(2), {
      status: (token, ask) => (token === 'token-1' && ask < 3 ? noConnection : newUntil(ask, 4, 'USED')),
    });
    expect(outcomes()).toEqual(['approved', 'approved']);
  });

  test('a token that never had an answer is no host that never answered', async () => {
    const { outcomes } = await playAll(tokensOf(2), { status: (token) => (token === 'token-1' ? lost : 'USED') });
    expect(outcomes()).toEqual(['approved', 'service-error']);
  });

  test('a pause that the service asks for slows everybody down', async () => {
    const { asked } = await playAll(tokensOf(10), {
      status: (token, ask) => (token === 'token-4' && ask === 1 ? busy(45_000) : newUntil(ask, 9, 'EXPIRED')),
    });
    const pauseAt = asked.find(({ token }) => token === 'token-4')?.endMs ?? 0;
    const after = asked.filter(({ startMs }) => startMs > pauseAt);
    expect(Math.min(...after.map(({ startMs }) => startMs))).toBe(pauseAt + 45_000);
    expect(busiest(after, 1_000)).toBeLessThanOrEqual(20);
  });

  test('a pause holds up no receipt: money may have moved', async () => {
    const { startsOf, outcomes } = await playAll(tokensOf(2), {
      status: (token, ask) => (token === 'token-0' ? newUntil(ask, 1, 'USED') : busy(600_000)),
      receipt: (_token, ask) => (ask < 3 ? busy() : 'transactionStatus=C'),
      options: { intervalMs: 8_000, maxFailures: 1_000 },
    });
    expect(outcomes()[0]).toBe('approved');
    const [used = 0] = startsOf('token-0').slice(-1);
    expect(startsOf('token-0', 'receipt').map((ms) => ms - used)).toEqual([100, 1_200, 4_300]);
  });

  test('a pause beyond the deadline leaves time for the last asks', async () => {
    const { startsOf, outcomes } = await playAll(tokensOf(10), {
      status: (token, ask) => (token === 'token-4' && ask === 1 ? busy(86_400_000) : 'NEW'),
      options: { timeoutMs: 100_000 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['timed-out']));
    expect(startsOf('token-0')).toEqual([0, 99_800]);
    expect(startsOf('token-4')).toEqual([4_000, 100_000]);
    // Its first ask was held up until then, and so it is not its last one.
    expect(startsOf('token-9')).toEqual([99_750, 100_250]);
  });
});

describe('what ends the run', () => {
  const oneSettles = (_token: string, ask: number) => (_token === 'token-2' && ask === 2 ? 'USED' : 'NEW');

  test('any: the first token that settles, and the others are given up', async () => {
    const { outcomes, results, asked } = await playAll(tokensOf(4), {
      status: oneSettles,
      options: { until: 'any' },
    });
    expect(outcomes()).toEqual(['pending', 'pending', 'approved', 'pending']);
    expect(results.get('token-3')).toMatchObject({ checks: 1, status: { state: 'NEW' }, error: null });
    expect(Math.max(...asked.map(({ startMs }) => startMs))).toBe(15_100);
  });

  test('any: settled is settled, whatever the receipt says, and so is EXPIRED', async () => {
    const declined = { status: oneSettles, receipt: () => 'transactionStatus=D', options: { until: 'any' } } as const;
    expect((await playAll(tokensOf(3), declined)).outcomes()).toEqual(['pending', 'pending', 'not-approved']);
    const expired = await playAll(tokensOf(2), {
      status: (token) => (token === 'token-0' ? 'EXPIRED' : 'NEW'),
      options: { until: 'any' },
    });
    expect(expired.outcomes()).toEqual(['expired', 'pending']);
  });

  test('any: trouble with one token is no end of its payment', async () => {
    const { outcomes } = await playAll(tokensOf(3), {
      status: (token) => (token === 'token-0' ? fault : oneSettles(token, 2)),
      options: { until: 'any' },
    });
    expect(outcomes()).toEqual(['service-error', 'pending', 'approved']);
  });

  test('any: a receipt that is being read is read on, as money may have moved', async () => {
    const { outcomes } = await playAll(tokensOf(2), {
      status: () => 'USED',
      receipt: (token) => ({ tookMs: token === 'token-0' ? 8_000 : 100, says: 'transactionStatus=C' }),
      options: { until: 'any' },
    });
    expect(outcomes()).toEqual(['approved', 'approved']);
  });

  test('any: an ask that is under way is called off', async () => {
    const { outcomes, elapsedMs } = await playAll(tokensOf(2), {
      status: (token) => (token === 'token-0' ? { tookMs: 25_000, says: 'USED' } : 'USED'),
      options: { until: 'any' },
    });
    expect(outcomes()).toEqual(['pending', 'approved']);
    expect(elapsedMs).toBe(5_200);
  });

  test('fail-fast: the first bad end, and a good one is none', async () => {
    const { outcomes } = await playAll(tokensOf(4), {
      status: (token, ask) => (token < 'token-2' ? 'USED' : newUntil(ask, 3, 'USED')),
      receipt: (token) => `transactionStatus=${token === 'token-1' ? 'D' : 'C'}`,
      options: { until: 'fail-fast' },
    });
    expect(outcomes()).toEqual(['approved', 'not-approved', 'pending', 'pending']);
  });
});

describe('the end of time', () => {
  test('asks that come too late for the deadline are not made, and nobody hangs', async () => {
    const { outcomes, elapsedMs, asked } = await playAll(tokensOf(60), {
      status: () => ({ tookMs: 1_000_000, says: 'NEW' }),
      options: { timeoutMs: 60_000, concurrency: 2, maxFailures: 99 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['timed-out']));
    expect(Math.max(...asked.map(({ startMs }) => startMs))).toBeLessThanOrEqual(70_000);
    expect(elapsedMs).toBe(70_000);
  });

  test('an ask that comes late has no more time than one at the deadline', async () => {
    const { asked, elapsedMs } = await playAll(tokensOf(200), {
      status: (_token, ask) => ({ tookMs: ask === 1 ? 100 : 9_900, says: 'NEW' }),
      options: { timeoutMs: 60_000 },
    });
    expect(Math.max(...asked.map(({ startMs }) => startMs))).toBeGreaterThan(65_000);
    expect(elapsedMs).toBeLessThan(70_100);
  });

  test('receipts that are read in the end take from no token its last ask', async () => {
    const { outcomes, startsOf, elapsedMs } = await playAll(tokensOf(2_000), {
      status: (_token, ask) => newUntil(ask, 1, 'USED'),
      options: { timeoutMs: 210_000 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['approved']));
    expect(startsOf('token-1999')).toHaveLength(2);
    // A receipt for each token, at 20 a second.
    expect(elapsedMs).toBeLessThan(210_000 + 10_000 + 100_000);
  });

  test('receipts that are read before the last asks give these no more time, and later ones give what they took', async () => {
    const playUntilEnd = (ask: number) =>
      playAll(tokensOf(100), {
        status: (token, now) => {
          if (token < 'token-3' && now === ask) return 'USED';
          return now < 3 ? 'NEW' : { tookMs: 30_000, says: 'NEW' };
        },
        options: { timeoutMs: 60_000, maxRate: 5, concurrency: 20, maxFailures: 99 },
      });
    const early = await playUntilEnd(1);
    expect(early.outcomes().filter((outcome) => outcome === 'approved')).toHaveLength(23);
    expect(Math.round(early.elapsedMs)).toBe(70_000);
    const late = await playUntilEnd(3);
    const read = late.asked.filter(({ what }) => what === 'receipt').length;
    expect(read).toBeGreaterThan(10);
    expect(Math.round(late.elapsedMs)).toBe(70_000 + read * 200);
  });

  test('a program that was suspended past its deadline makes its last asks all the same', async () => {
    const clock = new EventClock();
    const { outcomes, asked } = await playAll(tokensOf(3), {
      clock,
      status: () => (clock.elapsed > 3_000_000 ? 'USED' : 'NEW'),
      onEvent: ({ type }, token) => {
        if (token === 'token-1' && type === 'checked' && clock.elapsed < 100_000) clock.skip(3_600_000);
      },
    });
    expect(outcomes()).toEqual(['approved', 'approved', 'approved']);
    expect(asked.filter(({ what }) => what === 'status').length).toBeLessThanOrEqual(6);
  });
});

describe('an interrupt', () => {
  test('ends the waits, the asks, the pauses of receipts and the turns that have not come', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const playing = playAll(tokensOf(20), {
      clock,
      signal: controller.signal,
      status: (token) => {
        if (token === 'token-0') return 'EXPIRED';
        if (token === 'token-1') return { tookMs: 30_000, says: 'USED' };
        return token < 'token-5' ? 'USED' : 'NEW';
      },
      receipt: () => ({ tookMs: 100, says: lost }),
      options: { concurrency: 2 },
    });
    void clock.sleep(9_000, new AbortController().signal).then(() => controller.abort());
    const { outcomes, elapsedMs, results } = await playing;
    expect(elapsedMs).toBe(9_000);
    expect(outcomes().filter((outcome) => outcome === 'interrupted')).toHaveLength(19);
    expect(results.get('token-10')).toMatchObject({ outcome: 'interrupted', status: { state: 'USED' } });
  });

  test('that comes just after a status was read waits for no turn', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const never = new AbortController().signal;
    const results: string[] = [];
    const waiting = waitForPayments(['a', 'b'], {
      clock,
      signal: controller.signal,
      // A reply that is complete is an answer, even if the interrupt comes before anybody has looked at it.
      check: async (token) => {
        if (token === 'b') throw busy(600_000);
        await clock.sleep(9_000, never);
        return readTokenStatus('USED');
      },
      viewReceipt: () => Promise.reject(new TypeError('asked')),
      onEvent(event) {
        if (event.type === 'result') results.push(`${event.result.outcome} ${event.result.status?.state}`);
      },
    });
    void clock.sleep(8_999, never).then(() => controller.abort());
    await clock.during(waiting);
    expect(results).toEqual(['interrupted undefined', 'interrupted USED']);
    expect(clock.elapsed).toBe(9_000);
  });

  test('calls off the receipts that wait for the first one: none is asked for any more', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const playing = playAll(tokensOf(8), {
      clock,
      signal: controller.signal,
      status: () => 'USED',
      receipt: () => ({ tookMs: 20_000, says: 'transactionStatus=C' }),
    });
    void clock.sleep(15_000, new AbortController().signal).then(() => controller.abort());
    const { outcomes, asked, elapsedMs } = await playing;
    expect(new Set(outcomes())).toEqual(new Set(['interrupted']));
    expect(asked.filter(({ what }) => what === 'receipt')).toHaveLength(3);
    expect(elapsedMs).toBe(15_000);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('after the run was given up calls off the receipts that wait, too', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const playing = playAll(tokensOf(8), {
      clock,
      signal: controller.signal,
      status: (token) => (token === 'token-7' ? 'EXPIRED' : 'USED'),
      receipt: () => ({ tookMs: 20_000, says: 'transactionStatus=C' }),
      options: { until: 'any' },
    });
    void clock.sleep(12_000, new AbortController().signal).then(() => controller.abort());
    const { outcomes, asked, elapsedMs } = await playing;
    expect(outcomes()).toEqual([...Array.from({ length: 7 }, () => 'interrupted'), 'expired']);
    expect(asked.filter(({ what }) => what === 'receipt')).toHaveLength(3);
    expect(elapsedMs).toBe(12_000);
  });

  test('ends hundreds by turns, and nothing is asked in between', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const playing = playAll(tokensOf(350), {
      clock,
      signal: controller.signal,
      status: () => 'NEW',
      options: { intervalMs: 1_000, maxRate: 1_000, concurrency: 999 },
    });
    void clock.sleep(2_000.5, new AbortController().signal).then(() => controller.abort());
    const { asked, elapsedMs } = await playing;
    expect(Math.max(...asked.map(({ startMs }) => startMs))).toBeLessThan(2_001);
    expect(elapsedMs).toBeGreaterThan(2_003);
    expect(elapsedMs).toBeLessThan(2_005);
  });

  test('beforehand asks nothing', async () => {
    const { outcomes, asked } = await playAll(tokensOf(3), { status: () => 'NEW', signal: AbortSignal.abort() });
    expect(asked).toEqual([]);
    expect(outcomes()).toEqual(['interrupted', 'interrupted', 'interrupted']);
  });

  test('leaves nobody asleep', async () => {
    const clock = new EventClock();
    const controller = new AbortController();
    const playing = playAll(tokensOf(5), { clock, signal: controller.signal, status: () => 'NEW' });
    void clock.sleep(25_000, new AbortController().signal).then(() => controller.abort());
    await playing;
    expect(clock.asleep).toBe(0);
  });
});

test('a bug is thrown, not waited out', async () => {
  const bug = new TypeError('a bug');
  await expect(playAll(tokensOf(3), { status: () => bug })).rejects.toBe(bug);
  await expect(playAll(tokensOf(3), { status: () => 'USED', receipt: () => bug })).rejects.toBe(bug);
});

test('a bug in who is told of a result is thrown, too', async () => {
  const clock = new EventClock();
  const waiting = waitForPayments(['a', 'b'], {
    clock,
    check: async () => readTokenStatus('USED'),
    viewReceipt: null,
    onEvent: ({ type }) => {
      if (type === 'result') throw new TypeError('a bug');
    },
  });
  await expect(clock.during(waiting)).rejects.toThrow('a bug');
});

test('a bug is thrown at once, even where the service asked for a pause', async () => {
  const clock = new EventClock();
  const scene = {
    clock,
    status: (token: string) => (token === 'token-0' ? 'USED' : busy(600_000)),
    receipt: () => ({ tookMs: 8_000, says: new TypeError('a bug') }),
  };
  await expect(playAll(tokensOf(2), scene)).rejects.toThrow('a bug');
  expect(clock.elapsed).toBe(8_100);
});
