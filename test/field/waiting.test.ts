import { describe, expect, test } from 'vitest';
import { credentialsRejectedError, serviceError } from '../../src/domain/errors.ts';
import { answerOf } from '../../src/domain/same-answer.ts';
import { waitForPayment } from '../../src/poll/wait-for-payment.ts';
import { createClient } from '../../src/remote/client.ts';
import type { HttpReply } from '../../src/remote/http.ts';
import { account, token } from '../support/account.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { playAll, tokensOf } from '../support/payments-scene.ts';
import { approved, busy, late, lost, notYet, play, seenOf, times } from '../support/poll-script.ts';
import { faultReply, nvpReply, ScriptedTransport, statusReply, textReply } from '../support/scripted-transport.ts';

/** A wait over the real clients. Each answer is used once, in order, and all of them are used. */
async function waitOver(answers: readonly (HttpReply | Error)[]) {
  const transport = new ScriptedTransport(answers.map((answer, i) => ({ label: `answer ${i + 1}`, answer })));
  const client = createClient(transport, account);
  const result = await waitForPayment(token, {
    clock: new ManualClock(),
    check: client.tokenStatus,
    viewReceipt: client.viewReceipt,
  });
  expect(transport.requests).toHaveLength(answers.length);
  return { result, transport };
}

const page = (status: number, text = 'We are back soon') =>
  textReply(`<html><body>${text}</body></html>`, { status, headers: { 'content-type': 'text/html' } });
const good = [statusReply('USED'), nvpReply(approved)];

describe('a stale EXPIRED on a kept connection', () => {
  test.each(['NEW', 'USED', 'PENDING'])('is taken back by %s on a fresh one, and the wait goes on', async (then) => {
    const replies = then === 'USED' ? ['EXPIRED', 'USED'] : ['EXPIRED', then, 'USED'];
    const { result, check } = await play(replies, { receipts: [approved] });
    expect(result.outcome).toBe('approved');
    expect(check.asks.map(({ ownConnection }) => ownConnection)).toEqual([false, true, false].slice(0, replies.length));
    expect(check.starts).toEqual([0, 0, 10_000].slice(0, replies.length));
  });

  test('asks for that connection over the wire', async () => {
    const { transport, result } = await waitOver([statusReply('NEW'), statusReply('EXPIRED'), ...good]);
    expect(result).toMatchObject({ outcome: 'approved', checks: 3, seen: { NEW: 1, EXPIRED: 1, USED: 1 } });
    expect(transport.requests.map((request) => 'ownConnection' in request)).toEqual([false, false, true, true]);
  });

  test('that comes again after NEW is confirmed again', async () => {
    const { result, check } = await play(['EXPIRED', 'NEW', 'EXPIRED', 'NEW', 'EXPIRED', 'EXPIRED']);
    expect(result).toMatchObject({ outcome: 'expired', checks: 6, seen: { EXPIRED: 4, NEW: 2 } });
    expect(check.starts).toEqual([0, 0, 10_000, 10_000, 20_000, 20_000]);
  });

  test.each([
    [
      'the next checks do, each on a connection of its own',
      [lost, busy(), 'EXPIRED'],
      'expired',
      [0, 0, 10_000, 20_000],
    ],
    ['and is used after all, it is used', [lost, 'USED'], 'approved', [0, 0, 10_000]],
    [
      'six times, the wait ends, but not as expired',
      times(6, lost),
      'service-error',
      [0, 0, 10_000, 20_000, 30_000, 40_000, 50_000],
    ],
  ])('whose confirmation fails: %s', async (_name, then, outcome, starts) => {
    const { result, check } = await play(['EXPIRED', ...then], { receipts: [approved] });
    expect(result.outcome).toBe(outcome);
    expect(check.starts).toEqual(starts);
    expect(check.asks.slice(1).every(({ ownConnection }) => ownConnection)).toBe(true);
  });

  test('at the deadline is confirmed within the grace', async () => {
    const { result, check } = await play(['NEW', late(4_000, 'EXPIRED'), 'EXPIRED'], {
      options: { timeoutMs: 10_000 },
    });
    expect(result).toMatchObject({ outcome: 'expired', checks: 3, elapsedMs: 14_000 });
    expect(check.asks.map(({ timeoutMs }) => timeoutMs)).toEqual([20_000, 10_000, 6_000]);
  });

  test('that cannot be confirmed any more is a timeout: nothing is claimed of the payment', async () => {
    const { result } = await play(['NEW', 'EXPIRED', lost], { options: { timeoutMs: 10_000 } });
    expect(result).toMatchObject({ outcome: 'timed-out', checks: 3, status: { state: 'EXPIRED' } });
  });

  test('is confirmed within the budget of many tokens, those of the last check included', async () => {
    const { outcomes, asked, elapsedMs } = await playAll(tokensOf(100), {
      status: (_token, ask) => (ask < 2 ? 'NEW' : 'EXPIRED'),
      options: { timeoutMs: 45_000, intervalMs: 20_000, maxRate: 5 },
    });
    expect(new Set(outcomes())).toEqual(new Set(['expired']));
    expect(asked.filter(({ ownConnection }) => ownConnection)).toHaveLength(100);
    expect(asked).toHaveLength(300);
    expect(elapsedMs).toBeLessThan(45_000 + 10_000 + 20_000);
  });
});

