import { randomInt } from 'node:crypto';
import { aspNetVersion, makeHtmlPage, type Reply, type WireRequest } from './reply.ts';
import type { ReceiptFacts } from './scenarios.ts';

export interface NvpAccess {
  readonly users: readonly string[];
  readonly password: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
}

/** What a receipt says of one payment, the same at every ask. */
export interface PaymentMarks {
  readonly transactionId: string;
  readonly savedCardId: string;
  readonly authorizationNumber: string;
  /** In the form that .NET calls round-trip: UTC, seven digits after the second. */
  readonly transactionDate: string;
}

export interface ReceiptAnswer {
  readonly facts: ReceiptFacts;
  readonly marks: PaymentMarks;
  readonly isCut: boolean;
}

const nvpHeaders = [aspNetVersion, ['Cache-Control', 'private']] as const;
const referenceCharacters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

// Three shapes of real receipts; the names and their order are the service's own, mixed cases included.
const layouts: Readonly<Record<ReceiptFacts['layout'], readonly string[]>> = {
  swiped: [
    ...['IsEMVVerifiedByPIN', 'isEMVTransaction', 'EMVCardEntryMode', 'cardBrand', 'cardExpirationMonth'],
    ...['cardExpirationYear', 'cardBINNumber', 'cardHolderName', 'lastFourDigits', 'authorizationNumber'],
    ...['responseCode', 'responseMessage', 'transactionStatus', 'primaryTransactionID', 'authorizationText'],
    ...['transactionID', 'transactionDate'],
  ],
  keyed: [
    ...['IsEMVVerifiedByPIN', 'isEMVTransaction', 'EMVCardEntryMode', 'isSignatureRequired', 'cardBrand'],
    ...['cardExpirationMonth', 'cardExpirationYear', 'cardBINNumber', 'cardHolderName', 'paymentCardType'],
    ...['lastFourDigits', 'authorizationNumber', 'responseCode', 'responseMessage', 'transactionStatus'],
    ...['primaryTransactionID', 'authorizationText', 'transactionID', 'transactionDate'],
  ],
  stored: [
    ...['IsEMVVerifiedByPIN', 'cardBrand', 'cardExpirationMonth', 'cardExpirationYear', 'cardBINNumber'],
    ...['cardHolderName', 'paymentCardType', 'lastFourDigits', 'authorizationNumber', 'responseCode'],
    ...['responseMessage', 'transactionStatus', 'primaryTransactionID', 'transactionID', 'transactionDate'],
    ...['saveOnFileTransactionID'],
  ],
};

/** Answers as NVP.aspx does; `findReceipt` gives null for a token without a receipt. */
export function answerNvp(
  request: WireRequest,
  access: NvpAccess,
  findReceipt: (token: string) => ReceiptAnswer | null,
): Reply {
  if (!isAuthorized(request.headers.authorization ?? '', access)) return makeRefusal();
  const form = readForm(request);
  if ([...form.values()].some((value) => value.startsWith('<'))) return makeValidationError();
  const receipt = isViewReceipt(form, access) ? findReceipt(form.get('singlesignontoken') ?? '') : null;
  if (receipt === null) return makeErrorForm();
  const reply = makeNvpReply(200, writeReceipt(receipt.facts, receipt.marks));
  // Only the end of the date is missing: what does arrive would pass for a whole approval.
  return receipt.isCut ? { ...reply, withheldBytes: 10 } : reply;
}

export function makeReference(): string {
  return Array.from({ length: 10 }, () => referenceCharacters[randomInt(referenceCharacters.length)]).join('');
}

function isAuthorized(header: string, access: NvpAccess): boolean {
  const encoded = /^Basic +(\S+)$/i.exec(header)?.[1];
  if (encoded === undefined) return false;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  // A password may hold a colon, a user name may not.
  const colon = credentials.indexOf(':');
  if (colon < 0) return false;
  return access.users.includes(credentials.slice(0, colon)) && credentials.slice(colon + 1) === access.password;
}

/** The posted form by lower-case name: the service takes merchantID, MerchantID and merchantId alike. */
function readForm(request: WireRequest): ReadonlyMap<string, string> {
  const form = new Map<string, string>();
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (request.method !== 'POST' || mediaType !== 'application/x-www-form-urlencoded') return form;
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) {
    const key = name.toLowerCase();
    const earlier = form.get(key);
    // ASP.NET joins what comes twice.
    form.set(key, earlier === undefined ? value : `${earlier},${value}`);
  }
  return form;
}

function isViewReceipt(form: ReadonlyMap<string, string>, access: NvpAccess): boolean {
  return (
    form.get('transactionaction')?.toLowerCase() === 'viewreceipt' &&
    form.get('merchantid') === access.merchantId &&
    form.get('storeid') === access.storeId &&
    form.get('terminalid') === access.terminalId
  );
}

function writeReceipt(facts: ReceiptFacts, marks: PaymentMarks): string {
  const values: Readonly<Record<string, string>> = {
    IsEMVVerifiedByPIN: 'false',
    isEMVTransaction: 'false',
    EMVCardEntryMode: facts.layout === 'swiped' ? 'Swiped' : 'Keyed',
    isSignatureRequired: 'false',
    cardBrand: 'VISA',
    cardExpirationMonth: '6',
    cardExpirationYear: '2035',
    cardBINNumber: '411111',
    // One blank stands for an unknown name.
    cardHolderName: ' ',
    paymentCardType: 'Credit',
    lastFourDigits: '1111',
    // An issuer that declines gives no authorization.
    authorizationNumber: facts.transactionStatus === 'D' ? '' : marks.authorizationNumber,
    responseCode: facts.responseCode,
    responseMessage: facts.responseMessage,
    transactionStatus: facts.transactionStatus,
    primaryTransactionID: marks.transactionId,
    authorizationText: 'I AGREE TO PAY THE ABOVE AMOUNT ACCORDING TO MY CARD HOLDER AGREEMENT.',
    transactionID: marks.transactionId,
    transactionDate: marks.transactionDate,
    saveOnFileTransactionID: marks.savedCardId,
  };
  // Raw values: the service does not percent-encode what it answers.
  const pairs = layouts[facts.layout].map((name) => `${name}=${values[name] ?? ''}`);
  if (facts.partialApprovalAmount !== undefined) {
    pairs.push(`partialApprovalAmount=${facts.partialApprovalAmount}`);
  }
  return pairs.join('&');
}

function makeErrorForm(): Reply {
  const message = `An unexpected error occurred with Reference Number ${makeReference()}`;
  return makeNvpReply(200, `errorCode=400&errorMessage=${message}`);
}

function makeRefusal(): Reply {
  const body = 'errorCode=401&errorMessage=Invalid AccountID or Password.';
  return makeNvpReply(401, body, [['WWW-Authenticate', 'Basic realm="InstaMed"']]);
}

function makeValidationError(): Reply {
  const text = 'A potentially dangerous Request.Form value was detected from the client.';
  return {
    status: 500,
    contentType: 'text/html; charset=utf-8',
    headers: nvpHeaders,
    body: makeHtmlPage('Server Error', `<h1>Server Error in '/' Application.</h1>\r\n<h2>${text}</h2>`),
  };
}

function makeNvpReply(status: number, body: string, headers: Reply['headers'] = []): Reply {
  return { status, contentType: 'text/html', headers: [...headers, ...nvpHeaders], body };
}
