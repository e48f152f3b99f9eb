import { visibleJson } from '../../redact/visible.ts';
import { type EventRecord, type ListStarted, toEventRecord } from '../answer/event-record.ts';
import type { ProgressMode } from '../answer/format.ts';
import { attempt, decorated, type Stage, stageOf } from '../output/decoration.ts';
import type { Host } from '../runtime/host.ts';
import type { Board, Progress } from './board.ts';
import { canSpin } from './busy.ts';
import { PlainProgress } from './plain.ts';

export interface ProgressShow {
  /** Made where something is shown that needs it. */
  readonly makeBoard: (stage: Stage) => Promise<Board>;
  /** Of a list, its first record; null: a single token has its own. */
  readonly listStarted: ListStarted | null;
  /** Makes a record one that may be shown. */
  readonly shorten: (record: EventRecord) => EventRecord;
}

/** The progress for a mode; `auto` is live where a terminal can show it, plain lines elsewhere. */
export async function startProgress(mode: ProgressMode, show: ProgressShow, host: Host): Promise<Progress> {
  if (mode === 'none') return silent;
  if (mode === 'json') return calm(jsonProgress(show, host));
  const stage = stageOf(host);
  const board = await show.makeBoard(stage);
  const plain = () => new PlainProgress(board, stage);
  if (mode !== 'auto' || !canSpin(host)) return calm(plain());
  const live = async () => {
    const { LiveProgress } = await import('./live.ts');
    return new LiveProgress(board, stage);
  };
  return calm(await decorated<Progress>(live, plain));
}

/** The same, but it never throws at what is waiting for payments. What goes to stdout is no decoration. */
const calm = (progress: Progress): Progress => ({
  onEvent: (event, token) => attempt(() => progress.onEvent(event, token)),
  print: (write) => progress.print(write),
  stop: () => attempt(() => progress.stop()),
});

const silent: Progress = { onEvent: () => {}, print: (write) => write(), stop: () => {} };

function jsonProgress({ listStarted, shorten }: ProgressShow, { stderr }: Host): Progress {
  const write = (record: EventRecord) => stderr.write(`${visibleJson(JSON.stringify(shorten(record)))}\n`);
  if (listStarted) write(listStarted);
  return {
    ...silent,
    onEvent(event, token) {
      const isStart = event.type === 'started' && listStarted !== null;
      if (event.type !== 'result' && !isStart) write(toEventRecord(event, token));
    },
  };
}
