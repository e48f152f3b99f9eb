import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    // No test changes what another one sees, so a module is loaded once for many files; that halves the time.
    isolate: false,
    maxWorkers: '100%',
    // Only a hang takes this long, be the machine ten times slower than usual.
    testTimeout: 20_000,
    // A test that loops over nothing, or returns before it compares, fails.
    expect: { requireAssertions: true },
    // A developer's own settings must not reach a test.
    env: { TZ: 'UTC', NO_COLOR: '', FORCE_COLOR: '', CI: '' },
  },
});
