import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** For `npm run mutants`: the tests in this process of what it mutates, without sockets, and few runs of each property. */
export default defineConfig({
  test: {
    ...config.test,
    include: [
      'test/{domain,poll,redact}/**/*.test.ts',
      'test/remote/{charset,failures,http-status,proxy-for,receipt-client,retry-after,soap-*,sso-client}.test.ts',
      'test/cli/{*,many/*,output/*}.test.ts',
      'test/field/{decoration,desk,library-*,money*,one-*,tokens,words-of-*}.test.ts',
      'test/fixtures.test.ts',
      'test/properties/{nvp,envelope,waiting,duration,masking}.test.ts',
    ],
    // It spawns programs.
    exclude: ['test/cli/man-page.test.ts'],
    env: { ...config.test?.env, PROPERTY_RUNS: '120' },
  },
});
