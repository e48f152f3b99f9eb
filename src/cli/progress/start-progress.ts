import { visibleJson } from '../../redact/visible.ts';
import { attempt, decorated, stageOf } from '../output/decoration.ts';
import type { ProgressMode } from '../program/options.ts';
import type { Host } from '../runtime/host.ts';
import type { Progress } from './progress.ts';
import { PlainProgress } from './progress-plain.ts';
import { hasRoom } from './progress-text.ts';

const silent: Progress = { onEvent: () => {}, stop: () => {} };

/** The progress for a mode; `auto` is a spinner where somebody can see it spin, plain lines elsewhere. */
export async function startProgress(mode: ProgressMode, timeoutMs: number, host: Host): Promise<Progress> {
  if (mode === 'none') return silent;
  if (mode === 'json') return calm(jsonProgress(host));
  const stage = stageOf(host);
  const plain = () => new PlainProgress(stage);
  if (mode !== 'auto' || !canSpin(host)) return calm(plain());
  const spinning = async () => {
    const { SpinnerProgress } = await import('./progress-spinner.ts');
    return new SpinnerProgress(stage, timeoutMs);
  };
  return calm(await decorated<Progress>(spinning, plain));
}

/** The same, but it never throws at those who are waiting for a payment. */
const calm = (progress: Progress): Progress => ({
  onEvent: (record) => attempt(() => progress.onEvent(record)),
  stop: (checks) => attempt(() => progress.stop(checks)),
});

/** A dumb terminal, or a log of CI, cannot redraw a line. */
export function canSpin({ stderr, env }: Host): boolean {
  return stderr.isTTY && hasRoom(stderr) && env['TERM'] !== 'dumb' && !env['CI'];
}

function jsonProgress({ stderr }: Host): Progress {
  return {
    onEvent: (record) => stderr.write(`${visibleJson(JSON.stringify(record))}\n`),
    stop: () => {},
  };
}

/** A command that makes one request says so on stderr, but only where it takes a while. Returns what takes that away. */
export function startBusySign(mode: ProgressMode, doing: string, host: Host, afterMs = busyAfterMs): () => void {
  if (mode === 'none' || mode === 'json') return () => {};
  let remove = () => {};
  const stage = stageOf(host);
  const lines = () => [doing];
  const spin = async () => {
    const { Spinner } = await import('./spinner.ts');
    const spinner = new Spinner(stage, lines);
    const endFrames = stage.clock.every(frameMs, () => spinner.show(lines));
    return () => {
      endFrames();
      spinner.stop();
    };
  };
  const plain = () => {
    host.stderr.write(`${doing}\n`);
    return () => {};
  };
  const endTimer = stage.clock.every(afterMs, () => {
    endTimer();
    if (!(mode === 'auto' && canSpin(host))) plain();
    else {
      const sign = decorated(spin, plain);
      remove = () => void sign.then((stop) => attempt(stop));
    }
  });
  return () => {
    endTimer();
    remove();
  };
}

const busyAfterMs = 300;

const frameMs = 100;
