import { visibleJson } from '../../redact/visible.ts';
import type { EventRecord } from '../answer/event-record.ts';
import type { Host } from '../runtime/host.ts';

/** For `-o ndjson`: events go to stdout as they happen, the first of them with the version. */
export function eventWriter({ stdout }: Host): (record: EventRecord) => void {
  let version: object = { schemaVersion: 1 };
  return (record) => {
    stdout.write(`${visibleJson(JSON.stringify({ ...version, ...record }))}\n`);
    version = {};
  };
}
