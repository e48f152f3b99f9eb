import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only a hang takes this long, be the machine ten times slower than usual.
    testTimeout: 20_000,
    // A developer's own settings must not reach a test.
    env: { TZ: 'UTC', NO_COLOR: '', FORCE_COLOR: '', CI: '' },
  },
});
