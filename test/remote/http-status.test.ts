import { describe, expect, test } from 'vitest';
import { errorOfStatus, isRedirect, isRejection, isTransient, transientDetails } from '../../src/remote/http-status.ts';
import { requestTo } from '../support/account.ts';
import { textReply } from '../support/scripted-transport.ts';

const request = requestTo('https://status.example:8443/SSOService.asmx');
const errorOf = (status: number, headers: Record<string, string> = {}) =>
  errorOfStatus(textReply('a body that says nothing', { status, headers }), request);

const nameOf = (status: number) => ({ 408: 'timeout', 429: 'too many requests' })[status] ?? 'server error';

describe('trouble that may pass', () => {
  test.each([408, 429, 500, 502, 503, 504, 520, 599])('is HTTP %i', (status) => {
    expect(isTransient(status)).toBe(true);
    const error = errorOf(status, { 'retry-after': '7' });
    expect(error).toMatchObject({ category: 'service', code: `HTTP_${status}`, retryable: true, retryAfterMs: 7_000 });
    expect(error.message).toBe(`status.example:8443 returned ${status} (${nameOf(status)}) while testing.`);
    expect(error.hint).toBe('Try again later.');
  });

  test('asks for no pause where the reply does not', () => {
    expect(errorOf(503)).toMatchObject({ retryable: true, retryAfterMs: null });
    expect(transientDetails(textReply('', { headers: { 'retry-after': '2' } }))).toEqual({
      retryable: true,
      retryAfterMs: 2_000,
      hint: 'Try again later.',
    });
  });
});

describe('trouble that stays', () => {
  test.each([100, 200, 201, 202, 204, 206, 299, 400, 404, 405, 407, 409, 410, 415, 422, 428, 430, 499, 501, 505, 600])(
    'is HTTP %i',
    (status) => {
      expect([isTransient(status), isRedirect(status), isRejection(textReply('', { status }))]).toEqual([
        false,
        false,
        false,
      ]);
      const error = errorOf(status, { 'retry-after': '7' });
      expect(error).toMatchObject({
        category: 'service',
        code: `HTTP_${status}`,
        retryable: false,
        retryAfterMs: null,
      });
      expect(error.message).toBe(`status.example:8443 returned ${status} while testing.`);
      expect(error.hint).toBe('Check the URL: another server may be answering there.');
    },
  );

  test.each([401, 403])('is refused credentials: HTTP %i', (status) => {
    expect([isRejection(textReply('', { status })), isTransient(status), isRedirect(status)]).toEqual([
      true,
      false,
      false,
    ]);
    const error = errorOf(status, { 'retry-after': '7' });
    expect(error).toMatchObject({
      category: 'credentials-rejected',
      code: `HTTP_${status}`,
      retryable: false,
      retryAfterMs: null,
    });
    expect(error.message).toBe(`status.example:8443 rejected the credentials (${status}) while testing.`);
    expect(error.hint).toBe('Check the account, the alias, the security key and the NVP password.');
  });
});

describe('a redirect', () => {
  test.each([300, 301, 302, 303, 304, 305, 307, 308, 399])('is HTTP %i, and is not followed', (status) => {
    expect([isRedirect(status), isTransient(status), isRejection(textReply('', { status }))]).toEqual([
      true,
      false,
      false,
    ]);
    const error = errorOf(status, { location: 'https://login.example/', 'retry-after': '7' });
    expect(error).toMatchObject({ category: 'service', code: 'REDIRECT', retryable: false, retryAfterMs: null });
    expect(error.message).toBe(
      `status.example:8443 redirects to login.example (${status}) while testing; redirects are not followed.`,
    );
    expect(error.hint).toBe('Check the URL. A login page answers like this.');
  });

  test.each([
    // Where forms authentication is on, ASP.NET answers like this one; the addresses are ours.
    ['a path is on the same host', '/Login.aspx?ReturnUrl=%2fSSOService.asmx', 'status.example:8443'],
    ['a host with a port is named with it', 'https://login.example:444/', 'login.example:444'],
    ['a scheme alone is another host all the same', '//login.example/x', 'login.example'],
    [
      'credentials, path and query are not repeated',
      'https://u:canary@login.example/canary?token=canary#canary',
      'login.example',
    ],
    ['an address without a host is named by its scheme', 'mailto:canary@login.example', 'mailto:'],
    [
      'raw blanks as InstaMed writes them do no harm',
      'https://online.example/SSOError?respMessage=Invalid AccountID',
      'online.example',
    ],
    ['nothing is nowhere', '', ''],
    ['what is no address is nowhere', 'http://[', ''],
  ])('names the host alone: %s', (_name, location, named) => {
    const { message } = errorOf(302, { location });
    expect(message).toBe(
      `status.example:8443 redirects${named && ` to ${named}`} (302) while testing; redirects are not followed.`,
    );
  });

  test('without a Location goes nowhere', () => {
    expect(errorOf(302).message).toContain('redirects (302)');
  });
});
