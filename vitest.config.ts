import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/cloud/**',
      'test/browser/**',
      'test/**/*.sim.test.ts',
      // What needs days to say anything is played by `npm run test:simulation` alone.
      'test/simulation/ninety-days.test.ts',
    ],
    globalSetup: ['test/package-once.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than the cores that there are at least: the flows wait for most of their time.
    maxWorkers: 3,
    // The SDK's word on Node 20 is for who deploys with it.
    env: { TZ: 'UTC', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
