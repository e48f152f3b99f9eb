import { checkOptions, defaultOptions, type PaymentOptions } from './options.ts';
import type { PaymentResult } from './payment-result.ts';
import { PaymentWatcher, type WatchDeps } from './watch-payments.ts';

/** One token has no one to share a budget with. */
const noBudget = { maxRate: Number.POSITIVE_INFINITY, concurrency: 1 };

/**
 * Waits until one payment completes, reads the receipt and judges it. Every expected end is a result; only a bug of ours
 * throws. Options that are not given have the values of `defaultOptions`.
 *
 * @throws InstaMedError `usage`: an option is out of range, or the token cannot be sent.
 */
export async function waitForPayment(
  token: string,
  deps: WatchDeps,
  given: Partial<PaymentOptions> = {},
): Promise<PaymentResult> {
  const options = checkOptions(defaultOptions, given);
  let result: PaymentResult | null = null;
  const watcher = new PaymentWatcher(
    {
      ...deps,
      onEvent(event, own) {
        if (event.type === 'result') result = event.result;
        deps.onEvent?.(event, own);
      },
    },
    { ...options, ...noBudget },
  );
  watcher.add(token);
  watcher.close();
  await watcher.run();
  return result as unknown as PaymentResult;
}
