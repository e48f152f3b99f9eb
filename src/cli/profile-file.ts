import type { Host } from './host.ts';

export interface ProfileFile {
  readonly path: string;
  readonly exists: boolean;
  /** Null where the system has no modes. */
  readonly mode: number | null;
  readonly profiles: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Where the profiles live. */
export function profileFilePath({ env, home }: Host): string {
  return `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/instamed-poll/config.json`;
}

export function readProfileFile(host: Host): ProfileFile {
  return { path: profileFilePath(host), exists: false, mode: null, profiles: {} };
}
