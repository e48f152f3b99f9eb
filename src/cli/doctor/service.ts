import { InstaMedError } from '../../domain/errors.ts';
import { decodeNvp } from '../../domain/nvp.ts';
import { quote } from '../../redact/visible.ts';
import { decodeText } from '../../remote/charset.ts';
import type { HttpReply } from '../../remote/http.ts';
import { errorOfStatus } from '../../remote/http-status.ts';
import { checkSettings, connect } from '../settings/connection.ts';
import type { Check, Finding } from './check.ts';
import { askPurpose, type Side, type Subject } from './subject.ts';

/** A token that no service has given out: those are Base64, which has no dashes. No real payment can be touched by it. */
export const madeUpToken = 'instamed-poll-doctor-no-such-token';

export function httpChecks(side: Side, subject: Subject): Check[] {
  return [
    {
      id: `${side}-http`,
      title: `HTTP of the ${side} URL`,
      needs: [`${side}-tls`],
      run: () => checkHttp(side, subject),
    },
    {
      id: `${side}-clock`,
      title: `Clock of the ${side} host`,
      needs: [`${side}-http`],
      run: () => checkClock(side, subject),
    },
  ];
}

export function soapCheck(subject: Subject): Check {
  return {
    id: 'soap',
    title: 'Status call (SOAP)',
    // Without a good receipt URL the program makes no status call, either.
    needs: ['account', 'receipt-url', 'status-http'],
    run: () => checkSoap(subject),
  };
}

export function nvpCheck(subject: Subject): Check {
  return { id: 'nvp', title: 'Receipt service (NVP)', needs: ['receipt-http'], run: () => checkNvp(subject) };
}

/**
 * What a service may well answer to an empty request without credentials. ASMX was recorded to answer 400, 415 and 500; 401
 * is what Basic authentication asks for. Anything else is what it would be for a real request.
 */
const goodStatuses: readonly number[] = [200, 400, 401, 411, 415, 500];

async function checkHttp(side: Side, subject: Subject): Promise<Finding> {
  const reply = await subject.reply(side);
  const { status } = reply;
  const url = await subject.url(side);
  const detail = `${url.host} answers (${status} to an empty request)`;
  if (goodStatuses.includes(status)) return { detail };
  // No credentials were sent, so none were refused.
  if (status === 403) {
    return {
      detail,
      remedy: 'A firewall may stand before the service. If so, ask for this machine to be let through.',
    };
  }
  throw errorOfStatus(
    reply,
    { ...emptyRequest, url, ...(await subject.requestLimits()) },
    subject.session.redactor.redact,
  );
}

const emptyRequest = { headers: {}, body: '', purpose: askPurpose };

/** Certificates and signatures are judged by this machine's clock. */
const largestSkewMs = 60_000;

async function checkClock(side: Side, subject: Subject): Promise<Finding> {
  const { headers } = await subject.reply(side);
  const theirs = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(theirs)) return { detail: 'the reply does not say what time it is' };
  const skewMs = subject.session.host.clock.date().getTime() - theirs;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (seconds <= 1) return { detail: 'the same time' };
  const detail = `this machine is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  if (Math.abs(skewMs) <= largestSkewMs) return { detail };
  return { detail, remedy: "Set this machine's clock, best by a time server (NTP)." };
}

/** One call and no more: a wrong password, repeated, could lock the account. */
async function checkSoap(subject: Subject): Promise<Finding> {
  const { session, flags } = subject;
  const options = await checkSettings(await subject.account(), flags, session);
  if (options.gathered) subject.showSettings(options.gathered.settings, options.gathered.profile);
  const connection = await connect(options, session);
  try {
    const { text } = await connection.tokenStatus(madeUpToken, await subject.requestLimits());
    return { detail: `answers a made-up token with ${quote(text)}` };
  } catch (error) {
    if (!(error instanceof InstaMedError) || !answersOfService.includes(error.code) || error.category !== 'service') {
      throw error;
    }
    return { detail: `answers, and does not take the made-up token: ${error.message}` };
  } finally {
    connection.close().catch(() => {});
  }
}

/** How the service may say that it does not know a token. Either is SOAP, so the service is there. */
const answersOfService: readonly string[] = ['SOAP_FAULT', 'EMPTY_RESULT'];

/** Whether it is NVP that answers; the request held nothing that a receipt could be read by. */
async function checkNvp(subject: Subject): Promise<Finding> {
  const { redactor } = subject.session;
  const reply = await subject.reply('receipt');
  const errorCode = errorCodeOf(reply);
  if (errorCode)
    return { detail: `answers in NVP (errorCode ${quote(redactor.redact(errorCode))}); no receipt was asked for` };
  if (reply.status === 401) return { detail: 'asks for credentials, as it may; no receipt was asked for' };
  return {
    detail: `something answers (${reply.status}), but not in NVP; an empty request may well be answered so`,
    remedy: 'Try instamed-poll receipt with a token that was used.',
  };
}

/** The published error form of NVP, which the simulator answers an empty request with. */
function errorCodeOf({ body, headers }: HttpReply): string | null {
  const { pairs } = decodeNvp(decodeText(body, headers['content-type'], { fallback: 'windows-1252' }));
  return pairs.find(({ decodedName }) => decodedName.toLowerCase() === 'errorcode')?.decodedValue ?? null;
}