describe('a wrong password', () => {
  test.each([
    ['a sentence', faultReply('Server', 'The credentials supplied in the authorization request are invalid.')],
    ['CamelCase', faultReply('Server', 'InvalidCredentials')],
    ['a result text', statusReply('LOGIN_UNSUCCESSFUL')],
    ['a page with HTTP 500', page(500, 'Password rejected')],
    ['HTTP 403 without a page', textReply('', { status: 403 })],
  ])('told by %s is sent once', async (_name, reply) => {
    const { result } = await waitOver([reply]);
    expect(result).toMatchObject({ outcome: 'credentials-rejected', checks: 1 });
  });

  test('is told from a firewall where 403 has a page', async () => {
    const { result } = await waitOver([page(403)]);
    expect(result).toMatchObject({ outcome: 'service-error', error: { code: 'HTTP_403' } });
    expect(result.error?.message).toContain('403; a firewall, or the credentials');
  });

  test('that no word tells is sent three times', async () => {
    const reply = faultReply('Server', 'Something is wrong with what you gave us.');
    const { result } = await waitOver(times(3, reply));
    expect(result).toMatchObject({ outcome: 'service-error', checks: 3, elapsedMs: 20_000 });
  });

  test('of a list is sent for three tokens', async () => {
    const rejected = credentialsRejectedError('SOAP_FAULT', 'Rejected.', {
      otherwise: serviceError('SOAP_FAULT', 'No.'),
    });
    const { asked, outcomes } = await playAll(tokensOf(40), { status: () => rejected });
    expect(asked).toHaveLength(3);
    expect(new Set(outcomes())).toEqual(new Set(['credentials-rejected']));
  });

  test('is none where another token of the list had a status with it', async () => {
    const trouble = serviceError('SOAP_FAULT', 'Login failed for user.', { retryable: true });
    const rejected = credentialsRejectedError('SOAP_FAULT', 'Rejected.', { otherwise: trouble });
    const { outcomes, results } = await playAll(tokensOf(6), {
      status: (name, ask) => (name === 'token-0' ? 'NEW' : ask < 4 ? rejected : 'USED'),
      options: { timeoutMs: 60_000 },
    });
    expect(outcomes()).toEqual(['timed-out', ...times(5, 'approved')]);
    expect(results.get('token-5')?.seen).toEqual({ SOAP_FAULT: 3, USED: 1 });
  });
});

describe('trouble after a status is waited out', () => {
  test.each([
    ["the service's own log-in", faultReply('Server', "Login failed for user 'IIS APPPOOL\\DefaultAppPool'.")],
    ['a page of a firewall', page(403)],
    ['403 without a page', textReply('', { status: 403 })],
    ['a maintenance page in HTTP 200', page(200)],
    ['a missing page', page(404)],
    ['a redirect', textReply('', { status: 302, headers: { location: '/login' } })],
    ['a Fault that blames the request', faultReply('Client', 'Unknown token')],
    ['an error message in the place of a status', statusReply('The database is not available')],
    ['an error message that speaks of a password', statusReply('The password service is not available')],
    ['an empty status', statusReply('')],
  ])('%s', async (_name, reply) => {
    const { result } = await waitOver([statusReply('NEW'), ...times(5, reply), ...good]);
    expect(result).toMatchObject({ outcome: 'approved', checks: 7, elapsedMs: 60_000 });
  });

  test('with the pause that it asks for, a page in HTTP 200 included', async () => {
    const busyPage = { ...page(200), headers: { 'content-type': 'text/html', 'retry-after': '40' } };
    const { result } = await waitOver([statusReply('NEW'), busyPage, ...good]);
    expect(result).toMatchObject({ outcome: 'approved', elapsedMs: 50_000 });
  });

  test('and six times in a row it is a service error, not rejected credentials', async () => {
    const { result } = await waitOver([statusReply('NEW'), ...times(6, faultReply('Server', 'Invalid password'))]);
    expect(result).toMatchObject({ outcome: 'service-error', seen: { NEW: 1, SOAP_FAULT: 6 } });
    expect(result.error?.message).toBe('The status service reported an error: Invalid password');
  });
});

