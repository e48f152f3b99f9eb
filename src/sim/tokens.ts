import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { PaymentMarks } from './nvp.ts';
import type { Scenario } from './scenarios.ts';

export type TokenState = 'NEW' | 'USED' | 'EXPIRED';

export interface TokenRecord {
  readonly token: string;
  readonly scenario: Scenario;
  readonly transactionId: string;
  readonly savedCardId: string;
  readonly authorizationNumber: string;
  /** The digits of the date that a JavaScript clock does not have. */
  readonly dateTail: string;
  /** The token's own clock starts here. */
  firstAsk: { readonly simulatedMs: number; readonly wallMs: number } | null;
  statusCalls: number;
  /** Receipt calls after the token was used. */
  receiptCalls: number;
}

export interface TokenTimes {
  readonly usedAfterMs: number;
  readonly lifeMs: number;
  readonly timeScale: number;
}

export function createTokenRecord(scenario: Scenario): TokenRecord {
  return {
    token: Buffer.from(randomUUID(), 'utf8').toString('base64'),
    scenario,
    transactionId: randomBytes(16).toString('hex'),
    savedCardId: randomBytes(16).toString('hex'),
    authorizationNumber: `A${randomBytes(3).toString('hex').slice(1).toUpperCase()}`,
    dateTail: String(randomInt(10_000)).padStart(4, '0'),
    firstAsk: null,
    statusCalls: 0,
    receiptCalls: 0,
  };
}

export function judgeToken(record: TokenRecord, simulatedMs: number, times: TokenTimes): TokenState {
  if (record.firstAsk === null) return 'NEW';
  const age = simulatedMs - record.firstAsk.simulatedMs;
  const life = record.scenario.lifeMs ?? times.lifeMs;
  const isPaidInTime = record.scenario.receipt !== undefined && times.usedAfterMs < life;
  if (isPaidInTime) return age >= times.usedAfterMs ? 'USED' : 'NEW';
  return age >= life ? 'EXPIRED' : 'NEW';
}

export function describePayment(record: TokenRecord, times: TokenTimes): PaymentMarks {
  const { transactionId, savedCardId, authorizationNumber, dateTail } = record;
  const usedAtMs = (record.firstAsk?.wallMs ?? 0) + times.usedAfterMs / times.timeScale;
  const transactionDate = new Date(usedAtMs).toISOString().replace('Z', `${dateTail}Z`);
  return { transactionId, savedCardId, authorizationNumber, transactionDate };
}
