import type { ProgressMode } from '../answer/format.ts';
import { attempt, decorated, stageOf } from '../output/decoration.ts';
import type { Host } from '../runtime/host.ts';
import { hasRoom } from './text.ts';

const busyAfterMs = 300;

const frameMs = 100;

/** Whether a line can be redrawn: not on a dumb terminal, nor in a log of CI. */
export function canSpin({ stderr, env }: Host): boolean {
  return stderr.isTTY && hasRoom(stderr) && env['TERM'] !== 'dumb' && !env['CI'];
}

/** A command that makes one request shows so on stderr, but only where it takes a while. Returns what takes that away. */
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
