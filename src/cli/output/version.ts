import type { Host } from '../runtime/host.ts';

// The build writes the version in here; from source there is none.
export const version: string = process.env['INSTAMED_POLL_VERSION'] ?? '0.0.0-source';

export const printVersion = ({ stdout }: Host) => stdout.write(`${version}\n`);

/** Tells that an answer got lost on its way; `failure` is the code of why, such as `ENOSPC`. */
export const reportUnwritten = (failure: string, { stderr }: Host) =>
  stderr.write(`instamed-poll: The answer could not be written to stdout (${failure}).\n`);