describe('a mistyped token', () => {
  const faults = (...texts: readonly string[]) => texts.map((text) => faultReply('Server', text));

  test.each([
    ['the same Fault', faults(...times(3, 'Invalid token'))],
    [
      'a Fault with a reference that is new each time',
      faults('No. Reference Number 02198MGNBZ', 'No. Reference Number 02198MGNCA', 'No. Reference Number ZZZQRSTUV'),
    ],
    [
      'a Fault with a time',
      faults(
        '[2026-11-25 10:00:01] No such token',
        '[2026-11-25 10:00:11] No such token',
        '[2026-11-25 10:00:21] No such token',
      ),
    ],
    [
      'a Fault with a GUID',
      faults(
        'No (id=1f0c6a2e-1111-4a4a-9b9b-0123456789ab)',
        'No (id=2f0c6a2e-1111-4a4a-9b9b-0123456789ab)',
        'No (id=3f0c6a2e-1111-4a4a-9b9b-0123456789ab)',
      ),
    ],
    ['the same error message', times(3, statusReply('Token is not valid'))],
  ])('is told within seconds by %s, and the hint speaks of the token', async (_name, replies) => {
    const { result } = await waitOver(replies);
    expect(result).toMatchObject({ outcome: 'service-error', checks: 3, elapsedMs: 20_000 });
    expect(result.error?.hint).toBe('Check the token: is it complete, and does it belong to this account?');
  });

  test('is counted by what was said', async () => {
    const { result } = await waitOver(times(3, statusReply(' Token is not valid ')));
    expect(result.seen).toEqual({ 'Token is not valid': 3 });
  });

  test.each([
    ['different Faults', faults('Deadlock', 'Invalid token', 'Deadlock', 'Pool is full', 'Invalid token')],
    ['Faults with different numbers of errors', faults('Error 17', 'Error 18', 'Error 19', 'Error 17', 'Error 18')],
    ['a Fault between other trouble', [page(500), ...faults('No', 'No'), page(500), ...faults('No')]],
    ['pages of a server that starts', times(5, page(500))],
    ['a text of two words, which may be a status', times(30, statusReply('Not started'))],
  ])('is no conclusion from %s', async (_name, replies) => {
    const { result } = await waitOver([...replies, ...good]);
    expect(result.outcome).toBe('approved');
  });

  test('one of a list ends by itself', async () => {
    const unknown = serviceError('SOAP_FAULT', 'The token is unknown.', { retryable: true });
    const { outcomes } = await playAll(tokensOf(2), {
      status: (name, ask) => (name === 'token-0' ? unknown : ask < 9 ? lost : 'NEW'),
      options: { maxFailures: 99, timeoutMs: 100_000 },
    });
    expect(outcomes()).toEqual(['service-error', 'timed-out']);
  });

  test('errors are the same where only numbers, times and references differ', () => {
    const key = (text: string) => answerOf(serviceError('SOAP_FAULT', text));
    expect(key('Failed after 12 ms, trace: AbCdEf')).toBe(key('failed after 9 ms, trace: XyZ'));
    expect(key('Error 17')).not.toBe(key('Error 18'));
    expect(key('The token is unknown')).not.toBe(key('The token is locked'));
    expect(key('the account number is wrong')).not.toBe(key('the account number is missing'));
    expect(answerOf(busy())).toBeNull();
  });
});

describe('a receipt that does not come at first', () => {
  test.each([
    ['a missing page', page(404)],
    ['a redirect', textReply('', { status: 302, headers: { location: '/login' } })],
    ['a request that is called bad', page(400)],
    ['501', page(501)],
    ['a page of a firewall', page(403)],
    ['a page in HTTP 200', page(200)],
    ['words of the processor', nvpReply('errorCode=014&errorMessage=Invalid account number')],
    ['card authentication', nvpReply('errorCode=401Q&errorMessage=Card authentication failed')],
  ])('for %s is asked for up to five times', async (_name, reply) => {
    const { result } = await waitOver([statusReply('USED'), ...times(4, reply), nvpReply(approved)]);
    expect(result).toMatchObject({ outcome: 'approved', elapsedMs: 20_000 });
    const never = await waitOver([statusReply('USED'), ...times(5, reply)]);
    expect(never.result).toMatchObject({ outcome: 'receipt-unread', receipt: null });
  });

  test.each([
    ['401', page(401)],
    ['403 without a page', textReply('', { status: 403 })],
    ['errorCode 403', nvpReply('errorCode=403')],
    ['words', nvpReply('errorCode=17&errorMessage=LogonFailed')],
  ])('because the credentials are rejected (%s) is asked for once', async (_name, reply) => {
    const { result } = await waitOver([statusReply('USED'), reply]);
    expect(result).toMatchObject({ outcome: 'receipt-unread', error: { category: 'credentials-rejected' } });
  });

  test('in a list: what the processor says of three payments keeps no other receipt from being read', async () => {
    const { outcomes } = await playAll(tokensOf(6), {
      status: () => 'USED',
      receipt: (name) =>
        name < 'token-3' ? 'errorCode=014&errorMessage=Invalid account number' : 'transactionStatus=C',
    });
    expect(outcomes()).toEqual([...times(3, 'receipt-unread'), ...times(3, 'approved')]);
  });
});

test('every ending that is no answer carries the tally', async () => {
  const { result } = await play(['NEW', lost, 'PENDING', ...times(6, busy())], { receipts: [notYet] });
  expect(result.outcome).toBe('service-error');
  expect(seenOf(result)).toEqual({ NEW: 1, ECONNRESET: 1, PENDING: 1, HTTP_503: 6 });
});
