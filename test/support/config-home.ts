import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from './clean-up.ts';

export interface ConfigHome {
  /** For the program: where its profiles are, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly path: string;
  read(): string;
}

/** A folder of its own for profiles, with this file in it: text as it is, anything else as JSON. Default: no file. */
export function makeConfigHome(content?: unknown, mode = 0o600): ConfigHome {
  const folder = makeFolder();
  const path = join(folder, 'instamed-poll', 'config.json');
  if (content !== undefined) {
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(path, mode);
  }
  return { env: { XDG_CONFIG_HOME: folder }, folder, path, read: () => readFileSync(path, 'utf8') };
}
