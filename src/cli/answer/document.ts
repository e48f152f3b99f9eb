import type { ErrorCategory, InstaMedError } from '../../domain/errors.ts';
import type { Money } from '../../domain/money.ts';
import { isFinal, type Outcome, type StopSignal } from '../../domain/outcome.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { TokenState, TokenStatus } from '../../domain/token-status.ts';
import type { PaymentResult } from '../../poll/payment-result.ts';
import type { Setting } from '../settings/settings.ts';
import type { CheckResult } from './check-result.ts';
import { exitCodeOf } from './exit-codes.ts';
import { type SummaryContext, summarizePayment } from './summary.ts';

/** What went wrong, for machines. */
export interface ErrorPart {
  readonly code: string;
  readonly category: Exclude<ErrorCategory, 'aborted'> | 'timed-out' | 'interrupted' | 'internal';
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly reference: string | null;
  /** The argv of the command to run next. */
  readonly next: readonly string[] | null;
}

/** A setting as it may be shown: of a secret there is no more than `***`. */
export interface ShownSetting {
  readonly value: string | null;
  readonly layer: Setting['layer'];
  readonly source: string;
}

/** What every command answers with: the one value that both the text and the JSON are printed from. */
export interface Document {
  readonly schemaVersion: 1;
  readonly command: string | null;
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** Whether money was taken; of a command that is about a payment. */
  readonly money?: Money;
  /** Whether it is of no use to ask again; of a command that is about a payment. */
  readonly final?: boolean;
  /** What happened, in words. */
  readonly summary: string;
  readonly scenario?: string;
  readonly token?: string;
  readonly status?: TokenState | null;
  readonly statusText?: string | null;
  readonly startedAt?: string;
  readonly elapsedMs?: number;
  /** How often a wait asked; what a doctor found. */
  readonly checks?: number | readonly CheckResult[];
  readonly seen?: Readonly<Record<string, number>>;
  readonly receipt?: Receipt | null;
  /** Of a row that takes the place of an earlier one. */
  readonly corrected?: true;
  /** Of a wait for many tokens: from one ask for a token to the next, in milliseconds. */
  readonly intervalMs?: number;
  /** How many tokens had each outcome. */
  readonly counts?: Readonly<Partial<Record<Outcome, number>>>;
  /** In the order of the tokens. Read once, when the document is printed. */
  readonly results?: Iterable<PaymentRow>;
  readonly profile?: string;
  readonly path?: string;
  readonly settings?: Readonly<Record<string, ShownSetting>>;
  /** The names of what `schema` describes. */
  readonly documents?: readonly string[];
  readonly environment?: Readonly<Record<'version' | 'node' | 'platform' | 'arch', string>>;
  readonly error: ErrorPart | null;
}

/** The result of one token of many: the document of a wait for it alone, without what is the same for all. */
export type PaymentRow = Omit<Document, 'schemaVersion' | 'command' | 'startedAt' | 'results'>;

type Parts = Omit<Document, 'schemaVersion' | 'command' | 'outcome' | 'exitCode' | 'summary' | 'error'>;

export interface Ending {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly error?: ErrorPart | null;
  readonly signal?: StopSignal | null;
}

/** Commands that are about a payment. Each of their documents answers whether money was taken. */
const paymentCommands: readonly string[] = ['status', 'wait', 'receipt', 'decode', 'demo'];

/** A document around an ending; the exit code comes from the outcome alone. */
export function toDocument(command: string | null, ending: Ending, parts: Parts = {}): Document {
  return {
    schemaVersion: 1,
    command,
    outcome: ending.outcome,
    exitCode: exitCodeOf(ending.outcome, ending.signal),
    ...(command !== null && paymentCommands.includes(command) && { money: 'unknown', final: isFinal(ending.outcome) }),
    summary: ending.summary,
    ...parts,
    error: ending.error ?? null,
  };
}

/** `status` and `statusText` of an answer, or of none. */
export function statusParts(status: TokenStatus | null): {
  status: TokenState | null;
  statusText: string | null;
} {
  return { status: status?.state ?? null, statusText: status?.text ?? null };
}

/** The error part of an expected trouble. */
export function errorPart(error: InstaMedError, next: readonly string[] | null = null): ErrorPart {
  const { code, category, message, hint, retryable, reference } = error;
  return {
    code,
    category: category === 'aborted' ? 'interrupted' : category,
    message,
    hint,
    retryable,
    reference,
    next,
  };
}

const outcomeOfCategory: Readonly<Record<ErrorCategory, Outcome>> = {
  usage: 'usage-error',
  'credentials-rejected': 'credentials-rejected',
  service: 'service-error',
  unreachable: 'unreachable',
  aborted: 'interrupted',
};

/** The ending that an expected trouble is, for commands that make one request or none; `again` is their command line. */
export function endingOfError(
  error: InstaMedError,
  signal: StopSignal | null = null,
  again: readonly string[] | null = null,
): Ending {
  const next = error.category === 'aborted' ? again : null;
  return {
    outcome: outcomeOfCategory[error.category],
    summary: error.message,
    error: errorPart(error, next),
    signal,
  };
}

export interface PaymentContext extends SummaryContext {
  /** The argv that goes on waiting, and the one that reads the receipt. */
  readonly next: { readonly wait: readonly string[] | null; readonly receipt: readonly string[] | null };
}

/** The document of a wait. */
export function paymentDocument(
  command: string,
  token: string,
  result: PaymentResult,
  context: PaymentContext,
  extra: Pick<Document, 'scenario'> = {},
): Document {
  const { outcome, money, receipt, startedAt, elapsedMs, checks, seen, corrected } = result;
  const summary = summarizePayment(result, context);
  return toDocument(
    command,
    { outcome, summary, error: paymentError(result, summary, context), signal: context.signal },
    {
      ...extra,
      money,
      token,
      ...statusParts(result.status),
      startedAt: startedAt.toISOString(),
      elapsedMs,
      checks,
      seen,
      receipt,
      ...(corrected && { corrected }),
    },
  );
}

function paymentError(result: PaymentResult, summary: string, { next }: PaymentContext): ErrorPart | null {
  const { outcome, error } = result;
  if (error) return errorPart(error, outcome === 'receipt-unread' ? next.receipt : null);
  if (outcome !== 'timed-out' && outcome !== 'interrupted') return null;
  const isUsed = result.status?.state === 'USED';
  return {
    code: outcome === 'timed-out' ? 'TIMED_OUT' : 'INTERRUPTED',
    category: outcome,
    message: summary,
    hint: null,
    retryable: true,
    reference: null,
    next: isUsed ? next.receipt : next.wait,
  };
}
