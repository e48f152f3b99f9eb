// The build writes the version in here; from source there is none.
export const version: string = process.env['INSTAMED_POLL_VERSION'] ?? '0.0.0-source';
