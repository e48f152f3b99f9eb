import { InstaMedError, unreachableError } from '../../src/domain/errors.ts';
import type { StopSignal } from '../../src/domain/outcome.ts';
import type { Transport } from '../../src/remote/http.ts';
import { ManualClock } from './manual-clock.ts';
import type { World } from './run-cli.ts';
import { faultReply, nvpReply, type Step, statusReply, textReply } from './scripted-transport.ts';

/** The reference sample of InstaMed's polling page, to the letter: it reads "Partially Approved $1.00" and is declined. */
export const publishedReceipt =
  'IsEMVVerifiedByPIN=false&isEMVTransaction=false&EMVCardEntryMode=Swiped&cardBrand=VISA&cardExpirationMonth=6&cardExpirationYear=2017&cardBINNumber=411111&cardHolderName= &lastFourDigits=1111&authorizationNumber=A3807B&responseCode=010&responseMessage=Partially Approved $1.00&transactionStatus=D&primaryTransactionID=0ca7530a86084b468fff132ab7f04491&authorizationText=I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.&transactionID=0ca7530a86084b468fff132ab7f04491&transactionDate=2016-01-15T20:37:21.5238539Z';

/** A reply that a third party captured from a test merchant in 2018: a keyed sale, approved, with a payment plan. */
export const capturedReceipt =
  'IsEMVVerifiedByPIN=false&isEMVTransaction=false&EMVCardEntryMode=Keyed&isSignatureRequired=false&cardBrand=VISA&cardExpirationMonth=12&cardExpirationYear=2021&cardBINNumber=411111&cardHolderName= &paymentCardType=Credit&lastFourDigits=1111&authorizationNumber=A2CDB9&responseCode=000&responseMessage=APPROVAL&transactionStatus=C&primaryTransactionID=c5a1a5a099f748c8bf16b890c8b371ec&authorizationText=I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.&transactionID=c5a1a5a099f748c8bf16b890c8b371ec&paymentPlanID=ccc366b1641444fe9e59620340d5e06c&transactionDate=2018-09-26T19:05:40.1666074Z';

/** The published reply to a void: `C` speaks of the void, `V` of the payment. */
export const publishedVoid =
  'responseCode=000&responseMessage=APPROVED&transactionStatus=C&primaryTransactionID=EE52401813A74328AAA7D93319FF4383&primaryTransactionStatus=V';

/** The published error form of NVP; recorded with HTTP 200 and, for credentials, with 401 from a page of the same kind. */
/** InstaMed's sample of a simple refund: approved, and of a transaction of its own. */
export const publishedRefund =
  'transactionStatus=C&responseCode=000&responseMessage=APPROVAL&primaryTransactionID=D5E2BF0800AB41CEAC2D8CBF406E800E&transactionID=96A66FDA25964C8F9C0AEB0EF8123AAF&authorizationText=THE ABOVE AMOUNT HAS BEEN REFUNDED.';

export const publishedError =
  'errorCode=400&errorMessage=An unexpected error occurred with Reference Number 02198MGNBZ';

/** Recorded from an ASMX service for a method that throws over its credentials; the sentence is the one seen at sign-on. */
export const wrongPassword = 'Server was unable to process request. ---&gt; Invalid AccountID or Password.';

/** A receipt of no more than a status; the published snippet has these two names. */
export const receiptOf = (transactionStatus: string) => `responseCode=000&transactionStatus=${transactionStatus}`;

/** One status reply, labelled with its text. `text` stands in XML as it is, so markup in it has to be escaped. */
export const status = (text: string): Step => ({ label: `status ${text}`, answer: statusReply(text) });

export const receipt = (nvp: string, httpStatus = 200): Step => ({
  label: `receipt ${nvp.slice(0, 40)}`,
  answer: nvpReply(nvp, httpStatus),
});

export const fault = (code: string, text: string): Step => ({
  label: `fault ${code}`,
  answer: faultReply(code, text),
});

/** A page where the service should be (invented; a maintenance or login page is what it stands for). */
export const webPage = (html = '<html><body>We are back soon</body></html>', httpStatus = 200): Step => ({
  label: `page ${httpStatus}`,
  answer: textReply(html, { status: httpStatus, headers: { 'content-type': 'text/html' } }),
});

export const redirect = (location: string): Step => ({
  label: `redirect to ${location}`,
  answer: textReply('', { status: 302, headers: { location } }),
});

/** No connection, as the transport reports it for a host that no name server knows. */
export const noSuchHost: Step = {
  label: 'no such host',
  answer: unreachableError('ENOTFOUND', 'No address was found for status.example (ENOTFOUND).', {
    connecting: true,
    hint: 'Check the host name in the URL.',
  }),
};

export const lostConnection: Step = {
  label: 'connection lost',
  answer: unreachableError('ECONNRESET', 'The host ended the connection without an answer (ECONNRESET).', {
    retryable: true,
  }),
};

export const bug: Step = { label: 'a bug of ours', answer: new TypeError('cannot read properties of undefined') };

/** Rows under their names, for `test.each`: a name in full, where `$name` would be cut. */
export const byName = <T extends { readonly name: string }>(rows: readonly T[]) =>
  rows.map((row) => [row.name, row] as const);

export const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

/** A network that gives the same answer for ever. */
export function alwaysAnswers({ answer }: Step): Transport {
  return {
    async post(request) {
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(request) : answer;
    },
    async close() {},
  };
}

/** A request that is never answered; it ends when the program calls it off, as the real transport's does. */
export function hanging(onAsked: () => void): Step {
  return {
    label: 'hangs',
    answer: (request) =>
      new Promise((_resolve, reject) => {
        request.signal.addEventListener('abort', () => {
          reject(new InstaMedError('aborted', 'ABORTED', `Stopped ${request.purpose}.`));
        });
        onAsked();
      }),
  };
}

/** A world in which a stop signal comes while the program sleeps for the time after `sleeps` whole sleeps. */
export function stoppedAsleep(signal: StopSignal, steps: readonly Step[], sleeps = 0): World {
  const clock = new ManualClock();
  const onStart: World['onStart'] = (stop) => void clock.holdSleepAfter(sleeps).then(() => stop(signal));
  return { clock, steps, onStart };
}

/** A world in which a stop signal comes while the request after `steps` hangs. */
export function stoppedAsking(signal: StopSignal, steps: readonly Step[] = []): World {
  let stop = (_signal: StopSignal) => {};
  return {
    steps: [...steps, hanging(() => stop(signal))],
    onStart: (given) => {
      stop = given;
    },
  };
}

/** A world in which a stop signal comes while somebody is typing a secret. */
export function stoppedTyping(signal: StopSignal): World {
  let stop = (_signal: StopSignal) => {};
  return {
    tty: true,
    typed: new Promise(() => {}),
    onStart: (given) => {
      stop = given;
    },
    onWrite: (_stream, text) => {
      if (text.includes(', not shown: ')) stop(signal);
    },
  };
}
