import { defineConfig } from 'vitest/config';

// `npm run test:simulation`: the scenarios of test/simulation at their full size; `npm test` runs them small.
export default defineConfig({
  test: {
    include: ['test/simulation/**/*.test.ts'],
    globalSetup: ['test/simulation/report/setup.ts'],
    testTimeout: 330_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    env: { TZ: 'UTC', SIMULATION: 'full', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
