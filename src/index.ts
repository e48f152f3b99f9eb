/**
 * The library under the command line: ask for the status of an SSO token, read its receipt, judge it, wait for it.
 * Nothing here reads the environment, prints, or sets a flag of its host.
 */
export { formatDuration, parseDuration } from './domain/duration.ts';
export { parseEndpoint } from './domain/endpoint.ts';
export { type ErrorCategory, InstaMedError } from './domain/errors.ts';
export type { ReceiptDoubt } from './domain/judge.ts';
export { type Money, moneyOf } from './domain/money.ts';
export { type Outcome, outcomeOfReceipt } from './domain/outcome.ts';
export { type Card, type Receipt, type ReceiptField, readReceipt } from './domain/receipt.ts';
export { readTokenStatus, type TokenState, type TokenStatus } from './domain/token-status.ts';
export type { ReceiptResult } from './domain/transaction-status.ts';
export { type Clock, systemClock } from './poll/clock.ts';
export type { Decision, OnDecision, OnEvent, PaymentEvent } from './poll/events.ts';
export {
  defaultOptions,
  defaultPaymentsOptions,
  type PaymentOptions,
  type PaymentsOptions,
  type WatchOptions,
} from './poll/options.ts';
export type { PaymentResult } from './poll/payment-result.ts';
export type { RequestBudget } from './poll/request-queue.ts';
export { waitForPayment } from './poll/wait-for-payment.ts';
export { waitForPayments } from './poll/wait-for-payments.ts';
export { PaymentWatcher, type WatchDeps } from './poll/watch-payments.ts';
export { Redactor } from './redact/redactor.ts';
export { Secret } from './redact/secret.ts';
export { type Client, createClient } from './remote/client.ts';
export type { HttpReply, HttpRequest, Transport } from './remote/http.ts';
export type { ReceiptSettings } from './remote/receipt-client.ts';
export type { SoapVersion } from './remote/soap-envelope.ts';
export type { RequestLimits, SsoSettings } from './remote/sso-client.ts';
export type { OnTrace, TlsFacts, TraceEvent } from './remote/trace.ts';
export { createTransport, type TransportOptions } from './remote/transport.ts';
