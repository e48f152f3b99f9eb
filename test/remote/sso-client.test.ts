import { describe, expect, test } from 'vitest';
import { unreachableError } from '../../src/domain/errors.ts';
import { askTokenStatus } from '../../src/remote/sso-client.ts';
import { account, askStatus, limits, token, troubleOf } from '../support/account.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';
import { ScriptedTransport, statusReply, textReply } from '../support/scripted-transport.ts';
import { inResponse, inResult } from '../support/soap-replies.ts';

describe('an answer', () => {
  test.each([
    ['NEW', 'NEW'],
    ['USED', 'USED'],
    ['complete', 'USED'],
    ['EXPIRED', 'EXPIRED'],
    ['PENDING', 'UNKNOWN'],
    [' used\n', 'USED'],
  ])('%j is %s, and its text is kept', async (text, state) => {
    await expect(askStatus(statusReply(text))).resolves.toEqual({ state, text });
  });

  test('may come in either version, whichever was asked in', async () => {
    const reply = { ...statusReply('USED') };
    await expect(askStatus(reply, { soapVersion: '1.2' })).resolves.toMatchObject({ state: 'USED' });
  });

  test('need not say where it ends: XML does', async () => {
    await expect(askStatus({ ...statusReply('USED'), isWhole: false })).resolves.toMatchObject({ state: 'USED' });
  });

  test.each([
    ['in the character set of its type', 'text/xml; charset=iso-8859-1', ''],
    ['in the character set of its declaration', 'text/xml', ' encoding="iso-8859-1"'],
  ])('is read %s', async (_name, contentType, declaration) => {
    const xml = inResult('Café').replace(' encoding="utf-8"', declaration);
    const reply = { ...textReply('', { headers: { 'content-type': contentType } }), body: Buffer.from(xml, 'latin1') };
    await expect(askStatus(reply)).resolves.toEqual({ state: 'UNKNOWN', text: 'Café' });
  });

  test('is asked for once, and the limits are passed on', async () => {
    const transport = new ScriptedTransport([{ label: 'status', answer: statusReply('NEW') }]);
    await askTokenStatus(transport, account, token, limits);
    expect(transport.requests).toHaveLength(1);
    expect(transport.requests[0]).toMatchObject(limits);
  });
});

describe('a result text that speaks of credentials', () => {
  test.each(['Invalid AccountID or Password.', ' Login failed ', 'Not authorized'])('%j is a refusal', async (text) => {
    const error = await troubleOf(askStatus(statusReply(text)));
    expect(error).toMatchObject({ category: 'credentials-rejected', code: 'CREDENTIALS_REJECTED', retryable: false });
    expect(error.message).toBe(`The status service rejected the credentials: ${text.trim()}`);
    expect(error.hint).toBe('Check the account ID, the alias and the security key; the NVP password is another one.');
  });

  test('EXPIRED is a state, not a refusal', async () => {
    await expect(askStatus(statusReply('expired'))).resolves.toMatchObject({ state: 'EXPIRED' });
  });
});

describe('a result counts under HTTP 200 alone', () => {
  test.each([
    [201, { category: 'service', code: 'HTTP_201', retryable: false }],
    [202, { category: 'service', code: 'HTTP_202', retryable: false }],
    [206, { category: 'service', code: 'HTTP_206', retryable: false }],
    [302, { category: 'service', code: 'REDIRECT', retryable: false }],
    [400, { category: 'service', code: 'HTTP_400', retryable: false }],
    [401, { category: 'credentials-rejected', code: 'HTTP_401', retryable: false }],
    [403, { category: 'credentials-rejected', code: 'HTTP_403', retryable: false }],
    [404, { category: 'service', code: 'HTTP_404', retryable: false }],
    [408, { category: 'service', code: 'HTTP_408', retryable: true }],
    [429, { category: 'service', code: 'HTTP_429', retryable: true }],
    [500, { category: 'service', code: 'HTTP_500', retryable: true }],
    [502, { category: 'service', code: 'HTTP_502', retryable: true }],
    [503, { category: 'service', code: 'HTTP_503', retryable: true }],
    [504, { category: 'service', code: 'HTTP_504', retryable: true }],
  ])('not under %i', async (status, expected) => {
    const error = await troubleOf(askStatus({ ...statusReply('USED'), status }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(' while checking the token status');
  });
});

describe('what is no SOAP reply', () => {
  const page = '<html><body>We are back soon</body></html>';
  test.each([
    // The recorded service answers 400 to XML that it cannot read and 415 to another type, both with an empty body.
    ['an empty body with 400', '', 400, 'HTTP_400', false],
    ['an empty body with 415', '', 415, 'HTTP_415', false],
    // The rest is invented.
    ['an empty body with 200', '', 200, 'NOT_SOAP', false],
    ['a page with 200', page, 200, 'NOT_SOAP', false],
    ['a page with 404', page, 404, 'HTTP_404', false],
    ['a page with 500: no Fault, so it may pass', page, 500, 'HTTP_500', true],
    ['a page with 503', page, 503, 'HTTP_503', true],
    ['a page with 401', page, 401, 'HTTP_401', false],
    ['no result with 500', inResponse(''), 500, 'HTTP_500', true],
    ['no result with 200', inResponse(''), 200, 'EMPTY_RESULT', false],
  ])('%s', async (_name, body, status, code, retryable) => {
    expect(await troubleOf(askStatus(textReply(body, { status })))).toMatchObject({ code, retryable });
  });

  test.each([
    [200, 'BAD_CHARSET', false],
    [500, 'HTTP_500', true],
  ])('bytes in no character set with %i', async (status, code, retryable) => {
    const reply = { ...textReply('', { status }), body: Uint8Array.of(0x3c, 0xff, 0xff) };
    expect(await troubleOf(askStatus(reply))).toMatchObject({ code, retryable });
  });

  test('keeps the pause that was asked for', async () => {
    const error = await troubleOf(askStatus(textReply('', { status: 429, headers: { 'retry-after': '30' } })));
    expect(error).toMatchObject({ code: 'HTTP_429', retryAfterMs: 30_000 });
  });
});

test('trouble with the connection is passed on as it is', async () => {
  const lost = unreachableError('ECONNRESET', 'Lost.');
  const transport = new ScriptedTransport([{ label: 'lost', answer: lost }]);
  await expect(askTokenStatus(transport, account, token, limits)).rejects.toBe(lost);
});

test('a bug of ours is thrown on as it is', async () => {
  const reply = { ...statusReply('USED'), body: null as unknown as Uint8Array };
  await expect(askStatus(reply)).rejects.toBeInstanceOf(TypeError);
});

describe('a large answer takes no longer than its length', () => {
  test.each([
    ['blanks between two words', 60_000, (count: number) => `a${' '.repeat(count)}b`],
    ['line feeds between two words', 60_000, (count: number) => `a${'\n'.repeat(count)}b`],
    ['words that speak of an account', 30_000, (count: number) => 'account is '.repeat(count)],
  ])('%s', async (_name, count, make) => {
    const read = (text: string) => expect(askStatus(statusReply(text))).resolves.toMatchObject({ state: 'UNKNOWN' });
    expect(await growthOf(make, read, count)).toBeLessThan(mostGrowth);
  });
});
