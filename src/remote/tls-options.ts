/** Node gives each of several addresses but the last 250 ms, which a lost packet or a slow host does not keep. */
export const attemptTimeoutMs = 2_500;

/**
 * What every TLS connection of this program goes by. Flags and variables of Node (`--tls-min-v1.0`, `--tls-cipher-list`,
 * `NODE_TLS_REJECT_UNAUTHORIZED`) would otherwise weaken it.
 */
export function tlsOptions() {
  const { constants } = process.getBuiltinModule('node:crypto');
  const { DEFAULT_MIN_VERSION } = process.getBuiltinModule('node:tls');
  // A stricter one is kept.
  const minVersion = DEFAULT_MIN_VERSION === 'TLSv1.3' ? DEFAULT_MIN_VERSION : 'TLSv1.2';
  return { minVersion, ciphers: constants.defaultCoreCipherList, rejectUnauthorized: true } as const;
}
