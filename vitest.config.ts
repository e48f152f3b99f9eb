import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A developer's own settings must not reach a test.
    env: { TZ: 'UTC', NO_COLOR: '', FORCE_COLOR: '', CI: '' },
  },
});
