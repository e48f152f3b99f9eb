import { visibleJson } from '../redact/visible.ts';
import type { EventRecord } from './event-record.ts';
import type { Host } from './host.ts';
import { mapStrings, type Vault } from './vault.ts';

/** For `-o ndjson`: events go to stdout as they happen, the first of them with the version. */
export function eventWriter({ stdout }: Host, vault: Vault): (record: EventRecord) => void {
  let version: object = { schemaVersion: 1 };
  return (record) => {
    const shown = mapStrings({ ...version, ...record }, (text) => vault.maskForJson(text), ['token']);
    stdout.write(`${visibleJson(JSON.stringify(shown))}\n`);
    version = {};
  };
}
