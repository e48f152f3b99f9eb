import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** For `npm run sweep`: what takes minutes, and the properties with more runs. */
export default defineConfig({
  test: {
    ...config.test,
    include: ['test/**/*.sweep.ts', 'test/properties/*.test.ts'],
    maxConcurrency: 8,
    testTimeout: 60_000,
    env: { ...config.test?.env, PROPERTY_RUNS: '2000' },
  },
});
