import { visibleJson } from '../../redact/visible.ts';
import type { Host } from '../host.ts';
import type { ProgressMode } from '../options.ts';
import type { Progress } from './progress.ts';
import { PlainProgress } from './progress-plain.ts';
import { hasRoom } from './progress-text.ts';

const silent: Progress = { onEvent: () => {}, stop: () => {} };

/** The progress for a mode; `auto` is a spinner where somebody can see it spin, plain lines elsewhere. */
export async function startProgress(mode: ProgressMode, timeoutMs: number, host: Host): Promise<Progress> {
  if (mode === 'none') return silent;
  if (mode === 'json') return jsonProgress(host);
  if (mode === 'auto' && canSpin(host)) {
    const { SpinnerProgress } = await import('./progress-spinner.ts');
    return new SpinnerProgress(host, timeoutMs);
  }
  return new PlainProgress(host);
}

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
  const endTimer = host.clock.every(afterMs, () => {
    endTimer();
    if (!(mode === 'auto' && canSpin(host))) host.stderr.write(`${doing}\n`);
    else {
      const sign = import('./spinner.ts').then(({ Spinner }) => {
        const spinner = new Spinner(host, doing);
        const endFrames = host.clock.every(frameMs, () => spinner.show(doing));
        return () => {
          endFrames();
          spinner.stop();
        };
      });
      remove = () => void sign.then((stop) => stop());
    }
  });
  return () => {
    endTimer();
    remove();
  };
}

const busyAfterMs = 300;

const frameMs = 100;
