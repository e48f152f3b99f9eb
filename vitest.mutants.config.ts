import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** For `npm run mutants`: the tests of what it mutates, and few runs of each property. */
export default defineConfig({
  test: {
    ...config.test,
    include: [
      'test/{domain,poll}/**/*.test.ts',
      'test/remote/soap-*.test.ts',
      'test/fixtures.test.ts',
      'test/properties/{nvp,envelope,waiting,duration,masking}.test.ts',
    ],
    env: { ...config.test?.env, PROPERTY_RUNS: '120' },
  },
});
