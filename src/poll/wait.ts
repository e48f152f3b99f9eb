import { type TokenEnding, TokenWatch, type WaitDeps, type WaitOptions } from './token-watch.ts';

/**
 * Asks for a token's status until it settles: at once, then from start to start every interval, the last time at the
 * deadline itself. Never two asks in flight. Trouble that may pass is waited out.
 */
export async function waitForToken(
  deps: WaitDeps,
  options: WaitOptions,
): Promise<{ readonly ending: TokenEnding; readonly watch: TokenWatch }> {
  const { clock, signal } = deps;
  deps.onEvent({ type: 'started', intervalMs: options.intervalMs, timeoutMs: options.timeoutMs });
  const watch = new TokenWatch(deps, options);
  while (!signal.aborted) {
    const step = await watch.ask();
    if (step.kind !== 'pending') return { ending: step, watch };
    await clock.sleep(step.nextAt - clock.now(), signal);
  }
  return { ending: { kind: 'interrupted' }, watch };
}
