import type { WaitEvent } from '../poll/events.ts';

/** An event of a wait as one flat JSON value, for `-o ndjson` on stdout and `--progress json` on stderr. */
export function toEventRecord(event: WaitEvent, token: string): Record<string, unknown> {
  const { type, ...rest } = event;
  const head = { event: type, token };
  switch (event.type) {
    case 'started':
      return { ...head, ...rest };
    case 'checked':
    case 'settled': {
      const { elapsedMs, check, status } = event;
      const next = event.type === 'checked' ? { nextInMs: roundOrNull(event.nextInMs) } : {};
      return {
        ...head,
        elapsedMs: Math.round(elapsedMs),
        check,
        status: status.state,
        statusText: status.text,
        ...next,
      };
    }
    case 'retrying': {
      const { what, elapsedMs, check, error, failuresInARow, nextInMs } = event;
      const { code, message } = error;
      const times = { elapsedMs: Math.round(elapsedMs), nextInMs: Math.round(nextInMs) };
      return { ...head, what, check, ...times, failuresInARow, error: { code, message } };
    }
    default:
      return event satisfies never;
  }
}

const roundOrNull = (ms: number | null) => (ms === null ? null : Math.round(ms));
