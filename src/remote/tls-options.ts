/** Node gives each of several addresses but the last 250 ms, which a lost packet or a slow host does not keep. */
export const attemptTimeoutMs = 2_500;

/**
 * What every TLS connection of this program goes by. Flags and variables of Node (`--tls-min-v1.0`, `--tls-cipher-list`,
 * `NODE_TLS_REJECT_UNAUTHORIZED`) would otherwise weaken it.
 */
export function tlsOptions() {
  const { constants } = process.getBuiltinModule('node:crypto');
  return { minVersion: 'TLSv1.2', ciphers: constants.defaultCoreCipherList, rejectUnauthorized: true } as const;
}
