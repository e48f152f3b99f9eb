import { InstaMedError } from '../domain/errors.ts';
import { moneyOfWait } from '../domain/money.ts';
import { outcomeOfReceipt } from '../domain/outcome.ts';
import type { PaymentResult } from './payment-result.ts';
import type { Reach } from './reach.ts';
import { type ReceiptDeps, readReceiptPatiently, type ViewReceipt } from './read-receipt.ts';
import type { TokenEnding, TokenWatch } from './token-watch.ts';

export interface FinishDeps extends Omit<ReceiptDeps, 'viewReceipt'> {
  /** Null: only the status was to be checked, and the best ending is `used`. */
  readonly viewReceipt: ViewReceipt | null;
  readonly startedAt: Date;
  readonly acceptPartial: boolean;
}

/** Makes a result of the way in which the checks ended; for a used token by its receipt. */
export async function finishPayment(
  ending: TokenEnding,
  { tally, reach }: Pick<TokenWatch, 'tally' | 'reach'>,
  { viewReceipt, startedAt, acceptPartial, ...deps }: FinishDeps,
): Promise<PaymentResult> {
  const finish = ({
    outcome,
    receipt = null,
    error = null,
  }: Pick<PaymentResult, 'outcome'> & Partial<PaymentResult>): PaymentResult => ({
    outcome,
    money: moneyOfWait({ outcome, receipt, sawNew: tally.seen.has('NEW') }),
    status: tally.lastStatus,
    startedAt,
    elapsedMs: Math.round(deps.clock.now() - deps.begin),
    checks: tally.checks,
    seen: Object.fromEntries(tally.seen),
    receipt,
    error,
  });

  if (ending.kind === 'error') return finish({ outcome: outcomeOfError(ending.error, reach), error: ending.error });
  if (ending.kind === 'given-up') return finish({ outcome: 'pending' });
  if (ending.kind !== 'used') return finish({ outcome: ending.kind });
  if (!viewReceipt) return finish({ outcome: 'used' });
  try {
    const receipt = await readReceiptPatiently({ ...deps, viewReceipt });
    return finish({ outcome: outcomeOfReceipt(receipt, acceptPartial), receipt });
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    if (error.category === 'aborted') return finish({ outcome: 'interrupted' });
    return finish({ outcome: 'receipt-unread', error });
  }
}

/** `unreachable` is kept for a host that never answered: a connection lost in mid wait is a service error. */
function outcomeOfError(
  error: InstaMedError,
  { answered }: Reach,
): 'credentials-rejected' | 'service-error' | 'unreachable' {
  if (error.category === 'credentials-rejected') return 'credentials-rejected';
  return answered ? 'service-error' : 'unreachable';
}
