export type ScenarioName =
  | 'approved'
  | 'declined'
  | 'partial'
  | 'authorized'
  | 'card-stored'
  | 'expired'
  | 'never-used'
  | 'cancelled-page'
  | 'credentials-rejected'
  | 'fault-once'
  | 'slow'
  | 'busy'
  | 'receipt-late'
  | 'receipt-never'
  | 'html-page'
  | 'cut-reply';

/** What goes wrong with the status calls of a token; calls count from 1. */
export interface StatusTrouble {
  readonly kind: 'bad-credentials' | 'server-fault' | 'busy' | 'login-page';
  readonly call: number | 'every';
}

/** What goes wrong with the first `calls` receipt calls after the token was used. */
export interface ReceiptTrouble {
  readonly kind: 'error-form' | 'cut';
  readonly calls: number;
}

export interface ReceiptFacts {
  /** Which names the reply has, and in which order: receipts differ by how the card was read. */
  readonly layout: 'swiped' | 'keyed' | 'stored';
  readonly transactionStatus: string;
  readonly responseCode: string;
  readonly responseMessage: string;
  readonly partialApprovalAmount?: string;
}

export interface Scenario {
  readonly name: ScenarioName;
  /** One sentence for people: what the remote side does. */
  readonly does: string;
  /** The outcome with which `instamed-poll wait` ends. */
  readonly ends: string;
  /** What the receipt says once the payer has finished; without it the payer never does. */
  readonly receipt?: ReceiptFacts;
  /** Simulated milliseconds after which the unused token expires, in place of the simulator's own. */
  readonly lifeMs?: number;
  /** Simulated milliseconds that every status reply takes. */
  readonly statusDelayMs?: number;
  readonly statusTrouble?: StatusTrouble;
  readonly receiptTrouble?: ReceiptTrouble;
}

const approval: ReceiptFacts = {
  layout: 'keyed',
  transactionStatus: 'C',
  responseCode: '000',
  responseMessage: 'APPROVAL',
};

export const scenarios: readonly Scenario[] = [
  {
    name: 'approved',
    does: 'The payer pays and the card is approved.',
    ends: 'approved',
    receipt: approval,
  },
  {
    name: 'declined',
    does: 'The payer pays and the card is declined.',
    ends: 'not-approved',
    receipt: { ...approval, transactionStatus: 'D', responseCode: '051', responseMessage: 'DECLINE' },
  },
  {
    name: 'partial',
    does: 'The payer pays and only a part of the amount, $1.00, is approved.',
    ends: 'not-approved',
    receipt: {
      layout: 'swiped',
      transactionStatus: 'C',
      responseCode: '010',
      responseMessage: 'Partially Approved $1.00',
      partialApprovalAmount: '1.00',
    },
  },
  {
    name: 'authorized',
    does: 'The payment is authorized but not captured.',
    ends: 'authorized',
    receipt: { ...approval, transactionStatus: 'A' },
  },
  {
    name: 'card-stored',
    does: 'No money moves: the card is stored for later and the receipt names its token.',
    ends: 'card-stored',
    receipt: { ...approval, layout: 'stored', transactionStatus: 'O' },
  },
  {
    name: 'expired',
    does: 'Nobody pays and the token expires soon: NEW twice, then EXPIRED.',
    ends: 'expired',
    // Between the second and the third ask of a client that asks every 10 s, so that a late packet changes nothing.
    lifeMs: 15_000,
  },
  {
    name: 'never-used',
    does: 'Nobody pays and the token stays NEW for ever.',
    ends: 'timed-out',
    lifeMs: Number.POSITIVE_INFINITY,
  },
  {
    name: 'cancelled-page',
    does: 'The payer cancels the page: the token stays NEW and expires after a minute.',
    ends: 'expired',
    lifeMs: 60_000,
  },
  {
    name: 'credentials-rejected',
    does: 'Every status call is answered as if the account or the security key were wrong.',
    ends: 'credentials-rejected',
    statusTrouble: { kind: 'bad-credentials', call: 'every' },
  },
  {
    name: 'fault-once',
    does: 'The second status call fails inside the service (a SOAP Fault), then the payment is approved.',
    ends: 'approved',
    receipt: approval,
    statusTrouble: { kind: 'server-fault', call: 2 },
  },
  {
    name: 'slow',
    does: 'Every status reply takes 3 seconds; the payment is approved in the end.',
    ends: 'approved',
    receipt: approval,
    statusDelayMs: 3_000,
  },
  {
    name: 'busy',
    does: 'The second status call meets 503 with Retry-After, then the payment is approved.',
    ends: 'approved',
    receipt: approval,
    statusTrouble: { kind: 'busy', call: 2 },
  },
  {
    name: 'receipt-late',
    does: 'The token is used, but its receipt can be read only at the third try; approved.',
    ends: 'approved',
    receipt: approval,
    receiptTrouble: { kind: 'error-form', calls: 2 },
  },
  {
    name: 'receipt-never',
    does: 'The token is used, but its receipt can never be read.',
    ends: 'receipt-unread',
    receipt: approval,
    receiptTrouble: { kind: 'error-form', calls: Number.POSITIVE_INFINITY },
  },
  {
    name: 'html-page',
    does: 'Status calls are answered with the HTML page of a login form and status 200.',
    ends: 'service-error',
    statusTrouble: { kind: 'login-page', call: 'every' },
  },
  {
    name: 'cut-reply',
    does: 'The token is used, but the connection breaks in the middle of every receipt.',
    ends: 'receipt-unread',
    receipt: approval,
    receiptTrouble: { kind: 'cut', calls: Number.POSITIVE_INFINITY },
  },
];
